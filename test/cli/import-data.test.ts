import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type NdArray, writeNpz } from '../../src/data/index.ts';
import { writeNir } from '../../src/nir/index.ts';
import { graph } from '../import/support.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';

const { path } = scratch();

const each = (shape: readonly number[], value: number) =>
  [shape, Array<number>(shape.reduce((product, length) => product * length, 1)).fill(value)] as const;
const identity = [[3, 3], Array.from({ length: 9 }, (_, at) => (at % 4 === 0 ? 1 : 0))] as const;

/** Three inputs, and a neuron for each that spikes with it. */
const three = graph(
  {
    input: ['Input', { shape: [[1], [3]] }],
    weights: ['Linear', { weight: identity }],
    neurons: ['IF', { r: each([3], 1), v_threshold: each([3], 0.5), v_reset: each([3], 0) }],
    output: ['Output', { shape: [[1], [3]] }],
  },
  'input -> weights -> neurons -> output',
);
const net = path('three.nir');
beforeAll(async () => writeFileSync(net, await writeNir(three)));

const array = (shape: readonly number[], values: readonly number[]): NdArray => ({
  shape,
  data: Int16Array.from(values),
});

/** Samples of 2 steps: in each, the input of its number modulo 3 spikes twice. */
function data(
  name: string,
  samples: number,
  further: Readonly<Record<string, NdArray>> = {},
  steps = 2,
): string {
  const input = Array.from({ length: samples * steps * 3 }, (_, at) =>
    at % 3 === Math.floor(at / (steps * 3)) % 3 ? 1 : 0,
  );
  const file = path(`${name}.npz`);
  writeFileSync(file, writeNpz({ input: array([samples, steps, 3], input), ...further }));
  return file;
}

const labels = (samples: number) =>
  array(
    [samples],
    Array.from({ length: samples }, (_, at) => at % 3),
  );

async function imported(...options: readonly string[]) {
  return commandLine(argv`import ${net} --dt 1 ${options}`);
}

describe('what data of --check and --calibrate have to be', () => {
  test('shares of recorded answers are of the samples that have one', async () => {
    const check = data('answers', 8, { label: labels(8), pred: array([3], [0, 1, 1]) });
    const { status, stdout } = await imported('--check', check, '--quiet');
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/^as recorded in the data, for 3 +66.67 % +66.67 %$/m),
    ]);
    expect(stdout).toMatch(/^right +100.00 % +100.00 %$/m);
  });

  test.each([
    ['a class that is none', { label: array([2], [0, 3]) }, 'label 1 is 3; an integer in 0..2 expected'],
    ['a class below zero', { label: array([2], [-1, 0]) }, 'label 0 is -1; an integer in 0..2 expected'],
    ['an answer that is none', { pred: array([1], [3]) }, 'label 0 is 3; an integer in 0..2 expected'],
    ['more answers than samples', { pred: labels(3) }, '3 answers found in pred, 2 at most'],
  ])('%s', async (_, further, words) => {
    const { status, stderr } = await imported('--check', data('wrong', 2, further));
    expect([status, stderr]).toEqual([2, expect.stringContaining(words)]);
  });

  test('axes are those of the input, or one for all of it', async () => {
    const picture = graph(
      {
        input: ['Input', { shape: [[3], [2, 3, 4]] }],
        neurons: [
          'IF',
          { r: each([2, 3, 4], 1), v_threshold: each([2, 3, 4], 0.5), v_reset: each([2, 3, 4], 0) },
        ],
        output: ['Output', { shape: [[3], [2, 3, 4]] }],
      },
      'input -> neurons -> output',
    );
    const file = path('picture.nir');
    writeFileSync(file, await writeNir(picture));
    const checked = async (...axes: readonly number[]) => {
      const npz = path('axes.npz');
      writeFileSync(npz, writeNpz({ input: array([1, 2, ...axes], Array<number>(48).fill(0)) }));
      return commandLine(argv`import ${file} --dt 1 --check ${npz}`);
    };
    for (const axes of [[2, 3, 4], [2, 1, 3, 4], [24]]) expect((await checked(...axes)).status).toBe(0);
    const { status, stderr } = await checked(3, 4, 2);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(
        /input is 1 x 2 x 3 x 4 x 2; samples x steps x 2 x 3 x 4 expected.*\n.*numpy.transpose/,
      ),
    ]);
  });

  test('samples longer than --steps, by their file; without it the longest decide', async () => {
    const [short, long] = [data('short', 2), data('long', 2, {}, 7)];
    const { status, stderr } = await imported('--steps', '5', '--check', long);
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining(`--steps 5: samples of ${long} have 7 steps`),
    ]);
    const both = await imported('--calibrate', short, '--check', long, '-o', path('long'));
    expect(both.status).toBe(0);
    expect(readFileSync(path('long', 'program.yaml'), 'utf8')).toMatch(/^steps: 7$/m);
  });

  test('an encoder for spikes is refused', async () => {
    const { status, stderr } = await imported('--check', data('steps', 2), '--encoder', 'phase');
    expect([status, stderr]).toEqual([2, expect.stringContaining('steps.npz holds spikes in time steps')]);
  });

  test('several spikes a step make room in the scales', async () => {
    const file = path('many.npz');
    writeFileSync(file, writeNpz({ input: array([1, 2, 3], [200, 0, 0, 200, 0, 0]) }));
    await imported('--input', 'spikes', '--check', file, '-o', path('many'));
    const { populations } = JSON.parse(readFileSync(path('many', 'import.json'), 'utf8'));
    // 200 spikes with a weight of 1, and a potential that is at its threshold of 0.5.
    expect(populations[0].range).toBeCloseTo(200.5, 6);
  });
});

describe('an experiment runs on what was checked', () => {
  const experiment = (name: string) => readFileSync(path(name, 'experiment.yaml'), 'utf8');

  test('spikes without labels', async () => {
    expect((await imported('--check', data('bare', 2), '-o', path('bare'))).status).toBe(0);
    expect(experiment('bare')).not.toContain('labels');
    const { status, stderr } = await commandLine(argv`run ${path('bare', 'experiment.yaml')} --quiet`);
    expect([status, stderr]).toEqual([0, '']);
  });

  test('digits, by the encoder that was given', async () => {
    const out = path('digits');
    const { status } = await commandLine(
      argv`import experiments/digits-sinabs.nir --from sinabs --steps 8 -o ${out} --check digits --limit 10
        --encoder bernoulli`,
    );
    expect(status).toBe(0);
    expect(experiment('digits')).toMatch(/^encoder: bernoulli$/m);
  });

  test('on an hw-model of a file of its own', async () => {
    mkdirSync(path('sub'));
    const hw = path('sub', 'own.yaml');
    writeFileSync(hw, 'format: plasticore/hw-model/1\nextends: reference\nname: own\n');
    const check = data('own', 2, { label: labels(2) });
    expect((await imported('--check', check, '--hw', hw, '-o', path('own'))).status).toBe(0);
    expect(experiment('own')).toMatch(/^hw: ..\/sub\/own.yaml$/m);
    const { status, stderr } = await commandLine(argv`run ${path('own', 'experiment.yaml')} --quiet`);
    expect([status, stderr]).toEqual([0, '']);
  });
});

describe('a chip decides', () => {
  test('on the precision that is next to the usual one', async () => {
    expect((await imported('--hw', 'loihi', '-o', path('loihi'))).status).toBe(0);
    expect(JSON.parse(readFileSync(path('loihi', 'import.json'), 'utf8'))).toMatchObject({
      precision: 'mp9-8',
      accumulatorBits: 16,
    });
    expect((await imported('--hw', 'loihi', '--accumulator', '20', '-o', path('wide'))).status).toBe(0);
    expect(JSON.parse(readFileSync(path('wide', 'import.json'), 'utf8'))).toMatchObject({
      accumulatorBits: 24,
    });
  });

  test.each([
    ['8', 16],
    ['20', 24],
  ])('on accumulators of at least %s bits', async (bits, accumulatorBits) => {
    const out = path(`accumulator-${bits}`);
    expect((await imported('--accumulator', bits, '-o', out)).status).toBe(0);
    expect(JSON.parse(readFileSync(join(out, 'import.json'), 'utf8'))).toMatchObject({ accumulatorBits });
  });

  test('of 32 bits, too, where sums of them saturate', async () => {
    const hw = path('wide.yaml');
    writeFileSync(
      hw,
      'format: plasticore/hw-model/1\nextends: reference\nname: wide\nprecision: {weightBits: [8], shadowBits: [16], accumulatorBits: [32]}\n',
    );
    const check = data('wide', 6, { label: labels(6) });
    for (const from of ['strict', 'snntorch', 'sinabs']) {
      const { status, stdout } = await imported(
        ...['--from', from, '--hw', hw, '--accumulator', '32', '--check', check, '--quiet'],
      );
      expect([status, stdout]).toEqual([0, expect.stringMatching(/^right +100.00 % +100.00 %$/m)]);
      expect(stdout).toMatch(/^neurons .* 0.0 % /m);
    }
  });

  test('but has none of 32', async () => {
    const { status, stderr } = await imported('--accumulator', '32', '-o', path('no'));
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining("--accumulator 32: hw-model 'reference' has accumulators of 16 or 24 bits"),
    ]);
  });
});

describe('what is told', () => {
  test('layers that never spike, and a word for a file without --from', async () => {
    const { stderr } = await commandLine(argv`import ${net} --check ${data('quiet', 2)}`);
    expect(stderr).toContain('no --from: the equations of NIR at their word, with steps of 0.0001');
    expect(stderr).toContain("no spike in 2 samples of 'neurons'");
    expect((await imported('--check', data('loud', 2))).stderr).not.toContain('no spike');
  });

  test('steps that are too long for a time constant', async () => {
    const file = path('leak.nir');
    const leak = graph(
      {
        input: ['Input', { shape: [[1], [2]] }],
        neurons: [
          'LIF',
          {
            tau: [[2], [3, 0.4]],
            r: each([2], 1),
            v_leak: each([2], 0),
            v_threshold: each([2], 1),
            v_reset: each([2], 0),
          },
        ],
        output: ['Output', { shape: [[1], [2]] }],
      },
      'input -> neurons -> output',
    );
    writeFileSync(file, await writeNir(leak));
    const told = async (dt: string) =>
      (await commandLine(argv`import ${file} --dt ${dt} -o ${path('leak')}`)).stderr;
    expect(await told('0.5')).toContain('overshoots its rest');
    expect(await told('0.4')).not.toContain('longer');
  });

  test('more spikes a step than one can carry', async () => {
    const file = path('burst.npz');
    writeFileSync(file, writeNpz({ input: array([1, 1, 3], [40, 0, 0]) }));
    const { stderr } = await commandLine(argv`import ${net} --from sinabs --input spikes --check ${file}`);
    expect(stderr).toContain(
      "node 'neurons': 1 times a neuron fired more often in a step than a spike carries",
    );
  });

  test('which of several outputs answers', async () => {
    const file = path('outputs.nir');
    const two = graph(
      {
        input: ['Input', { shape: [[1], [3]] }],
        weights: ['Linear', { weight: identity }],
        first: ['IF', { r: each([3], 1), v_threshold: each([3], 0.5), v_reset: each([3], 0) }],
        early: ['Output', { shape: [[1], [3]] }],
        more: ['Linear', { weight: identity }],
        second: ['IF', { r: each([3], 1), v_threshold: each([3], 0.5), v_reset: each([3], 0) }],
        late: ['Output', { shape: [[1], [3]] }],
      },
      'input -> weights -> first -> early',
      'first -> more -> second -> late',
    );
    writeFileSync(file, await writeNir(two));
    const { stderr } = await commandLine(argv`import ${file} -o ${path('outputs')}`);
    expect(stderr).toContain("'early' answers, by first; --readout chooses another output: 'late'");
    const other = await commandLine(argv`import ${file} -o ${path('outputs')} --readout late`);
    expect(other.status).toBe(0);
    expect(readFileSync(path('outputs', 'program.yaml'), 'utf8')).toMatch(/^readout: second.score$/m);
    const wrong = await commandLine(argv`import ${file} -o ${path('no')} --readout lat`);
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining("no output 'lat'")]);
  });
});

test('a reset to zero of neurons that reset to something else is refused', async () => {
  const file = path('reset.nir');
  const other = graph(
    {
      input: ['Input', { shape: [[1], [2]] }],
      neurons: ['IF', { r: each([2], 1), v_threshold: each([2], 1), v_reset: [[2], [0, -0.5]] }],
      output: ['Output', { shape: [[1], [2]] }],
    },
    'input -> neurons -> output',
  );
  writeFileSync(file, await writeNir(other));
  const { status, stderr } = await commandLine(argv`import ${file} --reset zero -o ${path('no')}`);
  expect([status, stderr]).toEqual([
    2,
    expect.stringContaining("--reset zero: node 'neurons' has a v_reset of -0.5"),
  ]);
});

test('a file without a name before its ending, and one with other letters', async () => {
  for (const [name, program] of [
    ['.nir', 'network'],
    ['my net \u00e4.nir', 'my_net__'],
  ] as const) {
    writeFileSync(path(name), await writeNir(three));
    expect((await commandLine(argv`import ${path(name)} -o ${path('named')}`)).status).toBe(0);
    const text = readFileSync(path('named', 'program.yaml'), 'utf8');
    expect(text).toMatch(new RegExp(`^name: ${program}$`, 'm'));
    expect(text).toContain(`Imported from ${name}:`);
  }
});
