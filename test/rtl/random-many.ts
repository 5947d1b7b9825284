import { checkHardware } from './random.ts';

// npx tsx test/rtl/random-many.ts [COUNT] [FIRST SEED] [tame] [netlist] [lint]: random programs in Icarus Verilog, as
// they are written or as yosys makes gates of them; with lint, Verilator may warn of nothing in their text.

const count = Number(process.argv[2] ?? 500);
const first = Number(process.argv[3] ?? 1);
const tame = process.argv.includes('tame');
const netlist = process.argv.includes('netlist');
const lint = process.argv.includes('lint');
const found = { equal: 0, skipped: 0, refused: 0, different: 0 };
const reasons = new Map<string, number>();
let cycles = 0;
let suspensions = 0;
const start = performance.now();
for (let seed = first; seed < first + count; seed++) {
  try {
    const outcome = checkHardware(seed, { tame, netlist, lint });
    found[outcome.is] += 1;
    if (outcome.is === 'equal') {
      cycles += outcome.cycles;
      suspensions += outcome.suspensions;
    }
    if (outcome.is === 'different') console.log(`seed ${seed}: ${outcome.where.slice(0, 200)}`);
    if (outcome.is === 'refused') {
      const reason = outcome.reason.replace(/^.*?: /, '').replace(/'[^']*'|\w+\([^)]*\)|\w+\.\w+|\d+/g, '*');
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
  } catch (error) {
    found.different += 1;
    console.log(`seed ${seed}: ${error instanceof Error ? error.stack : error}`);
  }
}
for (const [reason, times] of [...reasons].sort((a, b) => b[1] - a[1]))
  console.log(`refused ${times} times: ${reason}`);
console.log(
  `${JSON.stringify(found)}, ${cycles} cycles and ${suspensions} suspensions equal, ${Math.round((performance.now() - start) / 1000)} s`,
);
process.exitCode = found.different > 0 ? 1 : 0;
