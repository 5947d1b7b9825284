import { column, numbers, tabled } from '../../text/columns.ts';
import { inUnit } from '../../text/format.ts';
import { type Figure, figure } from '../figure.ts';
import type { Markup } from '../markup.ts';
import { type Curve, curveChart } from '../options/curves.ts';
import { type Heat, heatChart } from '../options/heat.ts';

/*
 * Charts with the figures that they are drawn from as a table.
 */

type Titles = Pick<Figure, 'id' | 'title' | 'note'>;

/** Shares by row and column. @param of what a row is */
export function heatFigure(heat: Heat, of: string, titles: Titles & Pick<Figure, 'alt'>): Markup {
  const { rows, columns, shares } = heat;
  return figure({
    ...titles,
    picture: heatChart(heat),
    data: tabled(rows, [
      column(of, (name) => name),
      ...columns.map((head, at) => numbers(head, (_: string, row) => shares[row]?.[at], inUnit.share)),
    ]),
  });
}

/** Percentages over steps. @param of what a step is */
export function curveFigure(curves: readonly Curve[], axisName: string, of: string, titles: Titles): Markup {
  const steps = Math.max(0, ...curves.map(({ mean }) => mean.length));
  const ends = curves.map(({ label, mean }) => `${label} ends at ${mean.at(-1)?.toFixed(2) ?? '-'} %`);
  return figure({
    ...titles,
    alt: `${titles.title} by ${of}: ${ends.join('; ')}`,
    picture: curveChart(curves, axisName, of),
    data: tabled(Array.from({ length: steps }), [
      column(of, (_, step) => String(step + 1)),
      ...curves.map(({ label, mean }) =>
        numbers(label, (_: unknown, step) => shareOf(mean[step]), inUnit.share),
      ),
    ]),
  });
}

function shareOf(percentage: number | null | undefined): number | null {
  return percentage === null || percentage === undefined ? null : percentage / 100;
}
