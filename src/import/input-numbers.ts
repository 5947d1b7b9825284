import type { FeatureRange } from '../data/index.ts';

/** The input of a graph in a step, by its name on a command line. */
export const inputKindNames = ['spikes', 'values', 'constant'] as const;
export type InputName = (typeof inputKindNames)[number];

/**
 * The meaning of an input's numbers: how many spikes in a step, a value in each step, or a value that stays the same in
 * all of them. A core holds a value in 8 bits without a sign, q; for the graph it is scale x q + offset.
 */
export interface InputNumbers {
  readonly are: InputName;
  readonly scale: number;
  readonly offset: number;
}

/** Inputs that spike. */
export const inputSpikes: InputNumbers = { are: 'spikes', scale: 1, offset: 0 };

/** The bits of a value of an input. */
export const inputBits = 8;
export const mostValue = 2 ** inputBits - 1;

/** Numbers of data: what the least and the largest value of the core stand for, and what the graph makes of them. */
export interface DataNumbers {
  readonly range: FeatureRange;
  /** The graph gets scale x number + offset. */
  readonly scale: number;
  readonly offset: number;
}

/** The numbers within a range for which values of a core stand. */
export function numbersOf(are: InputName, { range: [low, high], scale, offset }: DataNumbers): InputNumbers {
  return { are, scale: (scale * (high - low)) / mostValue, offset: scale * low + offset };
}

/**
 * The range for the numbers of some data: bytes and fractions keep theirs; others begin at zero, unless there are lower
 * ones, so that what is zero costs no spike.
 */
export function rangeFor(low: number, high: number, isWhole: boolean): FeatureRange {
  const usual = isWhole ? mostValue : 1;
  if (low >= 0 && high <= usual) return [0, usual];
  return [Math.min(0, low), Math.max(high, low + 1e-9)];
}

/**
 * When values of a constant input come: in each step, each time as spikes that carry them; or once, in the first, into
 * a field of the first neurons, which is added in each step.
 */
export type Entry = 'each step' | 'once';
