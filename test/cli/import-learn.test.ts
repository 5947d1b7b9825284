import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readNpz, writeNpz } from '../../src/data/index.ts';
import { writeNir } from '../../src/nir/index.ts';
import { at } from '../../src/text/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { graph } from '../import/support.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';
import { turnedDigits } from './turned-digits.ts';

const { path } = scratch();

/** The share of right answers on the test set of a run, in percent. */
async function right(experiment: string, ...options: readonly string[]): Promise<number> {
  const { status, stdout, stderr } = await commandLine(argv`run ${experiment} --quiet ${options}`);
  expect([status, stderr]).toEqual([0, '']);
  return Number(/^test +([\d.]+) %/m.exec(stdout)?.[1]);
}

// With the accuracies before and after: import-learn.thorough.test.ts.
test('a network of sinabs learns digits that are turned, by one command and one run', async () => {
  const { changed } = await turnedDigits(path('digits'), '20');
  expect(changed).toMatchObject({ inputToIf1: 0, if1ToIf4: 0 });
  expect(changed.if4ToIf8).toBeGreaterThan(100);
});

const weightsIn = (folder: string, name: string): ArrayLike<number> => {
  const array = readNpz(readFileSync(join(folder, 'weights.npz')), '').get(name);
  if (array === undefined) throw new Error(name);
  return array.data as ArrayLike<number>;
};

describe('neurons that spike once in a step', () => {
  const [inputs, classes, steps] = [40, 4, 16];
  /** A threshold of 1 in weights of 8 bits: 1.5 and 0.3125 of it are at most 127 of them. */
  const [hiddenThreshold, outThreshold] = [64, 256];
  const each = (count: number, value: number) => [[count], Array<number>(count).fill(value)] as const;
  const neurons = (count: number) =>
    ['IF', { r: each(count, 1), v_threshold: each(count, 1), v_reset: each(count, 0) }] as const;
  /** Inputs pass to neurons of their own; these lead to their number modulo 4. */
  const net = graph(
    {
      input: ['Input', { shape: [[1], [inputs]] }],
      same: [
        'Linear',
        {
          weight: [
            [inputs, inputs],
            Array.from({ length: inputs * inputs }, (_, at) => (at % (inputs + 1) === 0 ? 1.5 : 1 / 32)),
          ],
        },
      ],
      hidden: neurons(inputs),
      fc: [
        'Linear',
        {
          weight: [
            [classes, inputs],
            Array.from({ length: classes * inputs }, (_, at) =>
              (at % inputs) % 4 === Math.floor(at / inputs) ? 0.3125 : -0.125,
            ),
          ],
        },
      ],
      out: neurons(classes),
      output: ['Output', { shape: [[1], [classes]] }],
    },
    'input -> same -> hidden -> fc -> out -> output',
  );
  const file = path('net.nir');

  /** Inputs of a class spike often. Its label is the next class: another world. */
  function data(name: string, samples: number, seed: number): string {
    const dice = new Dice(seed);
    const input = Uint8Array.from({ length: samples * steps * inputs }, (_, at) =>
      Number(dice.chance(at % 4 === Math.floor(at / (steps * inputs)) % 4 ? 0.4 : 0.1)),
    );
    const label = Uint8Array.from({ length: samples }, (_, at) => (at + 1) % 4);
    const npz = path(name);
    writeFileSync(
      npz,
      writeNpz({
        input: { shape: [samples, steps, inputs], data: input },
        label: { shape: [samples], data: label },
      }),
    );
    return npz;
  }
  /** Spikes of a sample in plain loops: of the inputs, the hidden neurons and the classes, in units of the weights. */
  function spiked(input: ArrayLike<number>, first: ArrayLike<number>, second: ArrayLike<number>) {
    const counted = (size: number) => ({
      v: Array<number>(size).fill(0),
      count: Array<number>(size).fill(0),
    });
    const [sent, one, two] = [Array<number>(inputs).fill(0), counted(inputs), counted(classes)];
    const fire = ({ v, count }: ReturnType<typeof counted>, neuron: number, unit: number): boolean => {
      if (at(v, neuron) <= unit) return false;
      v[neuron] = at(v, neuron) - unit;
      count[neuron] = at(count, neuron) + 1;
      return true;
    };
    for (let step = 0; step < steps; step++) {
      for (let from = 0; from < inputs; from++) {
        if (at(input, step * inputs + from) === 0) continue;
        sent[from] = at(sent, from) + 1;
        for (let to = 0; to < inputs; to++) one.v[to] = at(one.v, to) + at(first, from * inputs + to);
      }
      for (let from = 0; from < inputs; from++) {
        if (!fire(one, from, hiddenThreshold)) continue;
        for (let to = 0; to < classes; to++) two.v[to] = at(two.v, to) + at(second, from * classes + to);
      }
      for (let to = 0; to < classes; to++) fire(two, to, outThreshold);
    }
    return { sent, hidden: one.count, counts: two.count };
  }

  const given = () => [
    ...['import', file, '--dt', '1', '--reset', 'subtract', '--quiet'],
    ...['--calibrate', data('train.npz', 200, 1), '--check', data('test.npz', 80, 2)],
  ];
  beforeAll(async () => writeFileSync(file, await writeNir(net)));

  test.each(['three-factor', 'metaplastic'])('meet other labels with the rule %s', async (rule) => {
    const out = path(rule);
    const imported = await commandLine(argv`${given()} --learn out --rule ${rule} -o ${out}`);
    expect([imported.status, imported.stderr]).toEqual([0, '']);
    const experiment = join(out, 'experiment.yaml');
    expect(await right(experiment, '--epochs', '0')).toBeLessThan(10);
    // Imported weights are large: the metaplastic rule takes them for firm, and keeps what they know.
    const after = await right(experiment);
    if (rule === 'metaplastic') expect(after).toBeLessThan(50);
    else expect(after).toBeGreaterThan(90);
    const program = readFileSync(join(out, 'program.yaml'), 'utf8');
    expect(program.match(/frozen: true/g)).toHaveLength(1);
    expect(program).toMatch(new RegExp(`update: learn${rule === 'metaplastic' ? '-metaplastic' : ''}$`, 'm'));
  });

  test('or the layer before them learns, from the errors that it has a part in', async () => {
    const [out, run] = [path('hidden'), path('hidden-run')];
    expect((await commandLine(argv`${given()} --learn hidden -o ${out}`)).status).toBe(0);
    const experiment = join(out, 'experiment.yaml');
    expect(await right(experiment, '--epochs', '0')).toBeLessThan(10);
    expect(await right(experiment, '--epochs', '1', '--out', run)).toBeGreaterThan(90);
    expect(Array.from(weightsIn(run, 'hiddenToOut.weight'))).toEqual(
      Array.from(weightsIn(out, 'hiddenToOut')),
    );
  });

  test('both, by the errors of a sample as plain loops have them', async () => {
    const [out, run] = [path('both'), path('both-run')];
    const one = data('one.npz', 1, 3);
    const imported = await commandLine(
      argv`import ${file} --dt 1 --reset subtract --quiet -o ${out} --calibrate ${one} --check ${one}
        --learn hidden,fc`,
    );
    expect([imported.status, imported.stderr]).toEqual([0, '']);
    await right(join(out, 'experiment.yaml'), '--epochs', '1', '--out', run);
    const program = readFileSync(join(out, 'program.yaml'), 'utf8');
    const parameter = (name: string) => {
      const [, found] = new RegExp(`\\b${name}: (?:{value: )?(\\d+)`).exec(program) ?? [];
      if (found === undefined) throw new Error(name);
      return Number(found);
    };
    const [first, second] = [weightsIn(out, 'inputToHidden'), weightsIn(out, 'hiddenToOut')];
    const input = readNpz(readFileSync(one), '').get('input')?.data ?? [];
    const { sent, hidden, counts } = spiked(input, first, second);
    const label = 1;
    const errors = counts.map(
      (count, to) => ((to === label ? parameter('target') : 0) - count) * 2 ** parameter('errorGain'),
    );
    const blame = hidden.map((count, from) => {
      const fedBack = errors.reduce((sum, error, to) => sum + error * at(second, from * classes + to), 0);
      const signal = Math.floor(fedBack / 2 ** parameter('signalShift'));
      return count === 0 ? 0 : Math.min(127, Math.max(-127, signal));
    });
    expect(new Set(blame).size).toBeGreaterThan(2);
    const traces = (counted: readonly number[]) =>
      counted.map((count) => count * 2 ** parameter('traceGain'));
    // Stochastic rounding gives one of the two neighbours of the exact update.
    const check = (
      name: string,
      before: ArrayLike<number>,
      sources: number[],
      targets: number[],
      rate: number,
    ) => {
      const after = weightsIn(run, `${name}.shadow`);
      let most = 0;
      for (const [from, trace] of sources.entries())
        for (const [to, error] of targets.entries()) {
          const place = from * targets.length + to;
          const change = at(after, place) - at(before, place) * 2 ** 8;
          const exact = (trace * error) / 2 ** rate;
          expect(Math.abs(change - exact)).toBeLessThan(1);
          most = Math.max(most, Math.abs(exact));
        }
      expect(most).toBeGreaterThan(50);
    };
    check('hiddenToOut', second, traces(hidden), errors, parameter('rate'));
    check('inputToHidden', first, traces(sent), blame, parameter('hiddenRate'));
  });

  test('the name of the weights before them will do; before anything is learnt, answers are those of the network', async () => {
    const [learns, frozen] = [path('learns'), path('frozen')];
    expect((await commandLine(argv`${given()} --learn fc -o ${learns}`)).status).toBe(0);
    expect((await commandLine(argv`${given()} -o ${frozen}`)).status).toBe(0);
    const answers = (of: string) => readFileSync(join(of, 'drift-samples.csv'), 'utf8');
    expect(answers(learns)).toBe(answers(frozen));
  });

  test.each([
    [argv`--learn oot`, "--learn: no layer of weights has a node 'oot'", "'out'"],
    [argv`--rule metaplastic`, '--rule: nothing learns', '--learn NODE'],
  ])('%j is refused', async (options, words, hint) => {
    const { status, stderr } = await commandLine(argv`${given()} -o ${path('no')} ${options}`);
    expect([status, stderr]).toEqual([2, expect.stringContaining(words)]);
    expect(stderr).toContain(hint);
  });
});

test('the least weight of 8 bits is the least that learns', async () => {
  const each = (count: number, value: number) => [[count], Array<number>(count).fill(value)] as const;
  const [file, out] = [path('least.nir'), path('least')];
  const nir = graph(
    {
      input: ['Input', { shape: [[1], [2]] }],
      fc: [
        'Linear',
        {
          weight: [
            [2, 2],
            [-128, 127, 1, -127],
          ],
        },
      ],
      out: ['IF', { r: each(2, 1), v_threshold: each(2, 100), v_reset: each(2, 0) }],
      output: ['Output', { shape: [[1], [2]] }],
    },
    'input -> fc -> out -> output',
  );
  writeFileSync(file, await writeNir(nir));
  const given = argv`import ${file} --dt 1 --weights as-is -o ${out} --quiet`;
  expect((await commandLine(given)).status).toBe(0);
  expect(Array.from(weightsIn(out, 'inputToOut'))).toEqual([-128, 1, 127, -127]);
  const { status, stderr } = await commandLine(argv`${given} --learn fc`);
  expect([status, stderr]).toEqual([0, '']);
  expect(Array.from(weightsIn(out, 'inputToOut'))).toEqual([-127, 1, 127, -127]);
});

describe('a layer whose error is not known is refused', () => {
  const each = (count: number, value: number) => [[count], Array<number>(count).fill(value)] as const;
  const neurons = ['IF', { r: each(2, 1), v_threshold: each(2, 1), v_reset: each(2, 0) }] as const;
  const weights = [
    'Linear',
    {
      weight: [
        [2, 2],
        [1, 0.5, 0.5, 1],
      ],
    },
  ] as const;
  const ends = {
    input: ['Input', { shape: [[1], [2]] }],
    output: ['Output', { shape: [[1], [2]] }],
    a: weights,
    b: weights,
    c: weights,
    one: neurons,
    two: neurons,
  } as const;

  test.each([
    [
      'none follows it',
      graph({ ...ends, late: ends.output }, 'input -> a -> one -> output', 'one -> b -> two -> c -> late'),
      argv`--learn two`,
      "--learn: 'two' leads to the answer by no layers of weights: its error is not known",
    ],
    [
      'several follow it',
      graph(
        { ...ends, three: neurons, d: weights },
        'input -> a -> one -> b -> two -> c -> three -> output',
        'one -> d -> three',
      ),
      argv`--learn a`,
      "--learn: 'one' leads to the answer by several layers of weights",
    ],
  ])('%s', async (name, nir, options, words) => {
    const file = path(`${name.replaceAll(' ', '-')}.nir`);
    writeFileSync(file, await writeNir(nir));
    const { status, stderr } = await commandLine(argv`import ${file} --dt 1 -o ${path('no')} ${options}`);
    expect([status, stderr]).toEqual([2, expect.stringContaining(words)]);
  });

  test('its weights are shared', async () => {
    const given = argv`import experiments/digits-sinabs.nir --from sinabs -o ${path('no')}`;
    const { status, stderr } = await commandLine(argv`${given} --learn 4`);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/the weights into '4' are shared.*\n.*such as '8'/),
    ]);
  });
});
