import table from '#points/sram-energy' with { type: 'json' };
import { at } from '../../../text/index.ts';
import { fitted, type Point, type Quantity } from '../estimator.ts';
import { fitLogarithms, fitSums } from '../fit.ts';
import { cited } from '../points.ts';
import { macroNm, macroPoints, macroV, onePortMacros } from './macros.ts';
import { base, inWords, type Shape } from './shape.ts';

/** A source of reads counts for at most so many figures, so that none outvotes the others by their number. */
const mostFigures = 3;

const chips = cited(table, table.reads);
const macros = onePortMacros.map(({ source, words, bits, readPj }) => ({
  source,
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

/** The factors of the coefficients: all three rise with capacity, word and node, so the sum does. */
function terms({ capacityBits, wordBits, nm, supplyV }: Shape): number[] {
  const node = nm / base.nm;
  const side = node ** ofWires * Math.sqrt(capacityBits / base.capacityBits);
  const squared = (supplyV / base.supplyV) ** 2;
  return [squared * wordBits * node ** ofSensing, squared * wordBits * side, squared * side];
}

const reads = [...chips, ...macros];
const figuresOf = (source: string) => reads.filter((read) => read.source === source).length;
const readFit = fitSums(
  reads.map(terms),
  reads.map(({ pj }) => pj),
  { weights: reads.map(({ source }) => Math.min(1, mostFigures / figuresOf(source))), chosen: 2 },
);
const readPoints: Point[] = [
  ...chips.map(({ of, pj, cite, checked, ...shape }) => ({
    of: `read, ${of === undefined ? '' : `${of}: `}${inWords(shape)}`,
    value: pj,
    cite,
    checked,
  })),
  ...macroPoints((macro) => macro.readPj).map((point) => ({ ...point, of: `read, ${point.of}` })),
];
const [sensing, lines, decoder] = [0, 1, 2].map((index) => at(readFit.coefficients, index));

/** The energy of a read in pJ. */
export function readPj(shape: Shape): number {
  return terms(shape).reduce((sum, term, index) => sum + term * at(readFit.coefficients, index), 0);
}

/** A write as a multiple of a read. */
const writePoints: Point[] = [
  ...macroPoints(({ writePj, readPj }) => writePj / readPj).map((point) => ({
    ...point,
    of: `write over read, ${point.of}`,
  })),
  ...cited(table, table.writesOverReads).map(({ storePj, loadPj, ...rest }) => ({
    ...rest,
    value: storePj / loadPj,
  })),
];
const writeFit = fitLogarithms(
  writePoints.map(() => [1]),
  writePoints.map(({ value }) => value),
);
export const writeToRead = Math.exp(at(writeFit.coefficients, 0));

/** Reads in pJ at 7 nm, which no fit has used; at one supply they are no lower than Horowitz at 45 nm. */
export const readsAtSeven = cited(table, table.readsAtSeven);
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
    'the exponents of n: sense amplifiers and local bit lines, then wires across the bank. A source counts for at most three figures. An access costs the same with more ports, as in the macros of two. Macros made for low energy take a third to an eighth: state them as `macros`',
  fits: [
    [readFit, readPoints],
    [writeFit, writePoints],
  ],
  widened: {
    by: ({ technologyNm }) => widerBy(technologyNm),
    because: 'figures at 7 nm, of one source, lie that far above all others; none stands at 180 nm',
  },
});
