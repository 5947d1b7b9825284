import type { Dataset } from '../../src/data/index.ts';
import type { AccuracyPoint } from '../shared/protocol.ts';
import type { CompiledDesign } from './compile.ts';
import type { LoadOwn } from './data.ts';
import type { SteppedRun } from './run.ts';
import type { TaughtDrawings } from './taught.ts';
import type { Viewer } from './viewer.ts';

/** A design that runs, and what has been shown of it. */
export interface RunningDesign {
  /** The number that it was opened with. */
  readonly number: number;
  readonly compiled: CompiledDesign;
  readonly data: Dataset;
  /** The person's own data, which it runs on; undefined for the digits or the samples of a task. */
  readonly own: LoadOwn | undefined;
  /**
   * What it does with its data, whatever the texts look like: see `meaningOf`. Only a change asks for it: of a whole
   * chip, it packs hundreds of megabytes.
   */
  readonly meaning: () => string;
  /** Samples learnt by designs before it, with whose weights it began; 0 for a run from its seed. */
  readonly carried: number;
  readonly run: SteppedRun;
  /** Absent where single samples are not watched. */
  readonly viewer: Viewer | undefined;
  /** Drawings that were taught since it stands still. */
  taught: TaughtDrawings | undefined;
  /** Points of the curve that have not been shown yet. */
  points: AccuracyPoint[];
  /** Whether nothing of it has been shown yet. */
  isFirst: boolean;
  /** The samples after which the next point is due. */
  nextPoint: number;
  /** Test samples that are asked for a point; none if 0. */
  readonly probed: number;
  /** The moment since which the speed is counted, and the samples since then. */
  speedSince: number;
  speedSamples: number;
  /** The test sample that is shown, where no certain one is asked for. */
  shown: number;
}

/** Computes something when it is first asked for. */
export function onDemand<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}
