import type { Counters, Image } from '../image/index.ts';
import { type CoreReport, coreReport, type NetworkReport, networkReport } from './core.ts';
import { type MemoryReport, memoryOf } from './memory.ts';
import { type Activity, type NeuroBench, neuroBench } from './neurobench.ts';
import { type PhaseReport, phaseReport } from './phase.ts';

/** One epoch of training. */
export interface EpochReport {
  /** From 0. */
  readonly epoch: number;
  readonly samples: number;
  /** Measured while each sample is learnt, so it flatters. */
  readonly accuracy: number | null;
  /** On the validation split, after the epoch and without learning; only where one is held out. */
  readonly validationAccuracy?: number;
  readonly cycles: number;
  readonly sops: number;
  readonly updates: number;
  readonly spikes: Readonly<Record<string, number>>;
  readonly energyPj: number;
}

/** Where a report comes from: enough to make the run again. */
export interface ReportProvenance {
  /** Version of Plasticore that compiled the image. */
  readonly plasticore: string;
  readonly experiment: string;
  readonly program: string;
  readonly hwModel: string;
  readonly precision: string;
  readonly seed: number;
  readonly epochs: number;
  readonly encoder: string;
  readonly limit: number | null;
  /** What replaced parts of program and hw-model, `path=value`. */
  readonly settings: readonly string[];
  readonly data: {
    readonly name: string;
    readonly description: string;
    /** Samples learnt from. */
    readonly train: number;
    /** Samples scored: one of these, as the report has `test` or `validation`. */
    readonly test?: number;
    readonly validation?: number;
    /** What was wrong in the files and how it was put right, each with its count. */
    readonly corrections: readonly string[];
    /** Of the samples learnt from and those scored. */
    readonly sha256: string;
  };
  /** Only where a part of the training set was held out: how, and how large a share. The test set was not used. */
  readonly validation?: { readonly fraction: number; readonly heldOut: 'stratified' | 'by group' };
  /** Names of the fields and spikes in the recording. */
  readonly recorded: readonly string[];
  readonly sources: readonly { readonly file: string; readonly sha256: string }[];
  readonly imageSha256: string;
}

/** The only part that may differ between two runs. */
export interface Timing {
  readonly wallSeconds: number;
  readonly trainSamplesPerSecond: number;
  readonly testSamplesPerSecond: number;
  readonly engine: string;
  readonly workers: number;
  readonly host: string;
}

/**
 * The report of a run, `schema: plasticore/report/1`. Keys are in a fixed order.
 *
 * A run learns from all of the training set and is scored once on the test set: `test`. A run that validates learns
 * from a part of the training set and is scored on the rest of it: `validation` stands in the place of `test`.
 */
export interface Report {
  readonly schema: 'plasticore/report/1';
  /** `accuracy` is the last epoch's; counters, energy and latency are those of all epochs. */
  readonly train: PhaseReport & { readonly history: readonly EpochReport[] };
  readonly test?: PhaseReport;
  readonly validation?: PhaseReport;
  readonly memory: MemoryReport;
  readonly core: CoreReport;
  readonly network: NetworkReport;
  readonly neurobench: NeuroBench;
  readonly provenance: ReportProvenance;
  readonly timing: Timing;
}

/** What a run counted, for its report. */
export interface Outcome {
  readonly image: Image;
  readonly history: readonly {
    readonly epoch: number;
    readonly samples: number;
    readonly correct: number;
    /** Right answers on the validation split after the epoch. */
    readonly validationCorrect?: number | undefined;
    readonly counters: Counters;
  }[];
  /** Sum over the history. */
  readonly trainCounters: Counters;
  /** The samples of the test set, or of the validation split. */
  readonly scored: {
    readonly on: 'test' | 'validation';
    readonly samples: number;
    readonly correct: number;
    readonly counters: Counters;
  };
  readonly activity: Activity;
}

export function makeReport(outcome: Outcome, provenance: ReportProvenance, timing: Timing): Report {
  const { image, history, scored } = outcome;
  const last = history.at(-1);
  const memory = memoryOf(image);
  const train = phaseReport(image, {
    samples: history.reduce((sum, { samples }) => sum + samples, 0),
    accuracy: share(last?.correct ?? 0, last?.samples ?? 0),
    counters: outcome.trainCounters,
  });
  return {
    schema: 'plasticore/report/1',
    train: {
      ...train,
      history: history.map(({ epoch, samples, correct, validationCorrect, counters }): EpochReport => {
        const accuracy = share(correct, samples);
        const phase = phaseReport(image, { samples, accuracy, counters });
        const { cycles, sops, updates, spikes } = phase.counters;
        const validationAccuracy =
          validationCorrect === undefined ? null : share(validationCorrect, scored.samples);
        return {
          epoch,
          samples,
          accuracy,
          ...(validationAccuracy === null ? {} : { validationAccuracy }),
          cycles,
          sops,
          updates,
          spikes,
          energyPj: phase.energyPj.total,
        };
      }),
    },
    [scored.on]: phaseReport(image, {
      samples: scored.samples,
      accuracy: share(scored.correct, scored.samples),
      counters: scored.counters,
    }),
    memory,
    core: coreReport(image),
    network: networkReport(image),
    neurobench: neuroBench(image, memory.totalBits, outcome.activity),
    provenance,
    timing,
  };
}

/** What a run was scored on: the test set, or the validation split. */
export function scoredPhase({ test, validation }: Pick<Report, 'test' | 'validation'>): {
  readonly on: 'test' | 'validation';
  readonly phase: PhaseReport;
} {
  if (validation !== undefined) return { on: 'validation', phase: validation };
  if (test === undefined) throw new Error('a report with neither test nor validation');
  return { on: 'test', phase: test };
}

/** The report as text: two spaces of indentation, a newline at the end. */
export function formatReport(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

function share(correct: number, samples: number): number | null {
  return samples === 0 ? null : correct / samples;
}
