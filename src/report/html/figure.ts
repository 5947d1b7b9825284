import { filedCell, shownCell } from '../text/columns.ts';
import { tableCsv } from '../text/csv.ts';
import type { DataTable } from './data-source.ts';
import { html, Markup, type Picture } from './markup.ts';

/** A picture that can be saved as SVG, with the figures behind it. */
export interface Figure {
  /** Identifies it in the page and names its file. */
  readonly id: string;
  readonly title: string;
  /** Text for readers who cannot see the picture. */
  readonly alt: string;
  /** A chart, or a finished `<svg>` element. */
  readonly picture: Picture['picture'];
  /** How to read the picture; shown below it. */
  readonly note?: string | undefined;
  /** The figures behind the picture: a collapsed table below it; as a function, they are not on the page. */
  readonly data: FigureTable | (() => FigureTable);
  /** More tables beside that one. */
  readonly more?: Markup | null | undefined;
}

/** The table of a figure: by default it has the name and the title of the figure. */
type FigureTable = Omit<DataTable, 'id' | 'caption'> & Partial<Pick<DataTable, 'id' | 'caption'>>;

export function figure({ id, title, alt, picture, note, data, more = null }: Figure): Markup {
  const csv = () => tableCsv(typeof data === 'function' ? data() : data);
  return html`<figure id="${id}" class="plot">
<div class="bar"><h3>${title}</h3></div>
<div class="picture" role="img" aria-label="${alt}">${new Markup([{ id, picture, csv }])}</div>
${note === undefined ? null : html`<figcaption>${note}</figcaption>`}
${
  typeof data === 'function'
    ? null
    : html`<details><summary>Figures</summary>
${dataTable({ id: `${id}-table`, caption: title, ...data })}${more}</details>`
}
</figure>
`;
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
      const text = shownCell(cell, noFigure);
      const value = String(filedCell(cell));
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

/** Stands where there is no figure. */
export const noFigure = '–';

/** Tells the reader that something is missing, and how to supply it. */
export function missing(...what: readonly (Markup | string)[]): Markup {
  return html`<p class="missing">${what}</p>
`;
}
