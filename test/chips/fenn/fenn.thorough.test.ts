import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readNpz } from '../../../src/data/index.ts';
import { commandLine } from '../../cli/in-process.ts';
import { readPage } from '../../package/reader.ts';
import { needs } from '../../support/needs.ts';
import { scratch } from '../../support/scratch.ts';

// Skipped where it is missing: PLASTICORE_FENN=FOLDER with fenn.npz
describe('the recording of FeNN', needs('fenn'), () => {
  const { folder, path } = scratch();
  const npz = join(process.env.PLASTICORE_FENN ?? '', 'fenn.npz');
  beforeAll(() => {
    for (const name of ['program.yaml', 'experiment.yaml', 'core.yaml', 'fenn.uc'])
      copyFileSync(new URL(name, import.meta.url), path(name));
    copyFileSync(npz, path('fenn.npz'));
  });

  test.each(['reference', './core.yaml'])('every hidden spike is that of FeNN, on %s', async (hw) => {
    const out = path(hw.replaceAll(/\W/g, ''));
    const args = ['run', 'experiment.yaml', '--hw', hw, '--record', 'spikes:hidden', '--out', out];
    const { status, stdout, stderr } = await commandLine(args, { cwd: folder });
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    const arrays = readNpz(readFileSync(join(out, 'record.npz')), 'record.npz');
    const { shape = [], data = [] } = readNpz(readFileSync(npz), 'fenn.npz').get('hidden') ?? {};
    const [, neurons = 0] = shape;
    // Step by step, neurons in their order.
    const recorded = Array.from(data, Number).flatMap((spiked, at) => (spiked === 0 ? [] : [at % neurons]));
    expect([...(arrays.get('hidden.spikes.indices')?.data ?? [])]).toEqual(recorded);
    let sum = 0;
    const offsets = Array.from(data, Number).flatMap((spiked, at) => {
      sum += spiked;
      return at % neurons === neurons - 1 ? [sum] : [];
    });
    expect([...(arrays.get('hidden.spikes.offsets')?.data ?? [])]).toEqual([0, ...offsets]);
    expect(recorded).toHaveLength(8843);
    const [cycles, latency, energy] = ['cycles', 'latency', 'energy'].map(
      (name) => new RegExp(`^${name} {2,}(.*)$`, 'm').exec(stdout)?.[1],
    );
    expect(readPage('docs/named-chips.md')).toContain(` | ${cycles} | ${latency} | ${energy} |`);
  });

  // Words of the state have 16 bits for each lane, too.
  test.each([
    ['reference', 256],
    ['./core.yaml', 512],
  ])(
    'a programmable core does what the model does, on %s',
    { ...needs('verilator'), timeout: 600_000 },
    async (hw, stateBits) => {
      const set = ['align=lanes', `banks.state.wordBits=${stateBits}`].flatMap((key) => [
        '--set',
        `hw.${key}`,
      ]);
      const args = ['rtl', 'experiment.yaml', '--hw', hw, '--style', 'microcode', ...set];
      const out = path(`micro${stateBits}`);
      const { stdout } = await commandLine([...args, '--cosim', 'verilator', '-o', out], { cwd: folder });
      const cycles = Number(/identical under verilator: 1 samples, (\d+) cycles/.exec(stdout)?.[1]);
      const [text, milliseconds] = [
        String(cycles).replace(/\B(?=(\d{3})+$)/g, ' '),
        (cycles / 25e3).toFixed(1),
      ];
      expect(readPage('docs/build-your-core.md')).toContain(`${text} cycles, ${milliseconds} ms at 25 MHz`);
    },
  );
});
