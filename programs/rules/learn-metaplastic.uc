; The update of rules/learn.uc, with synapses that grow firm: an update towards zero shrinks with the weight that it would
; undo, and stops where that is large (Laborieux et al., Nature Communications 12, 2549, 2021, with a straight line in
; place of 1 - tanh^2).
kernel learn over synapses where pre.trace and post.signal
  ld       r0, pre.trace
  ld       r1, post.signal
  mul      r2, r0, r1
  ld       r3, syn.shadow
  abs      r4, r3
  sra      r4, r4, 5             ; a 16-bit shadow weight of 8192 is firm
  min      r4, r4, 256
  sub      r4, 256, r4           ; what is left of the update, in 256ths
  cmp.lt   r5, r2, 0
  cmp.lt   r6, r3, 0
  xor      r5, r5, r6
  sel      r4, r5, r4, 256       ; away from zero all of it
  mulsra.sr r2, r2, r4, 8
  sra.sr   r2, r2, #rate
  add      r3, r3, r2
  st       r3, syn.shadow
end
