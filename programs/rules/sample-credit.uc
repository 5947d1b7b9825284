; Credit for a whole sample. While it runs, each synapse sums how active its input was in the steps in which its neuron was
; near the threshold. When it ends, one learning signal of each neuron turns these sums into one update.

; One spike, with a count: it adds its row of weights as often. Weights narrower than 8 bits are aligned to 8.
kernel integrateCount over row
  ld       r0, syn.weight
  shl      r0, r0, #align
  ld       r1, ev.value
  mul      r0, r0, r1
  ld       r1, post.v
  add      r1, r1, r0
  st       r1, post.v
end

; A spike of a hidden neuron adds its row to the sums of the outputs.
kernel integrateOutput over row
  ld       r0, syn.weight
  ld       r1, post.score
  add      r1, r1, r0
  st       r1, post.score
end

; A trace of 16 bits, of which the rule uses the upper 8, the level. It loses an eighth in each step.
kernel decayLevel over neurons
  ld       r0, self.level
  ld       r1, self.rest
  shl      r0, r0, 8
  add      r0, r0, r1
  sra      r1, r0, #shift
  sub      r0, r0, r1
  sra      r1, r0, 8
  shl      r2, r1, 8
  sub      r2, r0, r2
  st       r1, self.level
  st       r2, self.rest
end

; A spike with a count raises it.
kernel raiseByCount over neuron
  ld       r0, self.level
  ld       r1, self.rest
  shl      r0, r0, 8
  add      r0, r0, r1
  ld       r1, ev.value
  mul      r1, r1, #step
  add      r0, r0, r1
  min      r0, r0, 65535
  sra      r1, r0, 8
  shl      r2, r1, 8
  sub      r2, r0, r2
  st       r1, self.level
  st       r2, self.rest
end

; So does a spike without one.
kernel raise over neuron
  ld       r0, self.level
  ld       r1, self.rest
  shl      r0, r0, 8
  add      r0, r0, r1
  add      r0, r0, #step
  min      r0, r0, 65535
  sra      r1, r0, 8
  shl      r2, r1, 8
  sub      r2, r0, r2
  st       r1, self.level
  st       r2, self.rest
end

; How often a neuron has spiked in the sample, at most 127 times.
kernel tally over neuron
  ld       r0, self.count
  add      r0, r0, 1
  min      r0, r0, 127
  st       r0, self.count
end

; The eligibility of each synapse.
kernel remember over synapses where pre.level and post.box
  ld       r0, pre.level
  ld       r1, syn.eligibility
  add      r1, r1, r0
  st       r1, syn.eligibility
end

; Feeds the errors back through the output weights, to all hidden neurons.
kernel feedback over synapses where post.signal
  ld       r0, post.signal
  ld       r1, syn.weight
  mul      r2, r0, r1
  reduce   r2, pre.feedback
end

kernel credit over neurons
  ld       r0, self.feedback
  sra      r0, r0, #signalShift
  clip     r0, r0, -127, 127
  st       r0, self.signal
end

; The updates, rounded stochastically: as in learn.uc, with the sums in the place of the trace.
kernel learnEligible over synapses where post.signal
  ld       r0, syn.eligibility
  ld       r1, post.signal
  mul      r2, r0, r1
  sra.sr   r2, r2, #rate
  ld       r3, syn.shadow
  add      r3, r3, r2
  st       r3, syn.shadow        ; the inference weight is a view of it
end

kernel learnFromCount over synapses where pre.count and post.signal
  ld       r0, pre.count
  ld       r1, post.signal
  mul      r2, r0, r1
  sra.sr   r2, r2, #rate
  ld       r3, syn.shadow
  add      r3, r3, r2
  st       r3, syn.shadow        ; the inference weight is a view of it
end
