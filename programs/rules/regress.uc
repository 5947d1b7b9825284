; What the answer of a regression misses: the readout is to come to #target for each one of the number that is asked for.
kernel miss over neurons
  ld       r0, host.label
  mul      r0, r0, #target
  ld       r1, self.v
  sub      r0, r0, r1
  sra      r0, r0, #errorShift
  st       r0, self.signal
end
