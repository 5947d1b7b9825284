import { createMachine } from '../../src/cores/index.ts';
import type { Dataset } from '../../src/data/index.ts';
import type { Core } from '../../src/engine/index.ts';
import { type Cell, createHost } from '../../src/experiment/index.ts';
import { type Counters, countsSince, noCounts } from '../../src/image/index.ts';
import { permutation } from '../../src/random/index.ts';
import type { Slate } from './slate.ts';

/** So many of the latest answers make the accuracy while learning. */
const recentSamples = 500;

/**
 * A run of a cell that can stand still after any sample. It presents the samples that `plasticore run` presents, in its
 * order: epochs over the training set, each shuffled, then the test set. So it ends in the same state.
 */
export class SteppedRun {
  readonly machine: Core;
  readonly #cell: Cell;
  readonly #data: Dataset;
  readonly #host: ReturnType<typeof createHost>;
  readonly #slate: Slate | undefined;
  #position = 0;
  #order: Uint32Array = new Uint32Array();
  #correct = 0;
  /** Counters when the part began that runs now. */
  #before: Counters;
  readonly #recent: boolean[] = [];
  #taught = 0;

  constructor(cell: Cell, data: Dataset, slate: Slate | undefined) {
    this.#cell = cell;
    this.#data = data;
    this.#slate = slate;
    this.machine = createMachine(cell);
    this.#host = createHost(cell, this.machine, slate?.data ?? data);
    this.#before = noCounts(cell.image);
    this.#enter();
  }

  /** Samples that it has presented. */
  get position(): number {
    return this.#position;
  }

  /** Samples in all. */
  get count(): number {
    return this.#trainCount + this.#data.test.count;
  }

  get part(): 'train' | 'test' | 'done' {
    if (this.#position < this.#trainCount) return 'train';
    return this.#position < this.count ? 'test' : 'done';
  }

  /** From 0; after training, the last one. */
  get epoch(): number {
    const { count } = this.#data.train;
    return Math.max(0, Math.min(this.#cell.epochs - 1, Math.floor(this.#position / Math.max(1, count))));
  }

  /** Samples of this epoch, or of the test, that are done. */
  get done(): number {
    if (this.part !== 'train') return this.#position - this.#trainCount;
    return this.#position - this.epoch * this.#data.train.count;
  }

  /** Samples that {@link counters} are of. */
  get counted(): number {
    return this.part === 'train' ? this.#position : this.#position - this.#trainCount;
  }

  get total(): number {
    return this.part === 'train' ? this.#data.train.count : this.#data.test.count;
  }

  /** Share of right answers among the latest samples that it learned. */
  get recentAccuracy(): number | undefined {
    const { length } = this.#recent;
    return length === 0 || this.#data.train.classes === 0
      ? undefined
      : this.#recent.filter((isRight) => isRight).length / length;
  }

  /** Share of right answers on the test set so far; undefined before the test. */
  get testAccuracy(): number | undefined {
    const tested = this.#position - this.#trainCount;
    return tested <= 0 || this.#data.test.classes === 0 ? undefined : this.#correct / tested;
  }

  /** Drawings that it has learned. The state is then no longer that of the run. */
  get taught(): number {
    return this.#taught;
  }

  /** Counted since training began, or since the test began. */
  counters(): Counters {
    return countsSince(this.#before, this.#host.counters());
  }

  /** Presents the next sample; nothing where all are done. */
  advance(): void {
    const { train, test } = this.#data;
    if (this.part === 'train') {
      const { epoch, done } = this;
      const sample = this.#order[done] ?? 0;
      const isRight = this.#host.learn(sample, epoch) === train.labels[sample];
      this.#recent.push(isRight);
      if (this.#recent.length > recentSamples) this.#recent.shift();
    } else if (this.part === 'test') {
      const sample = this.done;
      this.#correct += Number(this.#host.ask(sample) === test.labels[sample]);
    } else return;
    this.#position += 1;
    if (this.done === 0 || this.#position === this.#trainCount) this.#enter();
  }

  /** Learns the sample that a person has drawn. Returns the answer. */
  learnDrawing(): number {
    if (this.#slate === undefined) throw new Error('nothing can be drawn for this data');
    this.#taught += 1;
    return this.#host.learn(this.#slate.train, this.epoch);
  }

  get #trainCount(): number {
    return this.#cell.epochs * this.#data.train.count;
  }

  /** Begins an epoch, or the test. */
  #enter(): void {
    const { epoch, part } = this;
    this.machine.setEpoch(epoch);
    if (part === 'train') this.#order = permutation(this.#data.train.count, this.#cell.image.seed, epoch);
    // As the command's run does it: each part counts for itself; of several epochs the sum is shown.
    if (part === 'test') this.#before = this.#host.counters();
  }
}
