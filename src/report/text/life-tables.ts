import type { LifeReport } from '../life.ts';
import { amount, energy, grouped, percent, time } from './format.ts';
import { type Style, table } from './table.ts';

/** A life as tables: its accuracy matrix, what that says, and what each stage cost. */
export function lifeTables(life: LifeReport | undefined, style: Style): string[] {
  return life === undefined
    ? []
    : [matrixTable(life, style), figureTable(life, style), costTable(life, style)];
}

function matrixTable({ tasks, tests, stages, joint }: LifeReport, style: Style): string {
  const nameOf = (stage: number): string =>
    stage < 0 ? 'before the first stage' : `after ${stages[stage]?.name ?? ''}`;
  return table(
    [
      joint === true ? 'a life, all stages together' : 'a life, stage by stage',
      ...tasks.map(({ name }) => name),
      'all of these',
      'old',
      'new',
    ],
    tests.map(({ stage, byTask, accuracy, old, new: fresh }) => [
      nameOf(stage),
      ...byTask.map(shown),
      ...[accuracy, old, fresh].map(shown),
    ]),
    'lr',
    style,
  );
}

function figureTable(life: LifeReport, style: Style): string {
  const { averageAccuracy, incrementalAccuracy, forgetting, backwardTransfer, forwardTransfer } = life;
  const rows: readonly (readonly [string, number | null, string])[] = [
    ['average accuracy', averageAccuracy, 'mean over the tasks, after the last stage'],
    ['average over stages', incrementalAccuracy, 'mean over the stages, on the tasks met by then'],
    ['forgetting', forgetting, 'the best accuracy on a task before the last test, less the last one'],
    ['backward transfer', backwardTransfer, 'the last accuracy on a task, less that right after its stage'],
    [
      'forward transfer',
      forwardTransfer,
      'accuracy on a task before its stage, less that before the first stage',
    ],
  ];
  return table(
    ['over the life', '', ''],
    rows.flatMap(([name, value, meaning]) => (value === null ? [] : [[name, percent(value, 2), meaning]])),
    'lrl',
    style,
  );
}

function costTable({ stages }: LifeReport, style: Style): string {
  return table(
    ['cost of learning', 'samples', 'updates', 'operations', 'cycles', 'energy', 'latency', 'bits'],
    stages.flatMap(({ name, frozen, samples, passes, newClasses, perSample, perClass, bitsPerClass }) => {
      const rows: string[][] = [];
      const add = (what: string, all: string, costs: typeof perSample, bits: string): void => {
        if (costs === null) return;
        const { updates, sops, cycles, energyPj, latencyNs } = costs;
        rows.push([
          what,
          all,
          amount(updates),
          amount(sops),
          amount(cycles),
          energy(energyPj),
          time(latencyNs),
          bits,
        ]);
      };
      const meets = frozen === true ? ' (frozen)' : '';
      add(`${name}${meets}, a sample`, grouped(samples * passes), perSample, '');
      add(
        `${name}, each of ${newClasses} classes`,
        grouped((samples * passes) / Math.max(1, newClasses)),
        perClass,
        bitsPerClass === null ? '' : grouped(Math.round(bitsPerClass)),
      );
      return rows;
    }),
    'lr',
    style,
  );
}

function shown(accuracy: number | null): string {
  return accuracy === null ? '' : percent(accuracy);
}
