import type { Dataset } from '../../src/data/index.ts';
import type { CoreState } from '../../src/engine/index.ts';
import type { Cell } from '../../src/experiment/index.ts';
import { addCounts, type Counters, countsSince, noCounts, price } from '../../src/image/index.ts';
import { knownEnergyPj } from '../../src/report/index.ts';
import type { TaughtView } from '../shared/protocol.ts';
import type { SteppedRun } from './run.ts';
import type { Viewer } from './viewer.ts';

/** A state of the core that is asked the test samples, a few at a time. */
interface Exam {
  readonly state: CoreState;
  asked: number;
  right: number;
}

/**
 * Drawings that were taught with no other sample between them: what they have cost, and what the core knows of the test
 * set before the first of them and after the last.
 */
export class TaughtDrawings {
  readonly #cell: Cell;
  readonly #data: Dataset;
  readonly #viewer: Viewer;
  readonly #epoch: number;
  readonly #before: Exam;
  #after: Exam;
  #drawings = 0;
  #counters: Counters;

  /** Nothing is taught yet: the run stands where the first drawing finds it. */
  constructor(cell: Cell, data: Dataset, viewer: Viewer, run: SteppedRun) {
    this.#cell = cell;
    this.#data = data;
    this.#viewer = viewer;
    this.#epoch = run.epoch;
    this.#before = examOf(run);
    this.#after = this.#before;
    this.#counters = noCounts(cell.image);
  }

  /** Lets the core learn the drawing that is on the slate. */
  teach(run: SteppedRun): void {
    const before = run.counters();
    run.learnDrawing();
    this.#drawings += 1;
    this.#counters = addCounts(this.#counters, countsSince(before, run.counters()));
    this.#after = examOf(run);
  }

  get view(): TaughtView {
    const { costs } = this.#cell.image;
    return {
      drawings: this.#drawings,
      energyPj: knownEnergyPj(price(this.#counters, costs), costs),
      before: this.#shareOf(this.#before),
      after: this.#shareOf(this.#after),
    };
  }

  /** Whether test samples are left to ask. */
  get isAsking(): boolean {
    return this.#data.test.classes > 0 && this.#next() !== undefined;
  }

  /** Asks the next test samples until a time; one at least, so that it comes to an end. */
  ask(until: number): void {
    const exam = this.#next();
    if (exam === undefined) return;
    this.#viewer.take(exam.state, this.#epoch);
    do {
      exam.right += Number(this.#viewer.isRight(exam.asked));
      exam.asked += 1;
    } while (exam.asked < this.#data.test.count && performance.now() < until);
  }

  #next(): Exam | undefined {
    return [this.#before, this.#after].find(({ asked }) => asked < this.#data.test.count);
  }

  /** Undefined until all have been asked. */
  #shareOf({ asked, right }: Exam): number | undefined {
    const { count, classes } = this.#data.test;
    return classes === 0 || count === 0 || asked < count ? undefined : right / count;
  }
}

function examOf({ machine }: SteppedRun): Exam {
  return { state: machine.save(), asked: 0, right: 0 };
}
