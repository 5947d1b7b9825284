import type { CoreImage } from '../../image/index.ts';
import { indexBits } from './text.ts';

/** Widths of the numbers that a core passes around. */
export interface Widths {
  readonly lanes: number;
  /** Of a tile's number. */
  readonly tile: number;
  /** Of a neuron's number, which is also a row's. */
  readonly neuron: number;
  /** Of the values that spikes carry; 0 if none do. */
  readonly value: number;
  /** Of the number of a row of stored weights, and of a place in it. */
  readonly weightRow: number;
  readonly place: number;
  /** By bank, of an address. */
  readonly address: readonly number[];
}

export function widthsOf({ core, populations, projections, kernels, banks }: CoreImage): Widths {
  const sizes = populations.map(({ size }) => size);
  const largest = Math.max(1, ...sizes);
  // Kernels over stored weights have as many columns as a row of them.
  const overWeights = kernels.flatMap(({ domain, projection }) =>
    domain === 'weights' ? (projections[projection ?? -1]?.weightRowLength ?? 0) : [],
  );
  const weightRows = Math.max(1, ...projections.map((projection) => projection.weightRows));
  return {
    lanes: core.lanes,
    tile: indexBits(Math.ceil(Math.max(largest, ...overWeights) / core.lanes)),
    neuron: indexBits(largest),
    value: Math.max(0, ...populations.map(({ payload }) => payload?.bits ?? 0)),
    weightRow: indexBits(Math.max(largest, weightRows)),
    place: indexBits(Math.max(1, ...projections.map(({ weightRowLength }) => weightRowLength))),
    address: banks.map(({ usedWords }) => indexBits(usedWords)),
  };
}
