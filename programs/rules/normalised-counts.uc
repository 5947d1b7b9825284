; What a hidden layer has said in a sample, as loud for a short or quiet word as for a long one: counts of spikes, scaled so that
; they sum to about 1024. One neuron finds the scale for all.

kernel sumUp over synapses
  ld       r0, post.count
  reduce   r0, pre.sum
end

; The scale is 2^22 / sum, in five bits of precision. The sum is shifted to the left until it has 15 bits, which is found by
; comparing, so that the text needs no shift by a variable. Its upper five, 16 to 31, have their reciprocals, (4096 + m / 2) / m,
; in a table of 16 numbers, here a tree of selects. What has shifted the sum shifts the reciprocal.
kernel normalise over neurons
  ld       r0, self.sum
  cmp.lt   r1, r0, 128
  shl      r9, r0, 8
  sel      r0, r1, r9, r0
  cmp.lt   r2, r0, 2048
  shl      r9, r0, 4
  sel      r0, r2, r9, r0
  cmp.lt   r3, r0, 8192
  shl      r9, r0, 2
  sel      r0, r3, r9, r0
  cmp.lt   r4, r0, 16384
  shl      r9, r0, 1
  sel      r0, r4, r9, r0
  sub      r0, r0, 16384
  cmp.ge   r5, r0, 8192
  sub      r9, r0, 8192
  sel      r0, r5, r9, r0
  cmp.ge   r6, r0, 4096
  sub      r9, r0, 4096
  sel      r0, r6, r9, r0
  cmp.ge   r7, r0, 2048
  sub      r9, r0, 2048
  sel      r0, r7, r9, r0
  cmp.ge   r8, r0, 1024
  sel      r9, r8, 241, 256
  sel      r10, r8, 216, 228
  sel      r9, r7, r10, r9
  sel      r10, r8, 195, 205
  sel      r11, r8, 178, 186
  sel      r10, r7, r11, r10
  sel      r9, r6, r10, r9
  sel      r10, r8, 164, 171
  sel      r11, r8, 152, 158
  sel      r10, r7, r11, r10
  sel      r11, r8, 141, 146
  sel      r12, r8, 132, 137
  sel      r11, r7, r12, r11
  sel      r10, r6, r11, r10
  sel      r9, r5, r10, r9
  shl      r10, r9, 8
  sel      r9, r1, r10, r9
  shl      r10, r9, 4
  sel      r9, r2, r10, r9
  shl      r10, r9, 2
  sel      r9, r3, r10, r9
  shl      r10, r9, 1
  sel      r9, r4, r10, r9
  st       r9, self.scale
end

kernel scaleCounts over synapses
  ld       r0, post.count
  ld       r1, pre.scale
  mul      r0, r0, r1
  sra      r0, r0, 12
  min      r0, r0, #mostValue
  st       r0, post.trace
end
