/** How far a run is, several times a second. */
export interface Progress {
  readonly phase: 'train' | 'validation' | 'test';
  /** From 0; epochs in all. At the end, `epoch` is `epochs`. */
  readonly epoch: number;
  readonly epochs: number;
  /** Samples done of this epoch, or of those to be scored. */
  readonly done: number;
  readonly total: number;
  /** The same of the whole run: all epochs and all that is scored. */
  readonly runDone: number;
  readonly runTotal: number;
  /** Share answered right of those done. */
  readonly accuracy: number;
  readonly samplesPerSecond: number;
  /** For all that is left of the run, at the speed so far. */
  readonly secondsLeft: number;
}

/** Milliseconds between two turns of the event loop, where signals and timers are served. */
const turnMs = 50;

/** Node has a turn that waits for nothing; `setTimeout` waits for a millisecond or more, 2 % of the time between turns. */
const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });

/** Lets a long computation breathe: every so often it gives the event loop a turn and runs what is due. */
export class Pace {
  #lastTurn = performance.now();
  #lastCheckpoint = performance.now();
  readonly #checkpointMs: number;

  constructor(checkpointSeconds: number) {
    this.#checkpointMs = checkpointSeconds * 1000;
  }

  /** Whether it is time to give a turn. */
  isDue(): boolean {
    return performance.now() - this.#lastTurn >= turnMs;
  }

  /** A turn of the event loop: signals, timers and messages are served. */
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

  /** A part begins: what was done between the parts does not count. */
  start(): void {
    this.#since = performance.now();
  }

  /** A part ends. */
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
