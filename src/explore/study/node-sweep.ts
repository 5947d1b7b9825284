import { join } from 'node:path';
import { checkEngine, defaultEngine } from '../../engine/index.ts';
import type { Experiment } from '../../experiment/index.ts';
import { checkClaim, type FolderRunOptions, studyFiles } from '../../experiment/node.ts';
import { findFile } from '../../fs/index.ts';
import type { StudyReport } from '../../report/index.ts';
import type { Find } from '../../text/index.ts';
import type { CellsProgress, Runner } from '../runs/runner.ts';
import { sweep } from '../search/index.ts';
import { checkChosen } from '../space/index.ts';
import { type SweepChoice, spaceOfSweep } from './design-loader.ts';
import { type AskedRuns, RunStore } from './node-run-store.ts';
import { Study } from './node-study.ts';
import { StudyFolder } from './node-study-folder.ts';

/** What is known before the first cell runs. */
interface SweepStart extends AskedRuns {
  /** Designs that will have no cell, and why. */
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
}

export interface SweepOptions
  extends SweepChoice,
    Pick<
      FolderRunOptions,
      'data' | 'engine' | 'out' | 'resume' | 'overwrite' | 'record' | 'checkpointSeconds' | 'signal'
    > {
  /** Default: those of the experiment. */
  readonly seeds?: readonly number[] | undefined;
  /** Where cells run; default: on threads of this process. */
  readonly on?: Runner | undefined;
  /** Number of these threads; default: one for each processor. */
  readonly workers?: number | undefined;
  readonly onStart?: ((start: SweepStart) => void) | undefined;
  readonly onProgress?: ((progress: CellsProgress) => void) | undefined;
}

/**
 * Runs a sweep: all its cells on worker threads, with their results and tables in `out` (see node-folder.ts).
 *
 * A design that does not compile, or a run that fails, becomes a row with its reason; the others continue. A folder
 * with results is rejected unless `resume` or `overwrite` is given. `resume` skips finished cells, whatever was asked
 * for when they ran.
 *
 * @throws PlasticoreError for invalid input, or if every design fails for a reason other than not fitting; `usage` if
 * the folder holds something else, or a study is running there; the signal's reason
 */
export async function runSweep(
  experiment: Experiment,
  options: SweepOptions = {},
  find: Find = findFile,
): Promise<StudyReport> {
  checkClaim(options, 'runs/sweep');
  const { out, record, data, seeds = experiment.spec.seeds } = options;
  const { hw, epochs, limit, encoder, validate, weights, inference, placement, settings } = options;
  const common = { hw, epochs, limit, encoder, validate, weights, inference, placement, settings };
  const { precisions, vary } = options;
  const { source, space } = spaceOfSweep(experiment, { ...common, precisions, vary });
  checkChosen(space.axes, { data });
  checkEngine(options.engine ?? defaultEngine);
  const study = new Study(
    {
      ...{ experiment, space, common, find },
      goals: { objectives: [], constraints: [], draws: 0 },
      seeds: [...new Set(seeds)],
      sharesRuns: false,
      search: { name: 'grid', seed: 1, designs: null },
    },
    new RunStore(out && join(out, studyFiles.runs), data, record),
  );
  const folder = out === undefined ? undefined : new StudyFolder(out, options, source, experiment);
  const { on, workers, engine, checkpointSeconds, signal, onStart, onProgress } = options;
  let hasBegun = false;
  const start = (asked: AskedRuns): void => {
    hasBegun = true;
    const refused = (study.report().cells ?? []).flatMap(({ design, precision, seed, reason }) =>
      seed === null ? [{ name: design ?? precision, reason: reason ?? '' }] : [],
    );
    onStart?.({ ...asked, refused });
    folder?.write(study.report());
  };
  try {
    const search = sweep(space);
    await study.answer(search, search.next([]), [], {
      ...{ on, workers, engine, checkpointSeconds, onProgress },
      stop: signal ?? new AbortController().signal,
      begin: () => folder?.begin(),
      onStart: start,
      onEnd: () => folder?.writeSoon(() => study.report()),
    });
    folder?.begin();
    if (!hasBegun) start({ cells: 0, finished: 0 });
    return study.report();
  } finally {
    if (hasBegun) folder?.write(study.report());
    folder?.close();
  }
}
