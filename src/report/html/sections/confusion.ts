import { command, option } from '../../../text/index.ts';
import { column, numbers, tabled } from '../../text/columns.ts';
import { figure, missing } from '../figure.ts';
import type { Run } from '../input.ts';
import { html } from '../markup.ts';
import { type Confusion, confusionChart } from '../options/heat.ts';
import { noAccuracy, pictured, type Section } from '../section.ts';
import { isRegression } from '../study.ts';

export const confusionMatrices: Section = {
  id: 'confusion',
  title: 'Confusion matrices',
  short: 'Confusion',
  of({ study }) {
    if (isRegression(study.designs)) return noAccuracy();
    const { designs, note } = pictured(study.designs);
    const shown = designs.flatMap(({ label, runs }, index) => {
      const counted = runs.filter(({ predictions }) => predictions !== undefined && predictions.length > 0);
      return counted.length === 0
        ? []
        : [{ label, id: `confusion-${index + 1}`, runs: counted.length, matrix: confusionOf(counted) }];
    });
    const unanswered = designs
      .flatMap(({ runs }) => runs.flatMap(({ predictions }) => predictions ?? []))
      .filter(({ prediction }) => prediction < 0).length;
    return shown.length === 0
      ? missing(
          'There is no ',
          html`<code>predictions.csv</code>`,
          ' beside a report: ',
          html`<code>${command('run EXPERIMENT', option('out', 'DIR'))}</code>`,
          ' writes it, and so does a sweep.',
        )
      : html`<p>Test samples by label and answer, summed over the seeds of a design. Darker cells hold a larger share of their label’s samples.${unanswered === 0 ? '' : ` ${unanswered} without an answer are left out.`}</p>
${note}<div class="plots small">${shown.map(({ id, label, runs, matrix }) => {
          const title = `Confusion at ${label}`;
          return figure({
            id,
            title,
            alt: `${title}, ${runs === 1 ? '1 run' : `${runs} runs`}: ${worstOf(matrix)}`,
            picture: confusionChart(matrix),
            data: {
              ...tabled(matrix, [
                column('label', (_, index) => String(index)),
                ...matrix.map((_, prediction) =>
                  numbers(String(prediction), (row: Confusion[number]) => row[prediction]),
                ),
              ]),
            },
          });
        })}</div>
`;
  },
};

/** Counts over all predictions of the runs; a sample without an answer has none. */
export function confusionOf(runs: readonly Pick<Run, 'predictions'>[]): Confusion {
  const pairs = runs
    .flatMap(({ predictions }) => predictions ?? [])
    .filter(({ prediction }) => prediction >= 0);
  const classes = 1 + pairs.reduce((most, { label, prediction }) => Math.max(most, label, prediction), -1);
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const { label, prediction } of pairs) {
    const row = matrix[label];
    if (row !== undefined) row[prediction] = (row[prediction] ?? 0) + 1;
  }
  return matrix;
}

function worstOf(matrix: Confusion): string {
  const mistakes = matrix.flatMap((row, label) =>
    row.map((count, prediction) => ({ label, prediction, count: label === prediction ? 0 : count })),
  );
  const [worst] = mistakes.sort((a, b) => b.count - a.count);
  return worst === undefined || worst.count === 0
    ? 'no mistakes'
    : `the most frequent mistake is ${worst.label} taken for ${worst.prediction}, ${worst.count} times`;
}
