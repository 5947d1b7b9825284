/** The progress of a run, reported several times a second. */
export interface Progress {
  readonly phase: 'train' | 'validation' | 'test';
  /** From 0, out of `epochs`. At the end, `epoch` equals `epochs`. */
  readonly epoch: number;
  readonly epochs: number;
  /** Samples done in this epoch, or of those to be scored. */
  readonly done: number;
  readonly total: number;
  /** Samples done in the whole run, over all epochs and everything scored. */
  readonly runDone: number;
  readonly runTotal: number;
  /** Share of correct answers among the samples done; undefined where nothing is asked. */
  readonly accuracy: number | undefined;
  readonly samplesPerSecond: number;
  /** Estimate for the rest of the run, at the average speed so far. */
  readonly secondsLeft: number;
}

/** Milliseconds between two yields to the event loop, where signals and timers are handled. */
const turnMs = 50;

/**
 * Node has `setImmediate`, which does not wait. `setTimeout` waits for a millisecond, 2 % of the time between yields.
 */
const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });

/** Lets a long computation yield to the event loop regularly and do what is due. */
export class Pace {
  #lastTurn = performance.now();
  #lastCheckpoint = performance.now();
  readonly #checkpointMs: number;

  /** @param checkpointSeconds by default, no checkpoint is ever due */
  constructor(checkpointSeconds: number = Number.POSITIVE_INFINITY) {
    this.#checkpointMs = checkpointSeconds * 1000;
  }

  /** Whether it is time to yield. */
  isDue(): boolean {
    return performance.now() - this.#lastTurn >= turnMs;
  }

  /** Yields to the event loop, which handles signals, timers and messages. */
  async turn(): Promise<void> {
    await nextTurn();
    this.#lastTurn = performance.now();
  }

  /** Whether it is time for a checkpoint; if so, the next one is due a full interval later. */
  isCheckpointDue(): boolean {
    const now = performance.now();
    if (now - this.#lastCheckpoint < this.#checkpointMs) return false;
    this.#lastCheckpoint = now;
    return true;
  }
}

/** Speed of training, or of scoring, over the parts of a run that do it. */
export class Speed {
  #since: number | undefined;
  #earlierMs = 0;
  #samples = 0;

  /** Starts the clock. Time between parts does not count. */
  start(): void {
    this.#since = performance.now();
  }

  /** Stops the clock. */
  stop(): void {
    this.#earlierMs = this.#ms;
    this.#since = undefined;
  }

  count(): void {
    this.#samples += 1;
  }

  /** 0 before the first sample. */
  get perSecond(): number {
    return this.#samples === 0 ? 0 : (1000 * this.#samples) / this.#ms;
  }

  get #ms(): number {
    return this.#earlierMs + (this.#since === undefined ? 0 : performance.now() - this.#since);
  }
}
