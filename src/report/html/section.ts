import type { Draw } from './chart.ts';
import type { Markup } from './markup.ts';
import type { Study } from './study.ts';

/** A part of the page with a heading of its own. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
}

export type MakeSection = (study: Study, draw: Draw) => Section;
