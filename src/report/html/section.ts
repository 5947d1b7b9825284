import type { DesignSpace } from './designs.ts';
import { html, type Markup } from './markup.ts';
import type { DesignRuns, Study } from './study.ts';

/** The subject of a page: runs of a few designs or of many, or a search. */
export interface Subject {
  readonly page: 'runs' | 'many designs' | 'search';
  /** Of a search, only the runs that designs of the front share. */
  readonly all: Study;
  /** The runs in sections about runs: of many designs, those of the front. */
  readonly study: Study;
  /** The designs as points of a space. */
  readonly space: DesignSpace;
  /** The number of runs on disk. */
  readonly runs: number;
}

/** A part of the page with its own heading. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** The title in a word or two, for the list of sections. */
  readonly short: string;
  /** Undefined if it has nothing to say about a subject. */
  of(subject: Subject): Markup | undefined;
}

/** More pictures of one kind would make the page slow to open, and nobody would look at them all. */
const mostPictured = 24;

/** The designs that get a picture, and a note if some do not. */
export function pictured(designs: readonly DesignRuns[]): {
  readonly designs: readonly DesignRuns[];
  readonly note: Markup | null;
} {
  if (designs.length <= mostPictured) return { designs, note: null };
  const note = html`<p class="note">The first ${mostPictured} of ${designs.length} designs.</p>
`;
  return { designs: designs.slice(0, mostPictured), note };
}
