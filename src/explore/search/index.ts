/** Searches: they ask for designs of a space, and learn their costs. */

export { runsLater } from './by-forecast.ts';
export { allChoices, countChoices, type DesignRequest, firstChoice, type Search } from './choices.ts';
export { Dice } from './dice.ts';
export { crowding, ranksOf } from './ranks.ts';
export * from './search.ts';
