import { Pace } from '../experiment/index.ts';

/** Lets the event loop turn now and then, so that work can be stopped. */
export class Turns {
  // There are no checkpoints here.
  readonly #pace = new Pace(Number.POSITIVE_INFINITY);
  readonly #signal: AbortSignal | undefined;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** Undefined where it is not time for a turn; otherwise to be awaited. It throws the signal's reason. */
  due(): Promise<void> | undefined {
    return this.#pace.isDue() ? this.#turn() : undefined;
  }

  async #turn(): Promise<void> {
    await this.#pace.turn();
    this.#signal?.throwIfAborted();
  }
}
