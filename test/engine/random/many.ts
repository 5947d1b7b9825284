import { checkProgram } from './check.ts';
import { Coverage } from './coverage.ts';

// npx tsx test/engine/random/many.ts [COUNT] [FIRST SEED] [FAILING]: runs any number of random programs on both
// engines, such a share of them on banks with cells that fail.

const count = Number(process.argv[2] ?? 100_000);
const first = Number(process.argv[3] ?? 1);
const failing = process.argv[4] === undefined ? undefined : Number(process.argv[4]);
const progressEvery = 1000;

const coverage = new Coverage();
const start = performance.now();
let failures = 0;
for (let done = 1; done <= count; done++) {
  try {
    checkProgram(first + done - 1, coverage, failing);
  } catch (error) {
    failures += 1;
    console.log(error instanceof Error ? error.message : error);
  }
  if (done % progressEvery === 0 || done === count) {
    console.log(`${done} programs, ${failures} failed, ${Math.round((performance.now() - start) / 1000)} s`);
  }
}
const missing = coverage.missing();
if (missing.length > 0) console.log(`not reached: ${missing.join('; ')}`);
process.exitCode = failures > 0 || missing.length > 0 ? 1 : 0;
