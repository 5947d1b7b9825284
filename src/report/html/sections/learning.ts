import { mean } from '../../statistics.ts';
import { whileLearning } from '../../text/format.ts';
import { missing } from '../figure.ts';
import type { RunReport } from '../input.ts';
import { html } from '../markup.ts';
import type { Curve } from '../options/curves.ts';
import { capital } from '../pair.ts';
import { noAccuracy, type Section } from '../section.ts';
import { type DesignRuns, isRegression } from '../study.ts';
import { curveFigure } from './charts.ts';

type Epoch = RunReport['train']['history'][number];

const kinds = [
  {
    id: 'learning-training',
    title: 'Training accuracy',
    note: `${capital(whileLearning)}, when labels have moved weights already: optimistic.`,
    of: ({ accuracy }: Epoch) => accuracy,
  },
  {
    id: 'learning-validation',
    title: 'Validation accuracy',
    note: 'On the part of the training set that is held out.',
    of: ({ validationAccuracy }: Epoch) => validationAccuracy ?? null,
  },
] as const;

export const learningCurves: Section = {
  id: 'learning',
  title: 'Learning curves',
  short: 'Learning',
  of({ study: { designs } }) {
    if (isRegression(designs)) return noAccuracy();
    const shown = kinds.flatMap(({ of, ...kind }) => {
      const curves = curvesOf(designs, of);
      return curves.length === 0 ? [] : [{ ...kind, curves }];
    });
    return shown.length === 0
      ? missing('No run here was trained: a run of an epoch or more has a history.')
      : html`<div class="plots">${shown.map(({ curves, ...titles }) =>
          curveFigure(curves, `${titles.title.toLowerCase()}, %`, 'epoch', titles),
        )}</div>
`;
  },
};

/** In percent, for the designs that have such a value. */
export function curvesOf(designs: readonly DesignRuns[], of: (epoch: Epoch) => number | null): Curve[] {
  return designs.flatMap(({ label, runs }): Curve[] => {
    const courses = runs.map(({ report }) =>
      report.train.history.map((epoch) => {
        const share = of(epoch);
        return share === null ? null : 100 * share;
      }),
    );
    const epochs = Math.max(0, ...courses.map((course) => course.length));
    if (!courses.some((course) => course.some((value) => value !== null))) return [];
    return [
      {
        label,
        mean: Array.from({ length: epochs }, (_, epoch) =>
          mean(courses.flatMap((course) => course[epoch] ?? [])),
        ),
        runs: courses,
      },
    ];
  });
}
