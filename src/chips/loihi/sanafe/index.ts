/** Recordings of SANA-FE, another simulator of chips of many cores, replayed on the traffic and time of this one. */

export { replaySanafe, sanafeGolden } from './replay.ts';
export { sanafeSchema } from './trace.ts';
export type { SanafeTrace } from './trace-parts.ts';
