/** Many cells of an experiment: sweeps with their plan and progress, chips beside each other, changes that make a network fit. */

export { parseVary, type SweptAxis } from './axes.ts';
export { compileForEach, type OnChip, reasonOf } from './compare.ts';
export * from './fit/index.ts';
export {
  allChoices,
  type Costs,
  Dice,
  dominates,
  frontOf,
  hypervolume,
  type SearchName,
  type SearchPlan,
  searchNames,
  startSearch,
} from './search/index.ts';
export { readSpace, Space, type SpaceSource, spaceJsonSchema, spaceOf } from './space/index.ts';
export { costsOf, frontShares, objectives } from './study/index.ts';
export { type Design, type Designs, type SweepChoice, sweepDesigns } from './sweep.ts';
export type { CellsProgress } from './tally.ts';
