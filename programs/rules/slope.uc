; The surrogate derivative as a triangle, the pseudo-derivative of e-prop (Bellec et al., Nature Communications 11:3625, 2020,
; Methods): 64 at the threshold, and 0 from a distance of one threshold on.
kernel slope over neurons
  ld       r0, self.v
  sub      r0, r0, #threshold
  abs      r0, r0
  sub      r0, #threshold, r0
  max      r0, r0, 0
  sra      r0, r0, #slopeShift
  cmp.gt   r1, r0, 0
  st       r0, self.slope
  st       r1, self.box
end

; The summed error, times this derivative, is the neuron's learning signal.
kernel slopedSignal over neurons
  ld       r0, self.feedback
  sra      r0, r0, #signalShift
  clip     r0, r0, -127, 127
  ld       r1, self.slope
  mul      r0, r0, r1
  sra.rz   r0, r0, 6
  st       r0, self.signal
end
