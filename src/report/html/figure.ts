import type { EChartsOption } from 'echarts';
import { csv } from '../text/csv.ts';
import { html, Markup } from './markup.ts';

/** A chart before it is drawn; sizes in CSS pixels. A datum's `name` is shown when the reader points at it. */
export interface Chart {
  readonly option: EChartsOption;
  readonly width: number;
  readonly height: number;
}

/** Draws a chart as SVG; `id` keeps its identifiers distinct from those of other charts on the page. */
export type Draw = (id: string, chart: Chart) => string;

/** A picture that can be saved as SVG. */
export interface Figure {
  /** Identifies it in the page and names its file. */
  readonly id: string;
  readonly title: string;
  /** Text for readers who cannot see the picture. */
  readonly alt: string;
  /** The picture itself: an `<svg>` element. */
  readonly svg: string;
  /** How to read the picture; shown below it. */
  readonly note?: string | undefined;
  /** The figures behind the picture: a collapsed table below it; as a function, they are not on the page. */
  readonly data: DataTable | (() => DataTable);
  /** More tables beside that one. */
  readonly more?: Markup | null | undefined;
}

export function figure({ id, title, alt, svg, note, data, more = null }: Figure): Markup {
  const { text } = html`<figure id="${id}" class="plot">
<div class="bar"><h3>${title}</h3></div>
<div class="picture" role="img" aria-label="${alt}">${new Markup(svg)}</div>
${note === undefined ? null : html`<figcaption>${note}</figcaption>`}
${
  typeof data === 'function'
    ? null
    : html`<details><summary>Figures</summary>
${dataTable(data)}${more}</details>`
}
</figure>
`;
  return new Markup(text, [{ id, svg, csv: () => csvOf(typeof data === 'function' ? data() : data) }]);
}

function csvOf({ columns, rows }: DataTable): string {
  const head = columns.map((column) => column.csv ?? column.head);
  return csv([head, ...rows.map((row) => row.map((cell) => (typeof cell === 'string' ? cell : cell.value)))]);
}

/** A cell as shown; `value` is for the CSV file if it differs there. */
export type TableCell = string | { readonly text: string; readonly value: number | string };

/** A table that can be saved as CSV. */
export interface DataTable {
  readonly id: string;
  readonly caption: string;
  /** `csv` is the column's title in the CSV file, with its unit, if it differs there; `number` aligns to the right. */
  readonly columns: readonly {
    readonly head: string;
    readonly csv?: string | undefined;
    readonly number?: boolean | undefined;
  }[];
  readonly rows: readonly (readonly TableCell[])[];
  /** On a narrow screen, its rows become lists of heads and cells, so that nothing lies beyond the edge. */
  readonly isStacked?: boolean | undefined;
}

/** Longer tables scroll. */
const tallRows = 30;

/** Longer texts may wrap. */
const longText = 36;

/** The first column heads the rows. */
export function dataTable({ id, caption, columns, rows, isStacked = false }: DataTable): Markup {
  const classOf = (column: number, text = '') => {
    if (columns[column]?.number) return html` class="n"`;
    return text.length > longText ? html` class="long"` : null;
  };
  const head = columns.map(
    ({ head, csv: own }, column) =>
      html`<th scope="col"${classOf(column)}${own === undefined ? null : html` data-v="${own}"`}>${head}</th>`,
  );
  const body = rows.map((row) => {
    const cells = row.map((cell, column) => {
      const [text, value] = typeof cell === 'string' ? [cell, cell] : [cell.text, String(cell.value)];
      const own = value === text ? null : html` data-v="${value}"`;
      return column === 0
        ? html`<th scope="row"${own}>${text}</th>`
        : html`<td${classOf(column, text)}${own}${isStacked ? html` data-head="${columns[column]?.head ?? ''}"` : null}>${text}</td>`;
    });
    return html`<tr>${cells}</tr>
`;
  });
  return html`<div id="${id}" class="table${isStacked ? ' stacked' : ''}">
<div class="bar"><h3 id="${id}-caption">${caption}</h3></div>
<div class="scroll${rows.length > tallRows ? ' tall' : ''}" tabindex="0" role="region" aria-labelledby="${id}-caption">
<table aria-labelledby="${id}-caption">
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody>
</table>
</div>
</div>
`;
}

/**
 * A number in a table: formatted by `format` on the page, unformatted in the CSV file. Null gives an empty cell; on the
 * page it has the text `absent`.
 */
export function numberCell(
  value: number | null,
  format: (value: number) => string,
  absent = noFigure,
): TableCell {
  return value === null ? { text: absent, value: '' } : { text: format(value), value };
}

/** Stands where there is no figure. */
export const noFigure = '–';

/** Tells the reader that something is missing, and how to supply it. */
export function missing(...what: readonly (Markup | string)[]): Markup {
  return html`<p class="missing">${what}</p>
`;
}
