import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployCell, loadExperiment } from '../../src/experiment/index.ts';
import { bundledNames, findFile } from '../../src/fs/index.ts';
import { coreImageOf, isSpread } from '../../src/image/index.ts';
import { planCore } from '../../src/rtl/index.ts';
import { PlasticoreError } from '../../src/text/index.ts';

/*
 * npx tsx test/rtl/experiments.ts [LIMIT] [SIMULATOR] [NAME...]: every bundled experiment as Verilog, its first samples
 * simulated and compared with the model; where it is refused, why. Spoken digits come from the folder that SPIKES names
 * (docs/data.md says how they are made).
 */
const [limit = '4', simulator = 'verilator', ...names] = process.argv.slice(2);
const { SPIKES: spikes } = process.env;
const isSpoken = (name: string): boolean => /^(shd|speech|spoken|codesign-spoken)/.test(name);
const main = join(import.meta.dirname, '../../src/cli/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'plasticore-experiments-'));
const table: string[] = [];
let failed = 0;

/** Why an experiment is not written as Verilog; undefined if it is. */
function refusalOf(name: string): string | undefined {
  const { image, hw } = deployCell(loadExperiment(findFile('experiment', name, '')), {}, findFile);
  if (isSpread(image)) return 'placed on a chip of many cores';
  try {
    planCore(coreImageOf(image), hw);
    return undefined;
  } catch (error) {
    if (error instanceof PlasticoreError) return error.message;
    throw error;
  }
}

for (const name of names.length > 0 ? names : bundledNames('experiment')) {
  const refusal = refusalOf(name);
  if (refusal !== undefined) {
    table.push(`${name}: refused: ${refusal}`);
  } else if (isSpoken(name) && spikes === undefined) {
    table.push(`${name}: skipped: its data are not here`);
  } else {
    const out = join(folder, name);
    mkdirSync(out);
    try {
      const data = isSpoken(name) && spikes !== undefined ? ['--data', spikes] : [];
      const args = ['rtl', name, ...data, '--cosim', simulator, '--limit', limit, '--quiet', '-o', out];
      const said = execFileSync(process.execPath, ['--import', 'tsx', main, ...args], { encoding: 'utf8' });
      table.push(`${name}: ${said.trim().slice(out.length + 2)}`);
    } catch (error) {
      failed += 1;
      table.push(`${name}: FAILED: ${error instanceof Error ? error.message : error}`);
    }
    rmSync(out, { recursive: true, force: true });
  }
  console.log(table.at(-1));
}
rmSync(folder, { recursive: true });
process.exitCode = failed > 0 ? 1 : 0;
