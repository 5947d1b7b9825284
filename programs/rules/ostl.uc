; Online spatio-temporal learning (Bohnstingl et al., IEEE TNNLS 2022): the eligibility of a synapse follows the potential of
; its neuron exactly, its reset included. Equations are those of its successor, OSTTP (Ortner et al., AICAS 2023), for
; neurons that reset by subtraction, as NeuroTrain cites them (src/trainers/osttp_trainer.py of smilies-polito/neurotrain at
; d52b357).

; A potential keeps half of itself, less what the reset takes where the neuron is near its threshold (8): the derivative of the
; spike is damped by a half, so that the factor is (1 - slope / 2) / 2, in units of 2^-8.
kernel keep over neurons
  ld       r0, self.slope
  sub      r0, 128, r0
  st       r0, self.keep
end

; An input without a trace has no eligibility either: it falls at least as fast.
kernel forget over synapses where pre.trace
  ld       r0, syn.eligibility
  ld       r1, post.keep
  mul      r0, r0, r1
  sra      r0, r0, 8
  st       r0, syn.eligibility
end

; An input spike adds to the eligibility of its row.
kernel remember over row
  ld       r0, syn.eligibility
  add      r0, r0, #spikeTrace
  st       r0, syn.eligibility
end

; The update (6), (9): eligibility x the neuron's learning signal, in which its derivative is, rounded stochastically.
kernel learnFromEligibility over synapses where pre.trace and post.signal
  ld       r0, syn.eligibility
  ld       r1, post.signal
  mul      r2, r0, r1
  sra.sr   r2, r2, #rate
  ld       r3, syn.shadow
  add      r3, r3, r2
  st       r3, syn.shadow        ; the inference weight is a view of it
end
