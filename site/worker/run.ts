import type { Dataset } from '../../src/data/index.ts';
import { type Cell, lastingStages, Session } from '../../src/experiment/index.ts';
import { addCounts, type Counters } from '../../src/image/index.ts';
import type { RunPart } from '../shared/protocol.ts';
import type { Slate } from './slate.ts';

/** So many of the latest answers make the accuracy while learning. */
const recentSamples = 500;

/** A session as the page shows it: its accuracy of late, and what a person has taught it. */
export class SteppedRun {
  readonly #session: Session;
  readonly #slate: Slate | undefined;
  readonly #recent: boolean[] = [];
  #taught = 0;
  #learnt = 0;

  constructor(cell: Cell, data: Dataset, slate: Slate | undefined) {
    this.#session = new Session(cell, data, { stages: lastingStages(cell, data), hostData: slate?.data });
    this.#slate = slate;
  }

  get machine(): Session['machine'] {
    return this.#session.machine;
  }

  /** Samples that it has presented. */
  get position(): number {
    return this.#session.samplesDone;
  }

  /** Samples that it has learned, those that a person has drawn among them. */
  get learnt(): number {
    return this.#learnt + this.#taught;
  }

  /** Samples in all. */
  get count(): number {
    return this.#session.samplesInAll;
  }

  get part(): RunPart {
    const { stage, isStageDone } = this.#session;
    if (stage.part === 'train') return 'train';
    return isStageDone ? 'done' : 'test';
  }

  /** From 0; after training, the last one. */
  get epoch(): number {
    return this.#session.stage.parameters;
  }

  /** Samples of this epoch, or of the test, that are done. */
  get done(): number {
    return this.#session.done;
  }

  /** Samples that {@link counters} are of. */
  get counted(): number {
    return this.part === 'train' ? this.position : this.done;
  }

  get total(): number {
    return this.#session.total;
  }

  /** Share of right answers among the latest samples that it learned. */
  get recentAccuracy(): number | undefined {
    const { length } = this.#recent;
    return length === 0 || this.#session.data.train.classes === 0
      ? undefined
      : this.#recent.filter((isRight) => isRight).length / length;
  }

  /** Share of right answers on the test set so far; undefined before the test. */
  get testAccuracy(): number | undefined {
    const { stage, done, correct, data } = this.#session;
    return stage.part === 'train' || done === 0 || data.test.classes === 0 ? undefined : correct / done;
  }

  /** Drawings that it has learned. The state is then no longer that of the run. */
  get taught(): number {
    return this.#taught;
  }

  /** Counted since training began, or since the test began. */
  counters(): Counters {
    const { stage, history } = this.#session;
    const now = this.#session.counters();
    return stage.part === 'train'
      ? history.reduce((sum, { counters }) => addCounts(sum, counters), now)
      : now;
  }

  /** Presents the next sample; nothing where all are done. */
  advance(): void {
    const { learns } = this.#session.stage;
    const presented = this.#session.next();
    if (learns && presented !== undefined) {
      this.#learnt += 1;
      this.#recent.push(presented.isRight);
      if (this.#recent.length > recentSamples) this.#recent.shift();
    }
    if (this.#session.isStageDone) this.#session.enterNext();
  }

  /** Learns the sample that a person has drawn. Returns the answer. */
  learnDrawing(): number {
    if (this.#slate === undefined) throw new Error('nothing can be drawn for this data');
    this.#taught += 1;
    return this.#session.host.learn(this.#slate.train, this.epoch);
  }
}
