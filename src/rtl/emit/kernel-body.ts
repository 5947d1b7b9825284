import type { CoreImage } from '../../image/index.ts';
import type { CorePlan, KernelPlan, Pipeline } from '../plan/core-plan.ts';
import type { Carrier } from './carrier.ts';
import type { LaneText } from './lane-text.ts';
import type { Taps } from './taps.ts';

/** The module of a pipeline under construction. */
export interface KernelBody {
  readonly pipeline: Pipeline;
  /** The first of its kernels, which stands for all. */
  readonly plan: KernelPlan;
  readonly core: CorePlan;
  readonly image: CoreImage;
  readonly taps: Taps;
  readonly carrier: Carrier;
  /** Text of each lane, and text outside the lanes. */
  readonly lanes: LaneText;
  readonly shared: string[];
}

/** A pipeline as a module, and the ports through which the core feeds it. */
export interface KernelModule extends Pipeline {
  readonly text: string;
  readonly taps: Taps;
}
