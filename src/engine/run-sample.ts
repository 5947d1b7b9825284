import type { SpikeTrain } from '../data/index.ts';
import type { Core, Stepping } from './core.ts';

export interface SampleOptions {
  /** The value that kernels read as `host.label`. */
  readonly label: number;
  /** Whether actions marked `when: learning` run. */
  readonly learn: boolean;
  /** Called after each step, to record its results. */
  readonly observe?: ((step: number) => void) | undefined;
}

/**
 * Presents a sample: begins it, then runs a time step for each step of the input spikes.
 *
 * @throws PlasticoreError `data` for too many steps or none, or for spikes of neurons that the input population does not
 * have; `run` where a NaN would be stored
 */
export function runSample(core: Stepping, spikes: SpikeTrain, options: SampleOptions): void {
  const { label, learn, observe } = options;
  const { steps } = spikes;
  core.begin({ label, learn, steps, spikes });
  if (observe === undefined) {
    core.finish();
    return;
  }
  for (let step = 0; step < steps; step++) {
    core.step();
    observe(step);
  }
}

/** The answer for a sample: the index of the largest item of the readout field, the first if several are equal. */
export function predict(core: Core): number {
  const scores = core.read(core.image.readout);
  let best = 0;
  for (let item = 1; item < scores.length; item++) if ((scores[item] ?? 0) > (scores[best] ?? 0)) best = item;
  return best;
}
