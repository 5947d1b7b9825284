kernel pour over neuron
  ld     r0, self.level
  ld     r1, self.bias
  ld     r2, ev.amount
  add    r0, r0, r1
  add    r0, r0, r2
  cmp.ge r3, r0, #threshold
  sel    r0, r3, 0, r0
  st     r0, self.level
  emit   r3
end

kernel teach over neuron
  ld     r0, self.bias
  ld     r1, ev.amount
  add    r0, r0, r1
  min    r0, r0, 31
  st     r0, self.bias
end
