import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runSample } from '../../src/engine/index.ts';
import { loadExperiment, parseSettings, resolveCell } from '../../src/experiment/index.ts';
import { loadFor } from '../../src/experiment/node.ts';
import { findFile } from '../../src/fs/index.ts';
import type { HwModel } from '../../src/hardware/index.ts';
import { coreImageOf } from '../../src/image/index.ts';
import { programmedFiles } from '../../src/rtl/index.ts';
import { readTemplates } from '../../src/rtl/node.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import { traceOf } from '../../src/trace/index.ts';
import { spikeTrain } from '../support/core.ts';
import { Recorder } from './record.ts';

/** The cell of an experiment on the core whose banks the bench of `mnist-snn` has. */
export function cellOf(experiment: string, precision: string) {
  const settings = parseSettings(['hw.inferenceWeights=sliced', 'hw.banks.shadow.wordBits=128']);
  return resolveCell(
    loadExperiment(findFile('experiment', experiment, '')),
    { precision, settings },
    findFile,
  );
}

/**
 * Writes the core of an hw-model into a folder, and builds its bench.
 *
 * @param edit changes a text, as a fault of the hardware would
 */
export function buildBench(hw: HwModel, folder: string, edit = (_name: string, text: string) => text): void {
  for (const [name, text] of programmedFiles(hw, readTemplates()))
    writeFileSync(join(folder, name), edit(name, text));
  execFileSync('make', ['-s', 'lint', 'obj_dir/Vbench'], { cwd: folder, stdio: 'pipe' });
}

/** Asks the core what a recording asks; where it first does something else, and how much there was to compare. */
export function compareOn(folder: string, { recording, words }: Recorder) {
  writeFileSync(join(folder, 'stimulus.txt'), `${recording.stimulus.join('\n')}\n`);
  execFileSync(join(folder, 'obj_dir/Vbench'), { cwd: folder, stdio: 'pipe' });
  const found = readFileSync(join(folder, 'observed.txt'), 'utf8').trim().split('\n');
  const expected = [...recording.expected, 'end'];
  const line = expected.findIndex((text, index) => text !== found[index]);
  const kernels = expected.filter((text) => text.startsWith('ran')).length;
  const difference =
    line < 0 ? undefined : `line ${line}: expected '${expected[line]}', found '${found[line]}'`;
  return { kernels, words, difference };
}

/** Records samples of an experiment: one that it learns from, and one that it is tested with. */
export async function recordOf(experiment: string, precision: string): Promise<Recorder> {
  const cell = cellOf(experiment, precision);
  const limited = { ...cell, epochs: Math.min(cell.epochs, 1), limit: 1, validation: undefined };
  const image = coreImageOf(cell.image);
  const trace = traceOf(
    limited,
    await loadFor(limited, undefined),
    { image: 'none' },
    { states: () => false },
  );
  const recorder = new Recorder(image);
  for (const sample of trace.samples) {
    const { label } = sample.host;
    recorder.scalar('label', label);
    runSample(recorder.core, spikeTrain(...sample.inputs), {
      label,
      learn: sample.learn,
      place: sample.place,
    });
    recorder.all();
  }
  return recorder;
}

export function modelOf(experiment: string, precision: string): HwModel {
  const { hw } = cellOf(experiment, precision);
  if (hw === undefined) throw new PlasticoreError('usage', 'no hw-model');
  return hw;
}
