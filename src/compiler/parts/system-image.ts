import type { ChipModel } from '../../hardware/index.ts';
import type { Condition, Image } from '../../image/index.ts';
import type { Placement } from './placement.ts';

/** A program compiled for several cores. */
export interface SystemImage {
  /**
   * The program as one core of any size would hold it: its names, fields and pieces of work are those of the system, whose
   * cores hold parts of it.
   */
  readonly whole: Image;
  readonly placement: Placement;
  /** The chip that the cores are on; undefined where only what they compute matters. */
  readonly chip: ChipModel | undefined;
  /** The cores that hold something. Elsewhere, a core's index is its position here. */
  readonly cores: readonly CorePart[];
  readonly lists: SystemLists;
}

/** What one core holds. */
export interface CorePart {
  /** Its number on the chip, from 0. */
  readonly number: number;
  /** Runs on named events: the lists of the system trigger them. */
  readonly image: Image;
  /** What the image's populations are, by index. */
  readonly populations: readonly PopulationPart[];
  /** What the image's fields are, by index; undefined for the partial sums of a reduce, and for an index of targets. */
  readonly fields: readonly (FieldPart | undefined)[];
  /** The piece of work of the whole image that each of this core's pieces is a part of. */
  readonly work: readonly number[];
}

/** Neurons on a core: a slice that lives there, or the copy of a whole population. */
export interface PopulationPart {
  /** Index in the whole image. */
  readonly population: number;
  readonly first: number;
  readonly isCopy: boolean;
}

/** Items of a field on a core: some columns of all its rows. */
export interface FieldPart {
  /** Index in the whole image. */
  readonly field: number;
  readonly rowLength: number;
  /** Items of a row of the whole field, and the first of them that this core holds. */
  readonly wholeRowLength: number;
  readonly firstColumn: number;
  /** For each item here, its number in the whole field; undefined where it follows from the columns. */
  readonly items?: Uint32Array | undefined;
  /** Whether another core, or another part, holds the items as well and this one follows. */
  readonly isCopy: boolean;
}

/** The lists of a program as the system executes them. */
export interface SystemLists {
  readonly sample: readonly SystemAction[];
  readonly tick: readonly SystemAction[];
  /** By population: what a spike of this step triggers, and one of the step before. */
  readonly spike: readonly ServedList[];
  readonly previousSpike: readonly ServedList[];
  /** As in the whole image: what spikes trigger when their delays end, by delay. */
  readonly delayed: readonly (readonly ServedList[])[];
}

/** A list that spikes trigger. Its conditions do not change while spikes are served. */
export interface ServedList {
  readonly conditions: readonly Condition[];
  /** The actions where some of the conditions hold: bit c of the index stands for condition c. */
  readonly variants: readonly (readonly SystemAction[])[];
}

/** The named event of a core's image, and the neurons that it takes: for each, its number less `first`. */
export interface CoreEvent {
  readonly core: number;
  readonly event: number;
  readonly first: number;
  readonly size: number;
}

/** Items of a field on a core. */
export interface PartField {
  readonly core: number;
  /** Index in the core's image. */
  readonly field: number;
}

export type SystemAction =
  /** Cores work each for itself, in any order. */
  | {
      readonly does: 'run';
      readonly on: readonly CoreEvent[];
      /** The population whose spikes they emit; undefined if none. */
      readonly emits: number | undefined;
    }
  | { readonly does: 'deliver'; readonly population: number; readonly spikes: 'emitted' | 'previous' }
  | { readonly does: 'deliver-delayed'; readonly delayed: number }
  /** Spikes go to the cores that keep them, and wait there. */
  | {
      readonly does: 'keep';
      readonly delayed: number;
      readonly from: 'received' | 'previous';
      readonly on: readonly CoreEvent[];
    }
  /** Cores send changed items of a field to those that hold copies. */
  | { readonly does: 'send'; readonly field: number; readonly to: readonly PartField[] }
  /** The partial sums of a reduce are emptied. */
  | { readonly does: 'empty'; readonly sums: readonly PartField[] }
  /** Each core sends the partial sums of the rows that it visited. They are added and stored where the field is. */
  | { readonly does: 'sum'; readonly field: number; readonly sums: readonly PartField[] }
  /** Each core tests its items; the list ends if none is set. */
  | { readonly does: 'stop-unless-any'; readonly field: number; readonly on: readonly CoreEvent[] }
  | { readonly does: 'group'; readonly condition: Condition; readonly actions: readonly SystemAction[] };

/** What a partial sum holds where its row has not been visited: no sum of a row can be this. */
export const unvisited = -(2 ** 31);
