; The rule of Gomez and Tang (ICANN 2025) as their published code computes it (github.com/Suaif/integer_snn, commit 5258b7c):
; every division rounds down, the error comes once for each sample, and weights change once for each batch. A synapse needs
; no trace: with a decay of 1/2, rounded down, the trace of a spike is the spike itself. So its eligibility is a number of
; steps, those in which the input spiked and the neuron was in its box, and follows from the histories of both neurons.
; A history has a bit for each step, the highest for the first.

; A new step: half of the potential is left, rounded down; nothing after a spike.
kernel decay over neurons
  ld       r0, self.v
  ld       r1, self.spiked
  sra      r0, r0, 1
  sel      r0, r1, 0, r0
  st       r0, self.v
end

kernel integrate over row
  ld       r0, post.v
  ld       r1, syn.weight
  add      r0, r0, r1
  st       r0, post.v
end

; A spike enters the history of its neuron.
kernel mark over neuron
  ldi      r0, #firstStep
  ld       r1, host.step
  srav     r0, r0, r1
  ld       r1, self.history
  or       r0, r0, r1
  st       r0, self.history
end

; So does a step in which the potential is within the window around the threshold. Before the reset.
kernel keepBox over neurons
  ld       r0, self.v
  sub      r0, r0, #threshold
  abs      r0, r0
  cmp.lt   r0, r0, #window
  ldi      r1, #firstStep
  ld       r2, host.step
  srav     r1, r1, r2
  sel      r1, r0, r1, 0
  ld       r2, self.boxHistory
  or       r1, r1, r2
  st       r1, self.boxHistory
end

; A potential spikes if it is above the threshold, not at it.
kernel fire over neurons
  ld       r0, self.v
  cmp.gt   r0, r0, #threshold
  st       r0, self.spiked
  emit     r0
end

; Outputs count their spikes, and send none.
kernel count over neurons
  ld       r0, self.v
  cmp.gt   r0, r0, #threshold
  st       r0, self.spiked
  sel      r0, r0, 1, 0
  ld       r1, self.count
  add      r0, r0, r1
  st       r0, self.count
end

; The error of an output: target x count / spikesWanted, rounded down, less the target at the label. `countScale` is
; target x 2^10 / spikesWanted, rounded up: for counts of at most 100 the floor of the product is the same.
kernel error over neurons
  ld       r0, self.count
  mulsra   r0, r0, #countScale, 10
  ld       r1, self.index
  ld       r2, host.label
  cmp.eq   r1, r1, r2
  sel      r1, r1, #target, 0
  sub      r0, r0, r1
  st       r0, self.signal
end

; The loss that they call random adds -1, 0 or 1 to each error.
kernel disturb over neurons
  rnd      r0, 16
  mulsra   r0, r0, 3, 16
  sub      r0, r0, 1
  real     r0, r0
  ld       r1, self.signal
  add      r1, r1, r0
  st       r1, self.signal
end

; The error of a hidden neuron: those of the outputs, through its inference weights.
kernel feedback over synapses where post.signal
  ld       r0, post.signal
  ld       r1, syn.weight
  mul      r0, r0, r1
  reduce   r0, pre.signal
end

; Error x eligibility, summed over the batch.
kernel accumulate over synapses where pre.history and post.signal
  ld       r0, pre.history
  ld       r1, post.boxHistory
  and      r0, r0, r1
  popcount r0, r0
  real     r0, r0
  ld       r1, post.signal
  mul.s    r0, r0, r1
  ld       r1, syn.gradient
  add.s    r0, r0, r1
  st       r0, syn.gradient
end

; The update of a batch. Each neuron keeps the magnitude of its largest weight.
kernel update over synapses
  ld       r0, syn.gradient
  sra      r0, r0, #rate
  clip     r0, r0, #leastChange, #mostChange
  ld       r1, syn.shadow
  sub      r1, r1, r0
  clip     r1, r1, #leastWeight, #mostWeight
  st       r1, syn.shadow
  abs      r1, r1
  ld       r0, post.largest
  max      r0, r0, r1
  st       r0, post.largest
  ldi      r0, 0
  st       r0, syn.gradient
end

; One neuron for each layer finds the largest of all, m, and the shift that brings it to 2^(weightBits - 1) at most:
; log2 m, rounded up, less weightBits - 1.
kernel findLargest over synapses
  ld       r0, post.largest
  reduce.max r0, pre.largest
end

kernel findShift over neurons
  ld       r0, self.largest
  max      r0, r0, 1
  sub      r0, r0, 1
  floor    r0, r0
  clz      r0, r0
  sub      r0, #unshifted, r0
  max      r0, r0, 0
  st       r0, self.shift
end

kernel spreadShift over synapses
  ld       r0, pre.shift
  st       r0, post.shift
end

; The inference weights, cut from the shadow weights.
kernel cut over synapses
  ld       r0, syn.shadow
  ld       r1, post.shift
  srav     r0, r0, r1
  st       r0, syn.weight
end
