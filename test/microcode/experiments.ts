import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadExperiment, parseSettings, resolveCell } from '../../src/experiment/index.ts';
import { bundledNames, findFile } from '../../src/fs/index.ts';
import { coreImageOf, isSpread } from '../../src/image/index.ts';
import { microcodeOf, microcodeUnitOf } from '../../src/microcode/index.ts';
import { planCore } from '../../src/rtl/index.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import { isSpoken, withFewSamples } from '../support/few-samples.ts';
import { root } from '../support/root.ts';
import { buildBench, compareOn, runOf } from './bench.ts';

/*
 * npx tsx test/microcode/experiments.ts LIMIT [NAME...]: every bundled experiment that a hard-wired core is written
 * for, on a programmable one, of which each hw-model has one binary: its first samples compared with the model; where
 * it is refused, why. HW names another hw-model for all of them, PRECISION another precision, and SPIKES the folder of
 * spoken digits (docs/data.md says how they are made). Items are aligned to lanes.
 */
const [limit = '4', ...names] = process.argv.slice(2);
const { HW: chosen, PRECISION: precision, SPIKES: spikes } = process.env;
/** The most that an experiment has. */
const segments = 'hw.microcode.segments=20000';
const folders = new Map<string, string>();
const counts = { equal: 0, different: 0, refused: 0, failed: 0 };

/** Where an experiment's data are, if its file does not say it. */
function dataOf(name: string): string | undefined {
  if (isSpoken(name)) return spikes;
  return name.includes('braille') ? join(root, 'experiments/braille.npz') : undefined;
}

/** The folder with the bench of an hw-model, built once. */
function benchOf(hw: Parameters<typeof buildBench>[0]): string {
  const found = folders.get(hw.name);
  if (found !== undefined) return found;
  const folder = mkdtempSync(join(tmpdir(), 'plasticore-programmed-'));
  buildBench(hw, folder);
  folders.set(hw.name, folder);
  return folder;
}

async function outcomeOf(name: string): Promise<readonly [keyof typeof counts, string] | undefined> {
  const experiment = loadExperiment(findFile('experiment', name, ''));
  const written = resolveCell(experiment, {}, findFile);
  if (written.hw === undefined || isSpread(written.image)) return undefined;
  try {
    planCore(coreImageOf(written.image), written.hw);
  } catch {
    return undefined;
  }
  try {
    const settings = parseSettings(['hw.align=lanes', segments, ...(withFewSamples[name] ?? [])]);
    const cell = resolveCell(experiment, { hw: chosen, precision, settings }, findFile);
    const { hw, image } = cell;
    if (hw === undefined) return undefined;
    const unit = microcodeUnitOf(hw);
    microcodeOf(coreImageOf(image), unit);
    const run = await runOf(cell, Number(limit), dataOf(name));
    const { difference, cycles, words, suspensions } = compareOn(benchOf(hw), run, unit);
    if (difference !== undefined) return ['different', difference];
    return ['equal', `${hw.name}: ${cycles} cycles, ${words} words, ${suspensions} suspensions`];
  } catch (error) {
    if (!(error instanceof PlasticoreError)) throw error;
    // Its data are not in the package.
    if (error.code === 'data') return undefined;
    return [error.code === 'fit' ? 'refused' : 'failed', error.message];
  }
}

for (const name of names.length > 0 ? names : bundledNames('experiment')) {
  const outcome = await outcomeOf(name);
  if (outcome === undefined) continue;
  counts[outcome[0]] += 1;
  console.log(`${name}: ${outcome.join(': ')}`);
}
console.log(counts);
for (const folder of folders.values()) rmSync(folder, { recursive: true });
process.exitCode = counts.different > 0 ? 1 : 0;
