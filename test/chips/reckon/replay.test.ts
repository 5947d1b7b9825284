import { describe, expect, test } from 'vitest';
import { type ReckonTrace, reckonSchema, replayReckon } from '../../../src/chips/kit.ts';
import { checkJson, parseJson, type Verdict } from '../../../src/golden/index.ts';
import { at, put } from '../../support/change.ts';
import { expectError } from '../../support/errors.ts';
import { goldenText } from '../../support/golden.ts';
import { replayContext, wordsOf } from '../replay-context.ts';

const golden = checkJson(parseJson(goldenText('reckon-eprop100'), 'x.json'), reckonSchema);

function verdictOf(change: (trace: ReckonTrace) => void): Verdict {
  const trace = structuredClone(golden);
  change(trace);
  return replayReckon(trace, replayContext);
}

function add(items: number[] | null | undefined, index: number, amount: number): void {
  if (items) items[index] = at(items, index) + amount;
}

describe('the states after STEP', () => {
  const states = (change: (states: ReckonTrace['expected']['state_after_step']) => void) => () => {
    const trace = structuredClone(golden);
    change(trace.expected.state_after_step);
    return checkJson(parseJson(JSON.stringify(trace), 'x.json'), reckonSchema);
  };

  test('a second entry of a tick is refused, whatever it says', () => {
    const doubled = states((list) => {
      const copy = structuredClone(at(list, 8));
      add(copy.u, 0, 12345);
      list.splice(9, 0, copy);
    });
    expectError(doubled, 'invalid-value', 'expected.state_after_step.9.tick: expected 10, found 9');
  });

  test('a missing entry, another order, another sample, a tick beyond the sample are refused', () => {
    expectError(
      states((list) => list.splice(4, 1)),
      'invalid-value',
      'state_after_step.4.tick: expected 5, found 6',
    );
    expectError(
      states((list) => list.reverse()),
      'invalid-value',
      'state_after_step.0.tick: expected 1, found 12',
    );
    expectError(
      states((list) => Object.assign(at(list, 2), { sample: 1 })),
      'invalid-value',
      'state_after_step.2.sample: expected 0',
    );
    const more = states((list) => {
      for (let tick = 13; tick <= 100; tick++) list.push({ ...at(list, 0), tick });
    });
    expectError(more, 'invalid-value', 'state_after_step.99.tick: expected a tick below 100, found 100');
  });

  test('as many are compared as are stated', () => {
    expect(verdictOf(({ expected }) => expected.state_after_step.splice(5))).toMatchObject({
      agrees: true,
      summary: expect.stringContaining('states of 5 ticks'),
    });
    const later = wordsOf(
      verdictOf(({ expected }) => {
        const [first] = expected.state_after_step;
        if (first !== undefined) expected.state_after_step.push({ ...first, tick: 13 });
      }),
    );
    expect(later).toContain('tick 13: u of ');
    expect(later).not.toContain('found nothing');
  });
});

describe('a trace of ReckOn', () => {
  test('that agrees is reported in one line', () => {
    const verdict = verdictOf(() => {});
    expect(verdict).toMatchObject({ agrees: true });
    expect(verdict.agrees && verdict.summary).toContain('5 samples of 500 ticks in all, ');
  });

  test.each<[string, (trace: ReckonTrace) => void, string]>([
    [
      'a spike less',
      ({ expected }) => at(at(expected.samples, 0).spikes, 30)?.pop(),
      'sample 0 (label 0, training), tick 30: spike',
    ],
    [
      'another output',
      ({ expected }) => add(at(at(expected.samples, 0).out, 5), 1, 1),
      'potential of output 1',
    ],
    [
      'another potential after a STEP',
      ({ expected }) => add(at(expected.state_after_step, 3).u, 7, 1),
      'u of 7 after STEP',
    ],
    [
      'another trace after a STEP',
      ({ expected }) => add(at(expected.state_after_step, 3).trace_rec, 7, 1),
      'trace_rec of 7 after STEP',
    ],
    [
      'a cycle of EPROP more',
      ({ expected }) => add(at(at(expected.samples, 1).cycles, 80), 2, 1),
      'sample 1 (label 1, training), tick 80: cycles of EPROP: expected 1625, found 1624',
    ],
    [
      'a write of an input weight more',
      ({ expected }) => add(at(at(expected.samples, 1).sram, 80), 3, 1),
      'tick 80: input weight words written',
    ],
    [
      'another winner',
      ({ expected }) => put(at(expected.samples, 2), 'winner', 1 - at(expected.samples, 2).winner),
      'sample 2, at its end: winner',
    ],
    [
      'other ticks won',
      ({ expected }) => add(at(expected.samples, 2).winner_counts, 0, 1),
      'sample 2, at its end: ticks won by output 0',
    ],
    [
      'another state at the end',
      ({ expected }) => add(expected.final_state.trace_out, 99, 1),
      'at the end: trace_out of 99',
    ],
    [
      'another input weight',
      ({ expected }) => add(at(expected.final_w_inp, 3), 111, 1),
      'at the end: input weight from 3 to 111',
    ],
    [
      'another recurrent weight',
      ({ expected }) => add(at(expected.final_w_rec, 99), 0, 1),
      'recurrent weight from 99 to 0',
    ],
    ['output weights that stay', ({ expected }) => put(expected, 'final_w_out', null), 'output weight from'],
  ])('diverges: %s', (_what, change, words) => {
    expect(wordsOf(verdictOf(change))).toContain(words);
  });
});
