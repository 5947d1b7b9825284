/** Searches: they ask for designs of a space, and learn what these cost. */

export { allChoices, type Search } from './choices.ts';
export { Dice } from './dice.ts';
export { type Costs, crowding, dominates, frontOf, hypervolume, ranksOf } from './front.ts';
export {
  type SearchName,
  type SearchPlan,
  searchNames,
  startSearch,
} from './search.ts';
