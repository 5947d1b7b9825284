; Credit for a whole sample from what neurons remember, not synapses: of each input the levels of its trace, of each hidden
; neuron in which steps it was near its threshold. When the sample ends, each synapse is rebuilt from both and learns once.
; A position of these fields is a step, or a window of 2^window steps.

; The level of a trace, in the last step of a window.
kernel keepLevel over neurons
  ld       r0, self.level
  ld       r1, host.step
  sra      r1, r1, #window
  st.at    r0, self.past, r1
end

; Whether a neuron is near its threshold, before the reset.
kernel keepBox over neurons
  ld       r0, self.v
  sub      r0, r0, #threshold
  abs      r0, r0
  cmp.lt   r0, r0, #boxHalfWidth
  ld       r1, host.step
  st.at    r0, self.open, r1
end

; Whether it was in any step of a window.
kernel keepBoxOfWindow over neurons
  ld       r0, self.v
  sub      r0, r0, #threshold
  abs      r0, r0
  cmp.lt   r0, r0, #boxHalfWidth
  ld       r1, host.step
  sra      r1, r1, #window
  ld.at    r2, self.open, r1
  or       r0, r0, r2
  st.at    r0, self.open, r1
end

; The updates through a projection whose delay is `lag` windows, rounded stochastically.
kernel learnFromHistory over synapses where post.signal
  ldi      r0, #lag
  correlate r0, post.open, pre.past, r0
  ld       r1, post.signal
  mul      r0, r0, r1
  sra.sr   r0, r0, #rate
  ld       r1, syn.shadow
  add      r1, r1, r0
  st       r1, syn.shadow        ; the inference weight is a view of it
end

; A delay of each synapse that learns: steps above the binary point, 8 bits below it. A spike with a count adds its weight to
; what will arrive at the neuron after the delay, which is read once, when the spike comes.
kernel send over row
  ld       r0, syn.weight
  shl      r0, r0, #align
  ld       r1, ev.value
  mul      r0, r0, r1
  ld       r1, syn.delay
  sra      r1, r1, 8
  floor    r1, r1
  ld       r2, host.step
  add      r1, r1, r2
  and      r1, r1, #ring
  ld.at    r2, post.arriving, r1
  add      r0, r0, r2
  st.at    r0, post.arriving, r1
end

; What arrives in this step; its place is free for a later one.
kernel arrive over neurons
  ld       r0, host.step
  and      r0, r0, #ring
  ld.at    r1, self.arriving, r0
  ld       r2, self.v
  add      r2, r2, r1
  st       r2, self.v
  ldi      r1, 0
  st.at    r1, self.arriving, r0
end

; The updates of weight and delay. A delay one step longer would have credited the sum of one step later: the difference of
; the sums at either side, times the sign of the weight, says which way the delay should move.
kernel learnWithDelay over synapses where post.signal
  ld       r0, syn.delay
  sra      r1, r0, 8
  floor    r1, r1
  correlate r2, post.open, pre.past, r1
  add      r3, r1, 1
  correlate r3, post.open, pre.past, r3
  sub      r4, r1, 1
  correlate r4, post.open, pre.past, r4
  sub      r3, r3, r4
  neg      r4, r3
  ld       r5, syn.weight
  cmp.lt   r6, r5, 0
  sel      r3, r6, r4, r3
  cmp.ne   r6, r5, 0
  sel      r3, r6, r3, 0
  ld       r5, post.signal
  mul      r3, r3, r5
  sra.sr   r3, r3, #delayRate
  add      r0, r0, r3
  clip     r0, r0, 0, 16383
  st       r0, syn.delay
  mul      r2, r2, r5
  sra.sr   r2, r2, #rate
  ld       r3, syn.shadow
  add      r3, r3, r2
  st       r3, syn.shadow        ; the inference weight is a view of it
end
