import { describe, expect, test } from 'vitest';
import { OdinClassifier } from '../../../src/chips/kit.ts';
import { deskew } from '../../../src/chips/odin/classifier.ts';
import { type FeatureSet, sampleValues, stratifiedPrefix } from '../../../src/data/index.ts';
import { loadEmbedded } from '../../../src/data/node.ts';
import { engineNames } from '../../../src/engine/index.ts';
import { loadExperiment, resolveCell, runCell } from '../../../src/experiment/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { combine, hash32, streams } from '../../../src/random/index.ts';
import { expectRejection } from '../../support/errors.ts';
import { odin, odinImage } from './model.ts';

const experiment = loadExperiment(findFile('experiment', 'odin-mnist', ''));
const teaching = {
  pixelThreshold: 60,
  threshold: 255,
  marginPixels: 8,
  learnedShare: 0.1,
  shareDecay: 0.5,
  longestPixels: 300,
};
const embedded = await loadEmbedded();
const digits: FeatureSet = stratifiedPrefix(embedded.train, 30, 0);

const fieldOf = (name: string) => odinImage.fields.findIndex((field) => field.name === name);

/**
 * Ten neurons after section 1 of test/golden/specification.md, and the host's schedule as the classifier's text says
 * it.
 */
class Plain {
  readonly w = Array.from({ length: 256 }, (_, pre) =>
    Array.from(
      { length: 10 },
      (_, post) => 3 + (combine(hash32(odinImage.seed, streams.weight), 256 * pre + post) >>> 31),
    ),
  );
  readonly neurons = Array.from({ length: 10 }, () => ({ core: 0, ca: 0, count: 0, up: false, down: false }));

  update(post: number, change: number, isTimeReference = false): boolean {
    const n = this.neurons[post];
    if (n === undefined) throw new Error('no neuron');
    n.core = Math.min(255, Math.max(0, n.core + change));
    const spikes = n.core >= 255;
    if (spikes) n.core = 0;
    if (isTimeReference) {
      n.count = (n.count + 1) % 2;
      if (n.count === 0 && !spikes) n.ca = Math.max(0, n.ca - 1);
    } else if (spikes) n.ca = Math.min(7, n.ca + 1);
    const mayLearn = n.ca >= 1 && n.ca < 7;
    n.up = mayLearn && n.core >= 7;
    n.down = mayLearn && n.core < 7;
    return spikes;
  }

  race(order: readonly number[], from: number, to: number, except: number): readonly [number, number] {
    for (let place = from; place < to; place++) {
      const row = this.w[order[place % order.length] ?? 0];
      for (let i = 0; i < 10; i++) {
        const post = (place + i) % 10;
        if (post !== except && this.update(post, row?.[post] ?? 0)) return [post, place + 1];
      }
    }
    return [-1, to];
  }

  present(digit: Uint8Array, label: number, epoch: number, sample: number): number {
    const pixels = new Uint8Array(256);
    deskew(digit, pixels);
    const order: number[] = [];
    for (let value = 255; value > 60; value--)
      order.push(...[...pixels.keys()].filter((at) => pixels[at] === value));
    const [answer, decided] = this.race(order, 0, 300, -1);
    const rival = answer === label ? this.race(order, decided, decided + 8, label)[0] : answer;
    const isTaught = answer !== label || rival >= 0;
    if (isTaught) {
      for (let post = 0; post < 10; post++) this.update(post, -127, true);
      for (let i = 0; i < 37; i++) this.update(label, 7);
      order.forEach((pixel, place) => {
        if (
          combine(hash32(odinImage.seed, streams.input, epoch, sample), place) >=
          2 ** 32 * 0.1 * 0.5 ** epoch
        )
          return;
        for (let post = 0; post < 10; post++) this.update(post, post === label ? 7 : -7);
        const row = this.w[pixel] ?? [];
        for (const [post, weight] of [...row].entries()) {
          if (this.neurons[post]?.up) row[post] = Math.min(7, weight + 1);
          else if (this.neurons[post]?.down) row[post] = Math.max(0, weight - 1);
          this.update(post, weight);
        }
      });
    }
    for (let i = 0; i < (isTaught ? 5 : 2); i++)
      for (let post = 0; post < 10; post++) this.update(post, -127, true);
    return answer;
  }
}

describe.each(engineNames)('a classifier on ODIN, engine %s', (name) => {
  test('answers, learns and comes to rest as plain neurons do', () => {
    const engine = odin(name);
    const chip = new OdinClassifier(engine, teaching);
    const plain = new Plain();
    const seed = odinImage.seed;
    for (let epoch = 0; epoch < 2; epoch++) {
      for (let sample = 0; sample < digits.count; sample++) {
        const label = digits.labels[sample] ?? 0;
        const answer = chip.present({ set: digits, sample, epoch, seed, label, learn: true });
        expect(answer).toBe(plain.present(sampleValues(digits, sample), label, epoch, sample));
        for (const rests of ['core', 'calcium', 'caleak_cnt'])
          expect(Math.max(...engine.read(fieldOf(`neurons.${rests}`)).slice(0, 10))).toBe(0);
      }
    }
    const weights = engine.read(fieldOf('synapses.w'));
    const expected = plain.w.flatMap((row) => [...row, ...Array(246).fill(0)]);
    expect([...weights]).toEqual(expected);
  });

  test('learns nothing when it is asked', () => {
    const engine = odin(name);
    const chip = new OdinClassifier(engine, teaching);
    const before = engine.read(fieldOf('synapses.w'));
    for (let sample = 0; sample < 5; sample++)
      chip.present({ set: digits, sample, epoch: 0, seed: 1, label: 0, learn: false });
    expect(engine.read(fieldOf('synapses.w'))).toEqual(before);
  });

  test('presents no spike for a blank digit: 20 time references of 8 cycles', () => {
    const chip = new OdinClassifier(odin(name), teaching);
    const blank: FeatureSet = { ...digits, count: 1, values: new Uint8Array(784) };
    expect(chip.present({ set: blank, sample: 0, epoch: 0, seed: 1, label: 0, learn: false })).toBe(-1);
    expect(chip.chip.counters().cycles).toBe(160);
  });
});

test('the experiment says how, and learns from few digits already', async () => {
  const cell = resolveCell(experiment, { epochs: 2 }, findFile);
  const input = JSON.stringify({ odin: teaching });
  expect(cell.chip).toEqual({ chip: 'odin', options: teaching, registers: {}, input });
  const data = {
    ...embedded,
    train: stratifiedPrefix(embedded.train, 500, 0),
    test: stratifiedPrefix(embedded.test, 200, 0),
  };
  const { scored, history } = await runCell(cell, data);
  // Chance is 10 %.
  expect(scored.correct / 200).toBeGreaterThan(0.5);
  // Every spike takes six cycles, every event of a synapse or a time reference eight.
  const { cycles = 0, work, spikes } = scored.counters;
  const events = work.reduce((sum, { runs }) => sum + runs, 0);
  expect(cycles).toBeLessThanOrEqual(8 * events + 6 * (spikes[0] ?? 0));
  expect(history.map(({ counters }) => counters.cycles ?? 0).every((count) => count > cycles)).toBe(true);
});

test('other data than digits are refused', async () => {
  const cell = resolveCell(experiment, {}, findFile);
  const small = { ...digits, inputs: 64, values: digits.values.slice(0, 64 * digits.count) };
  await expectRejection(runCell(cell, { ...embedded, train: small }), 'data', '64 features per sample');
});
