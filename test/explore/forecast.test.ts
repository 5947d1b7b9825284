import { describe, expect, test } from 'vitest';
import { Dice } from '../../src/explore/index.ts';
import { Forecast } from '../../src/explore/search/forecast.ts';
import { mostGain } from '../../src/explore/search/outlook.ts';

describe('a forecast', () => {
  const nowhere = { place: [0] };

  test('follows a line over a feature, beyond what is known', () => {
    const known = [0, 1, 2, 3].map((feature) => ({ ...nowhere, features: [feature], cost: 5 - 2 * feature }));
    const { mean, deviation } = new Forecast(known).of({ ...nowhere, features: [5] });
    expect(mean).toBeCloseTo(-5, 1);
    // The costs deviate from their mean by sqrt(5) = 2.2.
    expect(deviation).toBeLessThan(0.5);
  });

  test('says no more of a feature that tells nothing than the mean, and the spread of the costs', () => {
    // Costs ±1 around 10, each as often on both sides of the feature.
    const known = [-1, -1, 1, 1].flatMap((feature) =>
      [9, 11].map((cost) => ({ ...nowhere, features: [feature], cost })),
    );
    for (const feature of [-1, 1]) {
      const { mean, deviation } = new Forecast(known).of({ ...nowhere, features: [feature] });
      expect(mean).toBeCloseTo(10, 6);
      // The spread of so few, with the uncertainty of their mean, sqrt(8/10 (1 + 1/8)) = 0.95, up to the prior.
      expect(deviation).toBeCloseTo(0.95, 2);
    }
  });

  test('knows what a value of an axis does, and is less sure where no run has been', () => {
    const known = [0, 0, 0, 9, 9, 9].map((place, run) => ({
      place: [place],
      features: [],
      cost: (place === 0 ? 1 : 3) + ((run % 3) - 1) / 100,
    }));
    const forecast = new Forecast(known);
    const at = (place: number) => forecast.of({ place: [place], features: [] });
    expect(at(0).mean).toBeCloseTo(1, 1);
    expect(at(9).mean).toBeCloseTo(3, 1);
    expect(at(4).deviation).toBeGreaterThan(2 * at(0).deviation);
  });
});

describe('the runs that bring most', () => {
  /** Two costs in a box from 0 to 1: its corners are known, and bring nothing themselves. */
  const corners = [
    [0, 1],
    [1, 0],
  ];
  const once = (...designs: readonly (readonly number[])[]) => [designs];

  test('are those that add volume to each other, not the best by themselves', () => {
    // Alone they dominate 0.6 * 0.6 = 0.36, 0.59 * 0.6 = 0.354 and 0.2 * 0.9 = 0.18. Beside the first, the second adds
    // nothing, the third 0.2 * 0.3 = 0.06.
    const runs = [once([0.4, 0.4]), once([0.41, 0.4]), once([0.8, 0.1])];
    expect(mostGain(corners, runs, 2, new Dice(1))).toEqual([0, 2]);
  });

  test('are those that gain most over all draws', () => {
    // A gain of 0.25 for sure is less than one of 0.64 in every other draw.
    const sure = [[[0.5, 0.5]], [[0.5, 0.5]]];
    const lucky = [[[0.2, 0.2]], [[1, 1]]];
    expect(mostGain(corners, [sure, lucky], 1, new Dice(1))).toEqual([1]);
  });

  test('are those whose designs bring most together', () => {
    // 0.3 * 0.8 + 0.7 * 0.3 - 0.3 * 0.3 = 0.36 by two designs, 0.5 * 0.6 = 0.3 by one.
    const runs = [once([0.5, 0.4]), once([0.7, 0.2], [0.3, 0.7])];
    expect(mostGain(corners, runs, 1, new Dice(2))).toEqual([1]);
  });

  test('are all of them where there are no more', () => {
    expect(mostGain([], [once([1, 2])], 3, new Dice(1))).toEqual([0]);
  });
});
