import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createSetEncoder,
  type Encoding,
  type EventSet,
  encodedInputs,
  type SpikeTrain,
} from '../../../src/data/index.ts';
import { expectError } from '../../support/errors.ts';

/** A sample of values, by step and channel; a value of 0 is no spike of the set. */
function setOf(values: readonly (readonly number[])[]): EventSet {
  const spikes = values.flatMap((row, step) =>
    row.flatMap((value, unit) => (value === 0 ? [] : [{ step, unit, value }])),
  );
  return {
    kind: 'events',
    name: 'ramps',
    inputs: values[0]?.length ?? 0,
    steps: values.length,
    classes: 1,
    count: 1,
    labels: Uint8Array.of(0),
    times: Float32Array.from(spikes, ({ step }) => step),
    units: Uint16Array.from(spikes, ({ unit }) => unit),
    values: Uint8Array.from(spikes, ({ value }) => value),
    starts: Uint32Array.of(0),
    ends: Uint32Array.of(spikes.length),
    speakers: undefined,
  };
}

const byStep = ({ steps, offsets, indices }: SpikeTrain): number[][] =>
  Array.from({ length: steps }, (_, step) => [...indices.subarray(offsets[step], offsets[step + 1])]);

const encode = (values: readonly (readonly number[])[], encoding: Encoding, steps = values.length) =>
  byStep(createSetEncoder(setOf(values), encoding)({ seed: 1, epoch: 0, sample: 0 }, steps));

test('a channel tells that it has risen or fallen by a threshold, and its level follows', () => {
  // Channels 0 and 1 rise in inputs 0 and 1, and fall in inputs 2 and 3.
  const values = [
    [10, 200],
    [13, 197],
    [14, 196],
    [30, 196],
    [30, 196],
    [30, 0],
  ];
  expect(encode(values, { delta: { threshold: 4, refractory: 0 } })).toEqual([
    [],
    [],
    [0, 3],
    [0],
    [0],
    [0, 3],
  ]);
  // An event moves the level by its own step: from 10 to 20, and to 30; from 200 to 190, to 200 and to 190 again.
  expect(encode(values, { delta: { threshold: 4, step: 10, refractory: 0 } })).toEqual([
    [],
    [],
    [0, 3],
    [0, 1],
    [3],
    [3],
  ]);
  // Two steps of rest after each event.
  expect(encode(values, { delta: { threshold: 4, refractory: 2 } })).toEqual([
    [],
    [],
    [0, 3],
    [],
    [],
    [0, 3],
  ]);
  expect(encode(values, { delta: { threshold: 4, refractory: 0 } }, 3)).toEqual([[], [], [0, 3]]);
});

test('where values change by less than a threshold in a step, the sum of events stays as near', () => {
  const walk = fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 40 });
  fc.assert(
    fc.property(walk, fc.integer({ min: 3, max: 9 }), (changes, threshold) => {
      let value = 128;
      const values = [value, ...changes.map((change) => (value += change))];
      const steps = encode(
        values.map((one) => [one]),
        { delta: { threshold, refractory: 0 } },
      );
      let level = 128;
      for (const [step, events] of steps.entries()) {
        level += threshold * (Number(events.includes(0)) - Number(events.includes(1)));
        expect(Math.abs((values[step] ?? 0) - level)).toBeLessThan(threshold);
      }
    }),
    { numRuns: 50 },
  );
});

test('a sample begins anew, and has two inputs for each channel', () => {
  const encoding: Encoding = { delta: { threshold: 4, refractory: 3 } };
  const set = setOf([[1], [9], [9]]);
  expect(encodedInputs(set, encoding)).toBe(2);
  const encoder = createSetEncoder(set, encoding);
  const context = { seed: 1, epoch: 0, sample: 0 };
  for (let time = 0; time < 2; time++) expect(byStep(encoder(context, 3))).toEqual([[], [0], []]);
});

test('a population code tells in each step in which range a value lies, and nothing of 0', () => {
  const values = [
    [10, 255],
    [99, 100],
    [0, 1],
  ];
  // Three inputs each: 0 to 99, 100 to 199, 200 to 255.
  expect(encode(values, { population: { width: 100 } })).toEqual([[0, 5], [0, 4], [3]]);
  expect(encodedInputs(setOf(values), { population: { width: 100 } })).toBe(6);
  expect(encodedInputs(setOf(values), { population: { width: 8 } })).toBe(64);
});

test.each<Encoding>([{ delta: { threshold: 4, refractory: 0 } }, { population: { width: 8 } }])(
  'samples that have no values in time steps are refused: %j',
  (encoding) => {
    const { values: _, ...plain } = setOf([[1], [2]]);
    expectError(
      () => createSetEncoder(plain, encoding),
      'data',
      'spikes in time steps',
      'values in time steps',
    );
    const { steps: __, ...timed } = plain;
    expectError(() => encodedInputs(timed, encoding), 'data', 'with their times');
  },
);
