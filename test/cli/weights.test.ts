import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readNpz } from '../../src/data/index.ts';
import { commandLine } from './in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'plasticore-weights-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...names: string[]): string => join(folder, ...names);
const done = async (...line: string[]): Promise<string> => {
  const { status, stderr } = await commandLine(line);
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return stderr;
};
const predictions = (run: string): string => readFileSync(at(run, 'predictions.csv'), 'utf8');
const limited = ['--limit', '60'];

const learnt = at('learnt');
await commandLine(['run', 'mnist-snn', '--epochs', '1', ...limited, '--out', learnt]);

describe('what a run has learnt', () => {
  test.each([
    ['its weights', ['run', 'mnist-snn', '--epochs', '0', '--weights', join(learnt, 'weights.npz')]],
    [
      'its weights, for inference alone',
      ['run', 'mnist-snn', '--inference', '--weights', join(learnt, 'weights.npz')],
    ],
    ['its image', ['run', join(learnt, 'learnt.pcore'), '--epochs', '0']],
  ])('goes in again: %s', async (name, line) => {
    await done(...line, ...limited, '--out', at(name));
    expect(predictions(name)).toBe(predictions('learnt'));
    expect(readFileSync(at(name, 'weights.npz'))).not.toHaveLength(0);
    expect(existsSync(at(name, 'learnt.pcore'))).toBe(false);
    const { arrays = [] } = JSON.parse(readFileSync(at(name, 'report.json'), 'utf8')).provenance;
    if (!line.includes('--weights')) return;
    expect(arrays).toMatchObject(
      ['inputToHidden', 'hiddenToOutput'].map((projection) => ({
        field: `${projection}.${line.includes('--inference') ? 'weight' : 'shadow'}`,
        file: 'weights.npz',
        array: `${projection}.shadow`,
        scale: 1,
      })),
    );
  });

  // The thresholds of its neurons are learnt, too.
  test.each(['mp8-4', 'mp16-8', 'fp32'])('goes in again: mnist-stdp at %s', async (precision) => {
    const [first, again, inference] = ['first', 'again', 'inference'].map((name) => `${name}-${precision}`);
    const stdp = ['run', 'mnist-stdp', '--precision', precision, ...limited];
    await done(...stdp, '--epochs', '1', '--out', at(`${first}`));
    const weights = ['--weights', at(`${first}`, 'weights.npz')];
    await done(...stdp, '--epochs', '0', ...weights, '--out', at(`${again}`));
    await done(...stdp, '--inference', ...weights, '--out', at(`${inference}`));
    expect(
      new Set(
        predictions(`${first}`)
          .split('\n')
          .map((line) => line.split(',').at(-1)),
      ).size,
    ).toBeGreaterThan(3);
    for (const name of [again, inference]) expect(predictions(`${name}`)).toBe(predictions(`${first}`));
    expect(readFileSync(at(`${again}`, 'weights.npz'))).toEqual(readFileSync(at(`${first}`, 'weights.npz')));
    expect([...readNpz(readFileSync(at(`${first}`, 'weights.npz')), '').keys()]).toContain(
      'hidden.adaptation',
    );
  });

  // Its host writes weights of its own at the start.
  test('goes in again: ODIN', async () => {
    const odin = ['run', 'odin-mnist', ...limited];
    await done(...odin, '--epochs', '1', '--out', at('odin'));
    await done(...odin, '--epochs', '0', '--weights', at('odin', 'weights.npz'), '--out', at('odin-again'));
    expect(predictions('odin-again')).toBe(predictions('odin'));
    const files = ['odin', 'odin-again'].map((name) => readFileSync(at(name, 'weights.npz')));
    expect(files[1]).toEqual(files[0]);
    expect([...readNpz(files[0] ?? new Uint8Array(), '').keys()]).toEqual(['synapses.w']);
  });

  test('says in its image from how many samples', async () => {
    const { stdout } = await commandLine(['inspect', join(learnt, 'learnt.pcore')]);
    expect(stdout).toMatch(/learnt from +60 samples/);
  });

  test('is exported for numpy, and as memories', async () => {
    await done('export', learnt, '--weights', at('w.npz'), '--memh', at('rtl'));
    expect(readFileSync(at('w.npz'))).toEqual(readFileSync(join(learnt, 'weights.npz')));
    expect(readdirSync(at('rtl')).sort()).toEqual(['map.json', 'shadow.memh', 'state.memh', 'weight.memh']);
    // Words of 128 bits have 16 weights of 8 bits, the first in the lowest bits.
    const word = readFileSync(at('rtl', 'weight.memh'), 'utf8')
      .split('\n')
      .filter((line) => /^[0-9a-f]{32}$/.test(line))[400 * 16];
    const weights = readNpz(readFileSync(at('w.npz')), '').get('inputToHidden.weight')?.data;
    const expected = [...(weights?.subarray(400 * 256, 400 * 256 + 16) ?? [])]
      .reverse()
      .map((weight) => (weight & 255).toString(16).padStart(2, '0'))
      .join('');
    expect(word).toBe(expected);
    await done(
      ...['compile', 'mnist-snn', '--hw', 'reference', '--precision', 'mp16-8'],
      '--weights',
      at('w.npz'),
      '--memh',
      at('compiled'),
    );
    expect(readFileSync(at('compiled', 'weight.memh'))).toEqual(readFileSync(at('rtl', 'weight.memh')));
  });
});

const refused = (stderr: string) => ({ status: 2, stdout: '', stderr });

test('what cannot be exported, and weights that cannot be taken, are refused', async () => {
  expect(await commandLine(['export', learnt])).toEqual(
    refused('plasticore: missing: --weights, --memh or --nir\n'),
  );
  expect(await commandLine(['export', folder, '--memh', at('x')])).toEqual(
    refused(
      `plasticore: ${folder}: holds no learnt.pcore\n  expected an image (.pcore), or the --out folder of a run on a single core that has learnt; cells of a sweep have none: run the cell again with plasticore run --out\n`,
    ),
  );
  expect(await commandLine(['run', 'mnist-snn', '--weights', 'none.npz'])).toEqual(
    refused(`plasticore: --weights: 'none.npz': no such file or directory (relative to ${process.cwd()})\n`),
  );
  expect(await commandLine(['run', 'truenorth-chip', '--weights', at('w.npz')])).toEqual(
    refused("plasticore: --weights cannot be given: the host of chip 'truenorth' fills its cores itself\n"),
  );
  expect(await commandLine(['run', join(learnt, 'learnt.pcore'), '--weights', at('w.npz')])).toEqual(
    refused(
      'plasticore: --weights: an image is already compiled\n  plasticore compile PROGRAM --weights compiles it again\n',
    ),
  );
});

const hasNumpy = spawnSync('python3', ['-c', 'import numpy']).status === 0;

test.skipIf(!hasNumpy)('numpy reads the weights, and writes some that go in', async () => {
  const script = `
import sys, numpy
w = numpy.load(sys.argv[1])
for name in w.files: print(name, w[name].dtype, *w[name].shape)
names = [n for n in w.files if n.endswith('.weight')]
real = {n: w[n] * w[n + '.scale'] for n in names}
numpy.savez(sys.argv[2], **real, **{n + '.scale': w[n + '.scale'] for n in names})
numpy.savez(sys.argv[3], inputToHidden=numpy.ascontiguousarray(w['inputToHidden.shadow'].T))
`;
  const { stdout, stderr } = spawnSync(
    'python3',
    ['-c', script, join(learnt, 'weights.npz'), at('floats.npz'), at('transposed.npz')],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  expect(stdout.split('\n')).toEqual(
    expect.arrayContaining([
      'hiddenToOutput.shadow int16 256 10',
      'hiddenToOutput.weight int8 256 10',
      'hiddenToOutput.weight.scale float64',
    ]),
  );
  const inference = ['run', 'mnist-snn', '--inference', ...limited];
  await done(...inference, '--weights', at('floats.npz'), '--out', at('from-floats'));
  expect(predictions('from-floats')).toBe(predictions('learnt'));
  const transposed = at('transposed.npz');
  expect(await commandLine([...inference, '--weights', transposed])).toEqual(
    refused(
      `plasticore: --weights ${transposed}: '${transposed}: inputToHidden' has the shape 256 x 784, expected 784 x 256 (pre x post)\n  it is transposed: save weights.T\n`,
    ),
  );
  writeFileSync(at('empty.npz'), '');
  expect((await commandLine([...inference, '--weights', at('empty.npz')])).status).toBe(2);
});
