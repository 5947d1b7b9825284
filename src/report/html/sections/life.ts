import { at } from '../../../arrays/index.ts';
import type { LifeReport } from '../../life.ts';
import { mean } from '../../statistics.ts';
import { percent, time } from '../../text/format.ts';
import { dataTable, figure, numberCell, type TableCell } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { type Curve, curveChart } from '../options/curves.ts';
import { heatChart } from '../options/heat.ts';
import { pictured, type Section } from '../section.ts';
import type { DesignRuns } from '../study.ts';
import { energyCell } from './unknown.ts';

/** The lives of a design, one for each seed. They have the same stages and tasks. */
interface Lives {
  readonly label: string;
  readonly id: string;
  readonly lives: readonly LifeReport[];
}

export const lifetimes: Section = {
  id: 'lifetime',
  title: 'Learning over a lifetime',
  short: 'Lifetime',
  render({ study }, draw) {
    const { designs, note } = pictured(study.designs);
    const all = designs.flatMap(livesOf);
    if (all.length === 0) return undefined;
    return html`<p>Stages follow each other, each with its own part of the data; after each, the tasks are tested apart. A row of a matrix is a test, a column a task: what was learned and stays is dark in all rows below. Means over the seeds of a design.</p>
${note}${summary(all)}<div class="plots">${all.map((design) => [
      figure({ ...matrixOf(design), svg: draw(`${design.id}-matrix`, heatChart(heatOf(design))) }),
      figure({
        ...courseOf(design),
        svg: draw(`${design.id}-course`, curveChart(curvesOf(design), 'accuracy, %', 'stage')),
      }),
    ])}</div>
${all.map(costTable)}`;
  },
};

function livesOf({ label, runs }: DesignRuns, index: number): Lives[] {
  const lives = runs.flatMap(({ report }) => report.life ?? []);
  return lives.length === 0 ? [] : [{ label, id: `lifetime-${index + 1}`, lives }];
}

const firstOf = ({ lives }: Lives): LifeReport => at(lives, 0);

const metrics = [
  ['average accuracy', 'averageAccuracy'],
  ['average over stages', 'incrementalAccuracy'],
  ['forgetting', 'forgetting'],
  ['backward transfer', 'backwardTransfer'],
  ['forward transfer', 'forwardTransfer'],
] as const;

function summary(all: readonly Lives[]): Markup {
  return dataTable({
    id: 'lifetime-figures',
    caption: 'What is left at the end of a life, in percent',
    columns: [{ head: 'design' }, ...metrics.map(([head]) => ({ head, number: true }))],
    rows: all.map(({ label, lives }) => [
      label,
      ...metrics.map(([, key]) => numberCell(mean(lives.flatMap((life) => life[key] ?? [])), share)),
    ]),
  });
}

const share = (value: number): string => percent(value, 2);

/** Mean accuracies: a row for each test, an item for each task. */
function matrixShares({ lives, ...design }: Lives): readonly (readonly (number | null)[])[] {
  const { tests, tasks } = firstOf({ lives, ...design });
  return tests.map((_, test) =>
    tasks.map((_, task) => mean(lives.flatMap(({ tests: own }) => own[test]?.byTask[task] ?? []))),
  );
}

function testNames({ tests, stages }: LifeReport): string[] {
  return tests.map(({ stage }) => (stage < 0 ? 'before the first stage' : `after ${at(stages, stage).name}`));
}

function heatOf(design: Lives) {
  const life = firstOf(design);
  return { rows: testNames(life), columns: life.tasks.map(({ name }) => name), shares: matrixShares(design) };
}

function matrixOf(design: Lives) {
  const { label, id } = design;
  const { rows, columns, shares } = heatOf(design);
  const title = `Accuracy matrix at ${label}`;
  const last = shares.at(-1) ?? [];
  return {
    id: `${id}-matrix`,
    title,
    alt: `${title}; in the last test ${columns.map((name, task) => `${name} ${shown(last[task] ?? null)}`).join(', ')}`,
    data: {
      id: `${id}-matrix-table`,
      caption: title,
      columns: [{ head: 'test' }, ...columns.map((head) => ({ head, number: true }))],
      rows: rows.map((name, test): TableCell[] => [
        name,
        ...columns.map((_, task) => numberCell(shares[test]?.[task] ?? null, share)),
      ]),
    },
  };
}

const shown = (value: number | null): string => (value === null ? 'not tested' : percent(value));

/** A curve for each task over the tests after stages, and one for all that was met. */
function curvesOf(design: Lives): Curve[] {
  const { tests, tasks } = firstOf(design);
  const shares = matrixShares(design);
  const met = tests.map((_, test) => mean(design.lives.flatMap(({ tests: own }) => own[test]?.met ?? [])));
  const ofTests = (label: string, values: readonly (number | null)[]): Curve => ({
    label,
    mean: values
      .filter((_, test) => at(tests, test).stage >= 0)
      .map((value) => (value === null ? null : 100 * value)),
    runs: [],
  });
  return [
    ofTests('tasks met so far', met),
    ...tasks.map(({ name }, task) =>
      ofTests(
        name,
        shares.map((row) => row[task] ?? null),
      ),
    ),
  ];
}

function courseOf(design: Lives) {
  const title = `Course of a life at ${design.label}`;
  const id = `${design.id}-course`;
  const curves = curvesOf(design);
  return {
    id,
    title,
    alt: `${title}: ${curves.map(({ label, mean: values }) => `${label} ends at ${values.at(-1)?.toFixed(1) ?? '-'} %`).join('; ')}`,
    data: {
      id: `${id}-table`,
      caption: title,
      columns: [{ head: 'stage' }, ...curves.map(({ label }) => ({ head: label, number: true }))],
      rows: (curves[0]?.mean ?? []).map((_, stage): TableCell[] => [
        String(stage + 1),
        ...curves.map((curve) => {
          const value = curve.mean[stage] ?? null;
          return numberCell(value === null ? null : value / 100, share);
        }),
      ]),
    },
  };
}

function costTable(design: Lives): Markup {
  const { stages } = firstOf(design);
  const meanOf = (stage: number, of: (one: LifeReport['stages'][number]) => number | null | undefined) =>
    mean(design.lives.flatMap((life) => of(at(life.stages, stage)) ?? []));
  const whole = (value: number): string => Math.round(value).toLocaleString('en').replaceAll(',', ' ');
  return dataTable({
    id: `${design.id}-costs`,
    caption: `What learning costs at ${design.label}`,
    columns: [
      { head: 'stage' },
      ...['samples', 'new classes'].map((head) => ({ head, number: true })),
      { head: 'energy, a class', csv: 'energy_pj_per_class', number: true },
      { head: 'time, a class', csv: 'latency_ns_per_class', number: true },
      { head: 'bits, a class', csv: 'bits_per_class', number: true },
      { head: 'updates, a sample', csv: 'updates_per_sample', number: true },
      { head: 'operations, a sample', csv: 'sops_per_sample', number: true },
      { head: 'cycles, a sample', csv: 'cycles_per_sample', number: true },
      { head: 'energy, a sample', csv: 'energy_pj_per_sample', number: true },
      { head: 'time, a sample', csv: 'latency_ns_per_sample', number: true },
    ],
    rows: stages.map(({ name, frozen }, stage): TableCell[] => [
      frozen === true ? `${name} (frozen)` : name,
      numberCell(
        meanOf(stage, ({ samples, passes }) => samples * passes),
        whole,
      ),
      numberCell(
        meanOf(stage, ({ newClasses }) => newClasses),
        whole,
      ),
      energyCell(
        meanOf(stage, ({ perClass }) => perClass?.energyPj),
        meanOf(stage, ({ perClass }) => perClass?.latencyNs) !== null,
      ),
      numberCell(
        meanOf(stage, ({ perClass }) => perClass?.latencyNs),
        time,
      ),
      numberCell(
        meanOf(stage, ({ bitsPerClass }) => bitsPerClass),
        whole,
      ),
      numberCell(
        meanOf(stage, ({ perSample }) => perSample?.updates),
        whole,
      ),
      numberCell(
        meanOf(stage, ({ perSample }) => perSample?.sops),
        whole,
      ),
      numberCell(
        meanOf(stage, ({ perSample }) => perSample?.cycles),
        whole,
      ),
      energyCell(
        meanOf(stage, ({ perSample }) => perSample?.energyPj),
        meanOf(stage, ({ perSample }) => perSample?.latencyNs) !== null,
      ),
      numberCell(
        meanOf(stage, ({ perSample }) => perSample?.latencyNs),
        time,
      ),
    ]),
  });
}
