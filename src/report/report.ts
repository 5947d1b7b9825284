import { addCounts, type Counters, type Image, noCounts, type ProgramView } from '../image/index.ts';
import { chipReport, coreReport, networkReport } from './core.ts';
import { incrementalFigures, lifeReport, repriceLife } from './life.ts';
import { memoryOf } from './memory.ts';
import { neuroBench } from './neurobench.ts';
import type { Outcome } from './outcome.ts';
import { phaseReport } from './phase.ts';
import { isAboutPrice, priceRemarks, remarksOf } from './remarks.ts';
import type { EpochReport, PhaseReport, Report, ReportProvenance, Timing } from './schema.ts';

export function makeReport(outcome: Outcome, provenance: ReportProvenance, timing: Timing): Report {
  const { image, scored } = outcome;
  const { regression } = scored;
  const memory = memoryOf(image);
  const { core, ...phases } = pricedParts(outcome);
  const chip = chipReport(image);
  const life = outcome.life && lifeReport(outcome.life, { ...outcome, bits: memory.totalBits });
  const fscil = life && incrementalFigures(life);
  return {
    schema: 'plasticore/report/1',
    remarks: remarksOf(outcome, provenance),
    ...phases,
    ...(life !== undefined && { life }),
    memory,
    core,
    ...(chip !== undefined && { chip }),
    network: networkReport(image),
    neurobench: {
      ...neuroBench(image, memory.totalBits, outcome.activity),
      ...(fscil !== undefined && { FSCIL: fscil }),
      ...(regression !== undefined && { SMAPE: regression.sMAPE, R2: regression.R2 }),
    },
    provenance,
    timing,
  };
}

/** The parts of a report that depend on prices. */
function pricedParts({
  image,
  history,
  trainCounters,
  scored,
  validated = scored.samples,
}: Pick<Outcome, 'image' | 'history' | 'trainCounters' | 'validated'> & {
  readonly scored: Omit<Outcome['scored'], 'isUnlabelled'>;
}): Pick<Report, 'train' | 'test' | 'validation' | 'core'> {
  const last = history.at(-1);
  // A number is not right or wrong.
  const shareOf = (correct: number, samples: number): number | null =>
    scored.regression === undefined ? share(correct, samples) : null;
  const train = phaseReport(image, {
    samples: history.reduce((sum, { samples }) => sum + samples, 0),
    accuracy: shareOf(last?.correct ?? 0, last?.samples ?? 0),
    counters: trainCounters,
  });
  return {
    train: {
      ...train,
      history: history.map(({ epoch, samples, correct, validationCorrect, counters }): EpochReport => {
        const accuracy = shareOf(correct, samples);
        const phase = phaseReport(image, { samples, accuracy, counters });
        const { cycles, sops, updates, spikes } = phase.counters;
        const validationAccuracy =
          validationCorrect === undefined ? null : shareOf(validationCorrect, validated);
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
      accuracy: scored.correct === undefined ? null : share(scored.correct, scored.samples),
      chance: scored.chance,
      regression: scored.regression,
      counters: scored.counters,
    }),
    core: coreReport(image),
  };
}

/** The phase that a run was scored on: the test set or the validation split. */
export function scoredPhase({ test, validation }: Pick<Report, 'test' | 'validation'>): {
  readonly on: 'test' | 'validation';
  readonly phase: PhaseReport;
} {
  if (validation !== undefined) return { on: 'validation', phase: validation };
  if (test === undefined) throw new Error('a report with neither test nor validation');
  return { on: 'test', phase: test };
}

/** The report as text, indented by two spaces, with a final newline. */
export function formatReport(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

function share(correct: number, samples: number): number | null {
  return samples === 0 ? null : correct / samples;
}

/** The counts of a run: in each epoch, and on the scored samples. */
export interface RunCounts {
  readonly history: Outcome['history'];
  readonly scored: Counters;
}

/**
 * The report of a run at other prices. Nothing runs: its answers, spikes and memory stay, and its counts are priced
 * anew. It equals the report of a run on the core that has these prices, as long as that core does the same.
 *
 * @param image the run's, with the new prices
 */
export function reprice(report: Report, { history, scored: counters }: RunCounts, image: Image): Report {
  const trainCounters = sumOfEpochs(history, image);
  const { on, phase } = scoredPhase(report);
  const scored = {
    on,
    samples: phase.samples,
    // The share of right answers is a quotient of two whole numbers.
    correct: phase.accuracy === null ? undefined : Math.round(phase.accuracy * phase.samples),
    ...(phase.chance !== undefined && phase.chance !== null && { chance: phase.chance }),
    ...(phase.regression !== undefined && { regression: phase.regression }),
    counters,
  };
  const { hwModel } = report.provenance;
  return {
    ...report,
    remarks: [
      ...priceRemarks(image, [trainCounters, counters]),
      ...report.remarks.filter((remark) => !isAboutPrice(remark)),
    ],
    ...pricedParts({ image, history, trainCounters, scored, validated: report.provenance.data.validation }),
    ...(report.life !== undefined && { life: repriceLife(report.life, { image, history }) }),
    provenance: { ...report.provenance, hwModel: image.core.hwModel, ranOn: hwModel },
  };
}

/** The counts of all epochs together. */
export function sumOfEpochs(history: RunCounts['history'], image: ProgramView): Counters {
  return history.reduce<Counters>((sum, { counters }) => addCounts(sum, counters), noCounts(image));
}
