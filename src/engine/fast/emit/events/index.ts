/** The module of an image: its lists, its FIFO, and the kernels that they run. */

export { type HookName, hooksOf } from './hooks.ts';
export { triggerExport, writeModule } from './module.ts';
