/** Random traces of the chips in the golden formats, with the results that the plain models expect. */
export { randomLoihiLif, randomLoihiNet } from './stimulus/loihi.ts';
export { randomN1 } from './stimulus/n1.ts';
export { randomOdin } from './stimulus/odin.ts';
export { randomRanc } from './stimulus/ranc.ts';
export { randomReckon } from './stimulus/reckon.ts';

/** Seeds of the random ODIN stimuli that each engine must reproduce. They reach every corner case: stimulus.test.ts. */
export const odinSeeds = {
  fast: Array.from({ length: 30 }, (_, index) => index + 1),
  reference: [1, 2, 3, 7, 11, 21],
};

/** Seeds of the random chips of RANC that each engine must reproduce. They reach every corner case, too. */
export const rancSeeds = {
  fast: Array.from({ length: 48 }, (_, index) => index + 1),
  reference: [5, 7, 11, 26, 47, 48],
};
