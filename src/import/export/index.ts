/** A program as a graph of NIR. */

export { exportNir, type NirExport } from './graph.ts';
