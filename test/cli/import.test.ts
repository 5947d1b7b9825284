import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeNpz } from '../../src/data/index.ts';
import { gridOf, readNirData } from '../../src/nir/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { battery, bytesOf } from '../nir/files.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';

const { path } = scratch();

function written(name: string): string {
  const file = path(`${name}.nir`);
  writeFileSync(file, bytesOf(battery, `${name}.nir`));
  return file;
}

/** Random spikes of the inputs of net_conv_lif_sumpool. */
function spikes(samples: number, high: number): string {
  const dice = new Dice(3);
  const shape = [samples, 30, 1, 8, 8];
  const data = Uint8Array.from({ length: samples * 30 * 64 }, () =>
    dice.chance(0.2) ? dice.whole(1, high) : 0,
  );
  const label = Uint8Array.from({ length: samples }, (_, at) => at % 5);
  const file = path(`spikes-${samples}-${high}.npz`);
  writeFileSync(file, writeNpz({ input: { shape, data }, label: { shape: [samples], data: label } }));
  return file;
}

describe('a graph becomes a folder that runs', () => {
  const out = path('net');
  let [output, told] = ['', ''];
  beforeAll(async () => {
    const data = spikes(4, 1);
    const { status, stdout, stderr } = await commandLine(
      argv`import ${written('net_conv_lif_sumpool')} --dt 0.0009765625 -o ${out} --calibrate ${data}
        --check ${data}`,
    );
    expect([status, stderr]).toEqual([0, expect.stringContaining('program.yaml')]);
    [output, told] = [stdout, stderr];
  });

  test('with a program, its weights, an experiment, what was decided, and the comparison', () => {
    expect(readdirSync(out).sort()).toEqual([
      'drift-layers.csv',
      'drift-samples.csv',
      'drift.json',
      'experiment.yaml',
      'import.json',
      'program.yaml',
      'weights.npz',
    ]);
    expect(output).toMatch(/^lif1 +lif1 +144 /m);
    expect(told).toContain('4 of 4 checked samples are among those that set the scales');
    const drift: unknown = JSON.parse(readFileSync(join(out, 'drift.json'), 'utf8'));
    expect(drift).toMatchObject({ calibration: { samples: 4, shared: 4 } });
    expect(output).toMatch(/^answers to 4 samples +float +integer$/m);
    const record: unknown = JSON.parse(readFileSync(join(out, 'import.json'), 'utf8'));
    expect(record).toMatchObject({
      decisions: expect.arrayContaining([
        { what: 'time step (dt)', value: 0.0009765625, why: 'given' },
        expect.objectContaining({ value: 'value', why: expect.stringContaining('default') }),
      ]),
      calibration: '4 samples',
      readout: 'lif2.score',
    });
    const [head = '', ...lines] = readFileSync(join(out, 'drift-samples.csv'), 'utf8').trimEnd().split('\n');
    expect(head).toBe('sample,label,recorded,float,integer,differing.lif1,differing.lif2');
    expect(lines).toHaveLength(4);
  });

  test('which inspect and compile read', async () => {
    const inspected = await commandLine(argv`inspect ${join(out, 'experiment.yaml')}`);
    expect([inspected.status, inspected.stdout]).toEqual([0, expect.stringMatching(/^lif2\.score +uint8/m)]);
    const image = path('net.pcore');
    const line = argv`compile ${join(out, 'program.yaml')} --hw reference --precision mp16-8 -o ${image}`;
    const compiled = await commandLine(line);
    expect([compiled.status, existsSync(image)]).toEqual([0, true]);
  });

  test('the same once more', async () => {
    const again = path('again');
    const data = spikes(4, 1);
    await commandLine(
      argv`import ${written('net_conv_lif_sumpool')} --dt 0.0009765625 -o ${again} --calibrate ${data}
        --check ${data} --quiet`,
    );
    for (const file of readdirSync(out))
      expect(readFileSync(join(again, file))).toEqual(readFileSync(join(out, file)));
  });
});

test('digits become spikes as in a run of the experiment', async () => {
  const out = path('digits');
  const { status, stdout } = await commandLine(
    argv`import experiments/digits-sinabs.nir --from sinabs --steps 24 -o ${out} --calibrate digits
      --check digits --limit 10 --quiet`,
  );
  expect(status).toBe(0);
  const [, integer = ''] = /^right +[\d.]+ % +([\d.]+ %)$/m.exec(stdout) ?? [];
  expect(integer).toMatch(/^[\d.]+ %$/);
  const ran = await commandLine(argv`run ${join(out, 'experiment.yaml')} --limit 10 --quiet`);
  expect([ran.status, ran.stdout]).toEqual([0, expect.stringContaining(integer)]);
});

test('JSON has what was decided, and the comparison', async () => {
  const { status, stdout } = await commandLine(
    argv`import ${written('net_conv_lif_sumpool')} --check ${spikes(2, 1)} --json --quiet --precision mp16-4`,
  );
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    import: { schema: 'plasticore/import/1', precision: 'mp16-4' },
    drift: {
      schema: 'plasticore/drift/1',
      samples: 2,
      steps: 30,
      layers: [{ node: 'lif1' }, { node: 'lif2' }],
    },
  });
});

test('drift has causes, and the largest an option that would mend it', async () => {
  const data = spikes(4, 1);
  const { status, stdout, stderr } = await commandLine(
    argv`import ${written('net_conv_lif_sumpool')} --dt 0.0009765625 --precision mp16-4 --calibrate ${data}
      --check ${data}`,
  );
  expect([status, stderr]).toEqual([
    0,
    expect.stringMatching(/drifts most by its weights: .* % of its spikes .*; --precision mp16-8 would mend/),
  ]);
  expect(stdout).toMatch(/^spikes that differ by one cause alone +weights +leak +threshold +accumulator$/m);
  expect(stdout).toMatch(/^lif1 +\d+\.\d % +0\.0 % +\d+\.\d % +\d+\.\d %$/m);
});

describe('what is refused', () => {
  test.each([
    ['net_conv_lif_sumpool', [], 'missing: --out or --check'],
    ['broken_tau_zero', argv`-o ${path('no')}`, "node 'lif': tau[2]: expected a time constant above 0"],
    ['net_conv_lif_sumpool', argv`-o ${path('no')} --dt -1`, "--dt: expected a number above 0, found '-1'"],
    ['net_conv_lif_sumpool', argv`-o ${path('no')} --hw truenorth`, 'its controller drives'],
    ['net_conv_lif_sumpool', argv`-o ${path('no')} --precision mp16-5`, "precision 'mp16-5'"],
    [
      'lif',
      argv`-o ${path('no')} --check ${spikes(2, 1)}`,
      "samples x steps x 4 expected, as node 'input' has them",
    ],
  ])('%s %j', async (name, options, words) => {
    const { status, stderr } = await commandLine(argv`import ${written(name)} ${options}`);
    expect([status, stderr]).toEqual([2, expect.stringContaining(words)]);
    expect(existsSync(path('no'))).toBe(false);
  });

  test('values that are no spikes', async () => {
    const file = path('values.npz');
    writeFileSync(
      file,
      writeNpz({ input: { shape: [1, 2, 4], data: Float32Array.of(0, 1, 0, 0, 0, 0, 0.5, 0) } }),
    );
    const line = argv`import ${written('lif')} --input spikes --check ${file}`;
    const { status, stderr } = await commandLine(line);
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('input[0, 1, 2] is 0.5; a number of spikes'),
    ]);
  });
});

test('what a core gives is NIRData, which is checked as the samples were', async () => {
  const [data, seen, out] = [spikes(3, 1), path('seen.h5'), path('from-observed')];
  const line = argv`import ${written('net_conv_lif_sumpool')} --dt 0.0009765625 --json`;
  const first = await commandLine([...line, ...argv`--check ${data} --observe ${seen}`]);
  expect([first.status, first.stderr]).toEqual([0, expect.stringContaining(`${seen}: `)]);
  const observed = await readNirData({ name: seen, bytes: readFileSync(seen) });
  const { drift } = JSON.parse(first.stdout);
  const [layer] = drift.layers;
  const given = observed?.get(layer.node)?.get('spikes');
  const counted =
    given && gridOf(given, 0.0009765625, 'spikes').values.reduce((sum, value) => sum + value, 0);
  expect(counted).toBe(Math.round(layer.rate.integer * layer.neurons * drift.samples * drift.steps));
  expect(observed?.get(layer.node)?.get('potential')).toMatchObject({ shape: [3, 30, layer.neurons] });
  // The same samples come in; what the core gave is a recording that no reading in floats gives, or one does.
  const second = await commandLine([...line, ...argv`--check ${seen} -o ${out}`]);
  expect([second.status, second.stderr]).toEqual([0, expect.stringContaining('test.npz')]);
  expect(JSON.parse(second.stdout).drift.bySample.map(({ float }: { float: number }) => float)).toEqual(
    drift.bySample.map(({ float }: { float: number }) => float),
  );
  expect(readFileSync(join(out, 'experiment.yaml'), 'utf8')).toContain('data: ./test.npz');
  const run = await commandLine(argv`run ${join(out, 'experiment.yaml')} --quiet`);
  expect([run.status, run.stderr]).toEqual([0, expect.anything()]);
  const alone = await commandLine([...line, ...argv`-o ${out} --observe ${seen}`]);
  expect([alone.status, alone.stderr]).toEqual([2, expect.stringContaining('nothing runs without --check')]);
});

test('what was imported is exported, and imported again', async () => {
  const [out, file] = [path('digits'), path('again.nir')];
  const { status, stderr } = await commandLine(argv`export ${join(out, 'program.yaml')} --nir ${file}`);
  expect([status, stderr]).toEqual([
    0,
    expect.stringContaining('import FILE --dt 0.0001 --fires each --reset subtract'),
  ]);
  const { stdout } = await commandLine(
    argv`import ${file} --dt 0.0001 --fires each --reset subtract --steps 24 --calibrate digits
      --check digits --limit 10 --quiet`,
  );
  expect(stdout).toMatch(/^as in float +100\.00 %$/m);
  const wrong = await commandLine(argv`export ${join(out, 'program.yaml')} --nir ${path('again.h5')}`);
  expect([wrong.status, wrong.stderr]).toEqual([
    2,
    expect.stringContaining('expected the name of a .nir file'),
  ]);
});
