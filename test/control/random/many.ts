import { checkController, nothingSeen } from './check.ts';

// npx tsx test/control/random/many.ts [COUNT] [FIRST SEED]: random controllers with random programs, on both engines
// and in plain loops.

const count = Number(process.argv[2] ?? 10_000);
const first = Number(process.argv[3] ?? 1);
const progressEvery = 500;

const seen = nothingSeen();
const start = performance.now();
let failures = 0;
for (let done = 1; done <= count; done++) {
  try {
    checkController(first + done - 1, seen);
  } catch (error) {
    failures += 1;
    console.log(error instanceof Error ? error.message : error);
  }
  if (done % progressEvery === 0 || done === count)
    console.log(`${done} programs, ${failures} failed, ${Math.round((performance.now() - start) / 1000)} s`);
}
console.log(JSON.stringify(seen));
process.exitCode = failures > 0 ? 1 : 0;
