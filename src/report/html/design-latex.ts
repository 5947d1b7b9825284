import { inComment, option, PlasticoreError, tableOf } from '../../text/index.ts';
import type { ObjectiveName } from '../figures.ts';
import { absent, type DesignPoint, type DesignSpace, shortNames, unitFor, wantedFirst } from './designs.ts';

const special: Readonly<Record<string, string>> = tableOf({
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  µ: '$\\mu$',
  '²': '$^2$',
  '→': '$\\to$',
  '±': '$\\pm$',
  '×': '$\\times$',
  '–': '--',
  '<': '$<$',
  '>': '$>$',
  '|': '$|$',
});

/** A text as LaTeX shows it. */
export function inLatex(text: string): string {
  return inComment(text).replaceAll(
    /[\\~^µ²→±×–<>|&%$#_{}]/g,
    (character) => special[character] ?? `\\${character}`,
  );
}

/**
 * A table of designs for a paper, in LaTeX with booktabs: what tells them apart, the number of seeds, and each figure
 * with its standard error.
 *
 * @param chosen the figures; by default all that some design has, those first that were wanted
 * @throws PlasticoreError `usage` for a figure that no design has
 */
export function designsInLatex(
  space: DesignSpace,
  points: readonly DesignPoint[],
  chosen?: readonly ObjectiveName[],
): string {
  const names = shortNames(points, space);
  const all = wantedFirst({ ...space, points });
  const figures =
    chosen?.map((name) => {
      const found = all.find(({ objective }) => objective === name);
      if (found !== undefined) return found;
      throw new PlasticoreError('usage', `${option('objectives')}: no design has ${name}`, {
        hint: `there are ${all.map(({ objective }) => objective).join(', ')}`,
      });
    }) ?? all;
  const columns = figures.map((figure) => {
    const values = points.flatMap((point) => figure.of(point) ?? []);
    const most = Math.max(0, ...values.map(Math.abs));
    const { name, size } = unitFor(figure, most);
    const digits = figure.key === 'accuracy' ? 2 : digitsFor(most / size);
    const shown = (value: number) => (value / size).toFixed(digits);
    const cellOf = (point: DesignPoint): string => {
      const value = figure.of(point);
      const error = point.standardErrors[figure.key];
      if (value === null) return inLatex(absent(point, figure.key));
      return error === undefined ? `$${shown(value)}$` : `$${shown(value)} \\pm ${shown(error)}$`;
    };
    return { head: inLatex(name === '' ? figure.title : `${figure.title} (${name})`), cellOf };
  });
  const row = (cells: readonly string[]) => `${cells.join(' & ')} \\\\`;
  return `${[
    `% ${inComment(space.experiment)}: means over n seeds with their standard errors (of a search, accuracies over samples as well).`,
    '% Bounds of estimates are in designs.csv. Needs \\usepackage{booktabs}',
    `\\begin{tabular}{lr${'r'.repeat(columns.length)}}`,
    '\\toprule',
    row(['design', '$n$', ...columns.map(({ head }) => head)]),
    '\\midrule',
    ...points.map((point, at) =>
      row([
        inLatex(names[at] ?? point.name),
        String(point.seeds),
        ...columns.map(({ cellOf }) => cellOf(point)),
      ]),
    ),
    '\\bottomrule',
    '\\end{tabular}',
  ].join('\n')}\n`;
}

/** Decimal places for three significant digits of the largest value. */
function digitsFor(most: number): number {
  return most === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(most)));
}
