; FeNN's adaptive neurons for SHD as its recording has them, in 16 bits, 7 of them behind the point.

kernel integrate over row
  ld     r0, post.current
  ld     r1, syn.w
  add    r0, r0, r1
  st     r0, post.current
end

kernel update over neurons
  ld     r0, self.v
  mul    r0, r0, #alpha
  ld     r1, self.draw           ; rounds up or down: the same number in each step
  add    r0, r0, r1
  sra    r0, r0, 7
  ld     r1, self.current
  add    r0, r0, r1              ; v = alpha v + i
  ldi    r1, 0
  st     r1, self.current
  ld     r1, self.a              ; rho is 1 in 7 bits: it does not decay
  sra    r2, r1, 6               ; beta is 2 / 128
  add    r2, r2, #threshold
  cmp.ge r2, r0, r2
  ld     r3, self.wait
  cmp.gt r4, r3, 0
  sub    r5, r3, 1
  sel    r3, r4, r5, r3
  sel    r2, r4, 0, r2           ; no spike in the steps after one
  sel    r3, r2, #rest, r3
  st     r3, self.wait
  sub    r4, r0, #threshold
  sel    r0, r2, r4, r0
  st     r0, self.v
  add    r4, r1, #one
  sel    r1, r2, r4, r1
  st     r1, self.a
  emit   r2
end

; Outputs, which no recording shows: potentials in 11 bits behind the point, and the sum of a 1170th of each.
kernel score over neurons
  ld     r0, self.v
  mulsra r0, r0, #outputAlpha, 14
  ld     r1, self.current
  add    r0, r0, r1
  ld     r1, self.bias
  add    r0, r0, r1
  st     r0, self.v
  mulsra.sr r0, r0, #share, 11
  ld     r1, self.sum
  add    r0, r0, r1
  st     r0, self.sum
  ldi    r1, 0
  st     r1, self.current
end
