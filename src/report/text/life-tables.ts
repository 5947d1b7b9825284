import { type LifeMetrics, type LifeReport, lifeMetricNames, lifeMetricTitles } from '../life.ts';
import { column, numbers, numeric } from './columns.ts';
import { amount, energy, grouped, percent, time } from './format.ts';
import { type Style, table, textTable } from './table.ts';

/** A life as tables: its accuracy matrix, what that says, and what each stage cost. */
export function lifeTables(life: LifeReport | undefined, style: Style): string[] {
  return life === undefined
    ? []
    : [matrixTable(life, style), figureTable(life, style), costTable(life, style)];
}

function matrixTable({ tasks, tests, stages, joint }: LifeReport, style: Style): string {
  const nameOf = (stage: number): string =>
    stage < 0 ? 'before the first stage' : `after ${stages[stage]?.name ?? ''}`;
  type Test = LifeReport['tests'][number];
  return textTable(
    tests,
    [
      column(joint === true ? 'a life, all stages together' : 'a life, stage by stage', ({ stage }) =>
        nameOf(stage),
      ),
      ...tasks.map(({ name }, task) => numbers(name, ({ byTask }: Test) => byTask[task], percent)),
      numbers('all of these', ({ accuracy }) => accuracy, percent),
      numbers('old', ({ old }) => old, percent),
      numbers('new', (test) => test.new, percent),
    ],
    style,
    '',
  );
}

function figureTable(life: LifeReport, style: Style): string {
  const rows = lifeMetricNames.flatMap((name) => {
    const value = life[name];
    return value === null ? [] : [[lifeMetricTitles[name], percent(value, 2), meanings[name]]];
  });
  return table(['over the life', '', ''], rows, 'lrl', style);
}

const meanings: Readonly<Record<keyof LifeMetrics, string>> = {
  averageAccuracy: 'mean over the tasks, after the last stage',
  incrementalAccuracy: 'mean over the stages, on the tasks met by then',
  forgetting: 'the best accuracy on a task before the last test, less the last one',
  backwardTransfer: 'the last accuracy on a task, less that right after its stage',
  forwardTransfer: 'accuracy on a task before its stage, less that before the first stage',
};

function costTable({ stages }: LifeReport, style: Style): string {
  const rows = stages.flatMap(({ name, frozen, samples, passes, newClasses, ...stage }) => [
    {
      what: `${name}${frozen === true ? ' (frozen)' : ''}, a sample`,
      samples: samples * passes,
      costs: stage.perSample,
      bits: null,
    },
    {
      what: `${name}, each of ${newClasses} classes`,
      samples: (samples * passes) / Math.max(1, newClasses),
      costs: stage.perClass,
      bits: stage.bitsPerClass,
    },
  ]);
  return textTable(
    rows.filter(({ costs }) => costs !== null),
    [
      column('cost of learning', ({ what }) => what),
      numbers('samples', (row) => row.samples, grouped),
      numbers('updates', ({ costs }) => costs?.updates, amount),
      numbers('operations', ({ costs }) => costs?.sops, amount),
      numbers('cycles', ({ costs }) => costs?.cycles, amount),
      numeric('energy', ({ costs }) => energy(costs?.energyPj ?? null)),
      numbers('latency', ({ costs }) => costs?.latencyNs, time),
      numbers('bits', ({ bits }) => bits, grouped),
    ],
    style,
    '',
  );
}
