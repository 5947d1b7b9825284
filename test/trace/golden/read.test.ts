import { describe, expect, test } from 'vitest';
import { formatTrace, goldenFormats, readTrace } from '../../../src/trace/index.ts';
import { recordedFormats } from '../../chips/recorded-formats.ts';
import { randomOdin, randomReckon } from '../../golden/stimulus.ts';
import { failure, placeOf } from '../../hardware/tiny.ts';
import { goldenNames, goldenText } from '../../support/golden.ts';
import { smallTrace } from './small-trace.ts';

const formats = await goldenFormats();

describe('a trace is read', () => {
  test.each(Object.values(goldenNames).flat())('%s', (name) => {
    const text = goldenText(name);
    expect(readTrace(text, `${name}.json`, recordedFormats).content).toEqual(JSON.parse(text));
  });

  test('of random stimuli', () => {
    for (let seed = 1; seed <= 10; seed++) {
      for (const trace of [randomOdin(seed), randomReckon(seed)]) {
        expect(readTrace(JSON.stringify(trace), 'trace.json', formats).content).toEqual(trace);
      }
    }
  });

  test('of our own format, as it is written', () => {
    expect(readTrace(formatTrace(smallTrace()), 'small.json', formats).content).toEqual(smallTrace());
    expect(formatTrace(smallTrace()).split('\n')).toHaveLength(28);
  });

  test('of every format that is known', () => {
    expect(formats.map(({ name }) => name)).toEqual([
      'plasticore-trace/1',
      'plasticore-controller-trace/1',
      'odin-golden/1',
      'reckon-golden/1',
    ]);
  });
});

/** The value at a path, as in 'samples/0/steps', replaced; the trace is one of JSON, so any part can be anything. */
function changed(trace: unknown, path: string, value: unknown): string {
  const root = structuredClone(trace);
  const parts = path.split('/');
  const last = parts.pop() ?? '';
  let container = root as Record<string, unknown>;
  for (const part of parts) container = container[part] as Record<string, unknown>;
  if (value === undefined) delete container[last];
  else container[last] = value;
  return JSON.stringify(root, undefined, 1);
}

function refusal(text: string): string {
  const error = failure(() => readTrace(text, 'x.json', formats));
  expect(error.file).toBe('x.json');
  expect(error.line).toBeGreaterThanOrEqual(1);
  expect(error.column).toBeGreaterThanOrEqual(1);
  return error.describe();
}

describe('a malformed trace is refused with its place and the reason', () => {
  test('no JSON', () => {
    expect(refusal('{"format": "odin-golden/1",\n "name": nil}')).toBe(
      'x.json:2:10: not valid JSON: expected a value, found "n"',
    );
    expect(refusal('{"a": [1, 2')).toBe(
      "x.json:1:12: not valid JSON: expected ',' or ']', found the end of the text",
    );
    expect(refusal('{"a": 1} x')).toBe(
      'x.json:1:10: not valid JSON: expected the end of the text, found "x"',
    );
    expect(refusal('')).toBe('x.json:1:1: not valid JSON: expected a value, found the end of the text');
    expect(refusal('{"a": "b\nc"}')).toContain('x.json:1:9: not valid JSON: expected no line break');
    expect(refusal('{"a" 1}')).toBe('x.json:1:6: not valid JSON: expected \':\', found "1"');
    expect(refusal('{a: 1}')).toBe('x.json:1:2: not valid JSON: expected a string, found "a"');
  });

  test('a key given twice, of which JSON would take the last', () => {
    expect(refusal('{"format": "odin-golden/1",\n "name": "a", "name": "b"}')).toBe(
      "x.json:2:15: key 'name' is given twice",
    );
    const text = JSON.stringify(smallTrace()).replace('"learn":', '"learn":true,"learn":');
    expect(refusal(text)).toContain("key 'learn' is given twice");
    // Words in strings that look like keys are none.
    expect(refusal('{"format": "\\"a\\": 1, \\"a\\": 2"}')).toContain('format: expected');
    expect(refusal('{"__proto__": 1, "a": {"a": {"a": 1}}}')).toContain('format: expected');
    expect(refusal('{"__proto__": 1, "__proto__": 2}')).toContain("key '__proto__' is given twice");
    expect(refusal('{"a": 1, "\\u0061": 2}')).toContain("key 'a' is given twice");
  });

  test('no format, an unknown one, a newer one', () => {
    expect(refusal('[]')).toContain(
      'format: expected plasticore-trace/1, plasticore-controller-trace/1, odin-golden/1, reckon-golden/1, found',
    );
    expect(refusal('{"format": "odin-goldn/1"}')).toContain("did you mean 'odin-golden/1'?");
    expect(refusal('{"format": "plasticore-trace/2"}')).toBe(
      "x.json:1:12: format: 'plasticore-trace/2' is newer than this release reads ('plasticore-trace/1'); it needs plasticore 2.0 or later",
    );
  });

  test('the place is that of the value', () => {
    const text = changed(smallTrace(), 'samples/1/inputs/1/0', 777);
    const error = failure(() => readTrace(text, 'x.json', formats));
    expect(error.message).toBe('samples.1.inputs.1.0: expected an input below 2, found 777');
    expect({ line: error.line, column: error.column }).toEqual(placeOf(text, '777'));
  });

  type Case = readonly [path: string, value: unknown, message: string];

  test.each<Case>([
    ['speed', 1, "unknown key 'speed'; did you mean 'seed'?"],
    ['core/lane', 1, "core: unknown key 'lane'; did you mean 'lanes'?"],
    [
      'expected/counters/banks',
      ['a', 'b', 'a'].map((name) => ({ name, wordsRead: 0, wordsWritten: 0 })),
      "expected.counters.banks.2: bank 'a' is listed twice",
    ],
    ['seed', 'one', "seed: expected a seed (a whole number, 0 to 4294967295), found 'one'"],
    ['steps', 1, 'samples.0.inputs: expected 1 to 1 items, one for each step of the sample, found 2'],
    [
      'samples/0/inputs',
      [],
      'samples.0.inputs: expected 1 to 2 items, one for each step of the sample, found 0',
    ],
    [
      'samples/0/inputs',
      [[]],
      'expected.samples.0.spikes.out: expected 1 items (one for each step), found 2',
    ],
    [
      'expected/samples/0/replayed',
      true,
      'expected.samples.0.spikes.out: expected 4 items (one for each step), found 2',
    ],
    ['samples/0/values', [[1, 2], []], "samples.0.values: expected none: see the payload of 'in'"],
    [
      'populations/0/payload',
      { bits: 2, signed: false },
      "samples.0.values: expected numbers: see the payload of 'in'",
    ],
    [
      'expected/samples/0/values',
      { out: [[1, 1], [1]] },
      "expected.samples.0.values.out: expected none: see the payload of 'out'",
    ],
    ['program', undefined, 'expected either program and hwModel, or image'],
    ['image', 'x.pcore', 'expected either program and hwModel, or image'],
    ['input', 'ni', "input: there is no population 'ni'; known: in, out"],
    ['populations/1/name', 'in', "populations.1: population 'in' is listed twice"],
    ['populations/1/size', 2, 'populations.1.size: expected 3, the items of out.v, found 2'],
    ['fields/0/storage', 'int', "fields.0.storage: expected a storage (integer, float32), found 'int'"],
    ['samples/0/learn', 1, 'samples.0.learn: expected true or false, found 1'],
    [
      'samples/0/inputs/0/1',
      -1,
      'samples.0.inputs.0.1: expected an input (a whole number, at least 0), found -1',
    ],
    ['expected/initial/out.v', undefined, "expected.initial: expected all fields, 'out.v' is missing"],
    [
      'expected/initial/out.w',
      [1],
      "expected.initial.out.w: there is no field 'out.w'; did you mean 'out.v'?",
    ],
    [
      'expected/initial/out.v/1',
      128,
      'expected.initial.out.v.1: expected a whole number, -128 to 127, found 128',
    ],
    [
      'expected/initial/out.trace/2',
      16,
      'expected.initial.out.trace.2: expected a whole number, 0 to 15, found 16',
    ],
    [
      'expected/initial/out.v/1',
      0.5,
      'expected.initial.out.v.1: expected a whole number, -128 to 127, found 0.5',
    ],
    ['expected/initial/out.v/1', 'x', "expected.initial.out.v.1: expected a number, found 'x'"],
    [
      'expected/initial/out.v',
      [1],
      'expected.initial.out.v: expected 3 items (as the list of fields says), found 1',
    ],
    ['expected/samples/1', undefined, 'expected.samples.1: expected object, found nothing'],
    [
      'expected/samples/0/spikes/out/0/0',
      3,
      'expected.samples.0.spikes.out.0.0: expected a neuron below 3, found 3',
    ],
    ['expected/samples/0/spikes/uot', [], "expected.samples.0.spikes.uot: there is no population 'uot'"],
    [
      'expected/samples/0/cycles',
      [1],
      'expected.samples.0.cycles: expected 2 items (one for each step), found 1',
    ],
    [
      'expected/samples/0/steps/0/out.v/0',
      999,
      'expected.samples.0.steps.0.out.v.0: expected a whole number',
    ],
    [
      'expected/counters/cycles',
      -1,
      'expected.counters.cycles: expected a number of cycles, at least 0, found -1',
    ],
  ])('plasticore-trace/1: %j = %j', (path, value, message) => {
    expect(refusal(changed(smallTrace(), path, value))).toContain(message);
  });

  const odin = randomOdin(1);

  test.each<Case>([
    ['config/monitor_en', 1, 'config.monitor_en: expected 0, for monitoring is not covered'],
    ['config/syn_sign', [0], 'config.syn_sign: expected 256 items (one for each pre), found 1'],
    [
      'neurons/thr/255',
      256,
      'neurons.thr.255: expected a number of 8 bits (a whole number, 0 to 255), found 256',
    ],
    ['neurons/tht', [], "neurons: unknown key 'tht'; did you mean 'thr'?"],
    ['synapses/7', '0'.repeat(255), 'synapses.7: expected the synapses of a row'],
    ['synapses/7', 'g'.repeat(256), 'synapses.7: expected the synapses of a row'],
    ['initial_up', [3, 3], 'initial_up.1: expected ascending indices, found 3 after 3'],
    ['events/0', [2, 0], 'events.0.0: expected a mode'],
    ['events/0', [0, 131072], 'events.0.1: expected an address of 17 bits'],
    ['events/0', [0], 'events.0: expected an event, [mode, address]'],
    ['expected/event_cycles', [], 'expected.event_cycles: expected '],
    ['expected/ops/0/1', 'POP', 'expected.ops.0.1: expected an operation (PUSH, POP_NEUR'],
    ['expected/counters', undefined, 'expected.counters: expected object, found nothing'],
    [
      'expected/final_neuron_words/0',
      '00',
      'expected.final_neuron_words.0: expected a word of 128 bits (32 digits',
    ],
  ])('odin-golden/1: %j', (path, value, message) => {
    expect(refusal(changed(odin, path, value))).toContain(message);
  });

  const reckon = randomReckon(1);

  test.each<Case>([
    [
      'config/num_rec',
      33,
      'config.num_rec: expected a number of recurrent neurons (an even number), found 33',
    ],
    ['config/noise_en', 1, 'config.noise_en: expected 0, for membrane noise is not covered'],
    ['config/kappa', 256, 'config.kappa: expected a number of 8 bits'],
    ['config/kapa', 1, "config: unknown key 'kapa'; did you mean 'kappa'?"],
    ['alpha', [0x7fff], 'alpha: expected '],
    ['alpha/0', 0x6fff, 'alpha.0: expected a leak of 16 bits (a whole number, 28672 to 36863), found 28671'],
    ['samples/0/inputs/0', [1, 0, 1], 'samples.0.inputs.0.2: input 1 is listed twice'],
    ['w_inp/0/0', 128, 'w_inp.0.0: expected a weight of 8 bits (a whole number, -128 to 127), found 128'],
    ['w_rec/0', [1], 'w_rec.0: expected '],
    ['samples/0/label', reckon.config.num_out, 'samples.0.label: expected a label below'],
    ['samples/0/inputs/0', [reckon.config.num_inp], 'samples.0.inputs.0.0: expected an input below'],
    ['samples/0/inputs', [[]], 'samples.0.inputs: expected at least 2 ticks, found 1'],
    ['expected/samples', [], 'expected.samples: expected '],
    ['expected/samples/0/spikes/0', [], 'expected.samples.0.spikes.0: expected null: tick 0 has no STEP'],
    ['expected/samples/0/out/1', null, 'expected.samples.0.out.1: expected a list, found nothing'],
    ['expected/samples/0/cycles/0', [1], 'expected.samples.0.cycles.0: expected 6 items'],
    ['expected/samples/0/winner', 16, 'expected.samples.0.winner: expected an output'],
    ['expected/final_state/u', [], 'expected.final_state.u: expected '],
    ['expected/final_w_out', [[1]], 'expected.final_w_out: expected '],
  ])('reckon-golden/1: %j', (path, value, message) => {
    expect(refusal(changed(reckon, path, value))).toContain(message);
  });
});
