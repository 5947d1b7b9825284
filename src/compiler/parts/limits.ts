import {
  type BoundKernel,
  emittingPopulation,
  factsOf,
  type Placement,
  type Projection,
  plainActions,
  takesOf,
} from '../../image/index.ts';
import { operationNamed } from '../../isa/index.ts';
import { refuse, rowsOf, visitRow } from '../../program/index.ts';
import { byKey, command, option, PlasticoreError, sum } from '../../text/index.ts';
import type { PlacedKernel } from '../assemble.ts';
import type { Analysis } from '../compile-core.ts';
import { allocate } from '../fields/index.ts';
import { type Axons, accessesOf, axonNetworkOf, axonsOf } from './axons.ts';
import type { CoreBuilder } from './core-builder.ts';
import { hasOwnWeights } from './cut-segments.ts';
import { coresHolding } from './placement.ts';

/** Refuses what only one core can do. */
export function refuseUnspreadable(analysis: Analysis, placement: Placement): void {
  const { target, parts } = analysis;
  const { program, hw } = target;
  const { populations, kernels } = parts;
  if (hw.controller !== undefined)
    refuse(
      program,
      ['events'],
      `hw-model '${hw.name}' has a controller for one core`,
      'compile it for one core',
    );
  for (const kernel of kernels) {
    const at = kernel.bound.code.findIndex((line) => takesOf(operationNamed(line.mnemonic)) !== 'items');
    if (at >= 0)
      refuse(
        program,
        ['events'],
        `line ${at + 1} of ${kernel.label} names a position of a field, which cores of several do not`,
        'choose an hw-model of one core',
      );
    const { name } = populations[emittingPopulation(parts, kernel.bound)] ?? { name: '' };
    const slices = placement[name] ?? [];
    if (slices.length <= 1) continue;
    const isAligned = slices.every(({ first }) => first % hw.lanes === 0);
    if (asksTile(kernel.bound) && !isAligned)
      refuse(
        program,
        ['events'],
        `${kernel.label} decides for whole tiles of ${hw.lanes} neurons, and '${name}' is cut within one`,
        `start its slices at multiples of ${hw.lanes}`,
      );
    const why = whyWhole(analysis, kernel);
    if (why !== undefined)
      refuse(program, ['events'], `${kernel.label} ${why}`, `place all of '${name}' on one core`);
  }
}

/** Whether a population can be on several cores, cut between tiles. */
export function isDivisible(analysis: Analysis, population: number): boolean {
  const { parts } = analysis;
  return parts.kernels
    .filter(({ bound }) => emittingPopulation(parts, bound) === population)
    .every((kernel) => whyWhole(analysis, kernel) === undefined);
}

/** What a kernel does that takes all its columns on one core; undefined if nothing. */
function whyWhole({ parts }: Analysis, { bound }: PlacedKernel): string | undefined {
  const visited = parts.projections[bound.projection ?? -1];
  const projection = parts.projections[visited?.partOf ?? -1] ?? visited;
  if (projection === undefined) return undefined;
  const { size = 0 } = parts.populations[projection.target] ?? {};
  const learns = accessesOf(bound).writes.some(({ role }) => role === 'syn');
  if (learns && projection.weightRows > 0 && !hasOwnWeights(projection, parts.projections, size))
    return 'changes weights that synapses on several cores share';
  const isOrdered = bound.domain !== 'synapses' && isAscending(projection);
  return factsOf(bound).emits && !isOrdered ? 'emits in an order that several cores cannot keep' : undefined;
}

/** Whether what a kernel does for an item depends on others of its tile. */
function asksTile({ code }: BoundKernel): boolean {
  return code.some(({ mnemonic }) => {
    const { effect } = operationNamed(mnemonic);
    return effect.does === 'any' || ('predicated' in effect && effect.predicated);
  });
}

/** A chip without phases delivers no spike in the step in which another core emits it. */
export function checkDelivery({ target, parts }: Analysis, placement: Placement): void {
  const { program, hw } = target;
  const { populations, events, input } = parts;
  if (hw.chip?.delivery !== 'next' || coresHolding(placement).length === 1) return;
  const late = plainActions(events.tick).find(
    (action) =>
      action.does === 'deliver' &&
      action.spikes === 'emitted' &&
      action.population !== input &&
      (events.spike[action.population] ?? []).length > 0,
  );
  if (late?.does !== 'deliver') return;
  const name = populations[late.population]?.name;
  throw new PlasticoreError(
    'fit',
    `spikes of '${name}' act in the step that emits them, but a spike that leaves its core on hw-model '${hw.name}' arrives in the next one`,
    {
      ...program.locate(['events', 'tick']),
      hint: `write {deliver: ${name}, spikes: previous}, or set chip.delivery to phases; \`${command('import NET.nir', option('hw', hw.name))}\` writes a network of NIR so`,
    },
  );
}

/** Whether the synapses of each row lead to ascending neurons. */
function isAscending({ segments }: Projection): boolean {
  let ascends = true;
  for (let row = 0; row < rowsOf(segments) && ascends; row++) {
    let next = 0;
    visitRow(segments, row, (first, count) => {
      if (first < next) ascends = false;
      next = first + count;
    });
  }
  return ascends;
}

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
  const axons = axonsOf(axonNetworkOf(analysis), placement);
  const neurons = neuronsByCore(analysis, placement);
  const into = axonsInto(axons);
  const owner = limits.areOfMapper ? ' (a limit of the mapper, not of the silicon)' : '';
  return coresHolding(placement).flatMap((core) =>
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
  const worstFirst = [...shortages].sort((a, b) => b.needed / b.available - a.needed / a.available);
  const alike = byKey(worstFirst, missed);
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
