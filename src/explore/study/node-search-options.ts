import type { ObjectiveName } from '../../experiment/index.ts';
import type { FolderRunOptions } from '../../experiment/node.ts';
import type { Runner } from '../runs/runner.ts';
import type { CellsProgress } from '../runs/tally.ts';
import type { SearchPlan } from '../search/index.ts';
import type { CommonChoice } from './design-loader.ts';

export interface SearchOptions
  extends CommonChoice,
    Pick<FolderRunOptions, 'data' | 'engine' | 'checkpointSeconds' | 'signal'> {
  readonly plan: SearchPlan;
  /**
   * Seeds of the runs; default: that of the experiment's default cell. All designs run with the first, and those near
   * the front with the others.
   */
  readonly seeds?: readonly number[] | undefined;
  /** The search starts no run after this many seconds; finished runs count. */
  readonly seconds?: number | undefined;
  /** Replaces the objectives of the space. */
  readonly objectives?: readonly ObjectiveName[] | undefined;
  /** Precision of all designs, where none is an axis; default: the experiment's own. */
  readonly precision?: string | undefined;
  /** The name of a design whose neighbours along each axis are tried, too. */
  readonly around?: string | undefined;
  /** How often figures and accuracies are drawn, to see how sure the front is. */
  readonly draws?: number | undefined;
  /** Where runs run; default: on threads of this process. */
  readonly on?: Runner | undefined;
  readonly workers?: number | undefined;
  /** Called once, before the first design is tried. */
  readonly onStart?: ((start: SearchStart) => void) | undefined;
  readonly onProgress?: ((progress: SearchProgress) => void) | undefined;
}

export interface SearchStart {
  /** Designs in the space; undefined for more than a grid takes. */
  readonly designs: number | undefined;
  /** The most designs that the search tries; undefined where time alone bounds it. */
  readonly tried: number | undefined;
  /** The runs that all designs share, with the first seed; undefined if the search does not look at all of them. */
  readonly runs: number | undefined;
  /** Samples of a run, learned and scored, taken from the first design; undefined if that does not compile. */
  readonly samples: number | undefined;
  /**
   * Of a search by forecast: all `runs` take few samples first, and only so many of them take all later, some of these
   * with all seeds.
   */
  readonly few?: {
    readonly samples: number | undefined;
    readonly runsLater: number;
    readonly repeated: number;
  };
}

export interface SearchProgress {
  /** Designs with figures so far. */
  readonly designs: number;
  /** The runs that the search waits for; of a grid, all of them. */
  readonly runs: CellsProgress;
}
