import { describeSettings, joinSettings } from '../../experiment/index.ts';
import { exact, type HwModel, type Interval } from '../../hardware/index.ts';
import { type ExploredDesign, noFigures, type Objective, spread } from '../../report/index.ts';
import { attempt, PlasticoreError, reasonOf } from '../../text/index.ts';
import {
  type Constraint,
  type PricedDesign,
  priceDesign,
  type Refusal,
  refusalOf,
} from '../pricing/index.ts';
import type { SpaceDesign } from '../space/index.ts';
import type { SharedTrial, SharedTrials } from './shared-trials.ts';

/** A design that a search has asked for. */
export interface Candidate {
  readonly design: SpaceDesign;
  /** The trial that it shares with others; undefined if it cannot be loaded. */
  readonly trial: SharedTrial | undefined;
  /** Dropped when the design is priced: thousands of models would fill the memory. */
  hw: HwModel | undefined;
  /** How many seeds its figures are the means of. */
  seeds: number;
  readonly intervals: Readonly<Record<string, Interval>>;
  /** Its figures, or why it has none; undefined until its runs are done. */
  result: PricedDesign | PlasticoreError | undefined;
  /** Why it is not on the front, whatever the others are. */
  refusal: Refusal | undefined;
}

/** Loads a design. Where that fails, the error is its result. */
export function candidateOf(design: SpaceDesign, trials: SharedTrials): Candidate {
  const found = attempt(() => trials.of(design));
  const common = { design, seeds: 0, refusal: undefined };
  if (found instanceof PlasticoreError)
    return { ...common, trial: undefined, hw: undefined, intervals: {}, result: found };
  const { trial, hw } = found;
  return { ...common, trial, hw, intervals: hw.figures.intervals, result: undefined };
}

/** What designs are judged by. */
interface Judged {
  readonly objectives: readonly Objective[];
  readonly constraints: readonly Constraint[];
}

/**
 * Gives a candidate its figures once its trial has run with the first seed, and again when it has with more, or the
 * failure of the trial.
 */
export function priceCandidate(
  candidate: Candidate,
  trials: SharedTrials,
  { objectives, constraints }: Judged,
): void {
  const { design, trial, result } = candidate;
  if (trial === undefined || (result instanceof PlasticoreError && trial.failure === undefined)) return;
  // In the order of the seeds, whichever ended first.
  const runs = [...trial.runs].sort(([a], [b]) => a - b).map(([, run]) => run);
  if (trial.failure === undefined && runs.length === candidate.seeds) return;
  const priced = trial.failure ?? attempt(() => priceDesign(candidate.hw ?? trials.of(design).hw, runs));
  candidate.result = priced;
  candidate.hw = undefined;
  candidate.seeds = runs.length;
  candidate.refusal =
    priced instanceof PlasticoreError ? undefined : refusalOf(priced.figures, objectives, constraints);
}

/** A candidate as the result of a search lists it; whether it is on the front is not known yet. */
export function exploredDesign({ design, trial, result, refusal }: Candidate): ExploredDesign {
  const { name, precision, values, settings } = design;
  const common = {
    name,
    precision,
    values,
    settings: describeSettings(joinSettings(settings)),
  };
  const notYet = {
    accuracyError: null,
    onFront: false,
    frontShare: null,
    standing: null,
    constraintShare: null,
  };
  if (result === undefined || result instanceof PlasticoreError) {
    return {
      ...common,
      status: result?.code === 'fit' ? 'misfit' : 'failed',
      reason: result === undefined ? 'not finished' : placedReason(result),
      run: null,
      figures: noFigures,
      accuracySpread: spread([]),
      parts: null,
      remarks: [],
      ...notYet,
    };
  }
  const { figures, spreads, parts, remarks } = result;
  return {
    ...common,
    status: refusal?.status ?? 'done',
    reason: refusal?.reason ?? null,
    run: trial?.name ?? null,
    figures,
    accuracySpread: spreads.accuracy,
    ...(spreads.bits.n > 1 && { spreads }),
    parts,
    remarks,
    ...notYet,
  };
}

/** The reason why a design has no figures, with the place of a fault in a file. */
function placedReason(error: PlasticoreError): string {
  const { file, line, column, code } = error;
  if (code === 'fit' || file === undefined) return reasonOf(error);
  return `${[file, ...(line === undefined ? [] : [line, column])].join(':')}: ${reasonOf(error)}`;
}

/** The intervals of all sources whose figures a candidate uses, except those of exact ones. */
export function intervalsOf(candidates: readonly Candidate[]): Record<string, Interval> {
  const all = candidates.flatMap(({ intervals }) => Object.entries(intervals));
  const sorted = [...new Map(all)].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.filter(([, { low, high }]) => low !== exact.low || high !== exact.high));
}
