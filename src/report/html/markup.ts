import { tableOf } from '../../text/index.ts';
/** A picture of the page, to be saved by itself. */
export interface Picture {
  /** Names its files. */
  readonly id: string;
  /** As on the page: colours follow the scheme, marks have tips. */
  readonly svg: string;
  /** The figures behind it. Made when asked for: pictures of weights have hundreds of thousands. */
  readonly csv: () => string;
}

/** Text that is already HTML, with the pictures in it. Everything else in a template is escaped. */
export class Markup {
  readonly text: string;
  readonly pictures: readonly Picture[];

  constructor(text: string, pictures: readonly Picture[] = []) {
    this.text = text;
    this.pictures = pictures;
  }
}

type Part = Markup | string | number | null | readonly Part[];

/** A template whose parts are escaped unless they are already markup. Lists are joined; null gives nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(
    strings.reduce((text, string, index) => text + textOf(parts[index - 1] ?? null) + string),
    parts.flatMap(picturesOf),
  );
}

function picturesOf(part: Part): readonly Picture[] {
  if (part instanceof Markup) return part.pictures;
  return Array.isArray(part) ? part.flatMap(picturesOf) : [];
}

function textOf(part: Part): string {
  if (part === null) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return part.map(textOf).join('');
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
