/** Runs of each kind that a trial takes, in turns. */
const tries = 4;
/** Runs between two trials: at least, after a trial that changed the choice, and at most. */
const [leastRest, mostRest] = [64, 2 ** 14];

/**
 * Finds out whether a job is faster on all threads than on one. Now and then it tries both in turns, and the times
 * decide. The results of the job are the same.
 */
export class Worth {
  readonly #now: () => number;
  #isWorth = true;
  /** Runs before the next trial, and between this one and the next. */
  #left = 0;
  #rest = leastRest / 2;
  /** Of the current trial: runs so far, the start of the present one, and the time of each kind. */
  #runs = 0;
  #start = 0;
  #alone = 0;
  #together = 0;

  /** @param now a time, in any unit */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Whether the threads do the next run together; {@link Worth.end} follows it. */
  begin(): boolean {
    if (this.#left > 0) return this.#isWorth;
    this.#start = this.#now();
    return this.#runs % 2 === 1;
  }

  end(): void {
    if (this.#left > 0) {
      this.#left -= 1;
      return;
    }
    const time = this.#now() - this.#start;
    if (this.#runs % 2 === 1) this.#together += time;
    else this.#alone += time;
    this.#runs += 1;
    if (this.#runs === 2 * tries) this.#conclude();
  }

  #conclude(): void {
    const isWorth = this.#together < this.#alone;
    this.#rest = isWorth === this.#isWorth ? Math.min(2 * this.#rest, mostRest) : leastRest;
    this.#isWorth = isWorth;
    this.#left = this.#rest;
    this.#runs = 0;
    this.#alone = 0;
    this.#together = 0;
  }
}
