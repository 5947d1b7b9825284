; SYNtzulA: a delta modulator, and neurons that leak by a factor in 4096 and return to 0 when they spike.

; A sample above the last level by more than delta raises the level by delta, and one below lowers it.
kernel encode over neuron
  ld     r0, neuron.level
  ld     r1, neuron.delta
  ld     r2, ev.sample
  sub    r3, r0, r1
  add    r4, r0, r1
  cmp.lt r5, r2, r3
  cmp.gt r6, r2, r4
  sel    r7, r6, r4, r0
  sel    r7, r5, r3, r7
  st     r7, neuron.level
  or     r5, r5, r6
  sel    r6, r6, 1, 0            ; which way
  emit   r5, r6
end

kernel integrate over row
  ld     r0, post.current
  ld     r1, syn.w
  add    r0, r0, r1
  st     r0, post.current
end

kernel update over neurons
  ld     r0, self.v
  mulsra.rz r0, r0, #decay, 12
  ld     r1, self.current
  add    r0, r0, r1
  cmp.ge r2, r0, #threshold
  sel    r0, r2, 0, r0
  st     r0, self.v
  ldi    r1, 0
  st     r1, self.current
  emit   r2
end
