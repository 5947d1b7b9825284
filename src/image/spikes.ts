import { clamp, integerRange, operationNamed, type ValueRange } from '../isa/index.ts';
import { definitionOf, emittingPopulation, factsOf } from './accesses.ts';
import type { Payload, Population, ProgramView } from './image.ts';
import type { Action, BoundKernel } from './lists.ts';

/*
 * A spike that carries a value has it in its address: the lower `shift` bits are the neuron, the next ones the value.
 * Code that names a spike uses this number.
 */

type Carrying = Pick<Population, 'payload'>;

/** So many ones, 0 to 32. Every spike asks, and a power of two takes longer than all else. */
function ones(bits: number): number {
  return bits === 0 ? 0 : -1 >>> (32 - bits);
}

/** The neuron in a spike's address. */
export function neuronIn({ payload }: Carrying, address: number): number {
  return payload === undefined ? address : address & ones(payload.shift);
}

/** Whether an address is a valid spike of a population: one of its neurons, with a value that its payload holds. */
export function isSpikeOf({ payload, size }: Pick<Population, 'payload' | 'size'>, address: number): boolean {
  if (address >>> 0 !== address) return false;
  if (payload === undefined) return address < size;
  return address <= ones(payload.shift + payload.bits) && (address & ones(payload.shift)) < size;
}

/** The number of neurons whose spikes come from outside or are kept: all, except for an input with delays. */
export function suppliedTo({ size, inputs }: Pick<Population, 'size' | 'inputs'>): number {
  return inputs ?? size;
}

/** The bits of a spike's address that give the neuron. */
export function neuronMask({ payload }: Carrying): number {
  return 2 ** (payload?.shift ?? 24) - 1;
}

/** The value in a spike's address; 0 where spikes carry none. */
export function valueIn({ payload }: Carrying, address: number): number {
  if (payload === undefined) return 0;
  const { bits, signed, shift } = payload;
  const upper = address << (32 - shift - bits);
  return signed ? upper >> (32 - bits) : upper >>> (32 - bits);
}

/** The address of a neuron whose spike carries a value, saturated to the payload. */
export function sentFrom({ payload }: Carrying, neuron: number, value: number): number {
  if (payload === undefined) return neuron;
  const { bits, signed, shift } = payload;
  const mask = ones(bits);
  const high = signed ? mask >>> 1 : mask;
  return neuron | ((clamp(value, signed ? -high - 1 : 0, high) & mask) << shift);
}

/** A spike in a ring: a flag, and above it the value that it carries. */
export function keptOf({ payload }: Carrying, spike: number): number {
  return payload === undefined ? 1 : 1 | ((spike >>> payload.shift) << 1);
}

/** The spike of a neuron in a ring: see {@link keptOf}. */
export function spikeKept({ payload }: Carrying, neuron: number, kept: number): number {
  return payload === undefined ? neuron : neuron | ((kept >>> 1) << payload.shift);
}

export function payloadRange({ bits, signed }: Payload): ValueRange {
  return integerRange(bits, signed);
}

/** The population whose spike names the neuron, or the row, that a kernel visits. */
export function spikingPopulation(
  { populations, projections }: Pick<ProgramView, 'populations' | 'projections'>,
  { population, projection }: Pick<BoundKernel, 'population' | 'projection'>,
): Population {
  const index = population ?? projections[projection ?? -1]?.source;
  const found = populations[index ?? -1];
  if (found === undefined) throw new Error('a kernel that is bound to nothing');
  return found;
}

type Emitting = Pick<ProgramView, 'events' | 'kernels' | 'populations' | 'projections'>;

/** Populations whose spikes cause spikes of each other, so that serving one of them may never end. */
export interface SpikeLoop {
  /** Indices, in loop order. */
  readonly populations: readonly number[];
  /** Whether every spike in the loop causes at least one of the next population: the loop then never ends. */
  readonly isEndless: boolean;
}

/** A loop of spikes that serve each other within a step, preferably an endless one; undefined if there is none. */
export function spikeLoopOf(image: Emitting): SpikeLoop | undefined {
  const certain = loopIn(edgesOf(image, true));
  if (certain !== undefined) return { populations: certain, isEndless: true };
  const possible = loopIn(edgesOf(image, false));
  return possible === undefined ? undefined : { populations: possible, isEndless: false };
}

/**
 * For each population, the populations that its spikes make spike; with `certain`, only those that every spike makes
 * spike at once.
 */
function edgesOf(image: Emitting, certain: boolean): ReadonlySet<number>[] {
  return image.events.spike.map((actions) => {
    const kernels = kernelsIn(actions, certain).flatMap((index) => image.kernels[index] ?? []);
    const emitting = kernels.filter((kernel) =>
      certain ? alwaysEmits(image, kernel) : factsOf(kernel).emits,
    );
    return new Set(emitting.map((kernel) => emittingPopulation(image, kernel)));
  });
}

function loopIn(edges: readonly ReadonlySet<number>[]): number[] | undefined {
  for (const start of edges.keys()) {
    // The shortest way back, breadth first.
    const before = new Map<number, number>();
    const next = [start];
    for (const population of next) {
      for (const reached of edges[population] ?? []) {
        if (reached === start) return wayTo(population, start, before);
        if (before.has(reached)) continue;
        before.set(reached, population);
        next.push(reached);
      }
    }
  }
  return undefined;
}

function wayTo(last: number, start: number, before: ReadonlyMap<number, number>): number[] {
  const way = [last];
  for (let at = last; at !== start; ) {
    at = before.get(at) ?? start;
    way.unshift(at);
  }
  return way;
}

/** The kernels of a list; with `certain`, those that run regardless of step and state. */
function kernelsIn(actions: readonly Action[], certain: boolean): number[] {
  const found: number[] = [];
  for (const action of actions) {
    if (action.does === 'stop-unless-any' && certain) break;
    if (action.does === 'run') found.push(action.kernel);
    if (action.does === 'group' && !certain) found.push(...kernelsIn(action.actions, certain));
  }
  return found;
}

/** Whether every run of a kernel emits: it has an item and no gate, and the value it emits is never zero. */
function alwaysEmits(image: Emitting, kernel: BoundKernel): boolean {
  if (kernel.columnGate !== undefined || !hasItems(image, kernel)) return false;
  const line = kernel.code.findIndex(({ mnemonic }) => operationNamed(mnemonic).effect.does === 'emit');
  const source = kernel.code[line]?.operands[0];
  if (source?.is !== 'register') return false;
  const { low = 0, high = 0 } = definitionOf(kernel.code, line, source.register) ?? {};
  return low > 0 || high < 0;
}

function hasItems({ projections }: Emitting, { domain, projection, columns }: BoundKernel): boolean {
  if (domain === 'neurons' || domain === 'neuron') return true;
  const { segments } = projections[projection ?? -1] ?? {};
  if (domain !== 'row' || segments === undefined || columns !== undefined) return false;
  const { rowStart, length } = segments;
  return rowStart.every(
    (first, row) =>
      row === rowStart.length - 1 || length.slice(first, rowStart[row + 1]).some((count) => count > 0),
  );
}
