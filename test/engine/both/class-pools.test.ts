import { describe, expect, it } from 'vitest';
import { createEncoder } from '../../../src/data/index.ts';
import { engineNames, predict, presented, runSample } from '../../../src/engine/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { loadCore } from '../../../src/library/index.ts';
import { hash32 } from '../../../src/random/index.ts';
import { valuesOf } from '../../support/core.ts';
import { inThorough } from '../../support/thorough.ts';
import { Draws, lanes, Pools } from './class-pools.ts';

/*
 * The rule of lifetime-pools, sample by sample, against its definition in plain loops: the nearest prototype answers;
 * the nearest one of the label's class, or a fresh one while the class may recruit, moves towards the sample.
 */
const inputs = 784;
const pixelBits = 4;

/** A picture of strokes, a little different each time. */
const picture = (label: number, sample: number): Uint8Array =>
  Uint8Array.from({ length: inputs }, (_, pixel) => {
    const [word, noise] = [hash32(label, pixel), hash32(1000 + sample, pixel)];
    return word % 4 === 0 && noise % 3 > 0 ? (word >>> 8) % 256 : 0;
  });

const samples = Array.from({ length: 12 }, (_, sample) => ({ label: [0, 7, 7, 9][sample % 4] ?? 0, sample }));

describe.each(engineNames)('class pools on the %s engine', (engine) => {
  const rules = [
    { precision: 'mp16-8', shadowBits: 16, weightBits: 8, youth: 0, conscience: 4096 },
    { precision: 'mp8-8', shadowBits: 8, weightBits: 8, youth: 192, conscience: 4096 },
    { precision: 'mp8-4', shadowBits: 8, weightBits: 4, youth: 24, conscience: 1024 },
    { precision: 'mp16-4', shadowBits: 16, weightBits: 4, youth: 0, conscience: 4096 },
  ];

  // The quick run has shadow weights of both widths on the fast engine, and one on the other.
  it.each(inThorough(rules, rules.slice(0, engine === 'fast' ? 3 : 1)))(
    'learn and answer as defined at $precision',
    ({ precision, ...rule }) => {
      const perClass = 3;
      const set = {
        'program.parameters.perClass': perClass,
        'program.parameters.youth': rule.youth,
        'program.parameters.conscienceScale': rule.conscience,
      };
      const core = loadCore('lifetime-pools', { on: 'reference', precision, engine, set }, findFile).machine;
      const neurons = 250;
      const draws = new Draws(1, samples.length * (inputs + 2 * Math.ceil(neurons / lanes)));
      const pools = new Pools(
        { ...rule, neurons, perClass, inputs, valueBits: pixelBits, leastRate: 2 },
        draws,
      );
      const encoder = createEncoder('graded');
      for (const { label, sample } of samples) {
        const pixels = picture(label, sample);
        const values = Array.from(pixels, (pixel) => pixel >> (8 - pixelBits));
        for (const learn of [false, true]) {
          const spikes = encoder.encode(pixels, { seed: 1, epoch: 0, sample }, 1);
          runSample(core, presented(core.image, spikes), { label, learn });
          expect(predict(core)).toBe(pools.answer(values));
        }
        pools.learn(values, label);
        expect({
          shadow: valuesOf(core, 'inputToPool.shadow'),
          norm: valuesOf(core, 'pool.norm'),
          rate: valuesOf(core, 'pool.rate'),
          adaptation: valuesOf(core, 'pool.adaptation'),
          owner: valuesOf(core, 'pool.owner'),
        }).toEqual(pools.state);
      }
      // All three classes are full, and have gone on.
      expect(valuesOf(core, 'output.recruited')).toEqual([3, 0, 0, 0, 0, 0, 0, 3, 0, 3]);
    },
  );
});
