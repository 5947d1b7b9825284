; A spike of an input: its weights are added to the potentials.
kernel integrate over synapses
  ld     r0, post.v
  ld     r1, syn.w
  add    r0, r0, r1
  st     r0, post.v               ; 12 bits, saturating
end

; A tick: who is at the threshold spikes and starts anew, all others leak.
kernel fire over neurons
  ld     r0, self.v
  cmp.ge r1, r0, #threshold
  sra    r2, r0, 3
  sub    r2, r0, r2
  sel    r0, r1, 0, r2
  st     r0, self.v
  emit   r1
end

; One weight changes by -1, 0 or 1.
kernel learn over synapses
  ld     r0, syn.w
  ld     r1, ev.change
  add    r0, r0, r1
  st     r0, syn.w                ; 6 bits, saturating
end
