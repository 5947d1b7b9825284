import type { Placement } from '../../image/index.ts';
import type { Analysis } from '../compile-core.ts';
import { allocate } from '../fields/index.ts';
import { type Axons, axonsOf, networkOf } from './axons.ts';
import type { CoreBuilder } from './core-builder.ts';
import { coresIn } from './placement.ts';

/** A limit that a core misses. */
export interface Shortage {
  /** Number of the core. */
  readonly core: number;
  /** The resource of which there is too little. */
  readonly what: string;
  readonly needed: number;
  readonly available: number;
}

/**
 * The demands of a placement on cores beyond `chip.limits`, as far as the placement alone decides it: neurons and
 * axons. It is known before the program is cut up, which takes far longer.
 */
export function crowdedCores(analysis: Analysis, placement: Placement): Shortage[] {
  const limits = analysis.target.hw.chip?.limits;
  if (limits === undefined) return [];
  const axons = axonsOf(networkOf(analysis), placement);
  const neurons = neuronsByCore(analysis, placement);
  const into = axonsInto(axons);
  const owner = limits.areOfMapper ? ' (a limit of the mapper, not of the silicon)' : '';
  return coresIn(placement).flatMap((core) =>
    missing(core, [
      [`neurons${owner}`, neurons.get(core) ?? 0, limits.neurons],
      [`axons in${owner}`, into.get(core) ?? 0, limits.axonsIn],
      [`axons out${owner}`, sum(axons.get(core)?.values() ?? []), limits.axonsOut],
    ]),
  );
}

/** The resources that cores lack for their parts: bits of each bank, and synapses as `chip.limits` states them. */
export function smallCores({ target: { hw } }: Analysis, builders: readonly CoreBuilder[]): Shortage[] {
  return builders.flatMap(({ number, memory: { drafts } }) => {
    const synapseBits = drafts
      .filter(({ stored, purpose }) => stored && purpose !== 'state')
      .reduce((bits, draft) => bits + draft.count * draft.bits, 0);
    return missing(number, [
      ...allocate(drafts, hw).banks.map(
        ({ name, usedWords, wordBits, capacityBits }) =>
          [`bits of the ${name} bank`, usedWords * wordBits, capacityBits] as const,
      ),
      ['bits of synapses', synapseBits, hw.chip?.limits?.synapseBits],
    ]);
  });
}

type Need = readonly [what: string, needed: number, available: number | undefined];

function missing(core: number, needs: readonly Need[]): Shortage[] {
  return needs.flatMap(([what, needed, available]) =>
    available !== undefined && needed > available ? [{ core, what, needed, available }] : [],
  );
}

/** So many shortages are all described; of more, the worst. */
export const mostDescribed = 12;
const worst = 3;
const mostRanges = 4;

/** Shortages in words, core by core. Of many, their number and the worst; cores that are alike come together. */
export function describeShortages(shortages: readonly Shortage[]): string {
  if (shortages.length <= mostDescribed)
    return [...shortages]
      .sort((a, b) => a.core - b.core)
      .map((shortage) => `core ${shortage.core}: ${missed(shortage)}`)
      .join('; ');
  const alike = new Map<string, Shortage[]>();
  for (const shortage of [...shortages].sort((a, b) => b.needed / b.available - a.needed / a.available)) {
    const text = missed(shortage);
    if (!alike.has(text)) alike.set(text, []);
    alike.get(text)?.push(shortage);
  }
  const described = [...alike].slice(0, worst).map(([text, some]) => `${coresOf(some)}: ${text}`);
  const all = `${shortages.length} limits of ${new Set(shortages.map(({ core }) => core)).size} cores are missed`;
  return `${all}${alike.size > worst ? ', these by most' : ''}: ${described.join('; ')}`;
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

function axonsInto(axons: Axons): ReadonlyMap<number, number> {
  const into = new Map<number, number>();
  for (const to of axons.values())
    for (const [core, count] of to) into.set(core, (into.get(core) ?? 0) + count);
  return into;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Cores in words: `cores 0-3, 7`. */
function coresOf(shortages: readonly Shortage[]): string {
  const runs: [number, number][] = [];
  for (const core of shortages.map((shortage) => shortage.core).sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run?.[1] === core - 1) run[1] = core;
    else runs.push([core, core]);
  }
  const ranges = runs
    .slice(0, mostRanges)
    .map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
  const others = sum(runs.slice(mostRanges).map(([first, last]) => last - first + 1));
  return `${shortages.length > 1 ? 'cores' : 'core'} ${ranges.join(', ')}${others > 0 ? ` and ${others} others` : ''}`;
}
