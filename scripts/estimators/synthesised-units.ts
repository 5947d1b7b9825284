/** What a synthesis tool makes of units, in areas of a NAND with two inputs, for the page of gates. */

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
  ...units('integer-multiply', 'multiplier, whole product', { 8: 412, 16: 1673.7, 32: 6503.3 }),
  ...units('integer-compare', 'comparator', { 8: 27.7, 16: 65.3, 32: 157.7 }),
  ...units('integer-shift', 'shifter, any amount', { 8: 49, 16: 140, 32: 363 }),
  ...units('integer-random', 'generator xorshift32 with its state', { 32: 456.7 }),
];
