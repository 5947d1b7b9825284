/** Random numbers: hashed words outside the core, and the generators of its lanes. Hashes and checksums of bytes. */
export { crc32, sha256 } from './digest.ts';
export * from './hash.ts';
export { seedLanes, stepLane, topBits } from './lanes.ts';
export { goldenRatio, mix, mixMultipliers } from './mix.ts';
export { advanceState, bitsFrom, stateFrom } from './unfolded.ts';
