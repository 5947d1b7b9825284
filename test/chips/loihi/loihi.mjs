/**
 * Recordings of public models of Loihi, replayed on the bundled microcode of its compartments, and on programs that learn.
 *
 *     npx tsx src/cli/main.ts verify test/golden/traces/loihi-net.json.br --chip test/chips/loihi/loihi.mjs
 */
export { loihi as default } from './replay.ts';
