import { describe, expect, test } from 'vitest';
import { checkJson } from '../../../src/golden/index.ts';
import { rancSeeds, randomRanc } from '../../golden/stimulus.ts';
import { firstDifference } from '../../support/difference.ts';
import { rancCores } from './model.ts';
import { recordRanc } from './record.ts';
import type { RancTrace } from './trace-parts.ts';
import { rancSchema } from './trace-shape.ts';

/** Random chips beside the plain model; more of them: npx tsx test/chips/ranc/many.ts 200 1. */
describe.each(Object.entries(rancSeeds))(
  'a random chip of RANC does what the plain model says, engine %s',
  (engine, seeds) => {
    test.each(seeds)('seed %i', (seed) => {
      const value = randomRanc(seed);
      const trace: RancTrace = checkJson({ value, file: 'random', locate: () => ({}) }, rancSchema);
      const { expected, packets } = recordRanc(trace, rancCores(engine, trace.config));
      expect(firstDifference(trace.expected, expected)).toBeUndefined();
      expect(firstDifference(trace.stimulus.packets, packets)).toBeUndefined();
    });
  },
);
