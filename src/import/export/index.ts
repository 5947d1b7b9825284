/** A program as a graph of NIR. */

export { type Exported, exportNir } from './graph.ts';
