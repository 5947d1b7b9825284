import type { ComponentChildren } from 'preact';
import type { Design } from '../../shared/design.ts';
import type { Look } from '../../shared/look.ts';

/** One page of a lesson: a text, the design that it is about, and the panels that it speaks of. */
export interface LessonPage {
  readonly title: string;
  /** The design that runs beside the text; the one that runs already if absent. */
  readonly design?: Partial<Design> | undefined;
  /** Runs beside it, for comparison. */
  readonly pinned?: Partial<Design> | undefined;
  /** The file in the editor. */
  readonly file?: string | undefined;
  /** The neuron that is followed. */
  readonly neuron?: Look['neuron'];
  /** Panels that are marked, by their identifiers. */
  readonly panels: readonly string[];
  /** A function, so that numbers in it are those of the run beside it. */
  readonly text: () => ComponentChildren;
}

export interface Lesson {
  readonly title: string;
  /** In one sentence: what one knows afterwards. */
  readonly promise: string;
  readonly pages: readonly LessonPage[];
}
