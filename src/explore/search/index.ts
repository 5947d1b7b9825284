/** Searches: they ask for designs of a space, and learn their costs. */

export { type Asked, allChoices, countChoices, firstChoice } from './choices.ts';
export { Dice } from './dice.ts';
export { runsLater } from './halving.ts';
export { crowding, ranksOf } from './ranks.ts';
export * from './search.ts';
