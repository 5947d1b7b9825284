/** What kernels write: ranges, saturation, sizes of updates. */
export { type KernelWrites, watchWrites } from './watch.ts';
