; tinyODIN: the update of its neurons. The state is a signed number of 12 bits, the threshold an unsigned one: a negative
; state never fires, nor does a threshold above 2047 let any. Every update tests the threshold, one of the leak as well.

; The state in r0: fire, reset to zero, and send the spike unless the neuron is disabled.
routine fire
  ld     r1, neuron.thr
  cmp.ge r2, r0, r1
  cmp.ge r3, r0, 0
  and    r2, r2, r3
  sel    r0, r2, 0, r0
  st     r0, neuron.core
  ld     r3, neuron.disable
  xor    r3, r3, 1
  and    r2, r2, r3
  emit   r2
end

; The state moves towards zero by the leak, and not beyond it.
kernel leak over neurons
  ld     r0, neuron.core
  ld     r1, neuron.leak_str
  sub    r2, r0, r1
  max    r2, r2, 0
  add    r3, r0, r1
  min    r3, r3, 0
  cmp.ge r4, r0, 0
  sel    r0, r4, r2, r3
  call   fire
end

; A spike of a neuron: its row of weights.
kernel synaptic over row
  ld     r0, neuron.core
  ld     r1, syn.w
  add    r0, r0, r1
  clip   r0, r0, -2048, 2047
  call   fire
end

; A weight that comes with the event.
kernel virtual over neuron
  ld     r0, neuron.core
  ld     r1, ev.w
  add    r0, r0, r1
  clip   r0, r0, -2048, 2047
  call   fire
end
