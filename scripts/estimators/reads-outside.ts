import type { Point } from '../../src/hardware/estimate/estimator.ts';
import { readPj, readsAtSeven } from '../../src/hardware/estimate/sram/energy.ts';
import { inWords, kb, type Shape } from '../../src/hardware/estimate/sram/shape.ts';
import type { Outside } from './outside.ts';

interface ReadShape extends Shape {
  readonly pj: number;
  readonly cite: string;
  readonly checked: Point['checked'];
  /** Why it may lie beyond the interval. */
  readonly because: string;
}

const keckler = {
  nm: 10,
  capacityBits: 8 * kb,
  wordBits: 64,
  cite: 'S. W. Keckler et al., IEEE Micro 31(5), 2011, Table 1, a projection',
  checked: 'memory',
  because: '',
} as const;
const interstellar = {
  nm: 28,
  supplyV: 0.9,
  wordBits: 16,
  cite: 'X. Yang et al., ASPLOS 2020, a memory compiler; 0.9 V assumed',
  checked: 'memory',
  because: 'energy grows faster than the side of the bank there, and the word is narrow',
} as const;
const gf180 = {
  nm: 180,
  wordBits: 8,
  supplyV: 1.8,
  cite: 'google/globalfoundries-pdk-ip-gf180mcu_fd_ip_sram at 9c41192',
  checked: 'primary',
  because: 'transistors for 5 V and a cell of 13.5 um2, at a third of their supply',
} as const;
const cacti = {
  cite: 'computed with CACTI 7',
  checked: 'primary',
  because: 'a model, not a measurement; alike in shape, and lower by two to three',
} as const;
/** A macro that one buys, in SkyWater's process: its Liberty file, at the middle of the tables of its times. */
export const commercial = {
  nm: 130,
  supplyV: 1.8,
  capacityBits: 1024 * 32,
  wordBits: 32,
  readPj: 77.566,
  areaUm2: 117_646.789,
  accessNs: 2.4,
  leakUw: 0.0416112,
  cite: 'chipfoundry/CF_SRAM_1024x32 (EF_SRAM) at 4724722, sky130',
  checked: 'primary',
} as const;
const lowEnergy = { checked: 'secondary', because: 'a macro made for low energy' } as const;

const reads: readonly ReadShape[] = [
  { ...commercial, pj: commercial.readPj, because: '' },
  { ...keckler, supplyV: 0.75, pj: 2.4 },
  { ...keckler, supplyV: 0.65, pj: 1.8 },
  {
    nm: 28,
    supplyV: 0.45,
    capacityBits: 2 ** 17,
    wordBits: 32,
    pj: 1.68,
    cite: 'six transistors, FD-SOI with dynamic body bias, 52.5 fJ a bit; 32 bits assumed',
    checked: 'secondary',
    because: '',
  },
  {
    nm: 130,
    supplyV: 0.4,
    capacityBits: 2 ** 14,
    wordBits: 32,
    pj: 6.24,
    cite: 'University of Virginia, eight transistors, two banks of 1 KB; 32 bits assumed',
    checked: 'secondary',
    because: '',
  },
  {
    nm: 55,
    supplyV: 0.5,
    capacityBits: 16 * kb,
    wordBits: 32,
    pj: 2.5,
    cite: 'CSEM, deeply depleted channel, 2.5 uW/MHz; 16 KB assumed',
    checked: 'secondary',
    because: '',
  },
  {
    nm: 130,
    supplyV: 1.2,
    capacityBits: 8 * kb,
    wordBits: 32,
    pj: 50,
    cite: 'W. J. Dally et al., ACM Queue 2(1), 2004, Table 1',
    checked: 'memory',
    because: '',
  },
  {
    nm: 45,
    supplyV: 0.9,
    capacityBits: 32 * kb,
    wordBits: 32,
    pj: 5,
    cite: 'S. Han et al., NIPS 2015',
    checked: 'secondary',
    because: 'a quarter of what Horowitz gives for twice the word',
  },
  ...[6, 9, 13.5, 20.25, 30.4].map((pj, index) => ({
    ...interstellar,
    capacityBits: 32 * 2 ** index * kb,
    pj,
  })),
  {
    nm: 130,
    supplyV: 1.2,
    capacityBits: 2 ** 18,
    wordBits: 64,
    pj: 64,
    cite: 'IBM, VLSI 2003, 32 KB at 1 GHz, about 1 pJ a bit',
    checked: 'secondary',
    because: 'made of small arrays for 1 GHz, of which one is read',
  },
  {
    nm: 90,
    supplyV: 1.2,
    capacityBits: 2 ** 17,
    wordBits: 32,
    pj: 4.4,
    cite: 'V. Sharma et al., JSSC 46(10), 2011; 1.2 V assumed',
    ...lowEnergy,
    because: 'bit lines and wires of a low swing',
  },
  {
    nm: 65,
    supplyV: 0.5,
    capacityBits: 4096,
    wordBits: 32,
    pj: 0.45,
    cite: 'P. Meinerzhagen et al., ESSCIRC 2012, 14 fJ a bit',
    ...lowEnergy,
    because: 'latches of standard cells, not SRAM',
  },
  {
    nm: 28,
    supplyV: 0.56,
    capacityBits: 2 ** 16,
    wordBits: 16,
    pj: 0.39,
    cite: 'eight transistors, FD-SOI, an image memory of two ports; 16 bits assumed',
    ...lowEnergy,
  },
  {
    nm: 28,
    supplyV: 0.3,
    capacityBits: 2 ** 17,
    wordBits: 32,
    pj: 0.27,
    cite: 'M. Mohammadi et al., TCAS-I 2018, seven transistors, FD-SOI, 8.4 fJ a bit',
    ...lowEnergy,
  },
  ...[84.3, 88.8, 93.5, 103.2].map((pj, index) => ({ ...gf180, capacityBits: 512 * 2 ** index, pj })),
  ...[
    [90, 1.2, 15.9],
    [65, 1.1, 8.81],
    [45, 1, 5.29],
    [32, 0.9, 2.91],
    [22, 0.8, 1.5],
  ].map(([nm = 0, supplyV = 0, pj = 0]) => ({
    ...cacti,
    nm,
    supplyV,
    capacityBits: 2 ** 16,
    wordBits: 64,
    pj,
  })),
  ...readsAtSeven.map((read) => ({
    ...read,
    because: 'at one supply it is no lower than Horowitz at 45 nm; all other sources of two nodes fall',
  })),
];

/** Reads that no fit has used, beside the law. */
export const readsOutside: readonly Outside[] = reads.map(({ pj, cite, checked, because, ...shape }) => ({
  of: `read, ${inWords(shape)}`,
  value: pj,
  cite,
  checked,
  ratio: pj / readPj(shape),
  technologyNm: shape.nm,
  because,
}));
