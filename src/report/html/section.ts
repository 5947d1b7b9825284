import type { Draw } from './figure.ts';
import { html, type Markup } from './markup.ts';
import type { Design, Study } from './study.ts';

/** A part of the page with its own heading. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** The title in a word or two, for the list of sections. */
  readonly short: string;
  readonly body: Markup;
}

/** Undefined if the section has nothing to say about these runs. */
export type MakeSection = (study: Study, draw: Draw) => Section | undefined;

/** More pictures of one kind would make the page slow to open, and nobody would look at them all. */
const mostPictured = 24;

/** The designs that get a picture, and a note if some do not. */
export function pictured(designs: readonly Design[]): {
  readonly designs: readonly Design[];
  readonly note: Markup | null;
} {
  if (designs.length <= mostPictured) return { designs, note: null };
  const note = html`<p class="note">The first ${mostPictured} of ${designs.length} designs.</p>
`;
  return { designs: designs.slice(0, mostPictured), note };
}
