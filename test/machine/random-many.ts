import { checkFaultsOf } from './random-faults.ts';
import { checkPlacementOf } from './random-placement.ts';

// npx tsx test/machine/random-many.ts [COUNT] [FIRST SEED] [faults]: random programs under random placements.

const count = Number(process.argv[2] ?? 20_000);
const first = Number(process.argv[3] ?? 1);
const check = process.argv[4] === 'faults' ? checkFaultsOf : checkPlacementOf;
const found = {
  ...{ equal: 0, cut: 0, empty: 0, dense: 0, listed: 0, stuck: 0, fresh: 0, lost: 0 },
  ...{ skipped: 0, refused: 0, different: 0 },
};
const reasons = new Map<string, number>();
for (let seed = first; seed < first + count; seed++) {
  try {
    const outcome = check(seed);
    found[outcome.is] += 1;
    if (outcome.is === 'equal' && 'errors' in outcome) {
      if (outcome.errors !== undefined) found[outcome.errors] += 1;
      if (outcome.lost > 0) found.lost += 1;
    } else if (outcome.is === 'equal') {
      if (outcome.cut) found.cut += 1;
      if (outcome.empty) found.empty += 1;
      if (outcome.joint !== undefined) found[outcome.joint] += 1;
    }
    if (outcome.is === 'refused') {
      const reason = outcome.message.replace(/'[^']*'|\w+\(.*?\)|\d+/g, '*');
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    if (outcome.is === 'different') console.log(`seed ${seed}: ${outcome.where}`);
  } catch (error) {
    found.different += 1;
    console.log(`seed ${seed}: ${error instanceof Error ? error.stack : error}`);
  }
}
console.log(JSON.stringify(found));
for (const [reason, times] of reasons) console.log(`refused ${times} times: ${reason}`);
process.exitCode = found.different > 0 ? 1 : 0;
