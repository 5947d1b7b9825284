import type { Point } from './estimator.ts';

/**
 * SRAM macros of IHP's open 130-nm process: the only ones published whole, with energy, leakage, area and time of many
 * shapes. They tell how these depend on the shape; how they depend on the node, others tell.
 */
interface PublishedMacro {
  readonly words: number;
  readonly bits: number;
  readonly ports: 1 | 2;
  readonly areaUm2: number;
  readonly leakNw: number;
  readonly accessNs: number;
  /** Undefined where it was not read. */
  readonly readPj?: number;
  readonly writePj?: number;
}

export const macroNm = 130;
export const macroV = 1.2;

/** At 1.2 V, 25 degrees. Area, leakage and time: `doc/*.txt`; energies: `lib/*_typ_1p20V_25C.lib`, clock's power. */
export const publishedMacros: readonly PublishedMacro[] = [
  {
    words: 64,
    bits: 64,
    ports: 1,
    areaUm2: 50489.13,
    leakNw: 49.5,
    accessNs: 3.11,
    readPj: 39.0507,
    writePj: 50.4983,
  },
  {
    words: 256,
    bits: 32,
    ports: 1,
    areaUm2: 49488.5,
    leakNw: 99.01,
    accessNs: 3.09,
    readPj: 26.006,
    writePj: 33.4496,
  },
  {
    words: 1024,
    bits: 8,
    ports: 1,
    areaUm2: 49419.24,
    leakNw: 99.01,
    accessNs: 4.26,
    readPj: 15.5961,
    writePj: 19.9179,
  },
  { words: 1024, bits: 32, ports: 1, areaUm2: 140182.69, leakNw: 396, accessNs: 4.37 },
  {
    words: 1024,
    bits: 64,
    ports: 1,
    areaUm2: 263946.14,
    leakNw: 792.1,
    accessNs: 4.39,
    readPj: 91.8272,
    writePj: 110.9189,
  },
  {
    words: 2048,
    bits: 64,
    ports: 1,
    areaUm2: 491633.62,
    leakNw: 1584,
    accessNs: 5.43,
    readPj: 122.394,
    writePj: 155.3678,
  },
  {
    words: 8192,
    bits: 32,
    ports: 1,
    areaUm2: 939914.93,
    leakNw: 3168,
    accessNs: 5.63,
    readPj: 230.3533,
    writePj: 239.3104,
  },
  { words: 256, bits: 32, ports: 2, areaUm2: 96266.63, leakNw: 159.5, accessNs: 3.08 },
  { words: 1024, bits: 32, ports: 2, areaUm2: 264167.28, leakNw: 637.8, accessNs: 4.47 },
];

/** A figure of a macro as a published point; none where it was not read. */
export function macroPoint(macro: PublishedMacro, value: number): Point {
  const { words, bits, ports } = macro;
  return {
    of: `${words} words of ${bits} bits, ${ports === 1 ? 'one port' : 'two ports'}, ${macroNm} nm, ${macroV} V`,
    value,
    cite: 'IHP Open PDK, sg13_sram, IHP Microelectronics 2023-2025',
    checked: 'primary',
  };
}
