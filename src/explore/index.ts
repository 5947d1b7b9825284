/** Sweeps: their cells, their plan, their progress. */

export { parseVary, type SweptAxis } from './axes.ts';
export { type Design, type Designs, type SweepChoice, sweepDesigns } from './sweep.ts';
export type { CellsProgress } from './tally.ts';
