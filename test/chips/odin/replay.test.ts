import { describe, expect, test } from 'vitest';
import { type OdinTrace, odinSchema, replayOdin } from '../../../src/chips/kit.ts';
import { checkJson, parseJson, type Verdict } from '../../../src/golden/index.ts';
import { add, at, put } from '../../support/change.ts';
import { goldenText } from '../../support/golden.ts';
import { replayContext, wordsOf } from '../replay-context.ts';

const golden = checkJson(parseJson(goldenText('odin-lif16'), 'x.json'), odinSchema);

function verdictOf(change: (trace: OdinTrace) => void): Verdict {
  const trace = structuredClone(golden);
  change(trace);
  return replayOdin(trace, replayContext);
}

describe('a trace of ODIN', () => {
  test('that agrees is reported in one line', () => {
    const verdict = verdictOf(() => {});
    expect(verdict).toMatchObject({ agrees: true });
    expect(verdict.agrees && verdict.summary).toContain('401 events, 755 operations and 81 spikes');
  });

  test.each<[string, (trace: OdinTrace) => void, string]>([
    [
      'the first spike a cycle later',
      ({ expected }) => add(at(expected.spikes, 0), 0, 1),
      'spike 0: expected neuron',
    ],
    ['another fate of a spike', ({ expected }) => put(at(expected.spikes, 40), 2, 0), 'lost, found neuron'],
    ['a longer operation', ({ expected }) => add(at(expected.ops, 6), 3, 6), 'operation 6: expected'],
    [
      'an operation more',
      ({ expected }) => expected.ops.push([9e6, 'PUSH', 7, 1, 0]),
      'found no further operation',
    ],
    [
      'a later acknowledge',
      ({ expected }) => {
        const cycles = at(expected.event_cycles, 9);
        cycles[2] = at(cycles, 2) + 1;
      },
      'cycle of the acknowledge of event 9',
    ],
    [
      'another potential',
      ({ expected }) => put(expected.final_neurons.core, 5, 99),
      'at the end: core of neuron 5: expected 99, found',
    ],
    [
      'another flag',
      ({ expected }) => expected.final_up.push(77),
      'at the end: flag up of neuron 77: expected set, found not set',
    ],
    [
      'another synapse',
      ({ expected, synapses }) => {
        expected.final_synapses = (expected.final_synapses ?? synapses).map((row, pre) =>
          pre === 3 ? `${row.slice(0, 200)}f${row.slice(201)}` : row,
        );
      },
      'at the end: synapse from 3 to 200: expected weight 7, mapped, found weight',
    ],
    [
      'another count',
      ({ expected }) => add(expected.counters, 'neuron_reads', 1),
      'at the end: neuron_reads: expected',
    ],
  ])('expects %s', (_, change, message) => {
    expect(wordsOf(verdictOf(change))).toContain(message);
  });

  test('of another chip diverges at the first event that it handles differently', () => {
    // A weight that is one larger: the first difference is in time, with event and operation.
    const words = wordsOf(
      verdictOf((trace) =>
        put(
          trace.neurons,
          'thr',
          trace.neurons.thr.map((threshold) => Math.max(1, threshold - 5)),
        ),
      ),
    );
    expect(words).toMatch(
      /^event \d+ \(0x[0-9a-f]+, drained\), cycle \d+, [A-Z_]+ of 0x[0-9a-f]+ at \d+ for/,
    );
  });

  test('whose activity feeds itself forever comes to an end', () => {
    const words = wordsOf(
      verdictOf((trace) => {
        trace.neurons.thr = trace.neurons.thr.map(() => 0);
        trace.neurons.disable = trace.neurons.disable.map(() => 0);
      }),
    );
    expect(words).toContain('event ');
  });
});
