import type { BoundKernel, Image } from '../../image/index.ts';
import { batchedKernels, chooseMode, isBatchable, type Mode, staysInColumns } from './plan/analysis/index.ts';

/** How a kernel runs on the fast engine, for people. */
export interface KernelExecution {
  /** What its items are carried out in: vectors of so many lanes of a type, or one by one. */
  readonly lanes: 'int16 x 8' | 'int32 x 4' | 'float32 x 4' | 'scalar';
  /** Why its vectors are no narrower or wider, or why there are none. */
  readonly reason: string;
  /** For a kernel that spikes run: whether each spike runs it, or those of a delivery together. */
  readonly spikes: 'one by one' | 'batch' | 'batch, columns in registers' | undefined;
}

/** How the kernels of an image run on the fast engine, in their order. */
export function kernelExecutions(image: Image): KernelExecution[] {
  return image.kernels.map((kernel) => {
    const { mode, reason } = chooseMode(kernel, image);
    return { lanes: lanesOf(kernel, mode), reason, spikes: spikesOf(image, kernel, mode) };
  });
}

function lanesOf({ code }: BoundKernel, mode: Mode): KernelExecution['lanes'] {
  if (mode === 'scalar') return 'scalar';
  if (mode === 'vector16') return 'int16 x 8';
  return code.some(({ arithmetic }) => arithmetic === 'real') ? 'float32 x 4' : 'int32 x 4';
}

function spikesOf(image: Image, kernel: BoundKernel, mode: Mode): KernelExecution['spikes'] {
  const list = image.events.spike.find((actions) => batchedKernels(image, actions).includes(kernel));
  if (list === undefined) return undefined;
  if (!isBatchable(image, list)) return 'one by one';
  return staysInColumns(image, kernel, mode) ? 'batch, columns in registers' : 'batch';
}
