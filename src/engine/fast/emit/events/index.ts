/** The module of an image: its kernels, lists and events. */

export { triggerExport, writeModule } from './module-code.ts';
