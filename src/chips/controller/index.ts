/** Chips whose controller is data: their cores, their host, their recordings. */

export { DataController } from './controller.ts';
