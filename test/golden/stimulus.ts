/** Random traces of the two chips in the formats of the golden ones, with what the plain models expect. */
export { randomOdin } from './stimulus/odin.ts';
export { randomReckon } from './stimulus/reckon.ts';

/** Seeds of the random stimuli for ODIN that each engine is held to. They reach every corner: stimulus.test.ts. */
export const odinSeeds = {
  fast: Array.from({ length: 30 }, (_, index) => index + 1),
  reference: [1, 2, 3, 7, 11, 21],
};
