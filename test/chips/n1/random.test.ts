import { describe, expect, test } from 'vitest';
import { engineNames } from '../../../src/engine/index.ts';
import { describeDivergence } from '../../../src/golden/index.ts';
import { randomN1 } from '../../golden/stimulus.ts';
import { replay } from './load.ts';

/** Random chips beside the plain model: their learning programs are words that it interprets and the core runs. */
describe.each(engineNames)('a random chip of N1 does what the plain model says, engine %s', (engine) => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('seed %i', (seed) => {
    const verdict = replay(randomN1(seed), engine);
    expect(verdict.agrees ? '' : describeDivergence(verdict.divergence)).toBe('');
  });

  // No parent is all ones of the width of an address, and the last neuron may be one.
  test.each([2, 9, 10])('seed %i, with fewer neurons than addresses', (seed) => {
    const trace = randomN1(seed, false);
    const { neurons, neuron_bits } = trace.config;
    const parents = trace.cores.flatMap((core) => core.neurons.parent);
    expect(parents).toContain(2 ** neuron_bits - 1);
    expect(parents).toContain(neurons - 1);
    const verdict = replay(trace, engine);
    expect(verdict.agrees ? '' : describeDivergence(verdict.divergence)).toBe('');
  });
});
