/**
 * Threads that work together, including the present one as thread 0. @typeParam Work the data of a thread's work:
 * plain, so that it passes between threads
 */
export interface Crew<Work> {
  readonly threads: number;
  /** Gives each of the other threads its part of a work, in place of an earlier one. */
  join(workOf: (thread: number) => Work): void;
  /**
   * Runs some ticks of the work on all threads, which wait for each other after each.
   *
   * @param tick runs the present thread's part
   * @throws PlasticoreError `system` where another thread has failed or does not answer
   */
  run(first: number, ticks: number, tick: (now: number) => void): void;
}

/** A thread's part of a tick. */
export type Tick = (thread: number, now: number) => void;
