; Direct random target projection: the label, through fixed random weights, is the learning signal of hidden neurons. No
; error is computed for them, and none goes back.
kernel teach over neurons
  ld       r0, self.index
  ld       r1, host.label
  cmp.eq   r2, r0, r1
  st       r2, self.target
end

; Only the column of the label is active.
kernel feedback over synapses where pre.box and post.target
  ld       r0, syn.feedback
  reduce   r0, pre.feedback
end
