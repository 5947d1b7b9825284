import {
  type BoundKernel,
  type CoreImage,
  type Field,
  indexLayoutOf,
  type Layout,
  layoutOf,
  storesOf,
  type WorkTally,
  wordOf,
} from '../../image/index.ts';
import type { Role } from '../../isa/index.ts';
import { addAt } from '../../text/index.ts';
import type { ReadTurn, WorkWatch } from './stored-fields.ts';

/**
 * The words of a layout that a segment of a row has already touched (for the pre-synaptic neuron: the whole row).
 * Within a segment, words come in ascending order, so it suffices to keep the highest: a word counts when it is first
 * touched.
 */
export class TouchedWords {
  readonly #layout: Layout;
  readonly #counter: WorkTally;
  readonly #watch: WorkWatch | undefined;
  readonly #readsFirst: boolean;
  #highest = -1;

  /** @param readsFirst whether words are read before they are written, since only a part of each changes */
  constructor(layout: Layout, counter: WorkTally, watch?: WorkWatch, readsFirst = false) {
    this.#layout = layout;
    this.#counter = counter;
    this.#watch = watch;
    this.#readsFirst = readsFirst;
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

  read(firstItem: number, count: number, turn: ReadTurn): void {
    this.#countRead(this.touch(firstItem, count), turn);
  }

  write(firstItem: number, count: number): void {
    const words = this.touch(firstItem, count);
    addAt(this.#counter.writes, this.#layout.bank, words);
    if (this.#readsFirst) this.#countRead(words, 'write');
  }

  /** @param words how many were touched for the first time: the last ones, in ascending order */
  #countRead(words: number, turn: ReadTurn): void {
    if (words === 0) return;
    const { bank, firstWord } = this.#layout;
    addAt(this.#counter.reads, bank, words);
    this.#watch?.read(bank, firstWord + this.#highest + 1 - words, words, turn);
  }
}

/** The words of a layout that a kernel accesses through one role. The fields of a record share them. */
interface WordAccess {
  readonly does: 'read' | 'write';
  readonly role: Role;
  readonly layout: Field['layout'];
  /** Of a field with positions: all of them. */
  readonly takes: 'items' | 'all';
  readonly words: TouchedWords;
}

/** The words that the loads and stores of a kernel touch. */
export class KernelWords {
  readonly #kernel: BoundKernel;
  readonly #image: CoreImage;
  readonly #counter: WorkTally;
  readonly #watch: WorkWatch | undefined;
  /** Whether the targets of a row are listed. */
  readonly #isListed: boolean;
  readonly #accesses: WordAccess[] = [];

  constructor(kernel: BoundKernel, image: CoreImage, counter: WorkTally, watch?: WorkWatch) {
    this.#kernel = kernel;
    this.#image = image;
    this.#counter = counter;
    this.#watch = watch;
    this.#isListed = indexLayoutOf(kernel, image) !== undefined;
  }

  /** Starts a pass: no word has been touched yet. An error may have ended the pass before. */
  startPass(): void {
    for (const { words } of this.#accesses) words.start();
  }

  /**
   * Starts a segment: its words are fetched again, except those of the row's pre-synaptic neuron, and those of weights
   * that stand one after the other, since the row's targets are listed.
   */
  startSegment(): void {
    for (const { role, words } of this.#accesses)
      if (role !== 'pre' && !(role === 'syn' && this.#isListed)) words.start();
  }

  /** Those of a field. `isShared` tells whether another access has them already. */
  of(
    does: WordAccess['does'],
    role: Role,
    field: Field,
    takes: WordAccess['takes'] = 'items',
  ): { readonly words: TouchedWords; readonly isShared: boolean } {
    const { layout } = field;
    const known = this.#accesses.find(
      (other) =>
        other.does === does && other.role === role && other.layout === layout && other.takes === takes,
    );
    if (known !== undefined) return { words: known.words, isShared: true };
    const readsFirst = does === 'write' && this.readsFirst(role, field);
    const stored = layoutOf(this.#image, field);
    const words = new TouchedWords(stored, this.#counter, this.#watch, readsFirst);
    this.#accesses.push({ does, role, layout, takes, words });
    return { words, isShared: false };
  }

  /** Whether words of a field are read before they are written through a role. */
  readsFirst(role: Role, { layout }: Field): boolean {
    return storesOf(this.#kernel, this.#image).some(
      (store) => store.role === role && store.layout === layout && store.readsFirst,
    );
  }

  /** The word of an item, read for itself. */
  readItem(layout: Layout, item: number, turn: ReadTurn): void {
    addAt(this.#counter.reads, layout.bank, 1);
    this.#watch?.read(layout.bank, layout.firstWord + wordOf(layout, item), 1, turn);
  }
}
