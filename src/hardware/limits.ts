/** Maximum sizes of a core. Both engines reserve memory for them when an image is loaded. */
export const coreLimits = {
  /** The maximum number of lanes with their own seeds: docs/instruction-set.md, 'Random numbers'. */
  lanes: 1024,
  /** Number of events in the FIFO; an event takes 4 bytes. */
  fifoDepth: 2 ** 20,
} as const;

/** Maximum sizes of a chip. */
export const chipLimits = {
  /** Tiles along one side of the mesh. */
  side: 1024,
  coresPerTile: 256,
  /** Cores in all. */
  cores: 2 ** 16,
} as const;

/** Figures outside these bounds are typing errors or wrong units, because no core has them. */
export const figureBounds = {
  nm: { what: 'a feature size in nm', least: 1, most: 10_000 },
  V: { what: 'a voltage', least: 0.01, most: 100 },
  MHz: { what: 'a frequency in MHz', least: 0.001, most: 100_000 },
  pJ: { what: 'an energy in pJ', least: 0, most: 1e9 },
  uW: { what: 'a power in uW', least: 0, most: 1e9 },
  'uW/MHz': { what: 'a power in uW per MHz', least: 0, most: 1e9 },
  um2: { what: 'an area in um2', least: 0, most: 1e12 },
  'um2 a bit': { what: 'the area of a cell in um2', least: 0.001, most: 1000 },
  ns: { what: 'a time in ns', least: 0, most: 1e9 },
  cycles: { what: 'a number of cycles', least: 0, most: 1e6 },
} as const;
