; Catalyst N1: the update of a neuron, but for its traces. A register has 32 bits; shifting left and right again wraps
; it to 16 or 24.

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

; r0 = x > t ? s16(x - t) : 0, of x in r0 and t in r1
routine over
  cmp.gt r2, r0, r1
  sub    r0, r0, r1
  shl.w  r0, r0, 16
  sra    r0, r0, 16
  sel    r0, r2, r0, 0
end

; r0 << r1, for r1 of 0 to 31
routine shiftLeft
  and    r2, r1, 1
  shl.w  r3, r0, 1
  sel    r0, r2, r3, r0
  and    r2, r1, 2
  shl.w  r3, r0, 2
  sel    r0, r2, r3, r0
  and    r2, r1, 4
  shl.w  r3, r0, 4
  sel    r0, r2, r3, r0
  and    r2, r1, 8
  shl.w  r3, r0, 8
  sel    r0, r2, r3, r0
  and    r2, r1, 16
  shl.w  r3, r0, 16
  sel    r0, r2, r3, r0
end

; r2: whether the neuron has the model with a current
routine isCurrentBased
  ld     r2, self.decay_v
  ld     r3, self.decay_u
  or     r2, r2, r3
  ld     r3, self.bias
  or     r2, r2, r3
  cmp.ne r2, r2, 0
end

; r0 = (r0 * r1) >> 12, and 1 further from zero where bits were lost
routine scale
  mul.w  r2, r0, r1
  and    r2, r2, 4095
  cmp.ne r2, r2, 0
  cmp.lt r3, r0, 0               ; factors are not negative
  sel    r3, r3, -1, 1
  sel    r2, r2, r3, 0
  mulsra r0, r0, r1, 12
  add    r0, r0, r2
end

; Its input, with what its dendrites let through; the noise of this update; its threshold; what it would add to its
; parent.
kernel gather over neuron
  ld     r0, self.d3
  ld     r1, self.dend_thr3
  call   over
  mov    r3, r0
  ld     r4, self.dend_parent
  and    r5, r4, 3               ; the parents of dendrites 1, 2, 3
  sra    r6, r4, 2
  and    r6, r6, 3
  sra    r7, r4, 4
  ld     r0, self.d2
  cmp.eq r1, r7, 2
  sel    r1, r1, r3, 0
  call   add16
  ld     r1, self.dend_thr2
  call   over
  mov    r4, r0
  ld     r0, self.d1
  cmp.eq r1, r6, 1
  sel    r1, r1, r4, 0
  add    r0, r0, r1
  cmp.eq r1, r7, 1
  sel    r1, r1, r3, 0
  call   add16
  ld     r1, self.dend_thr1
  call   over
  cmp.eq r1, r5, 0
  sel    r0, r1, r0, 0
  cmp.eq r1, r6, 0
  sel    r1, r1, r4, 0
  add    r0, r0, r1
  cmp.eq r1, r7, 0
  sel    r1, r1, r3, 0
  call   add16
  mov    r1, r0
  ld     r4, self.acc
  mov    r0, r4
  call   add24
  ld     r2, ev.dendritic
  sel    r0, r2, r0, r4
  st     r0, self.input
  ; Noise
  ld     r5, self.noise
  and    r0, r5, 15
  sra    r1, r5, 4
  min    r1, r1, 16              ; above 16 the mask is as full as at 16
  call   shiftLeft
  min    r0, r0, 65535
  ld     r1, ev.lfsr
  and    r1, r0, r1
  and    r1, r1, 32767
  sra    r0, r0, 1
  sub    r0, r1, r0
  shl.w  r0, r0, 16
  sra    r0, r0, 16
  ld     r1, ev.noise
  sel    r1, r1, r0, 0
  ld     r6, self.noise_target
  cmp.eq r2, r6, 1
  sel    r3, r2, r1, 0
  st     r3, self.noise_v
  cmp.eq r2, r6, 2
  sel    r3, r2, r1, 0
  st     r3, self.noise_u
  cmp.eq r2, r6, 0
  sel    r1, r2, r1, 0
  ld     r0, self.threshold
  call   add24
  st     r0, self.limit
  ; What a parent would get: the threshold, v, u or acc as they are now
  ld     r1, self.join
  sra    r1, r1, 2
  ld     r5, self.v
  ld     r6, self.u
  cmp.eq r2, r1, 1
  sel    r5, r2, r5, r0
  cmp.eq r2, r1, 2
  sel    r5, r2, r6, r5
  cmp.eq r2, r1, 3
  sel    r5, r2, r4, r5
  call   isCurrentBased
  sel    r0, r2, r5, r0
  st     r0, self.carry
  ldi    r0, 0
  st     r0, self.acc
  st     r0, self.d1
  st     r0, self.d2
  st     r0, self.d3
end

; Potential and spike
kernel membrane over neuron
  ld     r4, self.v
  ld     r5, self.input
  ld     r6, self.leak
  ld     r7, self.limit
  ld     r8, self.rest
  ; s24(v + in), s24(v + in - leak), and the payload
  add    r9, r4, r5
  sub    r10, r9, r6
  sub    r0, r10, r7
  shl.w  r0, r0, 8
  sra    r0, r0, 8
  clip   r0, r0, 1, 255
  st     r0, self.payload
  shl.w  r9, r9, 8
  sra    r9, r9, 8
  shl.w  r10, r10, 8
  sra    r10, r10, 8
  ld     r5, self.ref
  cmp.gt r5, r5, 0               ; refractory
  ; The plain model
  cmp.ge r11, r10, r7
  cmp.gt r0, r9, r6
  sel    r0, r0, r10, r8
  sel    r12, r5, r8, r0
  ; The one with a current
  mov    r0, r4
  ld     r1, self.decay_v
  call   scale
  sub    r9, r4, r0              ; v - dv
  ld     r0, self.noise_v
  add    r9, r9, r0
  ld     r0, self.bias
  and    r1, r0, 7
  shl.w  r0, r0, 16
  sra    r0, r0, 19
  call   shiftLeft
  shl.w  r0, r0, 8
  sra    r0, r0, 8
  sub    r10, r9, r0             ; in a relative refractory period
  shl.w  r10, r10, 8
  sra    r10, r10, 8
  add    r0, r9, r0
  ld     r1, self.u
  call   add24
  cmp.ge r13, r0, r7
  ld     r14, self.refractory
  and    r1, r14, 512
  sel    r10, r1, r10, r8
  sel    r10, r5, r10, r0
  call   isCurrentBased
  sel    r0, r2, r10, r12
  sel    r1, r2, r13, r11
  sel    r1, r5, 0, r1           ; no spike in a refractory period
  emit   r1
  st     r1, self.fired
  sel    r0, r1, r8, r0
  ld     r2, self.vmin
  ld     r3, self.vmax
  max    r0, r0, r2
  min    r0, r0, r3
  st     r0, self.v
  and    r2, r14, 255
  ld     r3, self.ref
  sub    r3, r3, 1
  max    r3, r3, 0
  sel    r3, r1, r2, r3
  st     r3, self.ref
end

; The current, of the old one
kernel current over neuron
  ld     r4, self.u
  mov    r0, r4
  ld     r1, self.decay_u
  call   scale
  sub    r4, r4, r0
  ld     r5, self.input
  mov    r0, r5
  ld     r1, self.decay_u
  call   scale
  ld     r1, ev.scaled
  sel    r1, r1, r0, r5
  ld     r0, self.noise_u
  add    r0, r0, r4
  call   add24
  call   isCurrentBased
  sel    r0, r2, r0, 0
  st     r0, self.u
end

; Spikes are counted; at the end of an epoch the threshold moves towards the rate that is wanted.
kernel count over neuron
  ld     r0, self.fired
  ld     r1, self.spiked
  or     r1, r0, r1
  st     r1, self.spiked
  ld     r2, ev.time
  ld     r3, self.spike_time
  sel    r3, r0, r2, r3
  st     r3, self.spike_time
  ld     r2, self.spike_count
  ld     r3, ev.last
  ld     r4, self.homeo_target
  ld     r5, self.homeo_eta
  ld     r6, self.threshold
  add    r7, r6, r5
  min    r7, r7, #highest
  sub    r8, r6, r5
  max    r8, r8, #lowest
  cmp.gt r9, r2, r4
  sel    r7, r9, r7, r6
  cmp.lt r9, r2, r4
  sel    r7, r9, r8, r7
  cmp.gt r9, r4, 0
  sel    r9, r3, r9, 0
  sel    r6, r9, r7, r6
  st     r6, self.threshold
  sel    r1, r1, 1, 0
  add    r2, r2, r1
  sel    r2, r3, r1, r2
  st     r2, self.spike_count
end
