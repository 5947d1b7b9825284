import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { argv } from '../support/argv.ts';
import { needs } from '../support/needs.ts';
import { pythonWith } from '../support/python.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';

const { path: at } = scratch();

test('numpy reads the weights, and writes some that go in', needs('numpy'), async () => {
  const small = argv`run mnist-snn --limit 60 --set program.populations.hidden.size=32`;
  const done = { status: 0 };
  expect(await commandLine(argv`${small} --epochs 1 --out ${at('learnt')}`)).toMatchObject(done);
  const script = `
import sys, numpy
w = numpy.load(sys.argv[1])
for name in w.files: print(name, w[name].dtype, *w[name].shape)
names = [n for n in w.files if n.endswith('.weight')]
real = {n: w[n] * w[n + '.scale'] for n in names}
numpy.savez(sys.argv[2], **real, **{n + '.scale': w[n + '.scale'] for n in names})
`;
  const { stdout, stderr } = spawnSync(
    pythonWith('numpy') ?? '',
    ['-c', script, at('learnt', 'weights.npz'), at('floats.npz')],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  expect(stdout.split('\n')).toEqual(
    expect.arrayContaining([
      'hiddenToOutput.shadow int16 32 10',
      'hiddenToOutput.weight int8 32 10',
      'hiddenToOutput.weight.scale float64',
    ]),
  );
  const inference = argv`${small} --inference --weights ${at('floats.npz')} --out ${at('again')}`;
  expect(await commandLine(inference)).toMatchObject(done);
  const predictions = (run: string): string => readFileSync(at(run, 'predictions.csv'), 'utf8');
  expect(predictions('again')).toBe(predictions('learnt'));
});
