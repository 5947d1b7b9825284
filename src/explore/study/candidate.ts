import { describeSettings, joinSettings } from '../../experiment/index.ts';
import { exact, type HwModel, type Interval, wiredWith } from '../../hardware/index.ts';
import {
  type MeanFigures,
  meanFigures,
  noFigures,
  type Objective,
  type StudyCell,
  type StudyDesign,
} from '../../report/index.ts';
import { attempt, PlasticoreError, reasonOf } from '../../text/index.ts';
import { type Constraint, type Refusal, refusalOf } from '../pricing/index.ts';
import { cellName, type SpaceDesign } from '../space/index.ts';
import type { Trial, Trials } from './trials.ts';

/** A design that a study has looked at. */
export interface Candidate {
  readonly design: SpaceDesign;
  /** The trial that it may share with others; undefined if it cannot be loaded. */
  readonly trial: Trial | undefined;
  /** Dropped when the design is priced: thousands of models would fill the memory. */
  hw: HwModel | undefined;
  /** How many runs of its trial it knows. */
  seeds: number;
  intervals: Readonly<Record<string, Interval>>;
  /** Means over its runs; undefined if none has figures. */
  figures: MeanFigures | undefined;
  /** Why the design, or one of its runs, has no figures. */
  fault: PlasticoreError | undefined;
  /** Why it is not on the front, whatever the others are. */
  refusal: Refusal | undefined;
}

/** Loads a design. */
export function candidateOf(design: SpaceDesign, trials: Trials): Candidate {
  const found = attempt(() => trials.of(design));
  const common = { design, seeds: 0, figures: undefined, refusal: undefined };
  if (found instanceof PlasticoreError)
    return { ...common, trial: undefined, hw: undefined, intervals: {}, fault: found };
  const { trial, hw } = found;
  return { ...common, trial, hw, intervals: hw.figures.intervals, fault: undefined };
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
  trials: Trials,
  { objectives, constraints }: Judged,
): void {
  const { design, trial } = candidate;
  if (trial === undefined) return;
  candidate.fault ??= trial.failure;
  if (trial.runs.size === candidate.seeds) return;
  // In the order of the seeds, whichever ended first.
  const ended = [...trial.runs].sort(([a], [b]) => a - b).map(([, run]) => run);
  const runs = ended.flatMap((run) => (run instanceof PlasticoreError ? [] : [run]));
  const hw = () => {
    candidate.hw = wiredWith(candidate.hw ?? trials.of(design).hw, () => trial.called?.unpriced?.controlBits);
    candidate.intervals = candidate.hw.figures.intervals;
    return candidate.hw;
  };
  const figures = runs.length === 0 ? undefined : attempt(() => meanFigures(runs.map((run) => run(hw))));
  const isMisfit = figures instanceof PlasticoreError;
  candidate.fault = isMisfit ? figures : ended.find((run) => run instanceof PlasticoreError);
  candidate.figures = isMisfit ? undefined : figures;
  candidate.hw = undefined;
  candidate.seeds = ended.length;
  candidate.refusal =
    candidate.figures === undefined || candidate.fault !== undefined
      ? undefined
      : refusalOf(candidate.figures.figures, objectives, constraints);
}

/** Whether anything is known of a candidate. */
export function isEvaluated({ figures, fault }: Candidate): boolean {
  return figures !== undefined || fault !== undefined;
}

/** A candidate as the result of a study lists it; whether it is on the front is not known yet. */
export function studyDesign(
  { design, trial, figures: means, fault, refusal }: Candidate,
  isFinished: boolean,
): StudyDesign {
  const { name, precision, values, settings } = design;
  const { spreads, scoredSamples: _, ...found } = means ?? { ...nothing, spreads: undefined };
  return {
    name,
    precision,
    values,
    settings: describeSettings(joinSettings(settings)),
    ...statusOf(fault, isFinished),
    ...(fault === undefined && isFinished && refusal),
    run: (means !== undefined && trial?.called?.name) || null,
    ...found,
    ...(spreads !== undefined && found.n > 1 && { spreads }),
    accuracyError: null,
    onFront: false,
    frontShare: null,
    standing: null,
    constraintShare: null,
  };
}

/** Of a design of which nothing has run. */
const nothing = { n: 0, figures: noFigures, parts: null, remarks: [], scoredSamples: 0 } as const;

function statusOf(
  fault: PlasticoreError | undefined,
  isFinished: boolean,
): Pick<StudyDesign, 'status' | 'reason'> {
  if (fault !== undefined)
    return { status: fault.code === 'fit' ? 'misfit' : 'failed', reason: placedReason(fault) };
  return isFinished ? { status: 'done', reason: null } : { status: 'unfinished', reason: 'not finished' };
}

/** A design with each of its seeds. One that does not compile is a single cell. */
export function studyCells({ design, trial, fault }: Candidate, seeds: readonly number[]): StudyCell[] {
  const { name, precision, values } = design;
  const key = { design: name, precision, values };
  const none = { figures: noFigures, remarks: [] };
  const called = trial?.called;
  if (trial === undefined || called === undefined)
    return [{ ...key, seed: null, run: null, ...statusOf(fault ?? trial?.failure, false), ...none }];
  return seeds.map((seed) => {
    const run = trial.runs.get(seed);
    const own = { ...key, seed, run: cellName(called.name, seed) };
    if (run === undefined || run instanceof PlasticoreError)
      return { ...own, ...statusOf(run, false), ...none };
    // Of a run that is not shared, figures do not depend on a chip.
    const {
      parts: _,
      scoredSamples: __,
      ...found
    } = run(() => {
      throw new Error(`${own.run} is priced on no chip`);
    });
    return { ...own, ...statusOf(undefined, true), ...found };
  });
}

/** The reason why a design has no figures, with the place of a fault in a file. */
function placedReason(error: PlasticoreError): string {
  const { file, line, column, code } = error;
  if (code === 'run') return error.message;
  if (code === 'fit' || file === undefined) return reasonOf(error);
  return `${[file, ...(line === undefined ? [] : [line, column])].join(':')}: ${reasonOf(error)}`;
}

/** The intervals of all sources whose figures a candidate uses, except those of exact ones. */
export function intervalsOf(candidates: readonly Candidate[]): Record<string, Interval> {
  const all = candidates.flatMap(({ intervals }) => Object.entries(intervals));
  const sorted = [...new Map(all)].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.filter(([, { low, high }]) => low !== exact.low || high !== exact.high));
}
