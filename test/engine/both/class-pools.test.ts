import { describe, expect, it } from 'vitest';
import { createEncoder, type SpikeTrain } from '../../../src/data/index.ts';
import { engineNames, predict, presented, runSample } from '../../../src/engine/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { loadCore } from '../../../src/library/index.ts';
import { hash32 } from '../../../src/random/index.ts';
import { valuesOf } from '../../support/core.ts';
import { inThorough } from '../../support/thorough.ts';
import { Draws, lanes, Pools } from './class-pools.ts';

/*
 * The rule of lifetime-pools and mnist-class-pools, sample by sample, against its definition in plain loops: the
 * nearest prototype answers; the nearest one of the label's class, or a fresh one while the class may recruit, moves
 * towards the sample.
 */
const inputs = 784;
/** Values of four bits in one step, and the numbers of spikes in eight. */
const networks = {
  'lifetime-pools': { neurons: 250, valueBits: 4, encoding: 'graded', steps: 1 },
  'mnist-class-pools': { neurons: 256, valueBits: 3, encoding: 'bernoulli', steps: 8 },
} as const;

/** A picture of strokes, a little different each time. */
const picture = (label: number, sample: number): Uint8Array =>
  Uint8Array.from({ length: inputs }, (_, pixel) => {
    const [word, noise] = [hash32(label, pixel), hash32(1000 + sample, pixel)];
    return word % 4 === 0 && noise % 3 > 0 ? (word >>> 8) % 256 : 0;
  });

/** How often each input spikes in a sample. */
function spikesOf({ steps, offsets, indices }: SpikeTrain): number[] {
  const counts = Array<number>(inputs).fill(0);
  for (const input of indices.subarray(0, offsets[steps])) counts[input] = (counts[input] ?? 0) + 1;
  return counts;
}

interface Case {
  readonly program: keyof typeof networks;
  readonly precision: string;
  readonly shadowBits: number;
  readonly weightBits: number;
  readonly youth: number;
  readonly conscience: number;
}

const samples = Array.from({ length: 12 }, (_, sample) => ({ label: [0, 7, 7, 9][sample % 4] ?? 0, sample }));

describe.each(engineNames)('class pools on the %s engine', (engine) => {
  const rules: readonly Case[] = [
    {
      program: 'mnist-class-pools',
      precision: 'mp16-8',
      shadowBits: 16,
      weightBits: 8,
      youth: 0,
      conscience: 2048,
    },
    {
      program: 'lifetime-pools',
      precision: 'mp16-8',
      shadowBits: 16,
      weightBits: 8,
      youth: 0,
      conscience: 4096,
    },
    {
      program: 'lifetime-pools',
      precision: 'mp8-8',
      shadowBits: 8,
      weightBits: 8,
      youth: 192,
      conscience: 4096,
    },
    {
      program: 'lifetime-pools',
      precision: 'mp8-4',
      shadowBits: 8,
      weightBits: 4,
      youth: 24,
      conscience: 1024,
    },
    {
      program: 'lifetime-pools',
      precision: 'mp16-4',
      shadowBits: 16,
      weightBits: 4,
      youth: 0,
      conscience: 4096,
    },
  ];

  // The quick run has both networks and shadow weights of both widths on the fast engine, and one on the other.
  it.each(inThorough(rules, rules.slice(0, engine === 'fast' ? 3 : 1)))(
    'learn and answer as defined in $program at $precision',
    ({ program, precision, ...rule }) => {
      const { neurons, valueBits, encoding, steps } = networks[program];
      const perClass = 3;
      const set = {
        'program.parameters.perClass': perClass,
        'program.parameters.youth': rule.youth,
        'program.parameters.conscienceScale': rule.conscience,
      };
      const core = loadCore(program, { on: 'reference', precision, engine, set }, findFile).machine;
      const draws = new Draws(1, samples.length * (inputs + 2 * Math.ceil(neurons / lanes)));
      const pools = new Pools({ ...rule, neurons, perClass, inputs, valueBits, leastRate: 2 }, draws);
      const encoder = createEncoder(encoding);
      for (const { label, sample } of samples) {
        const pixels = picture(label, sample);
        const spikes = encoder.encode(pixels, { seed: 1, epoch: 0, sample }, steps);
        const values =
          steps === 1 ? Array.from(pixels, (pixel) => pixel >> (8 - valueBits)) : spikesOf(spikes);
        for (const learn of [false, true]) {
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
