/** Spaces of designs: choices, conditions, objectives, and the names of designs. */

export * from './design-file.ts';
export * from './load.ts';
export * from './space.ts';
