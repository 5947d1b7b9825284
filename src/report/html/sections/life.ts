import { at } from '../../../text/index.ts';
import { type LifeReport, lifeMetricNames, lifeMetricTitles } from '../../life.ts';
import { mean } from '../../statistics.ts';
import { column, numbers, numeric, tabled } from '../../text/columns.ts';
import { grouped, inUnit, percent, time } from '../../text/format.ts';
import { dataTable } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import type { Curve } from '../options/curves.ts';
import type { Heat } from '../options/heat.ts';
import { energyCell, pictured, type Section } from '../section.ts';
import type { DesignRuns } from '../study.ts';
import { curveFigure, heatFigure } from './charts.ts';

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
  of({ study }) {
    const { designs, note } = pictured(study.designs);
    const all = designs.flatMap(livesOf);
    if (all.length === 0) return undefined;
    return html`<p>Stages follow each other, each with its own part of the data; after each, the tasks are tested apart. A row of a matrix is a test, a column a task: what was learned and stays is dark in all rows below. Means over the seeds of a design.</p>
${note}${summary(all)}<div class="plots">${all.map((design) => [
      matrixFigure(design),
      curveFigure(curvesOf(design), 'accuracy, %', 'stage', {
        id: `${design.id}-course`,
        title: `Course of a life at ${design.label}`,
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

function summary(all: readonly Lives[]): Markup {
  return dataTable({
    id: 'lifetime-figures',
    caption: 'What is left at the end of a life, in percent',
    ...tabled(all, [
      column('design', ({ label }) => label),
      ...lifeMetricNames.map((key) =>
        numbers(
          lifeMetricTitles[key],
          ({ lives }: Lives) => mean(lives.flatMap((life) => life[key] ?? [])),
          inUnit.share,
        ),
      ),
    ]),
  });
}

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

function heatOf(design: Lives): Heat {
  const life = firstOf(design);
  return { rows: testNames(life), columns: life.tasks.map(({ name }) => name), shares: matrixShares(design) };
}

function matrixFigure(design: Lives): Markup {
  const heat = heatOf(design);
  const last = heat.shares.at(-1) ?? [];
  const title = `Accuracy matrix at ${design.label}`;
  const ends = heat.columns.map((name, task) => `${name} ${shown(last[task] ?? null)}`);
  return heatFigure(heat, 'test', {
    id: `${design.id}-matrix`,
    title,
    alt: `${title}; in the last test ${ends.join(', ')}`,
  });
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

function costTable(design: Lives): Markup {
  const { stages } = firstOf(design);
  type Stage = LifeReport['stages'][number];
  const meanOf = (what: (one: Stage) => number | null | undefined, stage: number) =>
    mean(design.lives.flatMap((life) => what(at(life.stages, stage)) ?? []));
  const means = (head: string, what: Parameters<typeof meanOf>[0], csv?: string, format = grouped) =>
    numbers(head, (_: Stage, stage) => meanOf(what, stage), format, csv);
  // An energy that was counted is unknown if it is none.
  const energies = (head: string, part: 'perClass' | 'perSample', csv: string) =>
    numeric(
      head,
      (_: Stage, stage) =>
        energyCell(
          meanOf((one) => one[part]?.energyPj, stage),
          meanOf((one) => one[part]?.latencyNs, stage) !== null,
        ),
      csv,
    );
  return dataTable({
    id: `${design.id}-costs`,
    caption: `What learning costs at ${design.label}`,
    ...tabled(stages, [
      column('stage', ({ name, frozen }) => (frozen === true ? `${name} (frozen)` : name)),
      means('samples', ({ samples, passes }) => samples * passes),
      means('new classes', ({ newClasses }) => newClasses),
      energies('energy, a class', 'perClass', 'energy_pj_per_class'),
      means('time, a class', ({ perClass }) => perClass?.latencyNs, 'latency_ns_per_class', time),
      means('bits, a class', ({ bitsPerClass }) => bitsPerClass, 'bits_per_class'),
      means('updates, a sample', ({ perSample }) => perSample?.updates, 'updates_per_sample'),
      means('operations, a sample', ({ perSample }) => perSample?.sops, 'sops_per_sample'),
      means('cycles, a sample', ({ perSample }) => perSample?.cycles, 'cycles_per_sample'),
      energies('energy, a sample', 'perSample', 'energy_pj_per_sample'),
      means('time, a sample', ({ perSample }) => perSample?.latencyNs, 'latency_ns_per_sample', time),
    ]),
  });
}
