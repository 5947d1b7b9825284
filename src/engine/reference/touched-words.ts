/**
 * The words of a layout that a segment of a row has already touched (for the pre-synaptic neuron: the whole row).
 * Within a segment, words come in ascending order, so it suffices to keep the highest: a word counts when it is first
 * touched.
 */
export class TouchedWords {
  #highest = -1;

  start(): void {
    this.#highest = -1;
  }

  /** How many of the words `first` to `last` are touched for the first time. */
  touch(first: number, last: number): number {
    const fresh = last - Math.max(first - 1, this.#highest);
    if (fresh <= 0) return 0;
    this.#highest = last;
    return fresh;
  }
}
