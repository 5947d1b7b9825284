import { describe, expect, test } from 'vitest';
import { engineNames } from '../../../src/engine/index.ts';
import { checkJson, parseJson } from '../../../src/golden/index.ts';
import { randomLoihiLif, randomLoihiNet } from '../../golden/stimulus.ts';
import { replayContext } from '../replay-context.ts';
import { replayLoihi } from './replay.ts';
import { loihiSchema } from './trace-shape.ts';

const seeds = { fast: 24, reference: 8 };

describe.each(engineNames)('random stimuli on engine %s', (engine) => {
  const drawn = Array.from({ length: seeds[engine] }, (_, index) => index + 1);

  test.each([
    ['compartments', randomLoihiLif],
    ['networks', randomLoihiNet],
  ])(
    'do as the plain models say: %s',
    (_, draw) => {
      for (const seed of drawn) {
        const trace = checkJson(parseJson(JSON.stringify(draw(seed)), `${seed}`), loihiSchema);
        expect({ seed, ...replayLoihi(trace, { ...replayContext, engine }) }).toMatchObject({ agrees: true });
      }
    },
    120_000,
  );
});

test('random stimuli reach what the models differ in', () => {
  const drawn = Array.from({ length: seeds.fast }, (_, index) => index + 1);
  const others = drawn.map(randomLoihiLif).flatMap(({ other }) => Object.entries(other));
  const differing = (model: string) =>
    others.filter(([name, { different }]) => name === model && different.length > 0).length;
  expect(differing('brian2loihi')).toBeGreaterThan(4);
  expect(differing('lava')).toBeGreaterThan(4);
  const spikesOf = (trace: unknown): number => (isTrace(trace) ? trace.spikes.flat().length : 0);
  const runs = drawn.map(randomLoihiNet).flatMap((net) => Object.values(net.runs));
  const spiking = runs.filter(({ expected }) =>
    Object.values(expected).some((trace) => spikesOf(trace) > 20),
  );
  expect(spiking.length).toBeGreaterThan(4);
  const delayed = runs.filter(({ config }) =>
    config.projections.some(
      ({ pre, synapses }) => pre !== 'in' && synapses.some(([, , , delay]) => delay > 50),
    ),
  );
  expect(delayed.length).toBeGreaterThan(4);
});

function isTrace(value: unknown): value is { readonly spikes: readonly number[][] } {
  return typeof value === 'object' && value !== null && 'spikes' in value;
}
