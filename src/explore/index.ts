/** A sweep: the cells that it goes through, its plan, how far it is. */

export { parseVary, type SweptAxis } from './axes.ts';
export { type Design, type Designs, type SweepChoice, sweepDesigns } from './sweep.ts';
export type { CellsProgress } from './tally.ts';
