import { expect, test } from 'vitest';
import { checkJson, describeDivergence, parseJson } from '../../../../src/golden/index.ts';
import { Dice } from '../../../engine/random/dice.ts';
import { expectError } from '../../../support/errors.ts';
import { goldenText } from '../../../support/golden.ts';
import { replayContext } from '../../replay-context.ts';
import { replayLoihi } from '../replay.ts';
import { loihiSchema } from '../trace-shape.ts';

const read = (value: unknown) => checkJson(parseJson(JSON.stringify(value), 'x.json'), loihiSchema);

type Nested = number | Nested[];
interface Run {
  config: Record<string, unknown>;
  stimulus: Record<string, Nested[]>;
  random: Record<string, Nested[]>;
  expected: Record<string, Nested[]>;
}
interface Recording {
  runs: Record<string, Run>;
}
const golden = JSON.parse(goldenText('loihi-learn')) as Recording;

/** The recording with one run alone, changed. */
function changed(name: string, change: (run: Run) => void): Recording {
  const run = structuredClone(golden.runs[name]);
  if (run === undefined) throw new Error(name);
  change(run);
  return { ...golden, runs: { [name]: run } };
}

/** Changes a number that is drawn, by one. */
function bump(list: Nested[], dice: Dice): void {
  const at = dice.whole(0, list.length - 1);
  const item = list[at];
  if (Array.isArray(item)) bump(item, dice);
  else list[at] = (item ?? 0) === 0 ? 1 : (item ?? 0) - 1;
}

test.each(Object.keys(golden.runs))('each number of %s that differs is noticed', (name) => {
  const dice = new Dice(5);
  for (const part of Object.keys(golden.runs[name]?.expected ?? {})) {
    const verdict = replayLoihi(
      read(changed(name, ({ expected }) => bump(expected[part] ?? [], dice))),
      replayContext,
    );
    expect(verdict, part).toMatchObject({ agrees: false });
  }
});

test.each([
  ['lava_pairs', 'u2', 'u1'],
  ['lava_pairs', '(x1-3)', '(x1-4)'],
  ['lava_pairs', '2^-5', '2^-4'],
  ['lava_three_factor', 't*y2', 't*y1'],
  ['brian_precision', 'u2', 'u1'],
  ['brian_precision', '2^-6*x1', '2^-7*x1'],
])('another rule diverges: %s with %s for %s', (name, from, to) => {
  const other = changed(name, ({ config }) => {
    expect(config.dw).toContain(from);
    config.dw = String(config.dw).replace(from, to);
  });
  expect(replayLoihi(read(other), replayContext)).toMatchObject({ agrees: false });
});

test('the first difference is named', () => {
  const other = changed('lava_stdp', ({ expected }) => {
    const row = expected.weights?.[7];
    if (Array.isArray(row) && Array.isArray(row[2])) row[2][3] = 99;
  });
  const verdict = replayLoihi(read(other), replayContext);
  expect(verdict.agrees ? '' : describeDivergence(verdict.divergence)).toContain(
    'run lava_stdp, epoch 7: weight[27]: expected 99, found ',
  );
});

test.each<[string, string, (run: Run) => void, string]>([
  [
    'a rule without a gate',
    'lava_stdp',
    ({ config }) => (config.dw = '2^-3*x1'),
    'expected a product with a gate',
  ],
  ['a rule that is not one', 'lava_stdp', ({ config }) => (config.dw = '2^-3*z1*y0'), "found 'z1*y0'"],
  ['too few random numbers', 'lava_stdp', ({ random }) => random.weight?.pop(), 'expected 150 items'],
  ['too few weights', 'brian_stdp', ({ expected }) => expected.weights?.pop(), 'expected 151 items'],
  [
    'a neuron that is not there',
    'lava_stdp',
    ({ stimulus }) => (stimulus.pre = [[12], ...(stimulus.pre ?? []).slice(1)]),
    'runs.lava_stdp.stimulus.pre.0.0: expected a neuron below 12, found 12',
  ],
  [
    'a time constant without its factor',
    'lava_stdp',
    ({ config }) => (config.decay_factor = {}),
    'expected a factor for the time constant 10 of x1',
  ],
  ['half an error', 'nengo_pes', ({ stimulus }) => stimulus.error?.pop(), 'expected 160 items'],
])('a recording is refused with %s', (_, name, change, words) => {
  expectError(() => read(changed(name, change)), 'invalid-value', words);
});
