import type { CoreImage } from '../../image/index.ts';
import { type SpikeService, spikeService } from './plan/analysis/batch.ts';
import { planKernels } from './plan/kernel-plan.ts';

/** How a kernel runs on the fast engine, for people. */
export interface KernelExecution {
  /** How its items are processed: in vectors of this many lanes of a type, or one by one. */
  readonly lanes: 'int16 x 8' | 'int32 x 4' | 'float32 x 4' | 'scalar';
  /** Why its vectors are no narrower or wider, or why there are none. */
  readonly reason: string;
  /** For a kernel that spikes run: whether each spike runs it, or those of a delivery together. */
  readonly spikes: SpikeService | undefined;
}

/** How the kernels of an image run on the fast engine, in their order. */
export function kernelExecutions(image: CoreImage): KernelExecution[] {
  const plans = planKernels(image);
  return plans.map((plan) => ({
    lanes: laneNames[plan.lanes],
    reason: plan.because,
    spikes: spikeService(image, plans, plan),
  }));
}

const laneNames = { i16x8: 'int16 x 8', i32x4: 'int32 x 4', f32x4: 'float32 x 4', one: 'scalar' } as const;
