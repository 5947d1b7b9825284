import { option, PlasticoreError } from '../../text/index.ts';

/** Places in the words that threads share. */
export const place = {
  /** Threads that have come to the barrier, and how often all have. */
  arrived: 0,
  passed: 1,
  /** Not zero once a thread has failed. */
  failed: 2,
  /** The command to the other threads: its count, the first tick, the number of ticks. */
  command: 3,
  first: 4,
  ticks: 5,
  /** Counts the works given to the threads; a thread that runs an earlier work leaves it. */
  works: 6,
} as const;
export const sharedWords = 7;

/** How often a thread polls before it sleeps: the others are seldom later than this. */
const looks = 4000;
/** How long it sleeps before it looks whether another has failed. */
const napMs = 50;

/** Waits until another thread has changed a word. */
export function waitForChange(shared: Int32Array, word: number, from: number): void {
  for (let look = 0; look < looks; look++) if (Atomics.load(shared, word) !== from) return;
  Atomics.wait(shared, word, from);
}

/** Where threads wait for each other. */
export class Barrier {
  readonly #shared: Int32Array;
  readonly #threads: number;
  readonly #patienceMs: number;

  /**
   * @param shared the words that the threads share
   * @param patienceMs how long a thread waits for the others before it gives them up
   */
  constructor(shared: Int32Array, threads: number, patienceMs: number) {
    this.#shared = shared;
    this.#threads = threads;
    this.#patienceMs = patienceMs;
  }

  /**
   * Returns once all threads have called it.
   *
   * @throws PlasticoreError `system` if another thread has failed or does not come
   */
  wait(): void {
    const shared = this.#shared;
    const before = Atomics.load(shared, place.passed);
    if (Atomics.add(shared, place.arrived, 1) + 1 === this.#threads) {
      Atomics.store(shared, place.arrived, 0);
      Atomics.add(shared, place.passed, 1);
      Atomics.notify(shared, place.passed);
      return;
    }
    const isPassed = (): boolean => Atomics.load(shared, place.passed) !== before;
    for (let look = 0; look < looks; look++) if (isPassed()) return;
    for (let waitedMs = 0; !isPassed(); waitedMs += napMs) {
      if (Atomics.load(shared, place.failed) !== 0) fail('a thread has failed');
      if (waitedMs >= this.#patienceMs)
        fail(`a thread has not answered for ${Math.round(this.#patienceMs / 1000)} s`);
      Atomics.wait(shared, place.passed, before, napMs);
    }
  }

  /** Tells the others that this thread cannot go on. */
  fail(): void {
    Atomics.store(this.#shared, place.failed, 1);
    Atomics.notify(this.#shared, place.passed);
  }
}

function fail(message: string): never {
  throw new PlasticoreError('system', message, {
    hint: `leave ${option('threads')} out to run it on one thread`,
  });
}
