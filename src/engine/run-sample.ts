import { at } from '../arrays/index.ts';
import type { SpikeTrain } from '../data/index.ts';
import type { PlaceInPass } from '../image/index.ts';
import type { Processor } from './core.ts';
import type { SampleStart } from './state.ts';

export interface SampleOptions {
  /** The value that kernels read as `host.label`. */
  readonly label: number;
  /** Whether actions marked `when: learning` run. */
  readonly learn: boolean;
  /** Its place in a pass over the data; absent if it is presented alone. */
  readonly place?: PlaceInPass | undefined;
  /** Called after each step, to record its results; those of a replay count from 0 again. */
  readonly observe?: ((step: number) => void) | undefined;
}

/**
 * Presents a sample: begins it, then runs a time step for each step of the input spikes. While it learns, once more if
 * the program says so.
 *
 * @throws PlasticoreError `data` for too many steps or none, or for spikes of neurons that the input population does
 * not have; `run` where a NaN would be stored
 */
export function runSample(core: Processor, spikes: SpikeTrain, options: SampleOptions): void {
  const { label, learn, place, observe } = options;
  const { steps } = spikes;
  let presentation: SampleStart | undefined = { label, learn, place, steps, spikes };
  while (presentation !== undefined) {
    present(core, presentation, observe);
    presentation = replayOf(core, presentation);
  }
}

/** A sample that a core has just been presented, to be presented again; undefined if it is not to be. */
export function replayOf(core: Processor, sample: SampleStart): SampleStart | undefined {
  const { learn, isReplay = false } = sample;
  return learn && !isReplay && asksForReplay(core) ? { ...sample, isReplay: true } : undefined;
}

function present(core: Processor, sample: SampleStart, observe: SampleOptions['observe']): void {
  core.begin(sample);
  if (observe === undefined) {
    core.finish();
    return;
  }
  for (let step = 0; step < sample.steps; step++) {
    core.step();
    observe(step);
  }
}

/** Whether a sample that a core has learned is to be presented again: see the image's `replay`. */
function asksForReplay(core: Processor): boolean {
  const { replay } = core.image;
  return replay !== undefined && core.read(replay).some((item) => Math.abs(item) >= 1);
}

/** The answer for a sample: the index of the largest item of the readout field, the first if several are equal. */
export function predict(core: Processor): number {
  const scores = core.read(core.image.readout);
  let best = 0;
  for (let item = 1; item < scores.length; item++) if (at(scores, item) > at(scores, best)) best = item;
  return best;
}
