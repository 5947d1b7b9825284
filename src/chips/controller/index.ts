/** Chips whose controller is data: their host, and their recordings. */

export { controller } from './host.ts';
