import { describe, expect, test } from 'vitest';
import { createSetEncoder } from '../../src/data/index.ts';
import { loadEmbedded } from '../../src/data/node.ts';
import { engineNames, predict, runSample } from '../../src/engine/index.ts';
import { deploy } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { price } from '../../src/image/index.ts';
import { loadCore, type SimulatedCore, samplesOf } from '../../src/library/index.ts';
import { createMachine } from '../../src/machine/index.ts';
import { program } from '../../src/program/index.ts';
import { noEpoch } from '../../src/random/index.ts';
import { expectError } from '../support/errors.ts';

const digits = samplesOf(loadEmbedded());
const small = { set: { 'program.populations.hidden.size': 16 } };

/** The same by the parts inside, as `plasticore run` puts them together. */
function byHand(engine: 'fast' | 'reference') {
  const { image } = deploy(
    {
      program: { name: 'mnist-snn', from: '' },
      hw: { name: 'reference', from: '' },
      precision: 'mp16-8',
      seed: 3,
    },
    findFile,
  );
  const core = createMachine(image, { engine });
  const encode = createSetEncoder(digits.train.data, 'bernoulli');
  const present = (sample: number, epoch: number, learn: boolean): number => {
    const label = learn ? (digits.train.data.labels[sample] ?? 0) : 0;
    runSample(core, encode({ seed: 3, epoch, sample }, image.steps), { label, learn });
    return predict(core);
  };
  core.setEpoch(0);
  const answers = [present(0, 0, true), present(1, 0, true)];
  core.setEpoch(3);
  answers.push(present(2, 3, true), present(3, noEpoch, false));
  return {
    answers,
    state: core.save(),
    counters: core.counters(),
    price: price(core.counters(), image.costs),
  };
}

describe.each(engineNames)('a core on the %s engine', (engine) => {
  test('learns, answers and is priced as the parts inside are', () => {
    const core = loadCore('mnist-snn', { seed: 3, engine }, findFile);
    const answers = [core.learn(digits.train.at(0)), core.learn(digits.train.at(1))];
    core.epoch = 3;
    answers.push(core.learn(digits.train.at(2)), core.answer(digits.train.at(3)));
    const found = { answers, state: core.save(), counters: core.counters(), price: core.price() };
    expect(found).toEqual(byHand(engine));
  });
});

describe('a core', () => {
  const core: SimulatedCore = loadCore('mnist-snn', small, findFile);

  test('is the chosen one', () => {
    const chosen = loadCore('mnist-snn', { on: 'large', precision: 'mp16-4', seed: 7, ...small }, findFile);
    expect(chosen.image.core).toMatchObject({ hwModel: 'large', precision: 'mp16-4' });
    expect(chosen.image.seed).toBe(7);
    expect(chosen.read('hidden.v')).toHaveLength(16);
    expect(loadCore(chosen.image, {}, findFile).image).toBe(chosen.image);
  });

  test('answers without learning', () => {
    const before = core.read('inputToHidden.shadow');
    core.answer(digits.test.at(0));
    expect(core.read('inputToHidden.shadow')).toEqual(before);
    for (const sample of digits.train.take(3)) core.learn(sample);
    expect(core.read('inputToHidden.shadow')).not.toEqual(before);
  });

  test('reads and writes fields by name, and shows scores and spikes', () => {
    core.write('hidden.v', new Float64Array(16).fill(5));
    expect([...core.read('hidden.v')]).toEqual(new Array(16).fill(5));
    core.answer({ spikes: [[], [3, 783]], label: 0 });
    expect(core.spikes('input')).toEqual([3, 783]);
    expect(core.scores()).toEqual(core.read('output.v'));
  });

  test('counts from zero after a reset, and goes back to a saved state', () => {
    core.resetCounters();
    expect(core.counters().samples).toBe(0);
    const state = core.save();
    const first = core.learn(digits.train.at(9));
    const after = core.save();
    core.restore(state);
    expect(core.learn(digits.train.at(9))).toBe(first);
    expect(core.save()).toEqual(after);
    expect(core.counters().samples).toBe(2);
  });

  test('says how much memory it takes', () => {
    // 784 x 16 weights of 16 and of 8 bits are among its fields.
    expect(core.memory().fields).toContainEqual(
      expect.objectContaining({ name: 'inputToHidden.shadow', totalBits: 784 * 16 * 16 }),
    );
  });
});

describe('what does not fit is refused', () => {
  const core = loadCore('mnist-snn', small, findFile);

  test('names', () => {
    expectError(() => core.read('hidden.w'), 'usage', "there is no field 'hidden.w'");
    expectError(() => core.spikes('hiden'), 'usage', "there is no population 'hiden'", 'hidden');
    expectError(() => loadCore('mnist', {}, findFile), 'file');
    expectError(() => loadCore('mnist-snn', { set: { lanes: 3 } }, findFile), 'usage');
  });

  test('samples', () => {
    expectError(() => core.learn({ spikes: [[784]], label: 0 }), 'data');
    expectError(() => core.learn({ spikes: [[0.5]], label: 0 }), 'data');
    expectError(() => core.learn({ spikes: [[0]], label: 10 }), 'data');
    expectError(() => core.learn({ spikes: [], label: 0 }), 'data');
    expectError(() => core.learn({ spikes: new Array(9).fill([]), label: 0 }), 'data');
    expectError(() => digits.test.at(2000), 'range');
    expectError(() => digits.test.at(-1), 'range');
    const narrow = loadCore('mnist-snn', { set: { 'program.populations.input.size': 100 } }, findFile);
    expectError(() => narrow.learn(digits.train.at(0)), 'data');
  });

  test('epochs', () => {
    expectError(() => {
      core.epoch = -1;
    }, 'range');
  });

  test('a choice for an image that is compiled already', () => {
    expectError(() => loadCore(core.image, { seed: 2 }, findFile), 'usage');
  });
});

test('a program made in code runs', () => {
  const integrate = `
kernel integrate over row
  ld     r0, syn.weight
  ld     r1, post.v
  add.s  r1, r1, r0
  st     r1, post.v
end
`;
  const pair = program({ name: 'pair', steps: 4 })
    .population('in', { size: 2 })
    .population('out', { size: 1, fields: { v: { bits: 16 } } })
    .projection('forward', { from: 'in', to: 'out', initialWeights: { values: [300, -400] } })
    .microcode('neuron', { text: integrate })
    .input('in')
    .tick({ deliver: 'in' })
    .spike('in', { run: 'integrate', over: 'forward' })
    .readout('out.v')
    .create();
  const core = loadCore(pair, { precision: 'mp16-16' }, findFile);
  core.answer({ spikes: [[0], [0, 1], [], [1, 1]], label: 0 });
  // Two spikes of the first input, three of the second, one of them twice in a step.
  expect([...core.read('out.v')]).toEqual([2 * 300 - 3 * 400]);
});

describe('a set of samples', () => {
  test('is iterated over in the order of its file', () => {
    expect([...digits.test].map(({ index }) => index)).toEqual([...Array(2000).keys()]);
    expect(digits.test.take(3).map(({ label }) => label)).toEqual([
      ...digits.test.data.labels.subarray(0, 3),
    ]);
    expect(digits.test.take(5000)).toHaveLength(2000);
  });

  test('is shuffled as an epoch is, and limited with every class in its share', () => {
    const order = digits.test.shuffled(1, 0).map(({ index }) => index);
    expect(order).not.toEqual([...order].sort((a, b) => a - b));
    expect(new Set(order).size).toBe(2000);
    const few = digits.test.limit(100);
    expect(few.count).toBe(100);
    // A twentieth of 200 225 198 206 196 173 203 214 189 196.
    const counts = Array.from(
      { length: 10 },
      (_, label) => [...few].filter((each) => each.label === label).length,
    );
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(8);
    expect(Math.max(...counts)).toBeLessThanOrEqual(12);
  });
});
