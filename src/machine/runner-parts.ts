import type { Core, JointCore } from '../engine/index.ts';
import type { SpreadImage, Tally } from '../image/index.ts';
import type { Team } from './core-groups.ts';
import type { Exchange } from './exchange.ts';
import type { LostSpikes } from './lost-spikes.ts';
import type { StepClock } from './step-clock.ts';
import type { StepSpikes } from './step-spikes.ts';
import type { WaitingSpikes } from './waiting-spikes.ts';

/** The parts of a machine of many cores. */
export interface RunnerParts {
  readonly system: SpreadImage;
  readonly cores: readonly Core[];
  readonly spikes: StepSpikes;
  readonly waiting: WaitingSpikes;
  readonly exchange: Exchange;
  readonly clock: StepClock | undefined;
  readonly counts: Tally;
  /** By population: the index of each neuron's core; undefined for the input, whose spikes the host sends. */
  readonly homes: readonly (Uint16Array | undefined)[];
  /** Undefined where no packet is lost. */
  readonly lost: LostSpikes | undefined;
  /** Other threads that run cores; the present one alone if absent. */
  readonly team: Team | undefined;
  /** By job: the joint core that does it on one thread; undefined where the cores do it one after the other. */
  readonly joint: readonly (JointCore | undefined)[];
}
