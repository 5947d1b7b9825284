import { chipReport } from './chip.ts';
import { coreReport, networkReport } from './core.ts';
import { incrementalFigures, lifeReport } from './life.ts';
import { memoryOf } from './memory.ts';
import { neuroBench } from './neurobench.ts';
import type { Outcome } from './outcome.ts';
import { phaseReport } from './phase.ts';
import { remarksOf } from './remarks.ts';
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
    remarks: remarksOf(outcome),
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
export function pricedParts({
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
