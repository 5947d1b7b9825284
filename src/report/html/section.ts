import type { Draw } from './figure.ts';
import { html, type Markup } from './markup.ts';
import type { Design, Study } from './study.ts';

/** A part of the page with a heading of its own. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** The same in a word or two, for the list of sections. */
  readonly short: string;
  readonly body: Markup;
}

export type MakeSection = (study: Study, draw: Draw) => Section;

/** A page with more pictures of a kind would be slow to open, and nobody would look at them all. */
const mostPictured = 24;

/** The designs that have a picture each, and a note where they are not all. */
export function pictured(designs: readonly Design[]): {
  readonly designs: readonly Design[];
  readonly note: Markup | null;
} {
  if (designs.length <= mostPictured) return { designs, note: null };
  const note = html`<p class="note">The first ${mostPictured} of ${designs.length} designs.</p>
`;
  return { designs: designs.slice(0, mostPictured), note };
}
