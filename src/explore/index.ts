/** Many cells of an experiment: sweeps with their plan and progress, chips beside each other, changes that make a network fit. */

export { parseVary, type SweptAxis } from './axes.ts';
export { compileForEach, type OnChip, reasonOf } from './compare.ts';
export * from './fit/index.ts';
export { type Design, type Designs, type SweepChoice, sweepDesigns } from './sweep.ts';
export type { CellsProgress } from './tally.ts';
