import { describe, expect, test } from 'vitest';
import { Dice } from '../../engine/random/dice.ts';
import { changesToTry, fateOf } from '../../golden/corruptions.ts';
import { goldenText } from '../../support/golden.ts';
import { inThorough } from '../../support/thorough.ts';
import type { SanafeTrace } from './trace-parts.ts';

/** Texts about a recording; neither stimulus nor result. */
const about = /^(case|description|source(\..*)?|network\.groups\.\*\.name)$/;

/** A recording that leaves out what it has of a step says less, and is as true. */
const less = /^without \d+ of outputs\.(messages\.step|potentials\.after_step)$/;

/** The first three steps of a recording, a trace of their own: the sums are made anew, in order. */
function firstSteps(): SanafeTrace {
  const trace = JSON.parse(goldenText('sanafe-layers')) as SanafeTrace;
  const steps = 3;
  const early = <Value>(bySteps: Readonly<Record<string, Value>>) =>
    Object.fromEntries(Object.entries(bySteps).filter(([step]) => Number(step) <= steps));
  const cut = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.slice(0, steps)
      : Object.fromEntries(Object.entries(value as object).map(([name, inner]) => [name, cut(inner)]));
  const summed = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.reduce((sum: number, each: number) => sum + each, 0)
      : Object.fromEntries(Object.entries(value as object).map(([name, inner]) => [name, summed(inner)]));
  const { outputs, inputs } = trace;
  const perStep = cut(outputs.per_step) as SanafeTrace['outputs']['per_step'];
  return {
    ...trace,
    steps,
    inputs: inputs.slice(0, steps),
    outputs: {
      ...outputs,
      spikes: outputs.spikes.slice(0, steps),
      per_step: perStep,
      totals: summed(perStep) as SanafeTrace['outputs']['totals'],
      potentials: { ...outputs.potentials, after_step: early(outputs.potentials.after_step) },
      messages: { ...outputs.messages, step: early(outputs.messages.step) },
    },
  };
}

describe('a recording of SANA-FE', () => {
  const trace = firstSteps();

  test('of its first steps agrees, and has messages and potentials', () => {
    expect(fateOf(trace, trace.format)).toBe('agrees');
    expect(Object.keys(trace.outputs.messages.step)).toEqual(['3']);
    expect(Object.keys(trace.outputs.potentials.after_step)).toContain('3');
  });

  test('in which anything is changed that it states does not pass', () => {
    const fates = { refused: 0, diverges: 0, agrees: 0 };
    const unnoticed: string[] = [];
    for (const { pattern, what, corrupted } of changesToTry(trace, new Dice(11), 1)) {
      if (about.test(pattern) || pattern.startsWith('network')) continue;
      const found = fateOf(corrupted, trace.format);
      fates[found] += 1;
      if (found === 'agrees' && !less.test(what)) unnoticed.push(what);
    }
    expect(unnoticed).toEqual([]);
    expect(fates.refused).toBeGreaterThan(inThorough(150, 50));
    expect(fates.diverges).toBeGreaterThan(inThorough(80, 26));
  });

  test('of another network is refused, diverges, or differs in nothing that happens', () => {
    let noticed = 0;
    for (const { pattern, corrupted } of changesToTry(trace, new Dice(12), 1)) {
      if (!pattern.startsWith('network') || about.test(pattern)) continue;
      if (fateOf(corrupted, trace.format) !== 'agrees') noticed += 1;
    }
    expect(noticed).toBeGreaterThan(inThorough(30, 10));
  });
});
