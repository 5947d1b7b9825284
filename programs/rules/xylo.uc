; Neurons and synapses of Xylo (Audio 2, Audio 3, IMU), as the integers of the chip go. A spike carries how often its
; neuron spiked in a step; all those spikes add the same weight, so that adding their product saturates as adding one
; after the other does. docs/xylo.md has the sources.
;
; Kernels that only cost are those of the vendor's formula: what the chip goes through, whatever it finds there.

; x in r0 and its dash in r1 give r3: x / 2^dash rounded down, but where that is 0 the sign of x, so that nothing rests
; away from 0. A shift by each bit of the dash that is set comes to a shift by all of it.
routine decay
  and    r2, r1, 1
  sra    r3, r0, 1
  sel    r3, r2, r3, r0
  and    r2, r1, 2
  sra    r4, r3, 2
  sel    r3, r2, r4, r3
  and    r2, r1, 4
  sra    r4, r3, 4
  sel    r3, r2, r4, r3
  and    r2, r1, 8
  sra    r4, r3, 8
  sel    r3, r2, r4, r3
  cmp.eq r2, r3, 0
  clip   r4, r0, -1, 1
  sel    r3, r2, r4, r3
end

; The membrane: r6 holds what the synaptic states give, r0 becomes the potential.
routine membrane
  ld     r0, self.v
  ld     r1, self.dashMem
  call   decay
  sub    r6, r6, r3
  clip   r6, r6, -32768, 32767
  ld     r1, self.bias
  add    r6, r6, r1
  clip   r6, r6, -32768, 32767
  add    r0, r0, r6
  clip   r0, r0, -32768, 32767
end

; While v reaches the threshold and there are fewer than 31 spikes, those of aliases included: one more spike, and v less
; the threshold. Here in binary: 16 of them if both allow, then 8, 4, 2 and 1. r0 is v, r8 the spikes.
routine spikes
  ld     r1, self.threshold
  ld     r8, self.aliased
  shl    r2, r1, 4
  cmp.ge r3, r0, r2
  cmp.le r4, r8, 15
  and    r3, r3, r4
  sub    r2, r0, r2
  sel    r0, r3, r2, r0
  add    r4, r8, 16
  sel    r8, r3, r4, r8
  shl    r2, r1, 3
  cmp.ge r3, r0, r2
  cmp.le r4, r8, 23
  and    r3, r3, r4
  sub    r2, r0, r2
  sel    r0, r3, r2, r0
  add    r4, r8, 8
  sel    r8, r3, r4, r8
  shl    r2, r1, 2
  cmp.ge r3, r0, r2
  cmp.le r4, r8, 27
  and    r3, r3, r4
  sub    r2, r0, r2
  sel    r0, r3, r2, r0
  add    r4, r8, 4
  sel    r8, r3, r4, r8
  shl    r2, r1, 1
  cmp.ge r3, r0, r2
  cmp.le r4, r8, 29
  and    r3, r3, r4
  sub    r2, r0, r2
  sel    r0, r3, r2, r0
  add    r4, r8, 2
  sel    r8, r3, r4, r8
  cmp.ge r3, r0, r1
  cmp.le r4, r8, 30
  and    r3, r3, r4
  sub    r2, r0, r1
  sel    r0, r3, r2, r0
  add    r4, r8, 1
  sel    r8, r3, r4, r8
end

; A hidden neuron with one synaptic state.
kernel hiddenNeuron over neurons
  ld     r0, self.i
  ld     r1, self.dashSyn
  call   decay
  sub    r5, r0, r3
  mov    r6, r5
  call   membrane
  call   spikes
  st     r5, self.i
  st     r0, self.v
  ldi    r1, 0
  st     r1, self.aliased
  cmp.gt r1, r8, 0
  emit   r1, r8
end

; The same with two synaptic states.
kernel hiddenNeuron2 over neurons
  ld     r0, self.i
  ld     r1, self.dashSyn
  call   decay
  sub    r5, r0, r3
  ld     r0, self.i2
  ld     r1, self.dashSyn2
  call   decay
  sub    r7, r0, r3
  add    r6, r5, r7
  call   membrane
  call   spikes
  st     r5, self.i
  st     r7, self.i2
  st     r0, self.v
  ldi    r1, 0
  st     r1, self.aliased
  cmp.gt r1, r8, 0
  emit   r1, r8
end

; An output neuron spikes once in a step at most. The host counts its spikes.
kernel outputNeuron over neurons
  ld     r0, self.i
  ld     r1, self.dashSyn
  call   decay
  sub    r5, r0, r3
  mov    r6, r5
  call   membrane
  ld     r1, self.threshold
  cmp.ge r2, r0, r1
  sub    r1, r0, r1
  sel    r0, r2, r1, r0
  ld     r3, self.count
  add    r4, r3, 1
  sel    r3, r2, r4, r3
  st     r5, self.i
  st     r0, self.v
  st     r3, self.count
  emit   r2
end

; Before a sample the host clears all states.
kernel clearHidden over neurons
  ldi    r0, 0
  st     r0, self.i
  st     r0, self.v
  st     r0, self.aliased
end

kernel clearHidden2 over neurons
  ldi    r0, 0
  st     r0, self.i
  st     r0, self.i2
  st     r0, self.v
  st     r0, self.aliased
end

kernel clearOutput over neurons
  ldi    r0, 0
  st     r0, self.i
  st     r0, self.v
  st     r0, self.count
end

; Spikes of an input of this step.
kernel inputSynapse over row
  ld     r0, syn.weight
  ld     r1, ev.value
  mul    r0, r0, r1
  ld     r1, post.i
  add    r0, r0, r1
  st     r0, post.i
end

kernel inputSynapse2 over row
  ld     r0, syn.weight
  ld     r1, ev.value
  mul    r0, r0, r1
  ld     r1, post.i2
  add    r0, r0, r1
  st     r0, post.i2
end

; Spikes of a hidden neuron in the step before, to hidden neurons.
kernel hiddenSynapse over row
  ld     r0, syn.weight
  ld     r1, ev.value
  mul    r0, r0, r1
  ld     r1, post.i
  add    r0, r0, r1
  st     r0, post.i
end

kernel hiddenSynapse2 over row
  ld     r0, syn.weight
  ld     r1, ev.value
  mul    r0, r0, r1
  ld     r1, post.i2
  add    r0, r0, r1
  st     r0, post.i2
end

; The same, to outputs.
kernel outputSynapse over row
  ld     r0, syn.weight
  ld     r1, ev.value
  mul    r0, r0, r1
  ld     r1, post.i
  add    r0, r0, r1
  st     r0, post.i
end

; Spikes of this step that another neuron takes for its own; the weight is 1.
kernel alias over row
  ld     r0, syn.weight
  ld     r1, ev.value
  mul    r0, r0, r1
  ld     r1, post.aliased
  add    r0, r0, r1
  st     r0, post.aliased
end

; Each input in each step.
kernel inputChannel over neurons
  ldi    r0, 0
end

; Each hidden neuron that spikes.
kernel spiking over neuron
  ldi    r0, 0
end

; Each hidden neuron that has spiked and may lead to outputs.
kernel feeding over neuron
  ldi    r0, 0
end

; On Audio 2: hidden neurons that no input leads to, for each input that spikes; outputs that a hidden neuron does not
; lead to, for each that has spiked.
kernel passedHidden over neurons
  ldi    r0, 0
end

kernel passedOutput over neurons
  ldi    r0, 0
end
