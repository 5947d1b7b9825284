; Catalyst N1: what decays. Traces of spikes, whose steps the generator rounds, and the trace of the reward.

; r0 = s16(r0 + r1)
routine add16
  add    r0, r0, r1
  shl.w  r0, r0, 16
  sra    r0, r0, 16
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

; r0 >> r1, for r1 of 0 to 15
routine shiftRight
  and    r2, r1, 1
  sra    r3, r0, 1
  sel    r0, r2, r3, r0
  and    r2, r1, 2
  sra    r3, r0, 2
  sel    r0, r2, r3, r0
  and    r2, r1, 4
  sra    r3, r0, 4
  sel    r0, r2, r3, r0
  and    r2, r1, 8
  sra    r3, r0, 8
  sel    r0, r2, r3, r0
end

; r5: the mask of a trace with time constant r1
routine traceMask
  ldi    r0, 1
  call   shiftLeft
  sub.w  r5, r0, 1
  and    r5, r5, 255
end

; A step of the trace r0 with time constant r1 and mask r5, for the draw r4; r10: whether the neuron spikes
routine traceStep
  mov    r6, r0
  and    r7, r0, r5
  cmp.lt r7, r4, r7
  call   shiftRight
  sel    r7, r7, 1, 0
  add    r0, r0, r7
  max    r0, r0, 1
  sub    r0, r6, r0
  max    r0, r0, 0
  sel    r0, r10, 100, r0
end

kernel traces over neuron
  ld     r10, self.fired
  ld     r11, ev.lfsr
  and    r12, r11, 255           ; L[7:0]
  shr    r13, r11, 8             ; L[15:8]
  ld     r1, self.tau1
  call   traceMask
  and    r4, r12, r5
  ld     r0, self.t1
  call   traceStep
  st     r0, self.t1
  ld     r1, self.tau2
  call   traceMask
  and    r4, r13, r5
  ld     r0, self.t2
  call   traceStep
  st     r0, self.t2
  ld     r1, self.tau_x2
  call   traceMask
  and    r4, r13, r5
  xor    r4, r12, r4             ; the mask is that of one operand alone
  ld     r0, self.x2
  call   traceStep
  st     r0, self.x2
  ld     r1, self.tau_y2
  call   traceMask
  and    r4, r11, 15             ; {L[3:0], L[15:12]}
  shl    r4, r4, 4
  shr    r6, r11, 12
  or     r4, r4, r6
  and    r4, r4, r5
  ld     r0, self.y2
  call   traceStep
  st     r0, self.y2
  ld     r1, self.tau_y3
  call   traceMask
  and    r4, r13, 15             ; {L[11:8], L[7:4]}
  shl    r4, r4, 4
  shr    r6, r12, 4
  or     r4, r4, r6
  and    r4, r4, r5
  ld     r0, self.y3
  call   traceStep
  st     r0, self.y3
end

; The end of a step: the trace of the reward decays and takes the new one.
kernel finish over neuron
  ld     r4, self.reward
  ld     r1, self.reward_tau
  mov    r0, r4
  call   shiftRight
  cmp.eq r1, r0, 0
  cmp.gt r2, r4, 0
  sel    r1, r1, r2, 0
  sel    r0, r1, 1, r0
  sub    r0, r4, r0
  ld     r1, ev.reward
  call   add16
  st     r0, self.reward
end
