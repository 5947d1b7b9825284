; e-prop (Bellec et al., Nature Communications 11:3625, 2020) for neurons without adaptation: eligibility traces of synapses,
; and the update for an error of the outputs' potentials. Equation numbers are the paper's, as the implementation of NeuroTrain
; cites them (src/trainers/eprop_trainer.py of smilies-polito/neurotrain at d52b357).

; The pseudo-derivative, as in slope.uc. The flag stays set until the sample ends: the neuron's synapses have traces.
kernel slopeAndTouch over neurons
  ld       r0, self.v
  sub      r0, r0, #threshold
  abs      r0, r0
  sub      r0, #threshold, r0
  max      r0, r0, 0
  sra      r0, r0, #slopeShift
  cmp.gt   r1, r0, 0
  ld       r2, self.box
  or       r1, r1, r2
  st       r0, self.slope
  st       r1, self.box
end

; The trace of the synapse, e = slope x filtered input (23), filtered as the outputs filter spikes (28). The loss is rounded
; up. A row whose input has been silent until its own trace is zero keeps what it has, and does not learn.
kernel remember over synapses where pre.trace
  ld       r0, syn.eligibility
  sra.ru   r1, r0, #outputLeak
  sub      r0, r0, r1
  ld       r2, pre.trace
  ld       r3, post.slope
  mul      r2, r2, r3
  sra      r2, r2, #eligibilityShift
  add      r0, r0, r2
  st       r0, syn.eligibility
end

; The update (28): eligibility x learning signal, rounded stochastically.
kernel learnFromEligibility over synapses where pre.trace and post.signal
  ld       r0, syn.eligibility
  ld       r1, post.signal
  mul      r2, r0, r1
  sra.sr   r2, r2, #rate
  ld       r3, syn.shadow
  add      r3, r3, r2
  st       r3, syn.shadow        ; the inference weight is a view of it
end
