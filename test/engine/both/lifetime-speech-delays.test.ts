import { describe, expect, it } from 'vitest';
import { type EngineName, engineNames, type Processor } from '../../../src/engine/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { loadCore } from '../../../src/library/index.ts';
import { hash32 } from '../../../src/random/index.ts';
import { valuesOf } from '../../support/core.ts';
import { answersOf, Draws, normalised, Pools } from './class-pools.ts';
import { present } from './driver.ts';
import { type Heard, heard } from './history.ts';

/*
 * The rule of lifetime-speech-delays against its definition in plain loops: the network of speech-delays, and pools
 * that learn the normalised counts of its hidden neurons. Every sample recruits a neuron, which copies it: no draw
 * matters.
 */
const [inputs, hidden, outputs, neurons] = [6, 20, 5, 40];
const payloadShift = 3;
const labels = [2, 0, 4, 2, 0, 2];

/** Counts of 0 to 15, more often small ones. */
const sampleOf = (seed: number): number[][] =>
  Array.from({ length: 60 + 10 * seed }, (_, step) =>
    Array.from({ length: inputs }, (_, input) => {
      const word = hash32(seed, step, input);
      return word % 5 === 0 ? (word >>> 8) % ((word >>> 16) % 4 === 0 ? 16 : 4) : 0;
    }),
  );

const coreOf = (engine: EngineName, perClass: number): Processor =>
  loadCore(
    'lifetime-speech-delays',
    {
      on: 'delays',
      precision: 'mp16-8',
      engine,
      seed: 3,
      set: {
        'program.populations.input.size': inputs,
        'program.populations.hidden.size': hidden,
        'program.populations.output.size': outputs,
        'program.populations.pool.size': neurons,
        'program.parameters.perClass': perClass,
        'program.parameters.initialHidden': 0.5,
      },
    },
    findFile,
  ).machine;

/** What the network has of a sample, from its weights and delays of now. */
const heardBy = (core: Processor, sample: readonly (readonly number[])[], label: number): Heard => {
  const delays = valuesOf(core, 'inputToHidden.delay').map((delay) => Math.floor(delay / 256));
  return heard(
    {
      inputs,
      hidden,
      connections: [{ weights: valuesOf(core, 'inputToHidden.weight'), delays }],
      last: valuesOf(core, 'hiddenToOutput.weight'),
      weightBits: 8,
      threshold: 128,
      softmaxShift: 5,
      signalShift: 5,
      window: 1,
    },
    sample,
    label,
  );
};

describe.each(engineNames)('lifetime-speech-delays on the %s engine', (engine) => {
  it.each([0, 9])('learns and answers as defined, with %i neurons for a class', (perClass) => {
    const core = coreOf(engine, perClass);
    const rule = { inputs: hidden, neurons, perClass, valueBits: 6, youth: 4, conscience: 0, leastRate: 4 };
    const pools = new Pools({ ...rule, shadowBits: 16, weightBits: 8 }, new Draws(3, 5000));
    for (const [number, label] of labels.entries()) {
      const sample = sampleOf(number);
      const old = valuesOf(core, 'inputToHidden.delay');
      const weights = valuesOf(core, 'inputToHidden.weight');
      const network = heardBy(core, sample, label);
      const values = normalised(network.counts);
      present(core, payloadShift, sample, { label, learn: true });
      expect(network.counts.some((count) => count > 1)).toBe(true);
      expect(valuesOf(core, 'hidden.count')).toEqual(network.counts);
      expect(valuesOf(core, 'hidden.trace')).toEqual(values);
      expect(valuesOf(core, 'output.score')).toEqual(network.scores);
      expect(valuesOf(core, 'output.answer')).toEqual(answersOf(pools, values, network.scores));
      expect(valuesOf(core, 'hidden.signal')).toEqual(network.signals);
      // Each delay has moved by the slope of its sum, rounded up or down.
      const [later, earlier] = [network.credits(0, 1), network.credits(0, -1)];
      const goals = old.map((delay, at) => {
        const slope = (later[at] ?? 0) - (earlier[at] ?? 0);
        const move = Math.sign(weights[at] ?? 0) * slope * (network.signals[at % hidden] ?? 0);
        return Math.min(16383, Math.max(0, delay + move / 2 ** 8));
      });
      const now = valuesOf(core, 'inputToHidden.delay');
      expect(now.filter((delay, at) => Math.abs(delay - (goals[at] ?? 0)) >= 1)).toEqual([]);
      expect(now).not.toEqual(old);
      pools.learn(values, label);
      expect({
        shadow: valuesOf(core, 'hiddenToPool.shadow'),
        norm: valuesOf(core, 'pool.norm'),
        rate: valuesOf(core, 'pool.rate'),
        adaptation: valuesOf(core, 'pool.adaptation'),
        owner: valuesOf(core, 'pool.owner'),
      }).toEqual(pools.state);
    }
    expect(valuesOf(core, 'output.recruited')).toEqual(perClass === 0 ? [0, 0, 0, 0, 0] : [2, 0, 3, 0, 1]);
  });
});
