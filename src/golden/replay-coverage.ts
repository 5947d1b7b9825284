import type { Counters, ProgramView } from '../image/index.ts';

/** A core or a machine that a replay ran, with everything that it counted since. */
export interface CoreCoverage {
  readonly image: Pick<ProgramView, 'kernels' | 'work'>;
  counters(): Pick<Counters, 'work'>;
}

/** A kernel, and the items that it computed: neurons or synapses. */
interface ExercisedKernel {
  readonly name: string;
  readonly instructions: number;
  readonly items: number;
}

/** A population that can spike, and how many of its neurons spiked at least once. */
export interface ExercisedPopulation {
  readonly name: string;
  readonly size: number;
  readonly spiked: number;
}

/** A stored field: whether the trace states it, and whether it changed, where the replay looked at it. */
export interface ExercisedField {
  readonly name: string;
  readonly isCompared: boolean;
  readonly hasChanged: boolean;
}

/** A comparison or a selection in a kernel, over all items that were active. */
export interface ExercisedCondition {
  /** `kernel(population or projection), line N: INSTRUCTION`; lines of a kernel count from 1. */
  readonly place: string;
  readonly wasTrue: boolean;
  readonly wasFalse: boolean;
}

/** A field that kernels store, and whether a value was beyond what it holds. */
interface ExercisedStore {
  readonly field: string;
  readonly hasSaturated: boolean;
}

/** How much of a model a replay ran. What it did not run, the trace cannot vouch for. */
export interface ReplayCoverage {
  readonly kernels: readonly ExercisedKernel[];
  /** Of a core's own trace; those of chips state memories and spikes in forms of their own. */
  readonly core?: {
    readonly populations: readonly ExercisedPopulation[];
    /** Of the schedules of parameters: the intervals in which they keep their values. */
    readonly intervals: { readonly all: number; readonly presented: number };
    readonly fields: readonly ExercisedField[];
    /** What else the trace could state and does not. */
    readonly unstated: readonly string[];
    /** Only the reference engine tells what its lines compute. */
    readonly lines?: {
      readonly conditions: readonly ExercisedCondition[];
      readonly stores: readonly ExercisedStore[];
    };
  };
}

/** The kernels of some cores, and what all of the cores together computed with them. */
export function kernelsRun(cores: readonly CoreCoverage[]): ReplayCoverage['kernels'] {
  const kernels = new Map<string, ExercisedKernel>();
  for (const core of cores) {
    const { work } = core.counters();
    for (const [index, { code }] of core.image.kernels.entries()) {
      const [name, counts] = [core.image.work[index], work[index]];
      if (name === undefined || counts === undefined) throw new Error(`kernel ${index} is not counted`);
      const items = (kernels.get(name)?.items ?? 0) + counts.items;
      kernels.set(name, { name, instructions: code.length, items });
    }
  }
  return [...kernels.values()];
}

/** What was exercised and what was not, a line for each subject. */
export function describeExercised({ kernels, core }: ReplayCoverage): string[] {
  const ran = kernels.filter(({ items }) => items > 0);
  const instructions = (some: readonly ExercisedKernel[]) =>
    some.reduce((sum, kernel) => sum + kernel.instructions, 0);
  const idle = kernels.filter(({ items }) => items === 0).map(({ name }) => name);
  return [
    `kernels: ${ran.length} of ${kernels.length} ran, ${instructions(ran)} of ${instructions(kernels)} instructions${unlessNone('; never ran: ', idle)}`,
    ...(core === undefined ? [] : describeCore(core)),
  ];
}

function describeCore({
  populations,
  intervals,
  fields,
  unstated,
  lines,
}: NonNullable<ReplayCoverage['core']>): string[] {
  const compared = fields.filter(({ isCompared }) => isCompared);
  const changed = compared.filter(({ hasChanged }) => hasChanged);
  const left = fields.filter(({ isCompared }) => !isCompared).map(({ name }) => name);
  const constant = compared.filter(({ hasChanged }) => !hasChanged).map(({ name }) => name);
  return [
    `neurons that spiked: ${populations.map(({ name, size, spiked }) => `${spiked} of ${size} in ${name}`).join(', ')}`,
    ...(intervals.all > 1
      ? [`values of scheduled parameters: ${intervals.presented} of ${intervals.all} intervals`]
      : []),
    `memories: ${compared.length} of ${fields.length} fields compared, ${changed.length} of them changed${unlessNone('; never changed: ', constant)}`,
    ...(left.length + unstated.length === 0 ? [] : [`not compared: ${[...left, ...unstated].join(', ')}`]),
    ...(lines === undefined
      ? ['comparisons and saturation: counted on the reference engine alone']
      : describeLines(lines)),
  ];
}

function describeLines({
  conditions,
  stores,
}: NonNullable<NonNullable<ReplayCoverage['core']>['lines']>): string[] {
  const both = conditions.filter(({ wasTrue, wasFalse }) => wasTrue && wasFalse);
  const oneSided = conditions.filter(({ wasTrue, wasFalse }) => wasTrue !== wasFalse);
  const saturated = stores.filter(({ hasSaturated }) => hasSaturated).map(({ field }) => field);
  const within = stores.filter(({ hasSaturated }) => !hasSaturated).map(({ field }) => field);
  return [
    `comparisons and selections: ${both.length} of ${conditions.length} went both ways`,
    ...oneSided.map(({ place, wasTrue }) => `  always ${wasTrue}: ${place}`),
    `saturation: ${saturated.length} of ${stores.length} stored fields reached an end${unlessNone('; never: ', within)}`,
  ];
}

function unlessNone(intro: string, names: readonly string[]): string {
  return names.length === 0 ? '' : `${intro}${names.join(', ')}`;
}
