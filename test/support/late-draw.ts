/** A kernel whose last draw comes more than an interval of four cycles after its first one could. */
export const lateDraw = `kernel jitter over neurons
  rnd    r0, 2
  ld     r1, self.v
  ld     r2, self.w
  ld     r3, self.x
  add.w  r4, r3, r0
  add.w  r4, r4, r1
  add.w  r4, r4, r2
  sra.sr r4, r4, 1
  st     r4, self.v
end
`;
