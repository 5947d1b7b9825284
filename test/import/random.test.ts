import { expect, test } from 'vitest';
import { type Conventions, conventions, type Framework } from '../../src/nir/index.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { inThorough } from '../support/thorough.ts';
import { agreeing } from './beside.ts';
import { RandomGraph } from './random-graph.ts';
import { coreOf, importOf } from './support.ts';

const frameworks = Object.keys(conventions) as Framework[];
const steps = 16;
/** More of them, of another seed: SEED=7 ROUNDS=1000 npx vitest run test/import/random.test.ts */
const seed = Number(process.env.SEED ?? 12);
const rounds = Number(process.env.ROUNDS ?? inThorough(150, 40));

test('random graphs do on the core what they do in doubles', () => {
  const dice = new Dice(seed);
  let [ran, agreed] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    const nir = new RandomGraph(dice).graph();
    const rules: Conventions = {
      ...conventions[dice.pick(frameworks)],
      dt: 1,
      ...(dice.chance(0.3) && {
        reset: dice.pick(['value', 'subtract', 'subtract-late', 'zero-late'] as const),
      }),
    };
    const delivery = dice.chance(0.3) ? 'next' : 'same';
    const engine = dice.chance(0.15) ? 'reference' : 'fast';
    try {
      const imported = importOf(nir, { rules, steps, delivery });
      agreed += agreeing(imported, coreOf(imported, engine), rules, steps, round);
      ran += 1;
    } catch (error) {
      // A bias before a delay is refused.
      if (error instanceof PlasticoreError) continue;
      const words = {
        rules,
        delivery,
        edges: nir.edges,
        types: [...nir.nodes].map(([name, { type }]) => `${name} ${type}`),
      };
      throw new Error(`round ${round}: ${JSON.stringify(words)}`, { cause: error });
    }
  }
  expect(ran).toBeGreaterThan(0.9 * rounds);
  expect(agreed / ran).toBeGreaterThan(0.8 * steps);
});
