import { expect, test } from 'vitest';
import type { RecordedTrace } from '../golden/plain/recorded-trace.ts';
import { wordsOf } from './replay-context.ts';
import { benchOf, observedOf, replayed } from './replayed.ts';

/** A change that makes a recording wrong, and where and how its replay then differs. */
export type Damage = readonly [what: string, change: (trace: RecordedTrace) => void, message: RegExp];

/** Makes changed copies of a recording. */
export const changing =
  (golden: RecordedTrace) =>
  (change: (trace: RecordedTrace) => void): RecordedTrace => {
    const trace = structuredClone(golden);
    change(trace);
    return trace;
  };

/** Tests that the replay of a recording, and what the bench of an RTL has observed of it, find each damage. */
export function testDamages(golden: RecordedTrace, damages: readonly Damage[]): void {
  const changed = changing(golden);

  test.each(damages)('that expects %s diverges', (_, change, message) => {
    expect(wordsOf(replayed(changed(change)))).toMatch(message);
  });

  test.each(damages)('is not that of an RTL: %s', (_, change) => {
    // What the bench has observed is expected, and the recording has another value.
    expect(benchOf(changed(change)).compare(observedOf(golden))).toMatchObject({ agrees: false });
  });

  test('is that of an RTL that does what it states', () => {
    expect(benchOf(golden).compare(observedOf(golden))).toMatchObject({ agrees: true });
  });
}
