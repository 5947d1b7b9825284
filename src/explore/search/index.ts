/** Searches: they ask for designs of a space, and learn their costs. */

export { runsLater } from './by-forecast.ts';
export { allChoices, countChoices, type DesignRequest, Dice, firstChoice, type Search } from './choices.ts';
export { crowding, ranksOf } from './evolve.ts';
export * from './search.ts';
