; The convolution of Gomez and Tang (ICANN 2025), with integers alone: see gomez-tang.uc for what both networks share. Their
; code takes the trace of an input before it is rounded down: a spike counts 1, and one half more in the next step. So the
; eligibility is counted in halves. Their code clips the update of a convolution and never rounds it, so that its weights
; are no integers; here it is rounded down, as all else is.

; Error x eligibility, summed over the batch and over all positions of a weight, in halves.
kernel accumulateHalves over synapses where pre.history and post.signal
  ld       r0, pre.history
  ld       r1, post.boxHistory
  and      r2, r0, r1
  popcount r2, r2
  shl      r2, r2, 1
  sra      r0, r0, 1
  and      r0, r0, r1
  popcount r0, r0
  add      r0, r0, r2
  real     r0, r0
  ld       r1, post.signal
  mul.s    r0, r0, r1
  ld       r1, syn.gradient
  add.s    r0, r0, r1
  st       r0, syn.gradient
end

; The update of a batch: `rate` counts the half as well.
kernel updateShared over weights
  ld       r0, syn.gradient
  sra      r0, r0, #rate
  clip     r0, r0, #leastChange, #mostChange
  ld       r1, syn.shadow
  sub      r1, r1, r0
  clip     r1, r1, #leastWeight, #mostWeight
  st       r1, syn.shadow
  ldi      r0, 0
  st       r0, syn.gradient
end

; Weight decay, rounded down: one more for each weight below zero, nothing for others, as long as weights have no more
; bits than it shifts by.
kernel wane over weights
  ld       r0, syn.shadow
  sra      r1, r0, #decayShift
  sub      r0, r0, r1
  st       r0, syn.shadow
end

; Each input keeps the magnitude of the largest weight that it takes part in.
kernel findRowLargest over synapses
  ld       r0, syn.shadow
  abs      r0, r0
  reduce.max r0, pre.largest
end

; The inference weights, cut by a shift that each input has.
kernel cutShared over synapses
  ld       r0, syn.shadow
  ld       r1, pre.shift
  srav     r0, r0, r1
  st       r0, syn.weight
end
