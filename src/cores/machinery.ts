import type { SystemImage } from '../compiler/index.ts';
import type { Core } from '../engine/index.ts';
import type { Tally } from '../image/index.ts';
import type { Team } from './core-groups.ts';
import type { Exchange } from './exchange.ts';
import type { StepClock } from './step-clock.ts';
import type { StepSpikes } from './step-spikes.ts';
import type { WaitingSpikes } from './waiting-spikes.ts';

/** The step that is running, and its sample. */
export interface Moment {
  readonly step: number;
  readonly steps: number;
  readonly learn: boolean;
}

/** What a system is made of. */
export interface Machinery {
  readonly system: SystemImage;
  readonly cores: readonly Core[];
  readonly spikes: StepSpikes;
  readonly waiting: WaitingSpikes;
  readonly exchange: Exchange;
  readonly clock: StepClock | undefined;
  readonly counts: Tally;
  /** Other threads that run cores; the present one alone if absent. */
  readonly team: Team | undefined;
}
