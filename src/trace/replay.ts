import { createMachine } from '../cores/index.ts';
import type { Dataset } from '../data/index.ts';
import { type Checkpoint, type Core, runSample } from '../engine/index.ts';
import { type Cell, type KeptState, RunSequence } from '../experiment/index.ts';
import { type Counters, countsSince } from '../image/index.ts';
import { option, PlasticoreError } from '../text/index.ts';
import type { Window } from './plan.ts';
import { Turns } from './turns.ts';

/** A machine just before a window of steps. */
export interface Opening {
  readonly checkpoint: Checkpoint;
  /** The sample of the first step, by its place in the run, and the steps of it that have run. */
  readonly sample: number;
  readonly stepsDone: number;
  /** The steps of the run before the window. */
  readonly steps: number;
}

/** What a window is about. */
export interface Watched {
  /** A sample begins, or goes on: its number in its set, and how many events wait in the FIFO. */
  sample(sample: number, label: number, learn: boolean, waiting: number): void;
  /** A step of the run begins. */
  step(step: number): void;
  stepDone(): void;
}

/**
 * Brings a machine on the fast engine to the first step of a window. It starts from a state of the run, if there is one;
 * then only the steps in between are run.
 *
 * @throws PlasticoreError `usage` for a window beyond the end of the run
 */
export async function openWindow(
  cell: Cell,
  data: Dataset,
  window: Window,
  from?: KeptState,
  turns = new Turns(),
): Promise<Opening> {
  const sequence = new RunSequence(cell, data);
  checkWindow(sequence, window, from);
  const core = createMachine(cell);
  if (from !== undefined) core.restore(from.core);
  let { samples: sample, steps } = from ?? { samples: 0, steps: 0 };
  for (; sample < sequence.count; sample++) {
    const { label, learn, epoch } = sequence.at(sample);
    const spikes = sequence.spikes(sample);
    core.setEpoch(epoch);
    if (steps + spikes.steps <= window.first) {
      runSample(core, spikes, { label, learn });
      steps += spikes.steps;
      await turns.due();
      continue;
    }
    const stepsDone = window.first - steps;
    if (stepsDone > 0) core.begin({ label, learn, steps: spikes.steps, spikes });
    for (let step = 0; step < stepsDone; step++) core.step();
    // The encoder will use the room of these spikes again.
    return { checkpoint: structuredClone(core.checkpoint()), sample, stepsDone, steps: window.first };
  }
  throw new Error('a window that has been found before');
}

/** Refuses a window beyond the end of the run, before anything runs. */
function checkWindow(sequence: RunSequence, { first, last }: Window, from: KeptState | undefined): void {
  let { samples: sample, steps } = from ?? { samples: 0, steps: 0 };
  for (; sample < sequence.count && steps <= last; sample++) steps += sequence.stepsOf(sample);
  if (last < steps) return;
  throw new PlasticoreError('usage', `the run has ${steps} steps, 0 to ${steps - 1}`, {
    file: option('steps', `${first}..${last}`),
    hint: `a longer run has more: ${option('epochs')}, ${option('limit')}`,
  });
}

/**
 * Runs the steps of a window on a machine that stands before it.
 *
 * @returns what was counted in it
 */
export async function runWindow(
  cell: Cell,
  data: Dataset,
  core: Core,
  { first, last }: Window,
  opening: Opening,
  watched?: Watched,
  turns = new Turns(),
): Promise<Counters> {
  const sequence = new RunSequence(cell, data);
  const before = core.counters();
  let step = first;
  for (let index = opening.sample; step <= last; index++) {
    const { sample, label, learn, epoch } = sequence.at(index);
    const isUnderWay = index === opening.sample && opening.stepsDone > 0;
    const { steps } = isUnderWay ? opening.checkpoint.sample : { steps: sequence.stepsOf(index) };
    watched?.sample(sample, label, learn, isUnderWay ? opening.checkpoint.waiting.length : 0);
    core.setEpoch(epoch);
    if (!isUnderWay) core.begin({ label, learn, steps, spikes: sequence.spikes(index) });
    for (let done = isUnderWay ? opening.stepsDone : 0; done < steps && step <= last; done++, step++) {
      watched?.step(step);
      core.step();
      watched?.stepDone();
      await turns.due();
    }
  }
  return countsSince(before, core.counters());
}
