import type { Point } from '../estimator.ts';

/**
 * SRAM macros of IHP's open 130-nm process: the only ones published whole, with energy, leakage, area and time of many
 * shapes.
 */
interface PublishedMacro {
  readonly words: number;
  readonly bits: number;
  readonly ports: 1 | 2;
  readonly areaUm2: number;
  readonly leakNw: number;
  readonly accessNs: number;
}

interface OnePort extends PublishedMacro {
  readonly ports: 1;
  readonly readPj: number;
  readonly writePj: number;
}

export const macroNm = 130;
export const macroV = 1.2;

/**
 * Words, bits, read and write pJ, leakage nW, area um2, access ns, at 1.2 V and 25 degrees, of the folder
 * `ihp-sg13g2/libs.ref/sg13g2_sram` at 5cccb16. Energies: `lib/*_typ_1p20V_25C.lib`, the clock's power. The rest:
 * `doc/*.txt`.
 */
const onePortRows: readonly (readonly [number, number, number, number, number, number, number])[] = [
  [64, 64, 39.05, 50.5, 49.5, 50489, 3.11],
  [256, 8, 10.21, 13.51, 24.8, 17547, 3],
  [256, 16, 14.19, 18.46, 49.5, 28127, 3.02],
  [256, 32, 26.01, 33.45, 99, 49488, 3.09],
  [256, 48, 37.82, 48.44, 148.5, 70850, 3.16],
  [256, 64, 49.63, 63.44, 198, 93181, 3.11],
  [512, 8, 12.13, 16.04, 49.5, 26138, 3],
  [512, 16, 19.57, 23.47, 99, 45309, 3.77],
  [512, 32, 36.01, 42.32, 198, 79720, 3.85],
  [512, 64, 68.9, 80.02, 396, 150102, 3.87],
  [1024, 8, 15.6, 19.92, 99, 49419, 4.26],
  [1024, 16, 26.49, 32.92, 198, 79674, 4.3],
  [1024, 32, 48.27, 58.92, 396, 140183, 4.37],
  [1024, 64, 91.83, 110.92, 792, 263946, 4.39],
  [2048, 64, 122.39, 155.37, 1584, 491634, 5.43],
  [4096, 8, 33.72, 42.21, 396, 146413, 5.32],
  [4096, 16, 58.64, 72.49, 792, 257609, 5.37],
  [8192, 32, 230.35, 239.31, 3168, 939915, 5.63],
];

export const onePortMacros: readonly OnePort[] = onePortRows.map(
  ([words, bits, readPj, writePj, leakNw, areaUm2, accessNs]) => ({
    words,
    bits,
    ports: 1,
    areaUm2,
    leakNw,
    accessNs,
    readPj,
    writePj,
  }),
);

/** Those of two ports whose areas differ from one port's in nothing but the port. */
const twoPortMacros: readonly PublishedMacro[] = [
  { words: 256, bits: 32, ports: 2, areaUm2: 96266.63, leakNw: 159.5, accessNs: 3.08 },
  { words: 1024, bits: 32, ports: 2, areaUm2: 264167.28, leakNw: 637.8, accessNs: 4.47 },
];

/** A figure of a macro as a published point. */
export function macroPoint(macro: PublishedMacro, value: number): Point {
  const { words, bits, ports } = macro;
  return {
    of: `${words} words of ${bits} bits, ${ports === 1 ? 'one port' : 'two ports'}, ${macroNm} nm, ${macroV} V`,
    value,
    cite: 'IHP Open PDK, sg13_sram, IHP Microelectronics 2023-2025',
    checked: 'primary',
  };
}

/** The share that a second port adds to a figure. */
export function meanOfPort(figure: (macro: PublishedMacro) => number): number {
  const shares = twoPortMacros.map((two) => {
    const one = onePortMacros.find(({ words, bits }) => words === two.words && bits === two.bits);
    if (one === undefined) throw new Error('a macro of two ports that has no like of one');
    return figure(two) / figure(one) - 1;
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
