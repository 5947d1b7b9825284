import { at } from '../../../text/index.ts';
import { fitted, type Point, type Quantity } from '../estimator.ts';
import { fitLogarithms, fitSums } from '../fit.ts';
import { macroNm, macroPoint, macroV, onePortMacros } from './macros-130nm.ts';
import { base, inWords, kb, type Shape } from './shape.ts';

interface PublishedRead extends Shape {
  readonly of?: string;
  readonly pj: number;
  readonly cite: string;
  readonly checked: Point['checked'];
}

const horowitz = {
  nm: 45,
  supplyV: 0.9,
  wordBits: 64,
  cite: 'M. Horowitz, ISSCC 2014',
  checked: 'memory',
} as const;
const dally14 = {
  nm: 14,
  supplyV: 0.8,
  wordBits: 64,
  cite: 'W. J. Dally et al., CACM 63(7), 2020: 0.050 pJ + 0.000022 pJ x sqrt(bits) for each bit; 0.8 V assumed',
  checked: 'secondary',
} as const;
const dally14Pj = (capacityBits: number): number => 64 * (0.05 + 0.000022 * Math.sqrt(capacityBits));

/** Sources of reads: each has its figures, and none outvotes the others by their number. */
const chips: readonly (readonly PublishedRead[])[] = [
  [
    { capacityBits: 8 * kb, pj: 10, ...horowitz },
    { capacityBits: 32 * kb, pj: 20, ...horowitz },
    { capacityBits: 1024 * kb, pj: 100, ...horowitz },
  ],
  [
    {
      capacityBits: 8 * kb,
      wordBits: 64,
      nm: 40,
      supplyV: 0.9,
      pj: 14,
      cite: 'S. W. Keckler et al., IEEE Micro 31(5), 2011, Table 1',
      checked: 'memory',
    },
  ],
  [
    {
      capacityBits: 8 * kb,
      wordBits: 256,
      nm: 28,
      supplyV: 0.9,
      pj: 50,
      cite: 'W. J. Dally, SC10, slide 37; 0.9 V assumed',
      checked: 'secondary',
    },
  ],
  [8, 128, 1024].map((size) => ({ capacityBits: size * kb, pj: dally14Pj(size * kb), ...dally14 })),
  [
    {
      of: "TrueNorth's core memory, 256 rows, 47 fJ a bit",
      capacityBits: 256 * 410,
      wordBits: 410,
      nm: 28,
      supplyV: 0.775,
      pj: 410 * 0.047,
      cite: 'P. A. Merolla et al., Science 345:668, 2014, supplement S5',
      checked: 'secondary',
    },
  ],
];
const macros = onePortMacros.map(({ words, bits, readPj }) => ({
  capacityBits: words * bits,
  wordBits: bits,
  nm: macroNm,
  supplyV: macroV,
  pj: readPj,
}));

/**
 * How sense amplifiers and local bit lines follow the node, and how wires across the bank do. The first is weakly
 * determined, 0 to 0.6 fit alike, as long as the second is near 2.
 */
const ofSensing = 0.5;
const ofWires = 2;
/** A source counts for at most so many figures. */
const mostFigures = 3;

/** The factors of the coefficients: all three rise with capacity, word and node, so the sum does. */
function terms({ capacityBits, wordBits, nm, supplyV }: Shape): number[] {
  const node = nm / base.nm;
  const side = node ** ofWires * Math.sqrt(capacityBits / base.capacityBits);
  const squared = (supplyV / base.supplyV) ** 2;
  return [squared * wordBits * node ** ofSensing, squared * wordBits * side, squared * side];
}

const sources = [...chips, macros];
const readFit = fitSums(
  sources.flatMap((figures) => figures.map(terms)),
  sources.flatMap((figures) => figures.map(({ pj }) => pj)),
  {
    weights: sources.flatMap((figures) => figures.map(() => Math.min(1, mostFigures / figures.length))),
    chosen: 2,
  },
);
const readPoints: Point[] = [
  ...chips.flat().map(({ of, pj, cite, checked, ...shape }) => ({
    of: `read, ${of === undefined ? '' : `${of}: `}${inWords(shape)}`,
    value: pj,
    cite,
    checked,
  })),
  ...onePortMacros.map((macro) => ({
    ...macroPoint(macro, macro.readPj),
    of: `read, ${macroPoint(macro, 0).of}`,
  })),
];
const [sensing, lines, decoder] = [0, 1, 2].map((index) => at(readFit.coefficients, index));

/** The energy of a read in pJ. */
export function readPj(shape: Shape): number {
  return terms(shape).reduce((sum, term, index) => sum + term * at(readFit.coefficients, index), 0);
}

/** A write as a multiple of a read. */
const seneca = { of: 'store over load, SENECA, 22 nm', value: 3.9 / 3.7 };
const writeFit = fitLogarithms(
  [...onePortMacros, seneca].map(() => [1]),
  [...onePortMacros.map((macro) => macro.writePj / macro.readPj), seneca.value],
);
const writePoints: Point[] = [
  ...onePortMacros.map((macro) => ({
    ...macroPoint(macro, macro.writePj / macro.readPj),
    of: `write over read, ${macroPoint(macro, 0).of}`,
  })),
  { ...seneca, cite: 'G. Tang et al., Front. Neurosci. 17:1187252, 2023', checked: 'primary' },
];
export const writeToRead = Math.exp(at(writeFit.coefficients, 0));

/** Reads in pJ at 7 nm, which no fit has used; at one supply they are no lower than Horowitz at 45 nm. */
export const readsAtSeven = [
  [8, 7.5],
  [32, 8.5],
  [1024, 14],
].map(([kilobytes = 0, pj = 0]) => ({
  nm: 7,
  supplyV: 0.75,
  wordBits: 64,
  capacityBits: kilobytes * kb,
  pj,
  cite: 'N. Jouppi et al., ISCA 2021, Table 2; 0.75 V assumed',
}));
/** The nodes between which figures of reads at core supply stand; beyond, the interval grows. */
const reached = { low: 14, high: 130 };
/** By how much the figures at 7 nm lie above the law. */
const atSeven = Math.max(...readsAtSeven.map((read) => read.pj / readPj(read)));
const ofFit = Math.exp(2 * readFit.spread);

function widerBy(technologyNm: number): number {
  const { low, high } = reached;
  if (technologyNm < low) return (atSeven / ofFit) ** (Math.log(low / technologyNm) / Math.log(low / 7));
  // The wires' exponent rests on one source above 45 nm: half of it, one way or the other.
  return technologyNm > high ? (technologyNm / high) ** (ofWires / 2) : 1;
}

const pico = (value = 0): string => value.toPrecision(3);

export const accessEnergy: Quantity = fitted({
  source: 'estimator:sram.energy',
  unit: 'pJ',
  law: `read: (supply / 0.9 V)^2 x [word x (${pico(sensing)} pJ x n^${ofSensing} + ${pico(lines)} pJ x n^${ofWires} s) + ${pico(decoder)} pJ x n^${ofWires} s], with n = node / 28 nm, s = sqrt(capacity / 64 kbit), the word in bits; write: x ${writeToRead.toFixed(2)}`,
  assumes:
    'the exponents of n: sense amplifiers and local bit lines, then wires across the bank. A source counts for at most three figures. Above 8 Mbit the law is carried on. An access costs the same with more ports, as in the macros of two ports. Macros made for low energy take a third to an eighth: state them as `macros`',
  fits: [
    [readFit, readPoints],
    [writeFit, writePoints],
  ],
  widened: {
    by: ({ technologyNm }) => widerBy(technologyNm),
    because:
      'the figures at 7 nm, which are of one source, lie that far above those of all others, and no figure stands at 180 nm',
  },
});
