/** Code of the loops of kernels over their items: rows, columns, tiles, segments. */

export { type Batch, writeKernel, writeKernelBatch } from './kernel.ts';
