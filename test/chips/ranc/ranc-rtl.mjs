/**
 * Recordings of RANC's RTL, replayed on the bundled chip.
 *
 *     npx tsx src/cli/main.ts verify test/golden/traces/ranc-2x2.json.br --chip test/chips/ranc/ranc-rtl.mjs
 */
export { rancRtl as default } from './replay.ts';
