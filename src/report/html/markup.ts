import type { EChartsOption } from 'echarts';
import { tableOf } from '../../text/index.ts';
/** A chart before it is drawn; sizes in CSS pixels. A datum's `name` is shown when the reader points at it. */
export interface Chart {
  readonly option: EChartsOption;
  readonly width: number;
  readonly height: number;
}

/** Draws a chart as SVG; `id` keeps its identifiers distinct from those of other charts on the page. */
export type Draw = (id: string, chart: Chart) => string;

/** A picture of the page, to be drawn, and saved by itself. */
export interface Picture {
  /** Identifies it in the page, and names its files. */
  readonly id: string;
  /** A chart, or a finished `<svg>` element. */
  readonly picture: Chart | string;
  /** The figures behind it. Made when asked for: pictures of weights have hundreds of thousands. */
  readonly csv: () => string;
}

/** A drawn picture: as on the page, colours follow the scheme, marks have tips. */
export interface DrawnPicture extends Pick<Picture, 'id' | 'csv'> {
  readonly svg: string;
}

/** Text that is already HTML, with the pictures in it. Everything else in a template is escaped. */
export class Markup {
  readonly parts: readonly (string | Picture)[];

  constructor(parts: string | readonly (string | Picture)[]) {
    this.parts = typeof parts === 'string' ? [parts] : parts;
  }

  /** The text, and its pictures, drawn. */
  drawn(draw: Draw): { readonly text: string; readonly pictures: readonly DrawnPicture[] } {
    const pictures: DrawnPicture[] = [];
    const texts = this.parts.map((part) => {
      if (typeof part === 'string') return part;
      const { id, picture, csv } = part;
      const svg = typeof picture === 'string' ? picture : draw(id, picture);
      pictures.push({ id, svg, csv });
      return svg;
    });
    return { text: texts.join(''), pictures };
  }
}

type Part = Markup | string | number | null | readonly Part[];

/** A template whose parts are escaped unless they are already markup. Lists are joined; null gives nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const all: (string | Picture)[] = [];
  // Texts that follow each other are one part: a page has hundreds of thousands.
  const add = (part: string | Picture) => {
    const last = all.at(-1);
    if (typeof part === 'string' && typeof last === 'string') all[all.length - 1] = last + part;
    else all.push(part);
  };
  for (const [index, string] of strings.entries()) {
    for (const part of partsOf(parts[index - 1] ?? null)) add(part);
    add(string);
  }
  return new Markup(all);
}

function partsOf(part: Part): readonly (string | Picture)[] {
  if (part === null) return [];
  if (part instanceof Markup) return part.parts;
  if (typeof part === 'string' || typeof part === 'number') return [escapeHtml(String(part))];
  return part.flatMap(partsOf);
}

const entities: Readonly<Record<string, string>> = tableOf({
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
});

/** Escapes text for element content and quoted attributes, in HTML and XML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
