/** Observes a core from outside, and writes files for people and other tools. */

export * from './golden/index.ts';
export * from './writes/index.ts';
