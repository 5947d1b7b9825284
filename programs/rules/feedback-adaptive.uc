; Adaptive e-prop (Bellec et al., Nature Communications 11:3625, 2020): the weights that feed errors back begin at random, and
; learn what the output weights learn. Both decay, so that they become alike; the authors' code calls this Kolen-Pollack
; (Figure_2_TIMIT/solve_timit_with_ctc_in_tensorflow.py of IGITUGraz/eligibility_propagation at efd02e6).
kernel feedback over synapses where pre.box and post.signal
  ld       r0, post.signal
  ld       r1, syn.feedback
  sra      r1, r1, #cutShift
  mul      r2, r0, r1
  reduce   r2, pre.feedback
end

kernel learnBoth over synapses where pre.trace and post.signal
  ld       r0, pre.trace
  ld       r1, post.signal
  mul      r2, r0, r1
  sra.sr   r2, r2, #rate
  ld       r3, syn.shadow
  sra.sr   r4, r3, #weightDecay
  sub      r3, r3, r4
  add      r3, r3, r2
  ld       r5, syn.feedback
  sra.sr   r6, r5, #weightDecay
  sub      r5, r5, r6
  add      r5, r5, r2
  st       r3, syn.shadow        ; the inference weight is a view of it
  st       r5, syn.feedback
end
