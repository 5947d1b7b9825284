import { describe, expect, test } from 'vitest';
import { stepLane } from '../../../src/random/index.ts';
import { BasilarMembrane, transferOf } from '../../../tools/spoken-digits/basilar-membrane.ts';
import { besselOf, hankel0 } from '../../../tools/spoken-digits/bessel.ts';
import { bushySpikes } from '../../../tools/spoken-digits/bushy-cell.ts';
import { Cochlea } from '../../../tools/spoken-digits/cochlea.ts';
import { HairCell } from '../../../tools/spoken-digits/hair-cell.ts';

/** To so many digits, relative to the larger one. */
function expectClose(found: readonly number[], wanted: readonly number[], digits: number): void {
  const size = Math.hypot(...wanted);
  for (const [index, value] of wanted.entries())
    expect(Math.abs((found[index] ?? Number.NaN) - value) / size).toBeLessThan(10 ** -digits);
}

function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = stepLane(state);
    return state / 2 ** 32;
  };
}

describe('Bessel functions', () => {
  test('of real arguments, as Abramowitz and Stegun tabulate them (Table 9.1)', () => {
    const one = besselOf(1);
    expectClose([one.j0, one.j1], [0.7651976866, 0.4400505857], 9);
    expectClose([one.y0, one.y1], [0.0882569642, -0.7812128213], 9);
    const five = besselOf(5);
    expectClose([five.j0, five.j1], [-0.1775967713, -0.3275791376], 9);
    expectClose([five.y0, five.y1], [-0.3085176252, 0.1478631434], 9);
  });

  // SciPy 1.15.3: scipy.special.hankel1(0, z).
  test.each([
    [0.05, 0.01, 0.8731584968989539, -1.9671180385283906],
    [2, 1, 0.11221517779606792, 0.15428168525601327],
    [9.9, 0.3, -0.17702278280147787, 0.062188721481214584],
    [9, 4, -0.0006480519469295203, 0.004585381455861223],
    [0.5, 9.5, 9.595584519074866e-6, -1.654106969302307e-5],
    [10.5, 2, -0.032381638748097276, -0.006041979499313426],
    [3, 30, 1.2462897074448547e-15, 1.348510877640778e-14],
  ])('of %d + %di', (re, im, wantedRe, wantedIm) => {
    expectClose(hankel0(re, im), [wantedRe, wantedIm], 7);
  });
});

/*
 * What the published code says: `BasilarMembrane()._v(2 pi f, ch[place])` of lauscher (commit 16db85ff), which has the
 * phase in closed form, with SciPy's Hankel functions.
 */
const published = [
  [100, 0, 0.016318558893542664, 0.030807666125619852],
  [100, 350, -0.8246707873481808, 2.7001633289338174],
  [100, 650, 38.867007503746144, 101.4064565595465],
  [440, 200, -0.06709964641906258, 4.506058166205118],
  [440, 450, 82.72865433760917, 36.16047387610952],
  [440, 650, 3.673295044116642e-5, -0.00010639127061380366],
  [1000, 350, 82.58395735158688, 30.91072904706768],
  [1000, 550, -6.546884309026294e-6, -4.617100774612266e-5],
  [3000, 200, 27.18890832582119, -50.52094063014117],
  [3000, 350, -0.0026016203908806354, 1.762995884854415e-5],
] as const;

describe('the basilar membrane', () => {
  // Frequencies 10 Hz apart.
  const transfer = transferOf(700, 8000, 800);

  test.each(published)('%d Hz at place %d moves as in the published code', (frequency, place, re, im) => {
    const at = place * transfer.frequencies + frequency / 10;
    expectClose([transfer.re[at] ?? 0, transfer.im[at] ?? 0], [re, im], 5);
  });

  test('a tone moves each place at its frequency, by the factor of it', () => {
    const length = 256;
    const own = transferOf(8, 8000, length);
    const [k, place] = [20, 3];
    const tone = Float64Array.from({ length }, (_, time) => Math.cos((2 * Math.PI * k * time) / length));
    const velocities: Float64Array[] = [];
    new BasilarMembrane(own).move(tone, (_, velocity) => velocities.push(velocity.slice()));
    expect(velocities).toHaveLength(8);
    const [re, im] = [own.re[place * own.frequencies + k] ?? 0, own.im[place * own.frequencies + k] ?? 0];
    for (let time = 0; time < length; time += 17) {
      const phase = (2 * Math.PI * k * time) / length;
      const wanted = re * Math.cos(phase) - im * Math.sin(phase);
      expect(velocities[place]?.[time]).toBeCloseTo(wanted, 6);
    }
  });

  test('high tones move the base, low ones the apex', () => {
    const strongest = (frequency: number): number => {
      const sizes = Array.from({ length: 700 }, (_, place) => {
        const at = place * transfer.frequencies + frequency / 10;
        return Math.hypot(transfer.re[at] ?? 0, transfer.im[at] ?? 0);
      });
      return sizes.indexOf(Math.max(...sizes));
    };
    expect(strongest(3000)).toBeLessThan(strongest(1000));
    expect(strongest(1000)).toBeLessThan(strongest(200));
  });
});

describe('the hair cell', () => {
  test('in silence it stays at rest', () => {
    const probability = new Float64Array(1000);
    new HairCell(20_000).follow(new Float64Array(1000), probability);
    // Meddis (1986): the cleft holds m y k / (l k + y (l + r)), with k = g A / (A + B).
    const k = (2000 * 5) / 305;
    const cleft = (5.05 * k) / (2500 * k + 5.05 * (2500 + 6580));
    for (const value of probability) expect(value).toBeCloseTo((50_000 * cleft) / 20_000, 9);
  });

  test('a velocity that stays empties the pool: it fires at once, and adapts', () => {
    const probability = new Float64Array(4000);
    new HairCell(20_000).follow(new Float64Array(4000).fill(200), probability);
    const peak = Math.max(...probability);
    expect(probability.indexOf(peak)).toBeLessThan(200);
    expect(probability[3999]).toBeLessThan(peak / 2);
  });
});

describe('the bushy cell', () => {
  /** Fibres drawn one by one, sample by sample, and a neuron as lauscher writes it. */
  function slow(probability: Float64Array, sampleRate: number, draw: () => number): number[] {
    const refractory = 1e-3 * sampleRate;
    const counts = new Float64Array(probability.length);
    for (let fibre = 0; fibre < 40; fibre++) {
      let last = -refractory;
      for (const [time, p] of probability.entries())
        if (draw() < p && time - last >= refractory) {
          counts[time] = (counts[time] ?? 0) + 1;
          last = time;
        }
    }
    const spikes: number[] = [];
    let [current, before, now, counter] = [0, 0, 0, 0];
    for (let time = 0; time < counts.length; time++) {
      now = 0;
      if (counter <= 0) {
        if (before < 1) now = before * Math.exp(-1 / (sampleRate * 1e-3));
        else {
          counter = refractory;
          spikes.push(time - 1);
        }
      }
      current = current * Math.exp(-1 / (sampleRate * 5e-4)) + (counts[time] ?? 0);
      if (counter <= 0) now += (current * 13_000) / 40 / sampleRate;
      before = Math.min(1, now);
      counter -= 1;
    }
    return spikes;
  }

  test.each([0.003, 0.01, 0.03])(
    'at a probability of %d, spikes come as often as by drawing each fibre',
    (peak) => {
      const sampleRate = 22_050;
      const probability = Float64Array.from(
        { length: 2000 },
        (_, time) => peak * (1 + Math.sin((2 * Math.PI * time) / 100)),
      );
      const runs = 60;
      const [mine, theirs] = [bushySpikes, slow].map((spikesOf, which) =>
        Array.from(
          { length: runs },
          (_, run) => spikesOf(probability, sampleRate, uniform(1000 * which + run + 1)).length,
        ),
      ) as [number[], number[]];
      const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
      const spread = (values: readonly number[]) =>
        values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1);
      const error = Math.sqrt((spread(mine) + spread(theirs)) / runs) + 0.05;
      expect(Math.abs(mean(mine) - mean(theirs))).toBeLessThan(4 * error);
      expect(mean(theirs)).toBeGreaterThan(0);
    },
  );

  test('where fibres are sure to fire, it fires as fast as it can, and in the same samples for all draws', () => {
    const sure = new Float64Array(300).fill(1);
    const spikes = bushySpikes(sure, 20_000, uniform(1));
    expect(spikes).toEqual(bushySpikes(sure, 20_000, uniform(9)));
    // 40 spikes of fibres at once: 40 x 13000 / 40 / 20000 = 0.65 of a threshold, and more in the next sample.
    expect(spikes[0]).toBe(1);
    expect(bushySpikes(new Float64Array(300), 20_000, uniform(1))).toEqual([]);
  });
});

test('a sound is heard in the order of time, the same each time, and otherwise with another seed', () => {
  const sampleRate = 16_000;
  const cochlea = new Cochlea(sampleRate, 1024);
  const sound = Float64Array.from({ length: 900 }, (_, time) =>
    Math.sin((2 * Math.PI * 1000 * time) / sampleRate),
  );
  const heard = cochlea.hear(sound, 1);
  expect(heard.times.length).toBeGreaterThan(100);
  expect([...heard.times]).toEqual([...heard.times].sort((a, b) => a - b));
  expect(cochlea.hear(sound, 1)).toEqual(heard);
  expect(cochlea.hear(sound, 2)).not.toEqual(heard);
  // It does not matter how loud it was recorded.
  expect(
    cochlea.hear(
      sound.map((value) => value / 4),
      1,
    ),
  ).toEqual(heard);
  // 1000 Hz is heard at place 350, and beyond it not at all.
  const counts = new Float64Array(700);
  for (const unit of heard.units) counts[unit] = (counts[unit] ?? 0) + 1;
  const within = (first: number, last: number) =>
    counts.slice(first, last).reduce((a, b) => a + b, 0) / (last - first);
  expect(within(320, 370)).toBeGreaterThan(3 * within(0, 100));
  expect(within(320, 370)).toBeGreaterThan(3 * within(500, 700));
});
