import { describe, expect, test } from 'vitest';
import { formatTrace, goldenFormats, readTrace } from '../../../src/trace/index.ts';
import { recordedFormats } from '../../chips/recorded-formats.ts';
import { recorded } from '../../chips/replayed.ts';
import { odinTrace } from '../../golden/plain/odin-trace.ts';
import { reckonTrace } from '../../golden/plain/reckon-trace.ts';
import { randomOdin, randomReckon } from '../../golden/stimulus.ts';
import { failure, placeOf } from '../../hardware/tiny.ts';
import { goldenNames, goldenText } from '../../support/golden.ts';
import { smallTrace } from './small-trace.ts';

const formats = await goldenFormats();

describe('a trace is read', () => {
  test.each(Object.values(goldenNames).flat())('%s', (name) => {
    const text = goldenText(name);
    expect(readTrace(text, `${name}.json`, recordedFormats).content).toMatchObject(JSON.parse(text));
  });

  test('of random stimuli', () => {
    for (let seed = 1; seed <= 10; seed++) {
      for (const trace of [odinTrace(randomOdin(seed)), reckonTrace(randomReckon(seed))]) {
        expect(readTrace(JSON.stringify(trace), 'trace.json', formats).content).toMatchObject(trace);
      }
    }
  });

  test('of our own format, as it is written', () => {
    expect(readTrace(formatTrace(smallTrace()), 'small.json', formats).content).toEqual(smallTrace());
    expect(formatTrace(smallTrace()).split('\n')).toHaveLength(28);
  });

  test('of every format that is known', () => {
    expect(formats.map(({ name }) => name)).toEqual(['plasticore-trace/1', 'plasticore-controller-trace/1']);
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
    expect(refusal('{"format": "plasticore-trace/1",\n "name": nil}')).toBe(
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
    expect(refusal('{"format": "plasticore-trace/1",\n "name": "a", "name": "b"}')).toBe(
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
      'format: expected plasticore-trace/1, plasticore-controller-trace/1, found',
    );
    expect(refusal('{"format": "plasticore-trce/1"}')).toContain("did you mean 'plasticore-trace/1'?");
    expect(refusal(goldenText('loihi-net'))).toMatch(
      /found 'loihi-golden\/1'\n {2}load the module that reads it: .*'loihi\.mjs'$/,
    );
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

  const odin = recorded('odin-lif16');

  test.each<Case>([
    ['hwModel', undefined, 'expected program and hwModel, or an image'],
    ['image', 'x.pcore', 'image: expected program and hwModel, or an image'],
    ['inputs/0', ['event', 0, 1.5], 'inputs.0.2: expected a whole number, found 1.5'],
    ['inputs/0', [], 'inputs.0.0: expected the name of an input, found nothing'],
    ['expected/inputs', [], 'expected.inputs: expected 402 items (one for each input), found 0'],
    ['memories/0/isOpen', 1, 'memories.0.isOpen: expected numbers, found 1'],
    [
      'expected/inputs/0/cycles',
      -1,
      'expected.inputs.0.cycles: expected a cycle (a whole number, at least 0), found -1',
    ],
    ['expected/inputs/0/cycle', 1, "expected.inputs.0: unknown key 'cycle'; did you mean 'cycles'?"],
    ['expected/inputs/0/records/events', [1], 'expected.inputs.0.records.events.0: expected '],
    ['expected/banks/0/wordsRead', -1, 'expected.banks.0.wordsRead: expected a number of words'],
    ['expected/banks/1/name', 'neurons', 'expected.banks: expected each bank once'],
    ['expected/contents/0/neurons', [7], 'expected.contents.0.neurons.0: expected hexadecimal digits'],
    ['expected/counters', { pushes: 1 }, 'expected.counters.pops: expected '],
  ])('plasticore-controller-trace/1: %j = %j', (path, value, message) => {
    expect(refusal(changed(odin, path, value))).toContain(message);
  });
});
