import { checkJson } from '../../../src/golden/index.ts';
import { randomRanc } from '../../golden/stimulus.ts';
import { firstDifference } from '../../support/difference.ts';
import { rancCores } from './model.ts';
import { recordRanc } from './record.ts';
import type { RancTrace } from './trace-parts.ts';
import { rancSchema } from './trace-shape.ts';

/*
 * npx tsx test/chips/ranc/many.ts COUNT SEED [ENGINE]
 *
 * Random chips of RANC beside the plain model.
 */
const [count = '100', first = '1', engine = 'fast'] = process.argv.slice(2);
for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
  const value = randomRanc(seed);
  const trace: RancTrace = checkJson({ value, file: 'random', locate: () => ({}) }, rancSchema);
  const { expected, packets } = recordRanc(trace, rancCores(engine, trace.config));
  const difference =
    firstDifference(trace.expected, expected) ?? firstDifference(trace.stimulus.packets, packets);
  if (difference === undefined) continue;
  console.log(`seed ${seed}: ${difference}`);
  process.exitCode = 1;
}
