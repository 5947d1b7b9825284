; Online three-factor learning, after Gomez and Tang (ICANN 2025): traces, error and learning signal.
; The weight update itself is in a file of its own, one for each way to round: learn.uc is the one that works.

; Traces decay towards zero; rounding the loss up makes them reach it, so that silent rows are skipped.
kernel decay over neurons
  ld       r0, self.trace
  sra.ru   r1, r0, #shift
  sub      r0, r0, r1
  st       r0, self.trace
end

; A spike marks its neuron's trace.
kernel mark over neuron
  ld       r0, self.trace
  add      r0, r0, #spikeTrace
  st       r0, self.trace
end

; The surrogate derivative is a box around the threshold, taken before the reset.
kernel surrogate over neurons
  ld       r0, self.v
  sub      r0, r0, #threshold
  abs      r0, r0
  cmp.lt   r1, r0, #boxHalfWidth
  st       r1, self.box
end

; The error of each output: 127 for the label, 0 for the others, less the clipped output.
kernel error over neurons
  ld       r0, self.v
  sra      r0, r0, #errorShift
  clip     r0, r0, 0, 127
  ld       r1, self.index
  ld       r2, host.label
  cmp.eq   r3, r1, r2
  sel      r4, r3, 127, 0
  sub      r4, r4, r0
  st       r4, self.signal
end

; Each hidden neuron inside its box gathers the errors through its own row of output weights.
kernel feedback over synapses where pre.box and post.signal
  ld       r0, post.signal
  ld       r1, syn.weight
  mul      r2, r0, r1
  reduce   r2, pre.feedback
end

kernel signal over neurons
  ld       r0, self.feedback
  sra      r0, r0, #signalShift
  clip     r0, r0, -127, 127
  ld       r1, self.box
  sel      r0, r1, r0, 0
  st       r0, self.signal
end
