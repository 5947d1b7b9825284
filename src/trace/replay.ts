import type { Dataset } from '../data/index.ts';
import {
  type Cell,
  EncodedSamples,
  type KeptState,
  lastingStages,
  Pace,
  Session,
  type SessionOptions,
} from '../experiment/index.ts';
import { type Counters, countsSince } from '../image/index.ts';
import { option, PlasticoreError } from '../text/index.ts';
import type { StepWindow } from './plan.ts';

/** The subject of a window. */
export interface WindowSubject {
  /** A sample begins, or goes on: its number in its set, and how many events wait in the FIFO. */
  sample(sample: number, label: number, learn: boolean, waiting: number): void;
  /** A step of the run begins. */
  step(step: number): void;
  stepDone(): void;
}

/** A session whose steps are those of a run: validation between epochs leaves no trace, and is left out. */
export function openSession(
  cell: Cell,
  data: Dataset,
  options?: Pick<SessionOptions, 'engine' | 'watch'>,
): Session {
  return new Session(cell, data, { ...options, stages: lastingStages(cell, data) });
}

/**
 * Brings a session on the fast engine to the first step of a window. It starts from a state of the run, if there is
 * one; then only the steps in between are run.
 *
 * @throws PlasticoreError `usage` for a window beyond the end of the run
 */
export async function openWindow(
  cell: Cell,
  data: Dataset,
  window: StepWindow,
  { from, signal }: { readonly from?: KeptState | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<Session> {
  const session = openSession(cell, data);
  const pace = new Pace();
  if (from !== undefined) session.restoreKept(from);
  let { steps } = from ?? { steps: 0 };
  checkWindow(session, window, steps);
  while (steps < window.first) {
    const next = session.upcoming();
    if (next === undefined) throw beyond(window, steps);
    const left = next.start.steps - next.stepsDone;
    if (steps + left <= window.first) {
      session.finish();
      steps += left;
    } else {
      session.step();
      steps += 1;
    }
    if (pace.isDue()) await turn(pace, signal);
  }
  return session;
}

/** Refuses a window beyond the end of the run before anything runs. A repeated sample has twice the steps. */
function checkWindow(session: Session, window: StepWindow, before: number): void {
  const { cell, data } = session;
  const encoded = new EncodedSamples(cell, data);
  let steps = before;
  for (const sample of session.ahead()) {
    if (steps > window.last) return;
    const times = sample.learn && cell.image.replay !== undefined ? 2 : 1;
    steps += times * encoded.stepsOf(sample);
  }
  if (steps <= window.last) throw beyond(window, steps);
}

/** The error for a window beyond the end of a run. */
export function beyond({ first, last }: StepWindow, steps: number, of = 'steps'): PlasticoreError {
  return new PlasticoreError('usage', `the run has ${steps} ${of}, 0 to ${steps - 1}`, {
    file: option('steps', `${first}..${last}`),
    hint: `a longer run has more: ${option('epochs')}, ${option('limit')}`,
  });
}

/**
 * Runs the steps of a window in a session that stands before it.
 *
 * @returns what was counted in it
 * @throws PlasticoreError `usage` for a window beyond the end of the run
 */
export async function runWindow(
  session: Session,
  window: StepWindow,
  { watched, signal }: { readonly watched?: WindowSubject; readonly signal?: AbortSignal | undefined } = {},
): Promise<Counters> {
  const { machine } = session;
  const pace = new Pace();
  const before = machine.counters();
  for (let step = window.first; step <= window.last; step++) {
    const next = session.upcoming();
    if (next === undefined) throw beyond(window, step);
    const { sample, label, learn, stepsDone } = next;
    if (step === window.first || stepsDone === 0)
      watched?.sample(sample, label, learn, stepsDone === 0 ? 0 : machine.checkpoint().waiting.length);
    watched?.step(step);
    session.step();
    watched?.stepDone();
    if (pace.isDue()) await turn(pace, signal);
  }
  return countsSince(before, machine.counters());
}

/** Lets the event loop turn, so that work can be stopped. */
export async function turn(pace: Pace, signal: AbortSignal | undefined): Promise<void> {
  await pace.turn();
  signal?.throwIfAborted();
}
