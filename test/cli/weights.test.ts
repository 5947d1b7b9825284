import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readNpz, writeNpz } from '../../src/data/index.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';

const { folder, path: at } = scratch();
const done = async (...line: string[]): Promise<string> => {
  const { status, stderr } = await commandLine(line);
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return stderr;
};
const predictions = (run: string): string => readFileSync(at(run, 'predictions.csv'), 'utf8');
const limited = argv`--limit 60`;
const few = argv`--set program.populations.hidden.size=32`;

/** Compared as bytes, which takes a thousandth of the time of a comparison item by item. */
const expectSameBytes = (one: string, other: string): void =>
  expect(readFileSync(one).equals(readFileSync(other)), `${one} as ${other}`).toBe(true);

const learnt = at('learnt');
await commandLine(argv`run mnist-snn ${few} --epochs 1 ${limited} --out ${learnt}`);

describe('what a run has learnt', () => {
  test.each([
    ['its weights', argv`run mnist-snn ${few} --epochs 0 --weights ${join(learnt, 'weights.npz')}`],
    [
      'its weights, for inference alone',
      argv`run mnist-snn ${few} --inference --weights ${join(learnt, 'weights.npz')}`,
    ],
    ['its image', argv`run ${join(learnt, 'learnt.pcore')} --epochs 0`],
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
    const [first, again, inference] = [`first-${precision}`, `again-${precision}`, `inference-${precision}`];
    const stdp = argv`run mnist-stdp --precision ${precision} ${few} ${limited}`;
    await done(...stdp, '--epochs', '1', '--out', at(first));
    const weights = argv`--weights ${at(first, 'weights.npz')}`;
    await done(...stdp, '--epochs', '0', ...weights, '--out', at(again));
    await done(...stdp, '--inference', ...weights, '--out', at(inference));
    expect(
      new Set(
        predictions(first)
          .split('\n')
          .map((line) => line.split(',').at(-1)),
      ).size,
    ).toBeGreaterThan(3);
    for (const name of [again, inference]) expect(predictions(name)).toBe(predictions(first));
    expectSameBytes(at(again, 'weights.npz'), at(first, 'weights.npz'));
    expect([...readNpz(readFileSync(at(first, 'weights.npz')), '').keys()]).toContain('hidden.adaptation');
  });

  // Its host writes weights of its own at the start.
  test('goes in again: ODIN', async () => {
    const odin = argv`run odin-mnist --limit 20`;
    await done(...odin, '--epochs', '1', '--out', at('odin'));
    await done(...odin, '--epochs', '0', '--weights', at('odin', 'weights.npz'), '--out', at('odin-again'));
    expect(predictions('odin-again')).toBe(predictions('odin'));
    const weights = at('odin', 'weights.npz');
    expectSameBytes(at('odin-again', 'weights.npz'), weights);
    expect([...readNpz(readFileSync(weights), '').keys()]).toEqual(['synapses.w']);
  });

  test('says in its image from how many samples', async () => {
    const { stdout } = await commandLine(argv`inspect ${join(learnt, 'learnt.pcore')}`);
    expect(stdout).toMatch(/learnt from +60 samples/);
  });

  test('is an image wherever one is read', async () => {
    const image = join(learnt, 'learnt.pcore');
    expect(await done('inspect', learnt)).toBe(await done('inspect', image));
    await done('rtl', learnt, '-o', at('rtl-of-folder'));
    await done('rtl', image, '-o', at('rtl-of-image'));
    for (const name of readdirSync(at('rtl-of-image')).filter((name) => name.endsWith('.memh')))
      expectSameBytes(at('rtl-of-folder', name), at('rtl-of-image', name));
  });

  test('is exported for numpy, and as memories', async () => {
    await done('export', learnt, '--weights', at('w.npz'), '--memh', at('rtl'));
    expectSameBytes(at('w.npz'), join(learnt, 'weights.npz'));
    expect(readdirSync(at('rtl')).sort()).toEqual(['map.json', 'shadow.memh', 'state.memh', 'weight.memh']);
    // Words of 128 bits have 16 weights of 8 bits, the first in the lowest bits.
    const word = readFileSync(at('rtl', 'weight.memh'), 'utf8')
      .split('\n')
      .filter((line) => /^[0-9a-f]{32}$/.test(line))[400 * 2];
    const weights = readNpz(readFileSync(at('w.npz')), '').get('inputToHidden.weight')?.data;
    const expected = [...(weights?.subarray(400 * 32, 400 * 32 + 16) ?? [])]
      .reverse()
      .map((weight) => (weight & 255).toString(16).padStart(2, '0'))
      .join('');
    expect(word).toBe(expected);
    await done(
      ...['compile', 'mnist-snn', '--hw', 'reference', '--precision', 'mp16-8', ...few],
      '--weights',
      at('w.npz'),
      '--memh',
      at('compiled'),
    );
    expectSameBytes(at('compiled', 'weight.memh'), at('rtl', 'weight.memh'));
  });
});

const refused = (stderr: string) => ({ status: 2, stdout: '', stderr });

test('what cannot be exported, and weights that cannot be taken, are refused', async () => {
  expect(await commandLine(argv`export ${learnt}`)).toEqual(
    refused('plasticore: missing: --weights, --memh or --nir\n'),
  );
  expect(await commandLine(argv`export ${folder} --memh ${at('x')}`)).toEqual(
    refused(
      `plasticore: ${folder}: holds no learnt.pcore\n  expected an image (.pcore), or the --out folder of a run on a single core that has learnt; cells of a sweep have none: run the cell again with plasticore run --out\n`,
    ),
  );
  expect((await commandLine(argv`rtl ${folder} -o ${at('y')}`)).stderr).toContain('holds no learnt.pcore');
  expect(await commandLine(argv`run mnist-snn --weights none.npz`)).toEqual(
    refused(`plasticore: --weights: 'none.npz': no such file or directory (relative to ${process.cwd()})\n`),
  );
  expect(await commandLine(argv`run truenorth-chip --weights ${at('w.npz')}`)).toEqual(
    refused("plasticore: --weights cannot be given: the host of chip 'truenorth' fills its cores itself\n"),
  );
  expect(await commandLine(argv`run ${join(learnt, 'learnt.pcore')} --weights ${at('w.npz')}`)).toEqual(
    refused(
      'plasticore: --weights: an image is already compiled\n  plasticore compile PROGRAM --weights compiles it again\n',
    ),
  );
});

test('weights that are transposed, or no file of arrays, are refused', async () => {
  const inference = argv`run mnist-snn --inference ${few} ${limited}`;
  const shadow = readNpz(readFileSync(join(learnt, 'weights.npz')), '').get('inputToHidden.shadow');
  const transposed = at('transposed.npz');
  const data = shadow?.data ?? new Int16Array();
  writeFileSync(transposed, writeNpz({ inputToHidden: { shape: [32, 784], data } }));
  expect(await commandLine(argv`${inference} --weights ${transposed}`)).toEqual(
    refused(
      `plasticore: --weights ${transposed}: '${transposed}: inputToHidden' has the shape 32 x 784, expected 784 x 32 (pre x post)\n  it is transposed: save weights.T\n`,
    ),
  );
  writeFileSync(at('empty.npz'), '');
  expect((await commandLine(argv`${inference} --weights ${at('empty.npz')}`)).status).toBe(2);
});
