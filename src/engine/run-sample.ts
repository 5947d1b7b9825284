import type { SpikeTrain } from '../data/index.ts';
import type { Core } from './core.ts';
import type { SampleStart } from './state.ts';

export interface SampleOptions {
  /** The value that kernels read as `host.label`. */
  readonly label: number;
  /** Whether actions marked `when: learning` run. */
  readonly learn: boolean;
  /** Called after each step, to record its results; those of a replay count from 0 again. */
  readonly observe?: ((step: number) => void) | undefined;
}

/**
 * Presents a sample: begins it, then runs a time step for each step of the input spikes. While it learns, once more if the
 * program says so.
 *
 * @throws PlasticoreError `data` for too many steps or none, or for spikes of neurons that the input population does not
 * have; `run` where a NaN would be stored
 */
export function runSample(core: Core, spikes: SpikeTrain, options: SampleOptions): void {
  const { label, learn, observe } = options;
  const { steps } = spikes;
  const sample = { label, learn, steps, spikes };
  present(core, sample, observe);
  if (learn && asksForReplay(core)) present(core, { ...sample, isReplay: true }, observe);
}

function present(core: Core, sample: SampleStart, observe: SampleOptions['observe']): void {
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
export function asksForReplay(core: Core): boolean {
  const { replay } = core.image;
  return replay !== undefined && core.read(replay).some((item) => Math.abs(item) >= 1);
}

/** The answer for a sample: the index of the largest item of the readout field, the first if several are equal. */
export function predict(core: Core): number {
  const scores = core.read(core.image.readout);
  let best = 0;
  for (let item = 1; item < scores.length; item++) if ((scores[item] ?? 0) > (scores[best] ?? 0)) best = item;
  return best;
}
