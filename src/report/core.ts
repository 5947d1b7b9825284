import type { Image } from '../image/index.ts';

/** The core as the compiler costed it: without this, counts of tiles and cycles say little. */
export interface CoreReport {
  readonly clockMhz: number;
  /** Neighbouring columns that make a tile. */
  readonly lanes: number;
  /** In the order of `counters.byKernel`. */
  readonly kernels: readonly {
    readonly name: string;
    /** Cycles from one tile to the next, and beside them for each pass and each start. */
    readonly intervalCycles: number;
    readonly passCycles: number;
    readonly runCycles: number;
    /** What sets the interval. */
    readonly boundBy: string;
    /** For each resource, the share of the interval that it is busy in a full tile. */
    readonly utilisation: Readonly<Record<string, number>>;
  }[];
}

/** The shape of the network. */
export interface NetworkReport {
  /** Name of the population whose spikes the host supplies. */
  readonly input: string;
  readonly populations: readonly { readonly name: string; readonly size: number }[];
  readonly projections: readonly { readonly name: string; readonly from: string; readonly to: string }[];
}

export function coreReport({ costs, work }: Image): CoreReport {
  return {
    clockMhz: costs.clockMhz,
    lanes: costs.lanes,
    kernels: costs.work.map(({ intervalCycles, passCycles, runCycles, boundBy, utilisation }, index) => ({
      name: work[index] ?? '',
      intervalCycles,
      passCycles,
      runCycles,
      boundBy,
      utilisation,
    })),
  };
}

export function networkReport({ input, populations, projections }: Image): NetworkReport {
  const nameOf = (population: number) => populations[population]?.name ?? '';
  return {
    input: nameOf(input),
    populations: populations.map(({ name, size }) => ({ name, size })),
    projections: projections.map(({ name, source, target }) => ({
      name,
      from: nameOf(source),
      to: nameOf(target),
    })),
  };
}
