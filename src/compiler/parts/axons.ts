import { kernelsIn, type Placement, type ProgramView, type Slice } from '../../image/index.ts';
import type { Segments } from '../../program/index.ts';
import type { Analysis } from '../compile-core.ts';
import { coresIn } from './placement.ts';

/**
 * For each core, by number, how many of its neurons have synapses on each core, its own included: the packets that it
 * sends there if each of its neurons fires once.
 *
 * The input's neurons have their axons at the host, here `host`: it sends to each core directly.
 */
export type Axons = ReadonlyMap<number, ReadonlyMap<number, number>>;

/** In place of a core's number. */
export const host = -1;

/** The parts of a program that decide which spikes go where. */
export type Network = Pick<ProgramView, 'populations' | 'projections' | 'kernels' | 'input'> & {
  readonly events: Pick<ProgramView['events'], 'spike' | 'previousSpike' | 'delayed'>;
};

/** The network of a program that has no image yet. */
export function networkOf({ parts }: Analysis): Network {
  return { ...parts, kernels: parts.kernels.map(({ bound }) => bound) };
}

export function axonsOf(network: Network, placement: Placement): Axons {
  const axons = new Map<number, Map<number, number>>();
  const { populations, projections, input } = network;
  const end = (coresIn(placement).at(-1) ?? 0) + 1;
  /** By core, the last neuron that reached it, which counts once, and how many of a slice do. */
  const lastOn = new Int32Array(end);
  const counts = new Uint32Array(end);
  for (const [population, { name, size }] of populations.entries()) {
    const cores = placement[name] ?? [];
    const reached = [...sendingProjections(network, population)].flatMap((index) => {
      const projection = projections[index];
      const target = populations[projection?.target ?? -1];
      return projection === undefined || target === undefined
        ? []
        : [{ segments: projection.segments, runs: new Runs(placement[target.name] ?? [], target.size) }];
    });
    lastOn.fill(-1);
    for (const { first, size: count, core } of cores) {
      const from = population === input ? host : core;
      const to = axons.get(from) ?? new Map<number, number>();
      axons.set(from, to);
      const met: number[] = [];
      for (let neuron = first; neuron < Math.min(size, first + count); neuron++) {
        const reach = (on: number): void => {
          if (lastOn[on] === neuron) return;
          lastOn[on] = neuron;
          if (counts[on] === 0) met.push(on);
          counts[on] = (counts[on] ?? 0) + 1;
        };
        for (const { segments, runs } of reached) runs.forEachCore(segments, neuron, reach);
      }
      for (const on of met) to.set(on, (to.get(on) ?? 0) + (counts[on] ?? 0));
      counts.fill(0);
    }
  }
  return axons;
}

/** Packets and hops if each neuron fires once, the input's apart. */
export function spikeHops(
  axons: Axons,
  hopsBetween: (source: number, destination: number) => number,
): { readonly packets: number; readonly hops: number } {
  let packets = 0;
  let hops = 0;
  for (const [from, to] of axons) {
    for (const [core, count] of to) {
      if (from === host || core === from) continue;
      packets += count;
      hops += count * hopsBetween(from, core);
    }
  }
  return { packets, hops };
}

/** The projections, by index, through which spikes of a population act. */
export function sendingProjections(
  { events, kernels, projections }: Network,
  population: number,
): ReadonlySet<number> {
  const late = events.delayed.filter((delayed) => delayed.population === population);
  const lists = [
    events.spike[population] ?? [],
    events.previousSpike[population] ?? [],
    ...late.flatMap((delayed) => delayed.lists.map(({ actions }) => actions)),
  ];
  const used = lists
    .flatMap(kernelsIn)
    .flatMap((kernel) => kernels[kernel]?.projection ?? [])
    .filter((projection) => projections[projection]?.source === population);
  return new Set(used);
}

/** The cores of a population's neurons. */
class Runs {
  /** Neurons one after the other on one core, in their order. */
  readonly #runs: readonly { readonly end: number; readonly core: number }[];
  /** By neuron, the run in which it is. */
  readonly #runOf: Uint32Array;

  constructor(slices: readonly Slice[], size: number) {
    this.#runs = slices.map(({ first, size: count, core }) => ({ end: first + count, core }));
    this.#runOf = new Uint32Array(size);
    for (const [run, { first, size: count }] of slices.entries()) this.#runOf.fill(run, first, first + count);
  }

  /** Calls for each core on which a neuron has synapses, once or more often. */
  forEachCore(
    { rowStart, firstPost, length }: Segments,
    neuron: number,
    reach: (core: number) => void,
  ): void {
    for (let segment = rowStart[neuron] ?? 0; segment < (rowStart[neuron + 1] ?? 0); segment++) {
      const first = firstPost[segment] ?? 0;
      const end = first + (length[segment] ?? 0);
      if (end === first) continue;
      for (let at = this.#runOf[first] ?? 0; at < this.#runs.length; at++) {
        const run = this.#runs[at];
        if (run === undefined) break;
        reach(run.core);
        if (run.end >= end) break;
      }
    }
  }
}
