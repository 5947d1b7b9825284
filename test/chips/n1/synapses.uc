; Catalyst N1: what acts on neurons, and what synapses learn from rewards. A register has 32 bits; shifting left and
; right again wraps it to 16 or 24. A compartment is the input of the soma (0) or of one of three dendrites.

; r0 = s24(r0 + r1)
routine add24
  add.w  r0, r0, r1
  shl.w  r0, r0, 8
  sra    r0, r0, 8
end

; r0 = s16(r0 + r1)
routine add16
  add    r0, r0, r1
  shl.w  r0, r0, 16
  sra    r0, r0, 16
end

; Adds the current in r6 to compartment r7 of `post`.
routine addToPost
  mov    r1, r6
  ld     r0, post.acc
  mov    r8, r0
  call   add24
  cmp.eq r9, r7, 0
  sel    r8, r9, r0, r8
  st     r8, post.acc
  ld     r0, post.d1
  mov    r8, r0
  call   add16
  cmp.eq r9, r7, 1
  sel    r8, r9, r0, r8
  st     r8, post.d1
  ld     r0, post.d2
  mov    r8, r0
  call   add16
  cmp.eq r9, r7, 2
  sel    r8, r9, r0, r8
  st     r8, post.d2
  ld     r0, post.d3
  mov    r8, r0
  call   add16
  cmp.eq r9, r7, 3
  sel    r8, r9, r0, r8
  st     r8, post.d3
end

; r6 = the current of a weight in r6: graded spikes scale it by their payload.
routine currentOfWeight
  ld     r2, ev.payload
  ld     r3, ev.graded
  mul    r1, r6, r2
  sra    r1, r1, 7
  shl.w  r1, r1, 16
  sra    r1, r1, 16
  sel    r6, r3, r1, r6
end

; A synapse of the pool acts on its target at once, or is put into a place of the queue.
kernel deliver over synapse
  ld     r6, pre.weight
  call   currentOfWeight
  ld     r7, pre.compartment
  call   addToPost
end

kernel enqueue over synapse
  ld     r6, pre.weight
  call   currentOfWeight
  st     r6, post.current
end

; A place of the queue acts on the target.
kernel drain over synapse
  ld     r6, pre.current
  ld     r7, ev.compartment
  call   addToPost
end

; A route to a neuron of another core computes the current that it sends.
kernel route over neuron
  ld     r6, self.weight
  call   currentOfWeight
  st     r6, self.current
end

; A current from outside or from another core replaces what is there.
kernel inject over neuron
  ld     r0, ev.current
  st     r0, self.acc
end

; A child that has spiked adds to its parent's input.
kernel join over synapse
  ld     r4, pre.carry
  ld     r5, pre.join
  and    r5, r5, 3
  ld     r0, post.acc
  mov    r6, r0
  mov    r1, r4
  call   add24
  cmp.eq r7, r5, 0
  sel    r8, r7, r0, r6
  abs    r0, r6
  abs    r1, r4
  cmp.gt r0, r1, r0
  sel    r0, r0, r4, r6
  cmp.eq r7, r5, 1
  sel    r8, r7, r0, r8
  or     r0, r6, r4
  cmp.eq r7, r5, 2
  sel    r8, r7, r0, r8
  st     r8, post.acc
end

; A synapse takes over what learning has marked, as far as there is a reward; what is marked fades.
kernel consolidate over neurons
  ld     r4, self.eligibility
  ld     r5, ev.reward
  mul    r1, r4, r5
  sra    r1, r1, 7
  shl.w  r1, r1, 16
  sra    r1, r1, 16
  ld     r6, self.weight
  mov    r0, r6
  call   add16
  clip   r0, r0, 0, 2000
  cmp.ne r1, r5, 0
  sel    r0, r1, r0, r6
  st     r0, self.weight
  sra    r0, r4, 3
  cmp.eq r1, r0, 0
  cmp.gt r2, r4, 0
  sel    r1, r1, r2, 0
  sel    r0, r1, 1, r0
  sub    r0, r4, r0
  shl.w  r0, r0, 16
  sra    r0, r0, 16
  st     r0, self.eligibility
end
