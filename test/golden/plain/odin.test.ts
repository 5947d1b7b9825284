import { describe, expect, test } from 'vitest';
import { recorded } from '../../chips/replayed.ts';
import { firstDifference } from '../../support/difference.ts';
import { goldenNames } from '../../support/golden.ts';
import { workedCase, workedPotentials, workedResult, workedSynapses, workedWord } from '../worked-case.ts';
import { plainOdin } from './odin.ts';
import { odinStimulus, odinTrace } from './odin-trace.ts';

describe('the plain model of ODIN', () => {
  test.each(goldenNames.odin)('reproduces %s', (name) => {
    const trace = recorded(name);
    const stimulus = odinStimulus(trace);
    const found = odinTrace({ ...stimulus, expected: plainOdin(stimulus) });
    expect(firstDifference(trace, found)).toBeUndefined();
  });
});

test('the worked case of section 1.7', () => {
  const result = plainOdin(workedCase());
  expect(result).toMatchObject(workedResult);
  expect(result.final_neurons.core).toEqual(workedPotentials);
  expect(result.final_neuron_words[0]).toBe(workedWord);
  expect(result.final_synapses?.slice(0, 2).map((row) => row.slice(0, 3))).toEqual(workedSynapses);
});
