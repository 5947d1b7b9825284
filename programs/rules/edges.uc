; A layer that is not learnt: neurons that count how often they see an edge or a line, and pools of their counts.

kernel see over row
  ld       r0, syn.kernel
  ld       r1, post.v
  add      r1, r1, r0
  st       r1, post.v
end

kernel fade over neurons
  ld       r0, self.v
  sra      r1, r0, 1
  sub      r0, r0, r1
  st       r0, self.v
end

; What is above the threshold stays; a neuron counts no further than to #mostCounted.
kernel count over neurons
  ld       r0, self.v
  cmp.ge   r1, r0, #threshold
  sub      r2, r0, #threshold
  sel      r0, r1, r2, r0
  st       r0, self.v
  ld       r3, self.count
  add      r4, r3, 1
  min      r4, r4, #mostCounted
  sel      r3, r1, r4, r3
  st       r3, self.count
end

kernel gather over synapses where pre.count
  ld       r0, pre.count
  ld       r1, post.value
  add      r1, r1, r0
  st       r1, post.value
end

; The sum of a pool is a value that a spike carries. A pool without a count sends nothing.
kernel tell over neurons
  ld       r0, self.value
  cmp.gt   r1, r0, 0
  emit     r1, r0
end
