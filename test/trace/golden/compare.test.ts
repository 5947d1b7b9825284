import { describe, expect, test } from 'vitest';
import { describeDivergence } from '../../../src/golden/index.ts';
import { type CoreTrace, firstDivergence } from '../../../src/trace/index.ts';
import { put } from '../../support/change.ts';
import { smallTrace } from './small-trace.ts';

type Expected = CoreTrace['expected'];
type Sample = Expected['samples'][number];

/** The divergences if one value differs from the trace. */
function divergenceOf(change: (found: Expected) => void): string | undefined {
  const found = smallTrace().expected;
  change(found);
  const divergence = firstDivergence(smallTrace(), found);
  return divergence && describeDivergence(divergence);
}

function sampleOf(found: Expected, index: number): Sample {
  const sample = found.samples[index];
  if (sample === undefined) throw new Error(`no sample ${index}`);
  return sample;
}

describe('the first divergence', () => {
  test('is absent if everything agrees, even with values that the trace omits', () => {
    expect(divergenceOf(() => {})).toBeUndefined();
    expect(
      divergenceOf((found) => {
        Object.assign(sampleOf(found, 0).spikes, { in: [[1], [1]] });
        Object.assign(found.initial, { 'out.other': [7] });
      }),
    ).toBeUndefined();
  });

  test('names a field at the start, the item and how many differ', () => {
    expect(
      divergenceOf((found) => put(found.initial, 'out.trace', [1, 7, 7])),
    ).toBe(`before the first sample: out.trace, item 1: expected 2, found 7
  2 of 3 items differ
  expected 1 [2] 3
  found    1 [7] 7`);
  });

  test('names a spike that is another, missing or one too many', () => {
    expect(
      divergenceOf((found) => put(sampleOf(found, 0).spikes, 'out', [[0, 2], [1]])),
    ).toBe(`sample 0 (class 2, learning), step 0: spikes of out, position 0: expected neuron 2, found neuron 0
  2 spikes expected, 2 found
  expected [2] 0
  found    [0] 2`);
    expect(divergenceOf((found) => put(sampleOf(found, 1).spikes, 'out', [[], [0, 1]]))).toMatch(
      /^sample 1 \(class 0, testing\), step 1: spikes of out, position 2: expected neuron 2, found no further spike\n/,
    );
    expect(divergenceOf((found) => put(sampleOf(found, 1).spikes, 'out', [[1], [0, 1, 2]]))).toMatch(
      /step 0: spikes of out, position 0: expected no further spike, found neuron 1\n/,
    );
  });

  test('names cycles of a step', () => {
    expect(divergenceOf((found) => put(sampleOf(found, 0), 'cycles', [10, 21]))).toBe(
      'sample 0 (class 2, learning), step 1: cycles of the step: expected 20, found 21',
    );
  });

  test('names a field after a step, and one after a sample', () => {
    expect(divergenceOf((found) => put(sampleOf(found, 0), 'steps', [{ 'out.v': [1, 2, 4] }, {}]))).toMatch(
      /^sample 0 \(class 2, learning\), step 0: out.v, item 2: expected 3, found 4\n/,
    );
    expect(divergenceOf((found) => put(sampleOf(found, 1), 'fields', { 'out.v': [-128, 126, 0] }))).toMatch(
      /^after sample 1 \(class 0, testing\): out.v, item 1: expected 127, found 126\n/,
    );
  });

  test('knows a field that has changed and should not have, and the other way round', () => {
    expect(
      divergenceOf((found) =>
        put(sampleOf(found, 0), 'steps', [{ 'out.v': [1, 2, 3] }, { 'out.v': [1, 2, 9] }]),
      ),
    ).toMatch(/step 1: out.v, item 2: expected 3, found 9\n/);
    expect(divergenceOf((found) => put(sampleOf(found, 0), 'fields', {}))).toMatch(
      /^after sample 0 .*: out.trace, item 0: expected 4, found 1\n {2}3 of 3 items differ/,
    );
  });

  test('names the answer and the counters', () => {
    expect(divergenceOf((found) => put(sampleOf(found, 1), 'answer', 0))).toBe(
      'after sample 1 (class 0, testing): answer: expected 1, found 0',
    );
    const counters = (change: (found: NonNullable<Expected['counters']>) => void) =>
      divergenceOf((found) => {
        if (found.counters !== undefined) change(found.counters);
      });
    expect(counters((found) => put(found, 'cycles', 63))).toBe('at the end: cycles: expected 62, found 63');
    expect(counters((found) => put(found.router, 'stalls', 0))).toBe(
      'at the end: stalls of the FIFO: expected 1, found 0',
    );
    expect(
      counters((found) => put(found, 'banks', [{ name: 'state', wordsRead: 30, wordsWritten: 21 }])),
    ).toBe('at the end: words written of bank state: expected 20, found 21');
    expect(counters((found) => put(found, 'spikes', { in: 3, out: 5 }))).toBe(
      'at the end: spikes of out: expected 6, found 5',
    );
  });

  test('is the first in time of several', () => {
    expect(
      divergenceOf((found) => {
        sampleOf(found, 1).answer = 0;
        sampleOf(found, 0).cycles = [10, 21];
        sampleOf(found, 0).fields = { 'out.trace': [0, 0, 0] };
      }),
    ).toMatch(/^sample 0 .*, step 1: cycles/);
  });

  test('omits values that the trace does not state', () => {
    const trace = smallTrace();
    const { cycles: _, answer: __, ...first } = sampleOf(trace.expected, 0);
    trace.expected.samples[0] = first;
    delete trace.expected.counters;
    const found = smallTrace().expected;
    Object.assign(sampleOf(found, 0), { cycles: [1, 2], answer: 1 });
    if (found.counters !== undefined) found.counters.cycles = 0;
    expect(firstDivergence(trace, found)).toBeUndefined();
  });

  test('names what a spike carries, in each presentation, and how often a sample is presented', () => {
    const carrying = (third: number): CoreTrace => {
      const trace = smallTrace();
      const first = sampleOf(trace.expected, 0);
      first.replayed = true;
      first.spikes.out = [[2, 0], [1], [0], []];
      first.values = { out: [[3, -1], [0], [third], []] };
      return trace;
    };
    const said = (found: Expected) => firstDivergence(carrying(2), found);
    expect(said(carrying(2).expected)).toBeUndefined();
    expect(said(carrying(1).expected)).toMatchObject({
      when: 'sample 0 (class 2, learning), step 0 of the second presentation',
      what: 'what spikes of out carry, position 0',
      expected: '2',
      found: '1',
    });
    const once = carrying(2).expected;
    delete sampleOf(once, 0).replayed;
    expect(said(once)).toMatchObject({ what: 'presentations', expected: 'twice', found: 'once' });
  });
});
