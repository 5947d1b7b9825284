import type { Analysis } from '../compile.ts';
import { allocate } from '../fields/index.ts';
import { type Axons, axonsOf, networkOf } from './axons.ts';
import type { CoreBuilder } from './core-builder.ts';
import type { Placement } from './placement.ts';

/** A limit that a core misses. */
export interface Shortage {
  /** Number of the core. */
  readonly core: number;
  /** What there is too little of. */
  readonly what: string;
  readonly needed: number;
  readonly available: number;
}

/**
 * What a placement asks of cores beyond what they have: bits of each bank, and what `chip.limits` states.
 *
 * @param builders of the cores that the placement names, their lists written: partial sums take memory, too
 */
export function shortagesOf(
  analysis: Analysis,
  placement: Placement,
  builders: readonly CoreBuilder[],
): Shortage[] {
  const { hw } = analysis.target;
  const limits = hw.chip?.limits;
  const axons = axonsOf(networkOf(analysis), placement);
  const neurons = neuronsByCore(analysis, placement);
  return builders.flatMap((builder) => {
    const { number: core } = builder;
    const { drafts } = builder.memory;
    const synapseBits = drafts
      .filter(({ stored, purpose }) => stored && purpose !== 'state')
      .reduce((sum, { count, bits }) => sum + count * bits, 0);
    const banks = allocate(drafts, hw).banks.map(
      ({ name, usedWords, wordBits, capacityBits }) =>
        [`bits of the ${name} bank`, usedWords * wordBits, capacityBits] as const,
    );
    const needs = [
      ...banks,
      ['neurons', neurons.get(core) ?? 0, limits?.neurons],
      ['axons in', axonsInto(axons, core), limits?.axonsIn],
      ['axons out', sum(axons.get(core)?.values() ?? []), limits?.axonsOut],
      ['bits of synapses', synapseBits, limits?.synapseBits],
    ] as const;
    return needs.flatMap(([what, needed, available]) =>
      available !== undefined && needed > available ? [{ core, what, needed, available }] : [],
    );
  });
}

/** Of more, those that are alike are described together. */
const mostSingly = 12;

/** All shortages in words, core by core. */
export function describeShortages(shortages: readonly Shortage[]): string {
  if (shortages.length <= mostSingly)
    return shortages.map((shortage) => `core ${shortage.core}: ${missed(shortage)}`).join('; ');
  const cores = new Map<string, number[]>();
  for (const shortage of shortages)
    cores.set(missed(shortage), [...(cores.get(missed(shortage)) ?? []), shortage.core]);
  return [...cores]
    .map(([text, numbers]) => `${numbers.length > 1 ? 'cores' : 'core'} ${ranges(numbers)}: ${text}`)
    .join('; ');
}

function missed({ what, needed, available }: Shortage): string {
  return `${needed} ${what} needed, ${available} available, ${needed - available} too many`;
}

/** Neurons by core, but for the input's, whose spikes the host sends. */
function neuronsByCore({ parts }: Analysis, placement: Placement): ReadonlyMap<number, number> {
  const neurons = new Map<number, number>();
  for (const [population, { name }] of parts.populations.entries()) {
    if (population === parts.input) continue;
    for (const { core, size } of placement[name] ?? []) neurons.set(core, (neurons.get(core) ?? 0) + size);
  }
  return neurons;
}

function axonsInto(axons: Axons, core: number): number {
  return sum([...axons.values()].map((to) => to.get(core) ?? 0));
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Ascending numbers in words: `0-3, 7`. */
function ranges(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run?.[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
}
