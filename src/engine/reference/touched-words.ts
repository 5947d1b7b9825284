import { type Layout, wordOf } from '../../image/index.ts';

/**
 * The words of a layout that a segment of a row has already touched (for the pre-synaptic neuron: the whole row).
 * Within a segment, words come in ascending order, so it suffices to keep the highest: a word counts when it is first
 * touched.
 */
export class TouchedWords {
  readonly #layout: Layout;
  #highest = -1;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** The highest word touched, counted from the layout's first. */
  get highest(): number {
    return this.#highest;
  }

  start(): void {
    this.#highest = -1;
  }

  /** How many words of consecutive items, all in one row of the layout, are touched for the first time. */
  touch(firstItem: number, count: number): number {
    const last = wordOf(this.#layout, firstItem + count - 1);
    if (last <= this.#highest) return 0;
    const first = count === 1 ? last : wordOf(this.#layout, firstItem);
    const fresh = last - Math.max(first - 1, this.#highest);
    this.#highest = last;
    return fresh;
  }
}
