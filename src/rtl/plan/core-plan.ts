import type { HwModel } from '../../hardware/index.ts';
import type { Action, BoundKernel, Condition, CoreImage, Field, Layout } from '../../image/index.ts';
import type { KernelSchedule } from '../../schedule/index.ts';
import type { SegmentTable } from './segments.ts';

/** The index of a sparse projection, an item for each segment, as the walker reads it. */
export interface TargetList {
  readonly layout: Layout;
  /** The read port that it takes, and the cycle of a tile in which it is free. */
  readonly port: number;
  readonly slot: number;
  readonly target: Field;
  /** Without it, all have the same length. */
  readonly count: Field | undefined;
  readonly length: number;
  /** Where weights begin, counted from the first one of the row. Without it, they follow one another. */
  readonly offset: Field | undefined;
}

/** A kernel as hardware: its pipeline, and what the walker needs to feed it. */
export interface KernelPlan {
  /** Its index in the image. */
  readonly index: number;
  readonly kernel: BoundKernel;
  /** Its name with what it is bound to. */
  readonly name: string;
  readonly schedule: KernelSchedule;
  /** Cycles as the report counts them, which the walker keeps: from tile to tile, and after the last tile of a pass. */
  readonly intervalCycles: number;
  readonly drainCycles: number;
  /** `columns`: the tiles of a column in all rows, before the next column of tiles. */
  readonly walks: 'neurons' | 'neuron' | 'row' | 'rows' | 'columns' | 'weights';
  /** Columns of a row; of stored weights, for a kernel over them. */
  readonly columns: number;
  readonly rows: number;
  /** Index of the table that has its segments; undefined where its rows are not cut. */
  readonly table: number | undefined;
  /** Set where the table has the rows alone, and a bank lists their targets. */
  readonly list: TargetList | undefined;
}

/**
 * A pipeline, and the kernels that run on it: the same microcode, bound to others. They differ in addresses, in
 * constants, and in the fields that they read and write, which are alike. The first one gives it its name.
 */
export interface Pipeline {
  readonly kernels: readonly KernelPlan[];
}

/** The actions of a list, in the order of the text, with its groups dissolved. */
export interface Step {
  /** Its number in the sequence. */
  readonly number: number;
  readonly action: Exclude<Action, { does: 'group' }>;
  /** Indices of the conditions under which it runs. */
  readonly conditions: readonly number[];
  /**
   * Of a test: the number of the step with which the list goes on where it fails, the first one after the test's
   * group.
   */
  readonly afterFailing?: number;
  /** Of a delivery of spikes that have waited: the list of their delay, one step for each delay. */
  readonly waited?: number;
}

/** A list: what runs at the start of a sample, in each step, or for a spike of a population. */
export interface List {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** Everything that is decided before text is written. */
export interface CorePlan {
  readonly image: CoreImage;
  readonly hw: HwModel;
  readonly kernels: readonly KernelPlan[];
  readonly pipelines: readonly Pipeline[];
  readonly tables: readonly SegmentTable[];
  readonly conditions: readonly Condition[];
  readonly sample: List;
  readonly tick: List;
  /** By population: what a spike of this step triggers, and one of the step before. */
  readonly spike: readonly List[];
  readonly previousSpike: readonly List[];
  /** By population whose spikes wait for delays, and delay: what one of them triggers. */
  readonly delayedSpike: readonly (readonly List[])[];
  /** Set for a core of a placement on several, which runs what the others' lists ask of it. */
  readonly placed: PlacedPlan | undefined;
  /** Indices of the fields whose items are tested: gates, and what stops a list. */
  readonly gates: readonly number[];
}

/** The commands that run a core which is one of several. */
export interface PlacedPlan {
  /** Its number on the chip, from which the generators of its lanes start. */
  readonly number: number;
  /** By named event, what it triggers. */
  readonly events: readonly List[];
  /** Serves spikes that arrive: each triggers the event that the command names. */
  readonly arrivals: List;
}

/** All lists, in the order in which their steps are numbered. */
export function listsIn({
  sample,
  tick,
  spike,
  previousSpike,
  delayedSpike,
  placed,
}: Pick<
  CorePlan,
  'sample' | 'tick' | 'spike' | 'previousSpike' | 'delayedSpike' | 'placed'
>): readonly List[] {
  const own = placed === undefined ? [] : [...placed.events, placed.arrivals];
  return [sample, tick, ...spike, ...previousSpike, ...delayedSpike.flat(), ...own];
}

/** Whether tiles of a kernel come from segments: those of rows, or the rows of stored weights. */
export function walksSegments({ table, walks }: KernelPlan): boolean {
  return table !== undefined || walks === 'weights';
}
