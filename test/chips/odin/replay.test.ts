import { describe, expect, test } from 'vitest';
import type { RecordedTrace } from '../../golden/plain/recorded-trace.ts';
import { add, at, put } from '../../support/change.ts';
import { changing, type Damage, testDamages } from '../damaged.ts';
import { wordsOf } from '../replay-context.ts';
import { benchOf, observedOf, recorded, replayed } from '../replayed.ts';

const golden = recorded('odin-lif16');

const changed = changing(golden);

/** Rows of a record, input by input. */
const rowsOf = ({ expected }: RecordedTrace, name: string): number[][] =>
  expected.inputs.flatMap(({ records }) => records?.[name] ?? []);
const stateOf = ({ expected }: RecordedTrace, name: string): number[] =>
  (expected.states?.[0]?.[name] ?? []) as number[];

const damages: readonly Damage[] = [
  [
    'the first spike a cycle later',
    (trace) => add(at(rowsOf(trace, 'spikes'), 0), 0, 1),
    /^input \d+ \(event [01], \d+\): spikes 0: expected \d+, \d+, 1, found \d+, \d+, 1$/,
  ],
  [
    'another fate of a spike',
    (trace) => put(at(rowsOf(trace, 'spikes'), 40), 2, 0),
    /spikes \d: expected \d+, \d+, 0, found \d+, \d+, 1/,
  ],
  ['a longer operation', (trace) => add(at(rowsOf(trace, 'operations'), 6), 3, 6), /operations \d: expected/],
  [
    'an operation more',
    ({ expected }) => at(expected.inputs, 400).records?.operations?.push([9e6, 0, 7, 1, 0]),
    /^input 400 .*: operations \d+: expected 9000000, 0, 7, 1, 0, found no further one/,
  ],
  [
    'a later acknowledge',
    (trace) => add(at(rowsOf(trace, 'events'), 9), 2, 1),
    /^input 9 .*: events 0: expected/,
  ],
  [
    'another cycle',
    ({ expected }) => add(at(expected.inputs, 7), 'cycles', 1),
    /^input 7 .*: cycles: expected/,
  ],
  [
    'another potential',
    (trace) => put(stateOf(trace, 'neurons.core'), 5, 99),
    /^in the end: neurons.core, item 5: expected 99, found/,
  ],
  [
    'another flag',
    (trace) => put(stateOf(trace, 'neurons.up'), 77, 1),
    /^in the end: neurons.up, item 77: expected 1, found 0/,
  ],
  [
    'another synapse',
    (trace) => add(stateOf(trace, 'synapses.w'), 3 * 256 + 200, 1),
    /^in the end: synapses.w, item 968: expected/,
  ],
  [
    'a bit of a word',
    ({ expected }) =>
      put(at(expected.contents, 0), 'neurons', ['00', ...(expected.contents?.[0]?.neurons ?? []).slice(1)]),
    /^in the end: word 0 of bank neurons: expected 00, found 00000000000003400000000000005509$/,
  ],
  [
    'another count',
    ({ expected }) => add(at(expected.banks, 0), 'wordsRead', 1),
    /^in the end: words read of bank neurons: expected/,
  ],
  [
    'other stalls',
    (trace) => add(stateOf(trace, 'busy'), 0, 6),
    /^in the end: busy, item 0: expected 492, found 486/,
  ],
];

describe('a recording of ODIN', () => {
  testDamages(golden, damages);

  test('is not that of an RTL that ends early', () => {
    const cut = observedOf(golden).split('\n').slice(0, 900).join('\n');
    expect(wordsOf(benchOf(golden).compare(cut))).toMatch(
      /^input \d+ .*: the input: expected to be done, found no end/,
    );
  });

  test('diverges where a threshold differs, at the first event that it changes', () => {
    const words = wordsOf(
      replayed(
        changed(({ memories }) => {
          const memory = at(memories, 0);
          put(
            memory,
            'neurons.thr',
            (memory['neurons.thr'] ?? []).map((value) => Math.max(1, value - 5)),
          );
        }),
      ),
    );
    expect(words).toMatch(/^input \d+ \(event 0, \d+\): (?:operations|spikes) \d+: expected /);
  });

  test('names a bank that is not there', () => {
    const other = changed(({ expected }) => Object.assign(at(expected.banks, 1), { name: 'synapse' }));
    expect(() => replayed(other)).toThrow("expected: hw-model 'odin' has no bank 'synapse'");
  });
});
