import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeNpz } from '../../src/data/index.ts';
import { withReadings } from '../../src/import/index.ts';
import { writeNir } from '../../src/nir/index.ts';
import { at } from '../../src/text/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { graph } from '../import/support.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';

/*
 * A network as snnTorch writes it, of layers with two kinds of reset: the hidden one subtracts its threshold, the last
 * one goes to zero. The recordings are made here, in plain loops of its own equations.
 */

const { path } = scratch();

const [inputs, hidden, classes, steps, samples] = [12, 16, 4, 30, 60];
const [dt, beta] = [1e-4, 0.9];
const dice = new Dice(4);
const matrix = (rows: number, columns: number, low: number, high: number) =>
  Array.from({ length: rows * columns }, () => Math.fround(low + (high - low) * dice.fraction()));
const [first, second] = [matrix(hidden, inputs, -0.2, 0.5), matrix(classes, hidden, -0.2, 0.5)];

const each = (count: number, value: number) => [[count], Array<number>(count).fill(value)] as const;
const leaky = (count: number) =>
  [
    'LIF',
    {
      tau: each(count, dt / (1 - beta)),
      r: each(count, 1 / (1 - beta)),
      v_leak: each(count, 0),
      v_threshold: each(count, 1),
      v_reset: each(count, 0),
    },
  ] as const;
const net = path('two.nir');
const twoResets = graph(
  {
    input: ['Input', { shape: [[1], [inputs]] }],
    fc1: ['Linear', { weight: [[hidden, inputs], first] }],
    lif1: leaky(hidden),
    fc2: ['Linear', { weight: [[classes, hidden], second] }],
    out: leaky(classes),
    output: ['Output', { shape: [[1], [classes]] }],
  },
  'input -> fc1 -> lif1 -> fc2 -> out -> output',
);

type Reset = 'subtract' | 'zero' | 'subtract at once';

/** Leaky of snnTorch: v = beta v + x - R, or beta (1 - R) v + x to reset to zero. R: the spike of the step before. */
function layer(weights: readonly number[], size: number, reset: Reset) {
  const [v, spiked] = [new Float64Array(size), new Float64Array(size)];
  return (given: Float64Array): Float64Array =>
    spiked.map((before, neuron) => {
      let x = 0;
      for (const [from, spike] of given.entries()) x += at(weights, neuron * given.length + from) * spike;
      const kept = beta * at(v, neuron);
      const now = reset === 'zero' ? kept * (1 - before) + x : kept + x - (reset === 'subtract' ? before : 0);
      const spike = Number(now > 1);
      v[neuron] = reset === 'subtract at once' ? now - spike : now;
      spiked[neuron] = spike;
      return spike;
    });
}

interface Recorded {
  readonly input: readonly number[];
  readonly lif1: readonly number[];
  readonly out: readonly number[];
  readonly pred: readonly number[];
}

function recorded(last: Reset = 'zero'): Recorded {
  const all = { input: [] as number[], lif1: [] as number[], out: [] as number[], pred: [] as number[] };
  for (let sample = 0; sample < samples; sample++) {
    const [one, two] = [layer(first, hidden, 'subtract'), layer(second, classes, last)];
    const counts = new Float64Array(classes);
    for (let step = 0; step < steps; step++) {
      const spikes = Float64Array.from({ length: inputs }, () => Number(dice.chance(0.3)));
      const middle = Float64Array.from(one(spikes));
      const answers = two(middle);
      all.input.push(...spikes);
      all.lif1.push(...middle);
      all.out.push(...answers);
      for (const [neuron, spike] of answers.entries()) counts[neuron] = at(counts, neuron) + spike;
    }
    all.pred.push(counts.indexOf(Math.max(...counts)));
  }
  return all;
}

const uint8 = (values: readonly number[], ...shape: readonly number[]) => ({
  shape,
  data: Uint8Array.from(values),
});
const data = path('recorded.npz');
const wrong = path('wrong.npz');
const answersAlone = path('answers.npz');
beforeAll(async () => {
  writeFileSync(net, await writeNir(twoResets));
  const { input, lif1, out, pred } = recorded();
  const given = { input: uint8(input, samples, steps, inputs), pred: uint8(pred, samples) };
  const layers = (spikes: readonly number[]) => ({
    lif1_spikes: uint8(spikes, samples, steps, hidden),
    output_spikes: uint8(out, samples, steps, classes),
  });
  writeFileSync(answersAlone, writeNpz(given));
  writeFileSync(data, writeNpz({ ...given, ...layers(lif1) }));
  writeFileSync(wrong, writeNpz({ ...given, ...layers([...lif1.slice(hidden), ...lif1.slice(0, hidden)]) }));
});

const imported = (...options: readonly string[]) => commandLine(argv`import ${net} ${options}`);

/** Shares of recorded answers that floats give, by JSON. */
async function floatShare(...options: readonly string[]): Promise<number> {
  const { status, stdout } = await imported('--json', '--quiet', ...options);
  expect(status).toBe(0);
  return JSON.parse(stdout).drift.recorded.float;
}

test('a file with two kinds of reset is read right without being told', async () => {
  const out = path('found');
  const { status, stderr } = await imported('--from', 'snntorch', '--check', data, '-o', out);
  expect(status).toBe(0);
  expect(stderr).toContain("'lif1': lif1_spikes is reproduced as assumed");
  expect(stderr).toMatch(/'out': output_spikes is reproduced by another reading .* reset zero-late/);
  const { readings, decisions } = JSON.parse(readFileSync(join(out, 'import.json'), 'utf8'));
  expect(readings).toMatchObject([
    { node: 'lif1', choices: { reset: 'subtract-late', fires: 'above' } },
    { node: 'out', choices: { reset: 'zero-late', fires: 'above' } },
  ]);
  expect(decisions).toContainEqual({
    what: "reading of 'out'",
    value: expect.stringContaining('reset zero-late'),
    why: 'found: it gives the spikes of output_spikes',
  });
  expect(await floatShare('--from', 'snntorch', '--check', data)).toBe(1);
});

test('nor does it need the framework', async () => {
  const { stderr } = await imported('--check', data);
  expect(stderr).toMatch(/'lif1': lif1_spikes is reproduced by another reading .* reset subtract-late/);
  expect(await floatShare('--check', data)).toBe(1);
});

test('one node by an option', async () => {
  const given = ['--from', 'snntorch', '--check', answersAlone] as const;
  expect(await floatShare(...given)).toBeLessThan(1);
  expect(await floatShare(...given, '--reset', 'out=zero')).toBe(1);
  expect(await floatShare(...given, '--reset', 'zero,lif1=subtract')).toBe(1);
  const { stderr } = await imported(...given);
  expect(stderr).toMatch(/'lif1', 'out', LIF: steps of 0.0001, leak euler, .*reset subtract-late/);
  expect(stderr).toMatch(/to read one otherwise: --dt lif1=0.001, --reset lif1=zero/);
});

test('what was given is not changed, and that no reading gives the recording is said', async () => {
  const { status, stderr } = await imported('--from', 'snntorch', '--reset', 'out=subtract', '--check', data);
  expect(status).toBe(0);
  expect(stderr).toMatch(
    /none of 1 readings of 'out' gives the recording output_spikes: the nearest, .*reset subtract-late/,
  );
  const other = await imported('--from', 'snntorch', '--check', wrong);
  expect(other.stderr).toMatch(
    /none of 4 readings of 'lif1' gives the recording lif1_spikes: .* % of its spikes; the assumed/,
  );
});

describe('a file of readings', () => {
  const written = (name: string, text: string) => {
    writeFileSync(path(name), text);
    return ['--readings', path(name), '--check', answersAlone] as const;
  };

  test('says how nodes are read, and what framework wrote them', async () => {
    const file = written(
      'readings.yaml',
      'format: plasticore/readings/1\nfrom: snntorch\nall: {dt: 0.0001}\nnodes:\n  out: {reset: zero, start: zero}\n',
    );
    expect(await floatShare(...file)).toBe(1);
    const out = path('from-file');
    expect((await imported(...file, '-o', out)).status).toBe(0);
    const { readings, decisions } = JSON.parse(readFileSync(join(out, 'import.json'), 'utf8'));
    expect(readings).toMatchObject([
      { node: 'lif1', choices: { reset: 'subtract-late' } },
      { node: 'out', choices: { reset: 'zero-late' } },
    ]);
    expect(decisions).toContainEqual({ what: 'time step (dt)', value: 0.0001, why: 'given' });
  });

  test('is as its page has it', () => {
    const [, text = ''] =
      /```yaml\n([^`]*readings\/1[^`]*)```/.exec(readFileSync('docs/nir.md', 'utf8')) ?? [];
    const { from, dt, reset, fires } = withReadings({}, text, 'nir.md');
    expect({ from, dt: dt?.all, fires: fires?.nodes }).toEqual({
      from: 'snntorch',
      dt: 0.001,
      fires: new Map([['out', 'reaches']]),
    });
    expect([...(reset?.nodes ?? [])]).toEqual([
      ['hidden', 'subtract-now'],
      ['out', 'zero'],
    ]);
  });

  test('gives way to options', async () => {
    const file = written(
      'less.yaml',
      'format: plasticore/readings/1\nfrom: strict\nall: {reset: value}\nnodes: {out: {reset: subtract}}\n',
    );
    expect(await floatShare(...file)).toBeLessThan(1);
    expect(await floatShare(...file, '--from', 'snntorch', '--reset', 'subtract,out=zero')).toBe(1);
  });

  test.each([
    ['nodes: {hide: {reset: zero}}', ':2:23: ', "the graph has no node 'hide'"],
    ['nodes:\n  fc1: {fires: each}', ':3:16: ', "node 'fc1' is a Linear, no neurons"],
    [
      'all: {reset: none}',
      ':2:14: ',
      "expected zero, subtract, value, subtract-now, zero-late, subtract-late, found 'none'",
    ],
    ['nodes: {out: {resets: zero}}', ':2:15: ', "unknown key 'resets'"],
    ['all: {dt: 0}', ':2:11: ', 'expected a number above 0, found 0'],
    ['from: torch', ':2:7: ', "found 'torch'"],
  ])('%s is refused, with its place', async (text, place, words) => {
    const file = written('wrong.yaml', `format: plasticore/readings/1\n${text}\n`);
    const { status, stderr } = await imported(...file);
    expect([status, stderr]).toEqual([2, expect.stringContaining(`${path('wrong.yaml')}${place}`)]);
    expect(stderr).toContain(words);
  });
});

test('a reset that subtracts at once, where the framework has a late one', async () => {
  const [file, { input, out }] = [path('at-once.npz'), recorded('subtract at once')];
  const spikes = uint8(out, samples, steps, classes);
  writeFileSync(file, writeNpz({ input: uint8(input, samples, steps, inputs), output_spikes: spikes }));
  const told = async (...options: readonly string[]) =>
    (await imported('--from', 'snntorch', '--check', file, ...options)).stderr;
  expect(await told('--reset', 'out=subtract')).toMatch(/none of 4 readings .* gives the recording/);
  expect(await told('--reset', 'out=subtract-now')).toContain('output_spikes is reproduced as assumed');
  expect(await told()).toMatch(/output_spikes is reproduced by another .*'out' .*reset subtract-now/);
});

test.each([
  [argv`--reset hide=zero`, "--reset: the graph has no node 'hide'"],
  [argv`--fires fc1=each`, "--fires: node 'fc1' is a Linear, no neurons"],
  [
    argv`--reset out=none`,
    "expected zero, subtract, value, subtract-now, zero-late, subtract-late, or one for a node, NODE=zero, found 'none'",
  ],
  [argv`--dt out=0`, "expected a number above 0, found '0'"],
  [argv`--reset zero,value`, 'expected one choice for all nodes, and one for each NODE=CHOICE'],
])('%j is refused', async (options, words) => {
  const { status, stderr } = await imported('-o', path('no'), ...options);
  expect([status, stderr]).toEqual([2, expect.stringContaining(words)]);
});

test('a recording of another shape', async () => {
  const file = path('shape.npz');
  const { input, out } = recorded();
  writeFileSync(
    file,
    writeNpz({
      input: uint8(input, samples, steps, inputs),
      out_spikes: uint8(out, samples, steps * 2, classes / 2),
    }),
  );
  const { status, stderr } = await imported('--check', file);
  expect([status, stderr]).toEqual([
    2,
    expect.stringContaining(
      "out_spikes is 60 x 60 x 2; samples x 30 steps x 4 expected, the spikes of node 'out'",
    ),
  ]);
});
