import { coreCounts, fuzz } from './fuzz.ts';

// npx tsx test/image/fuzz-many.ts [COUNT] [SEED] [one|several]
// Images of one core, or of several, with one changed number and a valid checksum, on both engines.

const count = Number(process.argv[2] ?? 10_000);
const seed = Number(process.argv[3] ?? 1);
const cores = coreCounts.find((name) => name === process.argv[4]) ?? 'one';
const tally: Record<string, number> = {};
const start = performance.now();
fuzz(count, seed, cores, (verdict) => {
  tally[verdict.is] = (tally[verdict.is] ?? 0) + 1;
  if (verdict.is === 'fault') console.log(`${verdict.change}\n  ${verdict.what}`);
});
console.log(`${JSON.stringify(tally)}, ${Math.round((performance.now() - start) / 1000)} s`);
process.exitCode = (tally.fault ?? 0) > 0 ? 1 : 0;
