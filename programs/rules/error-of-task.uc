; The error of each output as in rules/three-factor.uc, masked: outputs whose classes are not in the task hear nothing,
; so that what they have learnt is not pushed down while others learn. The task says which they are, as parameters: the
; first and the last of its classes. (The "labels trick" of Zeno et al., arXiv 1803.10123.)
kernel errorOfTask over neurons
  ld       r0, self.v
  sra      r0, r0, #errorShift
  clip     r0, r0, 0, 127
  ld       r1, self.index
  ld       r2, host.label
  cmp.eq   r3, r1, r2
  sel      r4, r3, 127, 0
  sub      r4, r4, r0
  cmp.ge   r5, r1, #firstClass
  sel      r4, r5, r4, 0
  cmp.le   r5, r1, #lastClass
  sel      r4, r5, r4, 0
  st       r4, self.signal
end
