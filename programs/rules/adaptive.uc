; Adaptive neurons of three speeds, and their e-prop. Each spike raises the threshold, which comes back slowly (Bellec et al.,
; NeurIPS 2018); what is above the base is a trace of 16 bits, shifted right. Potentials leak by a quarter, a 16th or a 64th.

; The pseudo-derivative around the threshold of the moment, as in slope.uc.
kernel slopeOfAdaptive over neurons
  ld       r0, self.fatigue
  sra      r0, r0, #fatigueShift
  add      r0, r0, #threshold
  ld       r1, self.v
  sub      r0, r1, r0
  abs      r0, r0
  sub      r0, #threshold, r0
  max      r0, r0, 0
  sra      r0, r0, #slopeShift
  cmp.gt   r1, r0, 0
  st       r0, self.slope
  st       r1, self.box
end

; Threshold, reset by subtraction, the leak for the next step, and what the threshold becomes.
kernel fireAdaptive over neurons
  ld       r0, self.fatigue
  sra      r1, r0, #fatigueShift
  add      r1, r1, #threshold
  ld       r2, self.v
  cmp.ge   r3, r2, r1
  sub      r4, r2, #threshold
  sel      r2, r3, r4, r2
  ld       r5, self.speed
  cmp.eq   r6, r5, 0
  cmp.eq   r7, r5, 1
  sra      r4, r2, 6
  sra      r5, r2, 4
  sel      r4, r7, r5, r4
  sra      r5, r2, 2
  sel      r4, r6, r5, r4
  sub      r2, r2, r4
  st       r2, self.v
  sra.ru   r1, r0, #recovery
  sub      r0, r0, r1
  sel      r1, r3, #tiring, 0
  add      r0, r0, r1
  st       r0, self.fatigue
  emit     r3
end

; A spike of the layer itself, which its potentials hear in the next step.
kernel integrateLater over row
  ld       r0, syn.weight
  shl      r0, r0, #align
  ld       r1, post.later
  add      r1, r1, r0
  st       r1, post.later
end

kernel hear over neurons
  ld       r0, self.later
  ld       r1, self.v
  add      r1, r1, r0
  st       r1, self.v
  ldi      r0, 0
  st       r0, self.later
end

; The leak of an output that is asked in every step.
kernel leakScore over neurons
  ld       r0, self.score
  sra      r1, r0, #leak
  sub      r0, r0, r1
  st       r0, self.score
end

; What each input has done lately, as neurons of the three speeds remember it.
kernel fade over neurons
  ld       r0, self.fast
  sra.ru   r1, r0, 2
  sub      r0, r0, r1
  st       r0, self.fast
  ld       r0, self.medium
  sra.ru   r1, r0, 4
  sub      r0, r0, r1
  st       r0, self.medium
  ld       r0, self.slow
  sra.ru   r1, r0, 6
  sub      r0, r0, r1
  st       r0, self.slow
end

kernel touch over neuron
  ld       r0, self.fast
  add      r0, r0, 16384
  st       r0, self.fast
  ld       r0, self.medium
  add      r0, r0, 8192
  st       r0, self.medium
  ld       r0, self.slow
  add      r0, r0, 4096
  st       r0, self.slow
end

; The trace of a synapse: slope x trace of its input, filtered as the outputs filter spikes (Bellec et al., Nature
; Communications 11:3625, 2020, equations 23 and 28). The loss is rounded up.
kernel rememberFiltered over synapses
  ld       r0, syn.eligibility
  sra.ru   r1, r0, #outputLeak
  sub      r0, r0, r1
  ld       r1, post.speed
  cmp.eq   r2, r1, 0
  cmp.eq   r3, r1, 1
  ld       r1, pre.slow
  ld       r4, pre.medium
  sel      r1, r3, r4, r1
  ld       r4, pre.fast
  sel      r1, r2, r4, r1
  sra      r1, r1, 8
  ld       r2, post.slope
  mul      r1, r1, r2
  sra      r1, r1, #eligibilityShift
  add      r0, r0, r1
  st       r0, syn.eligibility
end

; Without such a trace: the error of the step meets what the input has done lately.
kernel learnFromTrails over synapses where post.signal
  ld       r1, post.speed
  cmp.eq   r2, r1, 0
  cmp.eq   r3, r1, 1
  ld       r1, pre.slow
  ld       r4, pre.medium
  sel      r1, r3, r4, r1
  ld       r4, pre.fast
  sel      r1, r2, r4, r1
  sra      r1, r1, 8
  ld       r0, post.signal
  mul      r1, r1, r0
  sra.sr   r1, r1, #rate
  ld       r2, syn.shadow
  add      r2, r2, r1
  st       r2, syn.shadow        ; the inference weight is a view of it
end
