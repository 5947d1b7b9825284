/** Searches: they ask for designs of a space, and learn their costs. */

export * from './by-forecast.ts';
export * from './choices.ts';
export * from './evolve.ts';
export * from './search.ts';
