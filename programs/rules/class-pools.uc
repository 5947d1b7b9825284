; Pools of prototypes, one pool for each class: a sample moves a single neuron of its own class, and touches no other. So
; what has been learnt stays, whatever comes later. Neurons of a class compete with each other and with nobody else.

; A neuron starts below rest by half the energy of its weights. Then the largest potential is that of the nearest
; prototype: f.w - |w|^2 / 2. One that has seen few samples lies further away, by the variance of its mean.
kernel rest over neurons
  ld       r0, self.rate
  mul      r0, r0, #youth
  sra      r0, r0, #narrow
  ld       r1, self.norm
  sub      r0, r0, r1
  st       r0, self.v
end

; The search for the largest potential. Neurons that have learnt nothing are below all others.
kernel rank over synapses
  ld         r0, post.v
  max        r0, r0, #least
  ld         r1, post.rate
  cmp.eq     r1, r1, #fresh
  sel        r0, r1, #none, r0
  st         r0, post.key
  reduce.max r0, pre.best
end

; Of neurons that rank alike, the one with the lowest number is the first; 0 stands for none.
kernel first over synapses
  ld         r0, post.key
  ld         r1, pre.best
  cmp.eq     r1, r0, r1
  cmp.ne     r2, r0, #none
  and        r1, r1, r2
  ld         r2, post.index
  sub        r2, #numbers, r2
  sel        r1, r1, r2, 0
  reduce.max r1, pre.first
end

; The first one tells the class that owns it.
kernel elect over synapses
  ld       r0, post.index
  sub      r0, #numbers, r0
  ld       r1, pre.first
  cmp.eq   r0, r0, r1
  ld       r1, post.owner
  add      r1, r1, 1
  sel      r1, r0, r1, 0
  reduce   r1, pre.answer
end

kernel answer over synapses
  ld       r0, post.index
  add      r0, r0, 1
  ld       r1, pre.answer
  cmp.eq   r2, r0, r1
  sel      r2, r2, 1, 0
  st       r2, post.v
end

; Whether the class of the label may recruit one more neuron.
kernel room over synapses
  ld       r0, post.index
  ld       r1, host.label
  cmp.eq   r0, r0, r1
  ld       r2, post.recruited
  cmp.lt   r2, r2, #perClass
  and      r0, r0, r2
  sel      r0, r0, 1, 0
  reduce   r0, pre.room
end

; Candidates are the neurons of the class and, while it may recruit, fresh ones, which come first. A neuron that has won
; often stands back.
kernel nominate over synapses
  ld         r0, post.v
  ld         r1, post.adaptation
  sub        r0, r0, r1
  clip       r0, r0, #least, #most
  ld         r1, post.owner
  ld         r2, host.label
  cmp.eq     r1, r1, r2
  sel        r0, r1, r0, #none
  ld         r1, pre.room
  cmp.gt     r1, r1, 0
  sel        r1, r1, #foremost, #none
  ld         r2, post.rate
  cmp.eq     r2, r2, #fresh
  sel        r0, r2, r1, r0
  st         r0, post.key
  reduce.max r0, pre.best
end

; The winner forgets the energy of its weights, which it is about to count anew.
kernel choose over synapses
  ld       r0, post.index
  sub      r0, #numbers, r0
  ld       r1, pre.first
  cmp.eq   r0, r0, r1
  st       r0, post.win
  ld       r1, post.norm
  sel      r1, r0, 0, r1
  st       r1, post.norm
end

; The winner's weights move towards the sample. In the same visit their squares add up.
kernel move over synapses where post.win
  ld       r0, pre.trace
  sra      r0, r0, #valueShift
  min      r0, r0, #ceiling
  ld       r1, syn.shadow
  sub      r0, r0, r1
  ld       r2, post.rate
  mul      r0, r0, r2
  sra.sr   r0, r0, 8
  add      r1, r1, r0
  max      r1, r1, 0
  ld       r3, post.norm
  st       r1, syn.shadow
  sra.rn   r1, r1, #viewShift
  min      r1, r1, #largest
  mul      r1, r1, r1
  sra      r1, r1, #squareShift
  add      r3, r3, r1
  st       r3, post.norm
end

; The winner belongs to the class, its rate falls as that of a running mean, and it stands back more. All neurons of the
; class come forward a little.
kernel own over neurons
  ld       r0, self.win
  ld       r1, host.label
  ld       r2, self.owner
  sel      r2, r0, r1, r2
  st       r2, self.owner
  ld       r3, self.rate
  cmp.eq   r4, r3, #fresh
  mul      r5, r3, r3
  sra.sr   r5, r5, 9
  sub      r5, r3, r5
  max      r5, r5, #leastRate
  sel      r5, r4, 128, r5
  sel      r3, r0, r5, r3
  st       r3, self.rate
  ld       r6, self.adaptation
  add      r7, r6, #conscience
  sel      r6, r0, r7, r6
  sra.sr   r7, r6, 6
  sub      r7, r6, r7
  cmp.eq   r2, r2, r1
  cmp.ne   r3, r3, #fresh
  and      r2, r2, r3
  sel      r6, r2, r7, r6
  st       r6, self.adaptation
end

; The class counts the neurons that it has recruited.
kernel recruit over synapses
  ld       r0, post.index
  ld       r1, host.label
  cmp.eq   r0, r0, r1
  ld       r1, pre.best
  cmp.eq   r1, r1, #foremost
  and      r0, r0, r1
  sel      r0, r0, 1, 0
  ld       r2, post.recruited
  add      r2, r2, r0
  st       r2, post.recruited
end

; Beside another answer: values that no spikes carry, from a field of their neurons. A neuron without energy has no weights.
kernel match over synapses where pre.trace and post.norm
  ld       r0, syn.weight
  ld       r1, pre.trace
  mul      r0, r0, r1
  ld       r1, post.v
  add      r1, r1, r0
  st       r1, post.v
end

; Each class finds its nearest prototype. One that has none finds the least number.
kernel nearest over synapses where post.norm
  ld         r0, post.v
  ld         r1, post.owner
  ld         r2, pre.index
  cmp.eq     r1, r1, r2
  sel        r0, r1, r0, #none
  reduce.max r0, pre.nearest
end

; The score of the other answer counts once, the nearest prototype #poolWeight times.
kernel combine over neurons
  ld       r0, self.nearest
  mul      r0, r0, #poolWeight
  ld       r1, self.score
  add      r0, r0, r1
  st       r0, self.answer
end
