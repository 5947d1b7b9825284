import type { Draw } from '../chart.ts';
import { dataTable, figure, numberCell } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { mainParts, type StackLook, type Stacks, stackChart } from '../options/stacks.ts';

/** A stacked chart and, folded below it, the table of all its figures. */
export interface StackedFigure {
  readonly id: string;
  readonly title: string;
  readonly stacks: Stacks;
  readonly look: StackLook;
  /** What a row of the table is, and the unit of its values in the CSV file. */
  readonly part: string;
  readonly unit: string;
  readonly note?: string | undefined;
}

export function stackedFigure(shown: StackedFigure, draw: Draw): Markup {
  const { id, title, stacks, look, part, unit, note } = shown;
  const { bars, parts } = mainParts(stacks, Infinity);
  const largest = parts[0]?.name;
  return html`<div class="plot-with-table">${figure({
    id,
    title,
    alt: `${title}: a stacked bar for each of ${bars.join(', ')}${largest === undefined ? '' : `; the largest part is ${largest}`}. The table below has the figures.`,
    svg: draw(id, stackChart(stacks, look)),
    note,
  })}<details><summary>Figures of this chart</summary>
${dataTable({
  id: `${id}-table`,
  caption: title,
  columns: [{ head: part }, ...bars.map((bar) => ({ head: bar, csv: `${bar} [${unit}]`, number: true }))],
  rows: parts.map(({ name, values }) => [name, ...values.map((value) => numberCell(value, look.format))]),
})}</details></div>
`;
}
