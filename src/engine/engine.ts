import type { SpikeTrain } from '../dataset/index.ts';
import type { Counters } from '../hardware/index.ts';
import type { Image } from '../image/index.ts';
import { PlasticoreError } from '../source/index.ts';

/** Everything of a core that outlives a sample: the bits of its banks, and its lanes' generators. */
export interface CoreState {
  /** One for each bank, in packed form, 32 bits to an element. */
  readonly banks: readonly Uint32Array[];
  readonly lanes: Uint32Array;
}

export interface SampleOptions {
  /** What the host writes into `host.label`. */
  readonly label: number;
  /** Whether actions `when: learning` run. */
  readonly learn: boolean;
  /** Called after each step, for recordings. */
  readonly observe?: ((step: number) => void) | undefined;
}

/** A core that runs an image. The engines differ in speed only: memory, spikes, random states and counters are equal. */
export interface Engine {
  readonly name: 'reference' | 'fast';
  readonly image: Image;
  /** Gives scheduled parameters their values for an epoch, counted from 0. */
  setEpoch(epoch: number): void;
  /**
   * Runs the `sample` list and then a time step for each step of the input spikes: at most the image's, at least one.
   *
   * @throws PlasticoreError `data` for too many steps or none, `run` where a NaN would be stored
   */
  runSample(spikes: SpikeTrain, options: SampleOptions): void;
  /** The items of a field (by index), as the core's memory holds them. A view that is not stored is computed. */
  read(field: number): Float64Array;
  /** Spikes of a population in the latest step, in the order of their emission. For the input: those supplied. */
  spikesOf(population: number): readonly number[];
  counters(): Counters;
  resetCounters(): void;
  save(): CoreState;
  restore(state: CoreState): void;
}

/** A sample may be shorter than the image's steps, but not longer. */
export function checkSteps(image: Image, { steps }: SpikeTrain): void {
  if (steps >= 1 && steps <= image.steps) return;
  throw new PlasticoreError('data', `expected spikes of 1 to ${image.steps} steps, found ${steps}`);
}

/** The answer of a sample: the first of the largest items of the readout field. */
export function predict(engine: Engine): number {
  const scores = engine.read(engine.image.readout);
  let best = 0;
  for (let item = 1; item < scores.length; item++) if ((scores[item] ?? 0) > (scores[best] ?? 0)) best = item;
  return best;
}
