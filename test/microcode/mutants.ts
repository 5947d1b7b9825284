import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildBench, compareOn, modelOf } from './bench.ts';
import { randomRun } from './random.ts';

/*
 * npx tsx test/microcode/mutants.ts [PROGRAMS]: faults of the programmable core, one at a time: do random programs find
 * them? A core with a fault is built, and runs programs until one does something else than the model.
 */

/** A part of a file of the core, and what is put in its place. */
const faults: readonly (readonly [file: string, found: string, put: string])[] = [
  ['core', 'a_lower <= ~wide | of_row | ~upper;', "a_lower <= 1'b1;"],
  ['core', 'l_access[A_UPPER] | l_high', 'l_access[A_UPPER]'],
  ['core', 'late_items <= results[16*LANES +: 16*LANES];', 'late_items <= results[0 +: 16*LANES];'],
  ['core', "16'hffff << 4'((enter", "16'hfffe << 4'((enter"],
  ['core', "32'($signed(start_value))", "32'(start_value)"],
  ['lane', 'OP_MAX: x <= less', 'OP_MAX: x <= ~less'],
  ['lane', 'holds <= p_then', 'holds <= p'],
  ['port', 'own[last]}} & above', 'own[last]}} & (above << 1)'],
  ['sum', 'starts[1] ? total : row_sum + total', 'row_sum + total'],
  ['walker', "kernel[K_DRAIN +: 9] - 9'd3", "kernel[K_DRAIN +: 9] - 9'd4"],
  ['walker', 'place <= first_place', "place <= first_place + 9'd1"],
  ['fifo', '<= free;', '< free;'],
  ['kept', 'put_lanes & ~held', 'put_lanes'],
  ['kept', 'before <= clear ?', "before <= 1'b0 ?"],
  ['lists', "before_neuron + 16'(shift)", 'before_neuron'],
  ['lists', 'run_value_waiting <= run_value', 'run_value_waiting <= slot_value'],
];

const programs = Number(process.argv[2] ?? 300);
const models = [[], ['hw.align=lanes']].map((set) => modelOf('mnist-snn', 'mp8-8', set));
let unseen = 0;
for (const [file, found, put] of faults) {
  const folder = mkdtempSync(join(tmpdir(), 'plasticore-mutant-'));
  const [first] = models;
  if (first === undefined) throw new Error('no hw-model');
  try {
    let isThere = false;
    buildBench(first, folder, (name, text) => {
      if (name !== `micro_${file}.sv`) return text;
      isThere = text.includes(found);
      return text.replace(found, put);
    });
    if (!isThere) throw new Error(`${file}: '${found}' is not there`);
    const seeds = Array.from({ length: programs }, (_, index) => index + 1);
    const seed = seeds.find((number) => {
      const hw = models[(number + 1) % models.length] ?? first;
      return compareOn(folder, randomRun(number, hw)).difference !== undefined;
    });
    if (seed === undefined) unseen += 1;
    console.log(`${file}: ${found}: ${seed === undefined ? 'NOT FOUND' : `found by program ${seed}`}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
console.log(`${faults.length - unseen} of ${faults.length} found`);
process.exitCode = unseen > 0 ? 1 : 0;
