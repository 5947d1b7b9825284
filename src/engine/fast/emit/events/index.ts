/** The module of an image: its kernels, lists and events. */

export { writeModule } from './module-code.ts';
export { triggerExport } from './named-events.ts';
