import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { costBasis } from '../../compiler/index.ts';
import { runKey } from '../../experiment/index.ts';
import { readCounts, runFiles } from '../../experiment/node.ts';
import { isAboutPrice, type Report, scoredPhase } from '../../report/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { type SharedRun, sharedRun } from '../pricing/index.ts';
import { type CellsOptions, cellLabel } from '../runs/node-run-cells.ts';
import { cellName } from '../space/index.ts';
import type { RunStore, StoredRun } from './node-run-store.ts';
import type { SharedTrial } from './shared-trials.ts';

/** The options of a search that concern its runs. */
export type TrialOptions = Pick<
  CellsOptions,
  'engine' | 'workers' | 'on' | 'checkpointSeconds' | 'onProgress'
>;

/**
 * Completes trials with some seeds, from the store or by running them. A failed trial keeps its failure.
 *
 * @param begin called before the first run of a search
 */
export async function completeTrials(
  trials: Iterable<SharedTrial>,
  seeds: readonly number[],
  {
    store,
    begin,
    stop,
  }: { readonly store: RunStore; readonly begin: () => void; readonly stop: AbortSignal },
  options: TrialOptions,
): Promise<void> {
  const runs: StoredRun[] = [];
  for (const trial of trials) {
    for (const seed of seeds) {
      if (trial.failure !== undefined || trial.runs.has(seed)) continue;
      // Let signals and timers run.
      await setImmediate();
      stop.throwIfAborted();
      const run = await runOf(trial, seed, store);
      if (run instanceof PlasticoreError) trial.failure = run;
      else runs.push(run);
    }
  }
  if (runs.length === 0) return;
  begin();
  const left = runs.filter((run) => !store.takeFinished(run));
  await store.run(left, { ...options, signal: stop, finished: runs.length - left.length });
}

async function runOf(
  trial: SharedTrial,
  seed: number,
  store: RunStore,
): Promise<StoredRun | PlasticoreError> {
  const found = await store.identify(trial, seed);
  if (found instanceof PlasticoreError) return found;
  const { cell, identity } = found;
  const key = runKey(identity());
  trial.name = key;
  const priced = { image: { ...cell.image, contents: [] }, basis: costBasis(cell.image) };
  return {
    trial,
    seed,
    name: cellName(key, seed),
    label: cellLabel(cell),
    take: (outcome, folder = '') => {
      if ('failure' in outcome) trial.failure = outcome.failure;
      else trial.runs.set(seed, sharedRunIn(folder, outcome.report, priced));
    },
  };
}

/** A run of the store, for designs to share. */
function sharedRunIn(folder: string, report: Report, priced: Pick<SharedRun, 'image' | 'basis'>): SharedRun {
  const { phase } = scoredPhase(report);
  const { totalBits, inferenceBits } = report.memory;
  return sharedRun({
    ...priced,
    counts: readCounts(join(folder, runFiles.counts), priced.image),
    scored: { samples: phase.samples, accuracy: phase.accuracy },
    memory: { totalBits, inferenceBits },
    remarks: report.remarks.filter((remark) => !isAboutPrice(remark)),
  });
}
