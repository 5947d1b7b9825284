/**
 * What a synthesis tool makes of units and of whole cores, in areas of a NAND with two inputs: the page
 * `docs/estimators/gates.md` shows how far the estimates are from it. Its test makes the units again where yosys is
 * installed.
 */

/** The area of a NAND with two inputs in the Nangate open cell library, 45 nm. */
export const nandUm2 = 0.798;

export const synthesisedBy =
  'yosys 0.52, -booth, standard cells with the areas of the Nangate open cell library, 45 nm';

/** A unit of a lane, synthesised by itself, with as many bits for each operand. */
export interface SynthesisedUnit {
  /** The operation of `hw estimate arithmetic`. */
  readonly operation: string;
  readonly of: string;
  readonly widthBits: number;
  readonly nands: number;
}

const units = (operation: string, of: string, nands: Readonly<Record<number, number>>): SynthesisedUnit[] =>
  Object.entries(nands).map(([widthBits, count]) => ({
    operation,
    of,
    widthBits: Number(widthBits),
    nands: count,
  }));

/** Fractions: cells are larger and smaller than a NAND. */
export const synthesisedUnits: readonly SynthesisedUnit[] = [
  ...units('integer-add', 'adder', { 8: 49, 16: 108.3, 32: 220 }),
  ...units('integer-multiply', 'multiplier, all bits of the product', { 8: 412, 16: 1673.7, 32: 6503.3 }),
  ...units('integer-compare', 'comparator', { 8: 27.7, 16: 65.3, 32: 157.7 }),
  ...units('integer-shift', 'shifter to the right, of any amount', { 8: 49, 16: 140, 32: 363 }),
  ...units('integer-random', 'generator xorshift32 with its state', { 32: 456.7 }),
];

/** A core as `plasticore rtl` writes it, without its banks. */
export interface SynthesisedCore {
  readonly of: string;
  readonly lanes: number;
  /** The pipelines of its kernels: the work of its units, and their registers. */
  readonly pipelines: number;
  /** All else: sequencer, walker with its lists, FIFO, generators, gate bits, multiplexers of the banks' ports. */
  readonly control: number;
}

export const synthesisedCores: readonly SynthesisedCore[] = [
  {
    of: 'mnist-snn with 16 hidden neurons, learning, mp8-8 sliced',
    lanes: 4,
    pipelines: 27_517,
    control: 157_635,
  },
  {
    of: 'mnist-snn with 16 hidden neurons, learning, mp8-8 sliced',
    lanes: 8,
    pipelines: 52_918,
    control: 131_215,
  },
  { of: 'recurrent with 64 neurons, to infer, mp16-8', lanes: 2, pipelines: 1605, control: 36_528 },
  { of: 'recurrent with 64 neurons, to infer, mp16-8', lanes: 4, pipelines: 3130, control: 38_356 },
];
