import { type Image, kernelsIn } from '../../image/index.ts';
import type { Segments } from '../../program/index.ts';
import type { Analysis } from '../compile.ts';
import type { Placement } from './placement.ts';

/**
 * For each core, by number, how many of its neurons have synapses on each core, its own included: the packets that it sends
 * there if each of its neurons fires once.
 *
 * The input's neurons have their axons at the host, here `host`: it sends to each core directly.
 */
export type Axons = ReadonlyMap<number, ReadonlyMap<number, number>>;

/** In place of a core's number. */
export const host = -1;

/** What of a program decides which spikes go where. */
export type Network = Pick<Image, 'populations' | 'projections' | 'kernels' | 'input'> & {
  readonly events: Pick<Image['events'], 'spike' | 'previousSpike' | 'delayed'>;
};

/** The network of a program that has no image yet. */
export function networkOf({ parts }: Analysis): Network {
  return { ...parts, kernels: parts.kernels.map(({ bound }) => bound) };
}

export function axonsOf(network: Network, placement: Placement): Axons {
  const axons = new Map<number, Map<number, number>>();
  const { populations, projections, input } = network;
  for (const [population, { name, size }] of populations.entries()) {
    const cores = placement[name] ?? [];
    const reached = [...sendingProjections(network, population)].flatMap((index) => {
      const projection = projections[index];
      const target = populations[projection?.target ?? -1];
      return projection === undefined || target === undefined
        ? []
        : [{ projection, onCore: coresByNeuron(placement, target) }];
    });
    for (const { first, size: count, core } of cores) {
      const from = population === input ? host : core;
      const to = axons.get(from) ?? new Map<number, number>();
      axons.set(from, to);
      for (let neuron = first; neuron < Math.min(size, first + count); neuron++) {
        const reaches = new Set<number>();
        for (const { projection, onCore } of reached) addCores(projection.segments, neuron, onCore, reaches);
        for (const reach of reaches) to.set(reach, (to.get(reach) ?? 0) + 1);
      }
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

interface Run {
  readonly end: number;
  readonly core: number;
}

/** The cores of a population, in the order of its neurons. */
function coresByNeuron(placement: Placement, { name }: { readonly name: string }): readonly Run[] {
  return (placement[name] ?? []).map(({ first, size, core }) => ({ end: first + size, core }));
}

/** Adds the cores on which a neuron has synapses. */
function addCores(
  { rowStart, firstPost, length }: Segments,
  neuron: number,
  runs: readonly Run[],
  reached: Set<number>,
): void {
  for (let segment = rowStart[neuron] ?? 0; segment < (rowStart[neuron + 1] ?? 0); segment++) {
    const first = firstPost[segment] ?? 0;
    const end = first + (length[segment] ?? 0);
    if (end === first) continue;
    for (let run = runBehind(runs, first); run < runs.length; run++) {
      const { core = host, end: runEnd = 0 } = runs[run] ?? {};
      reached.add(core);
      if (runEnd >= end) break;
    }
  }
}

/** The first run that ends behind a neuron. */
function runBehind(runs: readonly Run[], neuron: number): number {
  let low = 0;
  for (let high = runs.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.end ?? 0) > neuron) high = middle;
    else low = middle + 1;
  }
  return low;
}
