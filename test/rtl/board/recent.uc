; The rule of docs/first-rule.md: a weight moves against the error if its input has spiked recently.
kernel learn over synapses where pre.trace and post.signal
  ld       r0, pre.trace
  cmp.ge   r1, r0, #recent
  ld       r2, post.signal
  sel      r2, r1, r2, 0
  sra.sr   r2, r2, #rate
  ld       r3, syn.shadow
  add      r3, r3, r2
  st       r3, syn.shadow
end
