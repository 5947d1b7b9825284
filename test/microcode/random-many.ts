import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { microcodeUnitOf } from '../../src/microcode/index.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import { buildBench, compareOn, heldSegments, modelOf } from './bench.ts';
import { randomRun } from './random.ts';

/*
 * npx tsx test/microcode/random-many.ts [COUNT] [FIRST SEED]: random programs on one binary of a programmable core, in
 * Verilator, compared with the model. Items are aligned to lanes in those of even seeds.
 */
const count = Number(process.argv[2] ?? 2000);
const first = Number(process.argv[3] ?? 1);
const found = { equal: 0, refused: 0, different: 0 };
let [cycles, waited] = [0, 0];
const folder = mkdtempSync(join(tmpdir(), 'plasticore-programmed-'));
const [hw, aligned] = [[], ['hw.align=lanes']].map((set) =>
  modelOf('mnist-snn', 'mp8-8', [...heldSegments, ...set]),
);
if (hw === undefined || aligned === undefined) throw new Error('no hw-models');
try {
  buildBench(hw, folder);
  for (let seed = first; seed < first + count; seed++) {
    try {
      const compared = compareOn(folder, randomRun(seed, seed % 2 === 0 ? aligned : hw), microcodeUnitOf(hw));
      found[compared.difference === undefined ? 'equal' : 'different'] += 1;
      if (compared.difference !== undefined) console.log(`seed ${seed}: ${compared.difference}`);
      cycles += compared.cycles;
      if (compared.suspensions > 0) waited += 1;
    } catch (error) {
      if (!(error instanceof PlasticoreError && error.code === 'fit')) throw error;
      found.refused += 1;
      console.log(`seed ${seed}: ${error.message}`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(
  `${JSON.stringify(found)}, ${cycles} cycles, ${waited} programs that waited for room in the FIFO`,
);
process.exitCode = found.different > 0 ? 1 : 0;
