import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repriced } from '../../src/compiler/index.ts';
import { ReferenceCore } from '../../src/engine/reference/reference-core.ts';
import { loadExperiment, parseSettings, resolveCell } from '../../src/experiment/index.ts';
import { loadFor } from '../../src/experiment/node.ts';
import { findFile } from '../../src/fs/index.ts';
import type { HwModel } from '../../src/hardware/index.ts';
import { type CoreImage, coreImageOf, intervalAt } from '../../src/image/index.ts';
import { microcodeUnit } from '../../src/microcode/index.ts';
import { type BenchSample, expectedText, loadedStimulus, programmedFiles } from '../../src/rtl/index.ts';
import { readTemplates } from '../../src/rtl/node.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import { traceOf } from '../../src/trace/index.ts';

/** A program with samples that a core is asked to run. */
export interface ProgramRun {
  readonly image: CoreImage;
  readonly samples: readonly BenchSample[];
}

/** The cell of an experiment on the core whose banks the bench of `mnist-snn` has. */
export function cellOf(experiment: string, precision: string, set: readonly string[] = []) {
  const settings = parseSettings([
    'hw.inferenceWeights=sliced',
    'hw.banks.shadow.wordBits=128',
    'hw.microcode={}',
    ...set,
  ]);
  return resolveCell(
    loadExperiment(findFile('experiment', experiment, '')),
    { precision, settings },
    findFile,
  );
}

export function modelOf(experiment: string, precision: string, set: readonly string[] = []): HwModel {
  const { hw } = cellOf(experiment, precision, set);
  if (hw === undefined) throw new PlasticoreError('usage', 'no hw-model');
  return hw;
}

/** A core with room for the segments of random programs. */
export const heldSegments = ['hw.microcode.segments=2000'];

/** Settings of a core with a quarter of the lanes, which is built in a fraction of the time. */
export const fourLanes: readonly string[] = [
  'hw.lanes=4',
  ...['weight', 'shadow'].flatMap((bank) => [
    `hw.banks.${bank}.wordBits=32`,
    `hw.banks.${bank}.capacityBits=2097152`,
  ]),
  'hw.banks.state.wordBits=64',
];

/**
 * Writes the core of an hw-model into a folder, and builds its bench.
 *
 * @param edit changes a text, as a fault of the hardware would
 */
export function buildBench(hw: HwModel, folder: string, edit = (_name: string, text: string) => text): void {
  const { sources: core, others } = programmedFiles(hw, readTemplates());
  for (const [name, text] of [...core, ...others]) writeFileSync(join(folder, name), edit(name, text));
  const sources = [...core.flatMap(([name]) => (name.endsWith('.sv') ? [name] : [])), 'bench.sv'];
  const build = ['--binary', '--timing', '-O3', '--x-assign', 'fast', '-Wno-fatal', '--top-module', 'bench'];
  for (const [program = '', ...args] of [
    ['make', '-s', 'lint'],
    ['verilator', ...build, '-o', 'bench', ...sources],
  ])
    execFileSync(program, args, { cwd: folder, stdio: 'pipe' });
}

/**
 * Runs a program on the core; where it first does something else than the model, and how much there was to compare.
 *
 * @param most milliseconds after which a core does not end; without it, there is no limit
 */
export function compareOn(
  folder: string,
  { image, samples }: ProgramRun,
  unit = microcodeUnit,
  most?: number,
) {
  const all = (): boolean => true;
  writeFileSync(join(folder, 'stimulus.txt'), loadedStimulus(image, samples, all, unit));
  const { error, status, stderr } = spawnSync(join(folder, 'obj_dir/bench'), {
    ...{ cwd: folder, encoding: 'utf8', timeout: most },
  });
  const isEndless = error !== undefined && 'code' in error && error.code === 'ETIMEDOUT';
  if (!isEndless && status !== 0) throw new Error(`the bench ends with ${status}: ${stderr}`);
  const found = readFileSync(join(folder, 'observed.txt'), 'utf8').trim().split('\n');
  const core = new ReferenceCore(image);
  const expected = expectedText(core, samples, all).trim().split('\n');
  const line = expected.findIndex((text, index) => text !== found[index]);
  const before = expected.slice(0, line);
  const steps = before.filter((text) => text.startsWith('step')).length;
  const where = `after ${steps} steps, line ${line}: expected '${expected[line]}', found '${found[line]}'`;
  const differs = line < 0 ? undefined : where;
  return {
    cycles: core.busyCycles(),
    suspensions: core.counters().work.reduce((sum, { suspensions }) => sum + suspensions, 0),
    words: expected.filter((text) => text.startsWith('word')).length,
    difference: isEndless ? 'does not end' : differs,
  };
}

/**
 * Samples of an experiment: so many that it learns from, and as many that it is tested with.
 *
 * @param data a folder, where they are not in the package
 */
export async function runOf(
  cell: ReturnType<typeof resolveCell>,
  limit = 1,
  data?: string,
): Promise<ProgramRun> {
  const limited = { ...cell, epochs: Math.min(cell.epochs, 1), limit, validation: undefined };
  const { hw } = cell;
  if (hw === undefined) throw new PlasticoreError('usage', 'no hw-model');
  const image = coreImageOf(repriced(cell.image, { ...hw, microcode: hw.microcode ?? {} }));
  const trace = traceOf(limited, await loadFor(limited, data), { image: 'none' }, { states: () => false });
  const samples = trace.samples.map(({ epoch, learn, place, host, inputs }) => ({
    interval: intervalAt(image.epochs, epoch),
    ...{ learn, place, label: host.label, inputs },
  }));
  return { image, samples };
}
