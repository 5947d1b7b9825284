import {
  type BoundKernel,
  factsOf,
  fieldUses,
  kernelsIn,
  type Placement,
  type ProgramView,
  type Slice,
} from '../../image/index.ts';
import type { Role } from '../../isa/index.ts';
import { type Segments, visitRow } from '../../program/index.ts';
import { wordAt } from '../../text/index.ts';
import type { Analysis } from '../compile-core.ts';
import { coresHolding } from './placement.ts';

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
export type AxonNetwork = Pick<ProgramView, 'populations' | 'projections' | 'kernels' | 'input'> & {
  readonly events: Pick<ProgramView['events'], 'spike' | 'previousSpike' | 'delayed'>;
};

/** The network of a program that has no image yet. */
export function axonNetworkOf({ parts }: Analysis): AxonNetwork {
  return { ...parts, kernels: parts.kernels.map(({ bound }) => bound) };
}

export function axonsOf(network: AxonNetwork, placement: Placement): Axons {
  const axons = new Map<number, Map<number, number>>();
  const { populations, projections, input } = network;
  const end = (coresHolding(placement).at(-1) ?? 0) + 1;
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
          counts[on] = wordAt(counts, on) + 1;
        };
        for (const { segments, runs } of reached) runs.forEachCore(segments, neuron, reach);
      }
      for (const on of met) to.set(on, (to.get(on) ?? 0) + wordAt(counts, on));
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
  { events, kernels, projections }: AxonNetwork,
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
  forEachCore(segments: Segments, neuron: number, reach: (core: number) => void): void {
    visitRow(segments, neuron, (first, count) => {
      const end = first + count;
      if (count === 0) return;
      for (let at = wordAt(this.#runOf, first); at < this.#runs.length; at++) {
        const run = this.#runs[at];
        if (run === undefined) break;
        reach(run.core);
        if (run.end >= end) break;
      }
    });
  }
}

/*
 * The facts that a core with rows of a projection needs of their pre-synaptic neurons, where these are on other
 * cores. Their fields stand there as copies, and a copy is kept up to date in one of two ways:
 *
 * - replayed: the kernels, clears and holds that write the field run on the copy as well. They can if all that they
 * read
 *   is replayed too, and if they neither draw nor emit. A spike trace is such a field: a decay and the spikes that mark
 *   it are all it depends on.
 * - sent: the core that holds the neuron sends each new value in a packet. A surrogate gate that depends on the
 * membrane
 *   potential is such a field.
 */

/** A kernel's accesses to fields. Indices of fields; a weight and its view count as they are named. */
export interface KernelAccesses {
  readonly reads: readonly { readonly role: Role; readonly field: number }[];
  readonly writes: readonly { readonly role: Role; readonly field: number }[];
  readonly reduces: readonly number[];
}

export function accessesOf({ code, rowGate, columnGate, projection }: BoundKernel): KernelAccesses {
  const uses = fieldUses({ code });
  const reads: { role: Role; field: number }[] = uses.filter(({ does }) => does === 'read');
  if (rowGate !== undefined) reads.push({ role: 'pre', field: rowGate });
  if (columnGate !== undefined)
    reads.push({ role: projection === undefined ? 'self' : 'post', field: columnGate });
  return {
    reads,
    writes: uses.filter(({ does }) => does === 'store'),
    reduces: uses.flatMap(({ field, does }) => (does === 'reduce' ? [field] : [])),
  };
}

/** The fields of populations whose copies can be replayed. Weights are never copied, and are not among them. */
export function replayedFields({ parts, drafts }: Analysis): ReadonlySet<number> {
  const owned = new Set(parts.populations.map(({ name }) => name));
  const fields = new Set(
    [...drafts.keys()].filter((field) => owned.has(drafts[field]?.name.split('.')[0] ?? '')),
  );
  for (let before = -1; before !== fields.size; ) {
    before = fields.size;
    for (const { bound } of parts.kernels) {
      const { reads, writes, reduces } = accessesOf(bound);
      for (const field of reduces) fields.delete(field);
      if (writes.every(({ field }) => !fields.has(field))) continue;
      const { draws, emits } = factsOf(bound);
      const isReplayable =
        bound.population !== undefined &&
        draws === 0 &&
        !emits &&
        [...reads, ...writes].every(({ field }) => fields.has(field));
      if (!isReplayable) for (const { field } of writes) fields.delete(field);
    }
  }
  return fields;
}

/** The replayed fields that a copy with some of them must have: all that the kernels that write them read or write. */
export function withSources(
  needed: Iterable<number>,
  kernels: readonly { readonly bound: BoundKernel }[],
): ReadonlySet<number> {
  const found = new Set(needed);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { bound } of kernels) {
      if (bound.population === undefined) continue;
      const { reads, writes } = accessesOf(bound);
      if (writes.some(({ field }) => found.has(field)))
        for (const { field } of [...reads, ...writes]) found.add(field);
    }
  }
  return found;
}
