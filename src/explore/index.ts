/**
 * Studies: designs of an experiment, run and laid side by side. From the bottom up: `space` says what may be
 * chosen, `search` asks for designs, `runs` runs cells wherever there are processors, `pricing` turns counts
 * into figures, and `study` puts them together: sweeps, searches and comparisons. `fit` finds the changes
 * that make a network fit a chip.
 */

export * from './fit/index.ts';
export { costsOf, frontShares } from './pricing/index.ts';
export type { CellsProgress } from './runs/runner.ts';
export {
  allChoices,
  Dice,
  type SearchName,
  type SearchPlan,
  startSearch,
} from './search/index.ts';
export { parseVary, readSpace, Space, spaceJsonSchema, spaceOf } from './space/index.ts';
export { compileForEach, type OnChip } from './study/compare.ts';
export { DesignLoader, type SweepChoice, spaceOfSweep } from './study/design-loader.ts';
