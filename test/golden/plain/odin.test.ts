import { describe, expect, test } from 'vitest';
import { firstDifference } from '../../support/difference.ts';
import { goldenNames, goldenText } from '../../support/golden.ts';
import { workedCase, workedResult, workedSynapses, workedWord } from '../worked-case.ts';
import { type OdinTrace, plainOdin } from './odin.ts';

describe('the plain model of ODIN', () => {
  test.each(goldenNames.odin)('reproduces %s', (name) => {
    const { expected, ...stimulus } = JSON.parse(goldenText(name)) as OdinTrace;
    expect(firstDifference(expected, plainOdin(stimulus))).toBeUndefined();
  });
});

test('the worked case of section 1.7', () => {
  const result = plainOdin(workedCase());
  expect(result).toMatchObject(workedResult);
  expect(result.final_neuron_words[0]).toBe(workedWord);
  expect(result.final_synapses?.slice(0, 2).map((row) => row.slice(0, 3))).toEqual(workedSynapses);
});
