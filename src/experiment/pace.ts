/** How far a run is, several times a second. */
export interface Progress {
  readonly phase: 'train' | 'test';
  /** From 0; epochs in all. While testing, `epoch` is `epochs`. */
  readonly epoch: number;
  readonly epochs: number;
  /** Samples done of this epoch, or of the test set. */
  readonly done: number;
  readonly total: number;
  /** Share answered right so far in this epoch, or of the test set. */
  readonly accuracy: number;
  readonly samplesPerSecond: number;
  /** For all that is left of the run, at the speed so far. */
  readonly secondsLeft: number;
}

/** Milliseconds between two turns of the event loop, where signals and timers are served. */
const turnMs = 50;

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

  /** A turn of the event loop. */
  async turn(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0));
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

/** Speed and time left of one phase. */
export class Speed {
  readonly #start = performance.now();
  #samples = 0;

  count(): void {
    this.#samples += 1;
  }

  get samples(): number {
    return this.#samples;
  }

  get seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }

  /** 0 before the first sample. */
  get perSecond(): number {
    return this.#samples === 0 ? 0 : this.#samples / this.seconds;
  }
}
