/**
 * Recordings of SANA-FE, another simulator of chips of many cores, replayed on the traffic and the time of this one.
 *
 *     npx tsx src/cli/main.ts verify test/golden/traces/sanafe-layers.json.br --chip test/chips/sanafe/sanafe.mjs
 */
export { sanafe as default } from './replay.ts';
