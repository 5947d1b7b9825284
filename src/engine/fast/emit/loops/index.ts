/** Code of the walks of kernels over their items: rows, columns, tiles, segments. */

export { type Batch, writeKernelBatch } from './batch-code.ts';
export { writeKernel } from './kernel-code.ts';
