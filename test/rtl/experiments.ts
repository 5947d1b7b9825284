import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployCell, loadExperiment } from '../../src/experiment/index.ts';
import { bundledNames, findFile } from '../../src/fs/index.ts';
import { coreImageOf, isSpread } from '../../src/image/index.ts';
import { planCore } from '../../src/rtl/index.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import { isSpoken, withFewSamples } from '../support/few-samples.ts';

/*
 * npx tsx test/rtl/experiments.ts [LIMIT] [SIMULATOR] [NAME...]: every bundled experiment as Verilog, each core of it:
 * its first samples simulated and compared with the model; where it is refused, why. Spoken digits come from the folder
 * that SPIKES names (docs/data.md says how they are made).
 */
const [limit = '4', simulator = 'verilator', ...names] = process.argv.slice(2);
const { SPIKES: spikes } = process.env;
const main = join(import.meta.dirname, '../../src/cli/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'plasticore-experiments-'));
const table: string[] = [];
let failed = 0;

/** The cores of an experiment; of a chip of one, the only one, which has no number. Each with why it is not written. */
function coresOf(
  name: string,
): { readonly core: number | undefined; readonly refusal: string | undefined }[] {
  const { image, hw } = deployCell(loadExperiment(findFile('experiment', name, '')), {}, findFile);
  const cores = isSpread(image) ? image.cores : [{ image: coreImageOf(image), number: undefined }];
  return cores.map(({ image: own, number }) => {
    try {
      planCore(own, hw, number);
      return { core: number, refusal: undefined };
    } catch (error) {
      if (error instanceof PlasticoreError) return { core: number, refusal: error.message };
      throw error;
    }
  });
}

const all = (names.length > 0 ? names : bundledNames('experiment')).flatMap((name) =>
  coresOf(name).map((of) => ({ name, ...of })),
);
for (const { name: experiment, core, refusal } of all) {
  const name = core === undefined ? experiment : `${experiment}, core ${core}`;
  if (refusal !== undefined) {
    table.push(`${name}: refused: ${refusal}`);
  } else if (name === 'ecg' || (isSpoken(name) && spikes === undefined)) {
    table.push(`${name}: skipped: its data are not here`);
  } else {
    const out = join(folder, core === undefined ? experiment : `${experiment}-${core}`);
    mkdirSync(out);
    try {
      const data = isSpoken(name) && spikes !== undefined ? ['--data', spikes] : [];
      const which = core === undefined ? [] : ['--core', String(core)];
      const set = (withFewSamples[experiment] ?? []).flatMap((setting) => ['--set', setting]);
      const chosen = ['rtl', experiment, ...which, ...data, ...set];
      const args = [...chosen, '--cosim', simulator, '--limit', limit, '--quiet', '-o', out];
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
