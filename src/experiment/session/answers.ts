import type { Counters } from '../../image/index.ts';
import { addAt, at } from '../../text/index.ts';
import type { Stage } from './plan.ts';
import { type EpochResult, type SessionState, type TestResult, withValidation } from './state.ts';

/** A sample that was presented. */
export interface SampleOutcome {
  readonly isRight: boolean;
  /** A class, or -1 for none. */
  readonly answer: number;
}

/** What the samples of a session were answered: in its present stage, and in those before. */
export class Answers {
  /** Right answers of the stage. */
  correct = 0;
  /** Epochs that are complete. */
  history: readonly EpochResult[] = [];
  /** Tests after the stages of a life that are complete. */
  tests: readonly TestResult[] = [];
  /** Right answers of the stage by the tasks that it tests; none in a stage that tests no tasks. */
  #byTask: number[] = [];

  enter({ tested }: Stage): void {
    this.correct = 0;
    this.#byTask = tested?.tasks.map(() => 0) ?? [];
  }

  /** Counts a right answer. */
  count(sample: number, { tested }: Stage): void {
    this.correct += 1;
    for (const [task, has] of tested?.has.entries() ?? []) addAt(this.#byTask, task, at(has, sample));
  }

  /** The tests, with that of a stage whose samples are done. */
  testsAfter({ tested }: Stage): readonly TestResult[] {
    if (tested === undefined) return this.tests;
    return [...this.tests, { stage: tested.stage, correct: this.correct, byTask: [...this.#byTask] }];
  }

  /** Keeps what a stage has brought, whose samples are done. */
  leave(stage: Stage, samples: number, counters: () => Counters): void {
    const { part, epoch, tested } = stage;
    const { correct } = this;
    if (tested !== undefined) this.tests = this.testsAfter(stage);
    else if (part === 'train')
      this.history = [...this.history, { epoch, samples, correct, counters: counters() }];
    else this.history = withValidation(this.history, correct);
  }

  /** What a session of a life keeps of the stage, and of its tests. */
  get life(): NonNullable<SessionState['life']> {
    return { byTask: [...this.#byTask], tests: this.tests };
  }

  /** Continues within a stage that has been entered. */
  restore({ correct, life }: SessionState): void {
    this.correct = correct;
    this.#byTask = [...(life?.byTask ?? [])];
    this.tests = life?.tests ?? [];
  }
}
