/** Access to items of lists that must exist: a wrong index throws. */
export { addAt, at, indexOfLargest, inLane, isSet, known, numberAt, wordAt } from './at.ts';
