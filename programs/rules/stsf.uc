; Spiking time, sparse feedback (He et al., IEEE TNNLS 2025), which Spiker-LL (arXiv 2605.18003) has in an FPGA: a synapse changes
; where its input and its neuron spike in the same step, by the error of one output. No trace is kept. After the code of the
; authors (main/block.py of hppeace/STSF at 34e97f3) and that of NeuroTrain (src/trainers/stsf_trainer.py of
; smilies-polito/neurotrain at d52b357).

; Hidden neurons: threshold, reset by subtraction, leak, and a flag.
kernel fireAndTell over neurons
  ld       r0, self.v
  cmp.ge   r1, r0, #threshold
  sub      r2, r0, #threshold
  sel      r0, r1, r2, r0
  sra      r2, r0, #leak
  sub      r0, r0, r2
  st       r0, self.v
  st       r1, self.spiked
  emit     r1
end

; Output neurons spike to be counted, and for nobody else.
kernel fireAndCount over neurons
  ld       r0, self.v
  cmp.ge   r1, r0, #outputThreshold
  sub      r2, r0, #outputThreshold
  sel      r0, r1, r2, r0
  sra      r2, r0, #leak
  sub      r0, r0, r2
  st       r0, self.v
  st       r1, self.spiked
  ld       r3, self.count
  sel      r4, r1, 1, 0
  add      r3, r3, r4
  st       r3, self.count
end

; An input tells of its spike.
kernel tell over neuron
  cmp.eq   r0, 0, 0
  st       r0, self.spiked
end

; The error of an output: the label should spike in each step, all others never.
kernel spikeError over neurons
  ld       r0, self.index
  ld       r1, host.label
  cmp.eq   r2, r0, r1
  sel      r3, r2, 64, 0
  ld       r4, self.spiked
  sel      r5, r4, 64, 0
  sub      r3, r3, r5
  st       r3, self.signal
end

; Each hidden neuron hears the error of a single output, times a weight of its own; both are drawn once. It selects, and adds
; nothing up.
kernel feedback over synapses where pre.spiked and post.signal
  ld       r0, post.signal
  ld       r1, post.index
  ld       r2, pre.listensTo
  cmp.eq   r3, r1, r2
  sel      r0, r3, r0, 0
  reduce   r0, pre.feedback
end

kernel spikeSignal over neurons
  ld       r0, self.feedback
  ld       r1, self.gain
  mul      r0, r0, r1
  sra.rz   r0, r0, 6
  ld       r2, self.spiked
  sel      r0, r2, r0, 0
  st       r0, self.signal
end

; The update has no product: where both have spiked, it is the learning signal.
kernel learnFromSpikes over synapses where pre.spiked and post.signal
  ld       r1, post.signal
  sra.sr   r2, r1, #rate
  ld       r3, syn.shadow
  add      r3, r3, r2
  st       r3, syn.shadow        ; the inference weight is a view of it
end
