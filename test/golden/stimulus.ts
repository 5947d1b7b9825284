/** Random traces of the two chips in the golden formats, with the results that the plain models expect. */
export { randomOdin } from './stimulus/odin.ts';
export { randomReckon } from './stimulus/reckon.ts';

/** Seeds of the random ODIN stimuli that each engine must reproduce. They reach every corner case: stimulus.test.ts. */
export const odinSeeds = {
  fast: Array.from({ length: 30 }, (_, index) => index + 1),
  reference: [1, 2, 3, 7, 11, 21],
};
