/** Figures of designs: priced from the counts of runs that they share, compared, and how sure they are. */

export * from './objectives.ts';
export * from './price-run.ts';
export * from './robust.ts';
