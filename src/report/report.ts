import type { Counters } from '../hardware/index.ts';
import type { Image } from '../image/index.ts';
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
    readonly train: number;
    readonly test: number;
    /** What was wrong in the files and how it was put right, each with its count. */
    readonly corrections: readonly string[];
    readonly sha256: string;
  };
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

/** The report of a run, `schema: plasticore/report/1`. Keys are in a fixed order. */
export interface Report {
  readonly schema: 'plasticore/report/1';
  /** `accuracy` is the last epoch's; counters, energy and latency are those of all epochs. */
  readonly train: PhaseReport & { readonly history: readonly EpochReport[] };
  readonly test: PhaseReport;
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
    readonly counters: Counters;
  }[];
  /** Sum over the history. */
  readonly trainCounters: Counters;
  readonly test: { readonly samples: number; readonly correct: number; readonly counters: Counters };
  readonly activity: Activity;
}

export function makeReport(outcome: Outcome, provenance: ReportProvenance, timing: Timing): Report {
  const { image, history, test } = outcome;
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
      history: history.map(({ epoch, samples, correct, counters }): EpochReport => {
        const accuracy = share(correct, samples);
        const phase = phaseReport(image, { samples, accuracy, counters });
        const { cycles, sops, updates, spikes } = phase.counters;
        return { epoch, samples, accuracy, cycles, sops, updates, spikes, energyPj: phase.energyPj.total };
      }),
    },
    test: phaseReport(image, {
      samples: test.samples,
      accuracy: share(test.correct, test.samples),
      counters: test.counters,
    }),
    memory,
    core: coreReport(image),
    network: networkReport(image),
    neurobench: neuroBench(image, memory.totalBits, outcome.activity),
    provenance,
    timing,
  };
}

/** The report as text: two spaces of indentation, a newline at the end. */
export function formatReport(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

function share(correct: number, samples: number): number | null {
  return samples === 0 ? null : correct / samples;
}
