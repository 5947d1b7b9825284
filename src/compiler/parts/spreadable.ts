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
import { refuse } from '../../program/index.ts';
import { command, option, PlasticoreError } from '../../text/index.ts';
import type { PlacedKernel } from '../assemble.ts';
import type { Analysis } from '../compile-core.ts';
import { accessesOf } from './copies.ts';
import { hasOwnWeights } from './cut-segments.ts';
import { coresIn } from './placement.ts';

/** Refuses what only one core can do. */
export function checkSpread(analysis: Analysis, placement: Placement): void {
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
  if (hw.chip?.delivery !== 'next' || coresIn(placement).length === 1) return;
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
  const { rowStart, firstPost, length } = segments;
  for (let row = 0; row + 1 < rowStart.length; row++) {
    let next = 0;
    for (let segment = rowStart[row] ?? 0; segment < (rowStart[row + 1] ?? 0); segment++) {
      const first = firstPost[segment] ?? 0;
      if (first < next) return false;
      next = first + (length[segment] ?? 0);
    }
  }
  return true;
}
