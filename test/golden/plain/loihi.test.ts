import { describe, expect, test } from 'vitest';
import { firstDifference } from '../../support/difference.ts';
import { goldenText } from '../../support/golden.ts';
import { plainLif, plainNet, plainWeight, spikesOf } from './loihi.ts';
import type { Lif, Model, Net } from './loihi-format.ts';

describe('the plain models of Loihi reproduce loihi-lif', () => {
  const lif = JSON.parse(goldenText('loihi-lif')) as Lif;

  test('as the text has it', () => {
    expect(firstDifference(lif.expected, plainLif(lif, 'text'))).toBeUndefined();
  });

  test.each(['brian2loihi', 'lava'] as const)('as %s has it', (model) => {
    const found = plainLif(lif, model);
    const { identical, different } = lif.other[model];
    for (const c of identical) {
      expect([found.u[c], found.v[c], spikesOf(found, c)]).toEqual([
        lif.expected.u[c],
        lif.expected.v[c],
        spikesOf(lif.expected, c),
      ]);
    }
    for (const { compartment, u, v, spikes } of different)
      expect([found.u[compartment], found.v[compartment], spikesOf(found, compartment)]).toEqual([u, v, spikes]);
    expect(different.length).toBeGreaterThan(9);
  });

  test('all weights', () => {
    const wrong = lif.weight_cases.rows.filter(([mode, bits, exp, w, ...weights]) => {
      const found = (['brian2loihi', 'lava', 'nengo_loihi'] as const).map((model) =>
        plainWeight({ mode, bits, exp }, w, model),
      );
      return JSON.stringify(found) !== JSON.stringify(weights);
    });
    expect(wrong).toEqual([]);
    expect(lif.weight_cases.rows).toHaveLength(1800);
  });
});

describe('the plain models of Loihi reproduce loihi-net', () => {
  const { runs } = JSON.parse(goldenText('loihi-net')) as Net;

  test.each(Object.entries(runs))('%s', (_, run) => {
    const { from, ...expected } = run.expected;
    for (const model of ['text', from as Model] as const)
      expect(firstDifference(expected, plainNet(run, model))).toBeUndefined();
    for (const [model, traces] of Object.entries(run.other)) {
      const want = traces === 'identical' ? expected : traces;
      expect(firstDifference(want, plainNet(run, model as Model))).toBeUndefined();
    }
  });
});
