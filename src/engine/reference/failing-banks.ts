import { at } from '../../arrays/index.ts';
import {
  type CoreImage,
  flippedCells,
  forEachCell,
  hasBit,
  type Memory,
  setBit,
  settleWords,
  stuckBits,
} from '../../image/index.ts';
import { drawState, drawsIn } from '../draw-state.ts';

/** The cells of a core's banks that fail: see `src/image/faults.ts`. */
export class FailingBanks {
  readonly #image: CoreImage;
  readonly #memory: Memory;
  readonly #core: number;
  #draws = 0;
  /** Cells of items that have flipped, of all draws since it was set to 0. */
  flips = 0;

  /** Gives the memory its cells that fail, and its contents what the stuck ones leave of them. */
  constructor(image: CoreImage, memory: Memory, core: number) {
    this.#image = image;
    this.#memory = memory;
    this.#core = core;
    const { faults } = image;
    if (faults === undefined) return;
    const stuck = stuckBits(image, core);
    for (const [bank, words] of memory.banks.entries())
      memory.failing[bank] =
        faults.errors === 'stuck'
          ? { stuck: stuck[bank] }
          : { flipped: at(faults.rates, bank) === 0 ? undefined : new Uint32Array(words.length) };
    this.#settle();
  }

  /** The part of the core's state that says which cells flip. */
  get state(): readonly number[] {
    return drawState(this.#image, this.#draws);
  }

  /** Draws the cells that flip from now on. */
  draw(): void {
    if (this.#image.faults?.errors !== 'fresh') return;
    this.#draws = (this.#draws + 1) >>> 0;
    this.flips += this.#flip();
  }

  /** Goes on from the states of generators, with banks that have been restored. */
  restore(generators: Uint32Array): void {
    this.#draws = drawsIn(this.#image, generators);
    this.#settle();
    this.#flip();
  }

  #settle(): void {
    for (const [bank, words] of this.#memory.banks.entries()) {
      const { stuck } = this.#memory.failing[bank] ?? {};
      if (stuck !== undefined) settleWords(words, stuck);
    }
  }

  /** @returns how many cells of items are flipped */
  #flip(): number {
    let flips = 0;
    for (const bank of this.#memory.banks.keys()) {
      const { flipped } = this.#memory.failing[bank] ?? {};
      if (flipped === undefined) continue;
      flipped.fill(0);
      if (this.#draws === 0) continue;
      for (const cell of flippedCells(this.#image, this.#core, bank, this.#draws)) setBit(flipped, cell);
      forEachCell(this.#image, bank, (cell) => {
        if (hasBit(flipped, cell)) flips += 1;
      });
    }
    return flips;
  }
}
