import type { Interval } from '../hardware/index.ts';
import type { DesignFigureName, ExploredFigures, FigureSpreads } from './figures.ts';
import type { Remark } from './schema.ts';
import type { Spread } from './statistics.ts';
import type { Axis, DesignKey } from './sweep.ts';

/**
 * The result of a search for designs, `schema: plasticore/explore/1`. It does not depend on where and on how many
 * workers its runs ran, nor on how often it was interrupted.
 */
export interface Exploration {
  readonly schema: 'plasticore/explore/1';
  readonly experiment: string;
  /** The samples on which accuracies were measured. */
  readonly scoredOn: 'test' | 'validation';
  /** `precision` is among them if it was an axis; its path is `precision`. */
  readonly axes: readonly (Axis & { readonly name: string })[];
  readonly objectives: readonly Objective[];
  /** Formulas that the figures of a design have to meet to be on the front. */
  readonly constraints: readonly string[];
  readonly search: {
    readonly name: 'grid' | 'random' | 'evolve' | 'forecast';
    readonly seed: number;
    /** The most designs; null for no bound but the space, or a time. */
    readonly designs: number | null;
    /** Of a search by forecast. */
    readonly rounds?: readonly SearchRound[];
  };
  /** The first is that of all designs; those near the front run with all of them. */
  readonly seeds: readonly number[];
  /** Runs that the designs share: one for each function and seed. */
  readonly runs: number;
  /** Intervals of the figures of each source, as factors, by its name. */
  readonly intervals: Readonly<Record<string, Interval>>;
  /** In the order in which they were looked at. */
  readonly designs: readonly ExploredDesign[];
  /** Names of the designs that no other dominates, in that order. */
  readonly front: readonly string[];
  /** How often figures and accuracies were drawn anew for `frontShare` and `constraintShare`. */
  readonly draws: number;
}

/** A round of a search by forecast: many designs with few samples, or few with many. */
export interface SearchRound {
  /** The most samples that each of its runs learns from in a pass, and is scored on. */
  readonly limit: number;
  readonly designs: number;
  /** Runs that no earlier round has. */
  readonly runs: number;
  /** How many seeds its designs have then; absent for one. */
  readonly seeds?: number;
}

/** An objective: a figure, and whether more or less of it is better. */
export interface Objective {
  readonly name: string;
  readonly figure: DesignFigureName;
  readonly unit: string;
  readonly better: 'more' | 'less';
}

/**
 * `misfit`: the program does not fit. `failed`: any other error. `outside`: it runs, but misses a constraint.
 * `unknown`: it runs, but nobody knows a figure that is wanted of it.
 */
export type ExploredStatus = 'done' | 'outside' | 'unknown' | 'misfit' | 'failed';

/**
 * Whether a design is on the front, given that figures and accuracies are uncertain: `surely` in at least 95 % of the
 * draws, `not` in at most 5 %, `perhaps` between. Nothing is sure of an accuracy that rests on a single seed.
 */
export type Standing = 'surely' | 'perhaps' | 'not';
/** The share of the draws up to which a design is not on the front; surely, from one less this. */
export const doubtful = 0.05;

export interface ExploredDesign extends DesignKey {
  /** `mp16-8_lanes=8`. */
  readonly name: string;
  /** Everything that it changes, as the option `set` takes it. */
  readonly settings: readonly string[];
  readonly status: ExploredStatus;
  /** Why it has no figures, which constraint it misses, or what nobody knows of it. */
  readonly reason: string | null;
  /** Names the function that it shares with others, and its folder in the store; null if it does not run. */
  readonly run: string | null;
  readonly figures: ExploredFigures;
  readonly accuracySpread: Spread;
  /** Standard error of the accuracy, from the number of samples and, once some design has run with several, seeds. */
  readonly accuracyError: number | null;
  /** All figures over the seeds; absent for a single seed. */
  readonly spreads?: FigureSpreads;
  readonly parts: ExploredParts | null;
  readonly remarks: readonly Remark[];
  /** Whether its figures, taken as exact, put it on the front. */
  readonly onFront: boolean;
  /** Share of the draws in which it is on the front; null for a design without figures, as are the next two. */
  readonly frontShare: number | null;
  readonly standing: Standing | null;
  /** Share of the draws in which it meets all constraints. */
  readonly constraintShare: number | null;
}

/** The parts of figures: by unit, and by the source of the hw-model's figures. */
export interface ExploredParts {
  /** Of an inference. */
  readonly energyPj: Parts;
  readonly trainingEnergyPj: Parts;
  readonly areaUm2: Parts;
  /** Shares of the cycles of an inference by what bounds them: `issue`, a class of units, a bank's ports. */
  readonly bound: Readonly<Record<string, number>>;
  readonly trainingBound: Readonly<Record<string, number>>;
}

export interface Parts {
  readonly byUnit: Readonly<Record<string, number>>;
  readonly bySource: Readonly<Record<string, number>>;
}
