import { describe, expect, test } from 'vitest';
import {
  accuracyErrors,
  frontShares,
  objectives,
  type RatedDesign,
  readConstraint,
  standingOf,
} from '../../src/explore/pricing/index.ts';
import { drawNormal, hash32 } from '../../src/random/index.ts';
import { figureSpreads, frontOf, noFigures, pooledSpread, spread } from '../../src/report/index.ts';

const wanted = [objectives.accuracy, objectives.energy];

/** A design with accuracies over seeds, an energy that is known, and one part of it from a source. */
function rated(
  run: string,
  accuracies: readonly number[],
  energyPj: number,
  scoredSamples: number,
): RatedDesign {
  const spreads = figureSpreads((name) => (name === 'accuracy' ? accuracies : [energyPj]));
  const none = { byUnit: {}, bySource: {} };
  return {
    run,
    figures: { ...noFigures, accuracy: spreads.accuracy.mean, energyPj },
    parts: {
      energyPj: { byUnit: {}, bySource: { bank: energyPj } },
      trainingEnergyPj: none,
      areaUm2: none,
      bound: {},
      trainingBound: {},
    },
    intervals: { bank: { low: 1, high: 1 } },
    spreads,
    scoredSamples,
  };
}

/** Uniform numbers of a population. */
const uniform = (...parts: readonly number[]) => hash32(17, ...parts) / 2 ** 32;

/**
 * A population whose truth is known: functions with a true accuracy, seeds that deviate from it by `seedSd`, and right
 * answers counted on the same samples for all, each sample with a difficulty of its own. Every function has two designs
 * of different energies.
 */
function population(number: number, { seeds = 3, samples = 500, seedSd = 0.01, functions = 30 } = {}) {
  const difficulties = Array.from({ length: samples }, (_, sample) => uniform(number, 1, sample));
  const designs: RatedDesign[] = [];
  const truth: (readonly [number, number])[] = [];
  for (let at = 0; at < functions; at++) {
    const size = uniform(number, 2, at);
    const accuracy = 0.7 + 0.2 * size + 0.03 * uniform(number, 3, at);
    const measured = Array.from({ length: seeds }, (_, seed) => {
      const own = accuracy + seedSd * drawNormal(17, number, 4, at, seed);
      // Half of what decides is the sample's difficulty, which all functions share; half is chance.
      const right = difficulties.filter((difficulty, sample) => {
        const isShared = uniform(number, 5, at, seed, sample) < 0.5;
        return (isShared ? difficulty : uniform(number, 6, at, seed, sample)) < own;
      });
      return right.length / samples;
    });
    for (const factor of [1, 1.02]) {
      const energyPj = (1 + 3 * size) * factor * (1 + 0.5 * uniform(number, 7, at));
      designs.push(rated(String(at), measured, energyPj, samples));
      truth.push([-accuracy, energyPj]);
    }
  }
  return { designs, truth: new Set(frontOf(truth)) };
}

describe('made-up populations, whose true fronts are known', () => {
  const judged = Array.from({ length: 40 }, (_, number) => {
    const { designs, truth } = population(number);
    return frontShares(designs, wanted, [], 200).map(({ front }, index) => ({
      share: front,
      standing: standingOf(front, true),
      isTrue: truth.has(index),
    }));
  }).flat();
  const trueShare = (some: readonly { readonly isTrue: boolean }[]) =>
    some.filter(({ isTrue }) => isTrue).length / some.length;

  test('at least 95 % of the designs called surely are on it, and there are such', () => {
    const sure = judged.filter(({ standing }) => standing === 'surely');
    expect(sure.length).toBeGreaterThan(40);
    expect(trueShare(sure)).toBeGreaterThanOrEqual(0.95);
  });

  test('at most 5 % of those called not are on it, and there are many', () => {
    const not = judged.filter(({ standing }) => standing === 'not');
    expect(not.length).toBeGreaterThan(judged.length / 3);
    expect(trueShare(not)).toBeLessThanOrEqual(0.05);
  });

  // All functions are scored on the same samples, which draws leave out: they err towards doubt.
  test('the others are on it at least as often as in their draws, and not far more often', () => {
    const perhaps = judged.filter(({ standing }) => standing === 'perhaps');
    const expected = perhaps.reduce((sum, { share }) => sum + share, 0) / perhaps.length;
    expect(perhaps.length).toBeGreaterThan(300);
    expect(trueShare(perhaps)).toBeGreaterThan(expected - 0.02);
    expect(trueShare(perhaps)).toBeLessThan(expected + 0.2);
  });
});

test('taken as exact, measured accuracies put designs on the front that are not', () => {
  let [wrong, all] = [0, 0];
  for (let number = 0; number < 40; number++) {
    const { designs, truth } = population(number);
    const front = frontOf(designs.map(({ figures }) => [-(figures.accuracy ?? 0), figures.energyPj ?? 0]));
    wrong += front.filter((index) => !truth.has(index)).length;
    all += front.length;
  }
  expect(wrong / all).toBeGreaterThan(0.1);
});

// Two designs of equal energy, 0.80 and 0.82 on 396 samples: a standard error of 0.0201 and 0.0193 each, so that their
// difference of 0.02 is 0.717 standard errors: the better one is ahead with probability 0.763 (normal table).
test('two designs that differ by 0.72 standard errors', () => {
  const designs = [rated('a', [0.8], 1, 396), rated('b', [0.82], 1, 396)];
  const [a, b] = frontShares(designs, wanted, [], 4000);
  expect(b?.front).toBeCloseTo(0.763, 1);
  expect((a?.front ?? 0) + (b?.front ?? 0)).toBeCloseTo(1, 9);
});

test('designs of one function keep their order: its accuracy is one', () => {
  const designs = [rated('a', [0.8, 0.9], 1, 100), rated('a', [0.8, 0.9], 1.001, 100)];
  const shares = frontShares(designs, wanted, [], 300);
  expect(shares.map(({ front }) => front)).toEqual([1, 0]);
});

// (0.8 x 96 + 2) / 100 = 0.788; 0.788 x 0.212 / 100 = 0.00167056. With seeds of s = 0.0141421, two of them: + 0.0001.
test('the standard error of an accuracy is that of samples and of seeds', () => {
  const [one] = accuracyErrors([rated('a', [0.8], 1, 96)]);
  expect(one).toBeCloseTo(Math.sqrt(0.00167056), 9);
  const [both] = accuracyErrors([rated('a', [0.79, 0.81], 1, 96)]);
  expect(both).toBeCloseTo(Math.sqrt(0.00167056 + 0.0001), 9);
});

// Groups 1, 3 and 2, 4, 6: squares 2 and 8 over 1 + 2 degrees. As shares of 2 and 4: 2/4 and 8/16.
test('spreads are pooled over groups; single values say nothing', () => {
  const groups = [spread([1, 3]), spread([2, 4, 6]), spread([9])];
  expect(pooledSpread(groups, { isRelative: false })).toEqual({ variance: 10 / 3, degrees: 3 });
  expect(pooledSpread(groups, { isRelative: true })?.variance).toBeCloseTo(1 / 3, 12);
  expect(pooledSpread([spread([9])], { isRelative: false })).toBeUndefined();
});

// An energy of 1 with an interval of 0.5 to 2 is below 1.4142 with probability ln(2.8284) / ln(4) = 0.75.
test('a constraint is met with the probability that its figure is low enough', () => {
  const design = { ...rated('a', [0.8], 1, 1e9), intervals: { bank: { low: 0.5, high: 2 } } };
  const constraint = readConstraint({ formula: 'energyPj <= 1.41421356', place: {} });
  const [share] = frontShares([design], wanted, [constraint], 4000);
  expect(share?.constraints).toBeCloseTo(0.75, 1);
  expect(share?.front).toBe(share?.constraints);
});

// 1 pJ in 2 ns are 0.5 mW, with the interval of the energy: below 0.7071 with the same probability.
test('a power is drawn with its energy', () => {
  const design = { ...rated('a', [0.8], 1, 1e9), intervals: { bank: { low: 0.5, high: 2 } } };
  const own = { ...design, figures: { ...design.figures, latencyNs: 2, powerMw: 0.5 } };
  const constraint = readConstraint({ formula: 'powerUw <= 707.10678', place: {} });
  const [share] = frontShares([own], [objectives.power], [constraint], 4000);
  expect(share?.constraints).toBeCloseTo(0.75, 1);
  expect(share?.front).toBe(share?.constraints);
});

test('a design is surely on the front from 95 % on, and not up to 5 %; never surely on one seed', () => {
  expect([0.96, 0.95, 0.94, 0.06, 0.05, 0].map((share) => standingOf(share, true))).toEqual([
    'surely',
    'surely',
    'perhaps',
    'perhaps',
    'not',
    'not',
  ]);
  expect(standingOf(1, false)).toBe('perhaps');
});
