/**
 * Threads that work together, the present one included. It is thread 0.
 *
 * @typeParam Work what a thread is handed: plain data that passes between threads
 */
export interface Crew<Work> {
  readonly threads: number;
  /** Hands each of the other threads its part of a work, in place of an earlier one. */
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
