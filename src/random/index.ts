/** Random numbers: hashed words outside the core, and the generators of its lanes. */
export {
  combine,
  drawJitter,
  drawNormal,
  drawsBetween,
  hash32,
  largestDraw,
  noEpoch,
  permutation,
  streams,
} from './hash.ts';
export { seedLanes, stepLane, topBits } from './lanes.ts';
export { goldenRatio, mix, mixMultipliers } from './mix.ts';
export { advanceState, bitsFrom, type Recurrence, stateFrom } from './unfolded.ts';
