import { describe, expect, it } from 'vitest';
import { at } from '../../../src/arrays/index.ts';
import { createEncoder } from '../../../src/data/index.ts';
import { engineNames, predict, presented, runSample } from '../../../src/engine/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { loadCore } from '../../../src/library/index.ts';
import { hash32 } from '../../../src/random/index.ts';
import { valuesOf } from '../../support/core.ts';
import { draw, laneWords } from '../../support/xorshift.ts';

/*
 * The rule of lifetime-pools, sample by sample, against its definition in plain loops: the nearest prototype answers;
 * the nearest one of the label's class, or a fresh one while the class may recruit, moves towards the sample.
 */
const inputs = 784;
const lanes = 16;
const pixelBits = 4;

interface Rule {
  readonly neurons: number;
  readonly perClass: number;
  readonly shadowBits: number;
  readonly weightBits: number;
  readonly youth: number;
  readonly conscience: number;
}

interface Neuron {
  readonly shadow: number[];
  owner: number | undefined;
  norm: number;
  rate: number;
  adaptation: number;
}

/** The draws of a lane, one after the other. */
class Draws {
  readonly #words: readonly (readonly number[])[];
  readonly #taken: number[] = Array(lanes).fill(0);

  constructor(perLane: number) {
    this.#words = Array.from({ length: lanes }, (_, lane) => laneWords(1, lane, perLane));
  }

  /** What each lane draws next. */
  next(bits: number): number[] {
    return this.#words.map((words, lane) => {
      const index = at(this.#taken, lane);
      this.#taken[lane] = index + 1;
      return draw(at(words, index), bits);
    });
  }
}

class Pools {
  readonly #rule: Rule;
  readonly #draws: Draws;
  readonly #pool: readonly Neuron[];

  constructor(rule: Rule, draws: Draws) {
    this.#rule = rule;
    this.#draws = draws;
    this.#pool = Array.from({ length: rule.neurons }, () => ({
      shadow: Array<number>(inputs).fill(0),
      owner: undefined,
      norm: 0,
      rate: 256,
      adaptation: 0,
    }));
  }

  weight(shadow: number): number {
    const { shadowBits, weightBits } = this.#rule;
    const cut = 2 ** (shadowBits - weightBits);
    return Math.min(Math.floor(shadow / cut + 1 / 2), 2 ** (weightBits - 1) - 1);
  }

  #potentials(pixels: readonly number[]): number[] {
    const { youth, weightBits } = this.#rule;
    return this.#pool.map(({ shadow, norm, rate }) => {
      const bonus = Math.floor((youth * rate) / 2 ** (8 - weightBits));
      return pixels.reduce((sum, pixel, row) => sum + pixel * this.weight(at(shadow, row)), bonus - norm);
    });
  }

  /** The owner of the nearest prototype; 0, the first of equal classes, while there is none. */
  answer(pixels: readonly number[]): number {
    const potentials = this.#potentials(pixels);
    const known = [...this.#pool.keys()].filter((neuron) => at(this.#pool, neuron).owner !== undefined);
    const [first] = known.toSorted((a, b) => at(potentials, b) - at(potentials, a) || a - b);
    return first === undefined ? 0 : (at(this.#pool, first).owner ?? Number.NaN);
  }

  learn(pixels: readonly number[], label: number): void {
    const winner = this.#winner(this.#potentials(pixels), label);
    this.#move(winner, pixels);
    const tiles = Math.ceil(this.#rule.neurons / lanes);
    const { rate } = at(this.#pool, winner);
    at(this.#pool, winner).owner = label;
    for (let tile = 0; tile < tiles; tile++) {
      const [ofRate, ofAdaptation] = [this.#draws.next(9), this.#draws.next(6)];
      for (const [lane, neuron] of this.#pool.slice(tile * lanes, (tile + 1) * lanes).entries()) {
        const wins = tile * lanes + lane === winner;
        if (wins) {
          const loss = Math.floor((rate * rate + at(ofRate, lane)) / 2 ** 9);
          neuron.rate = rate === 256 ? 128 : Math.max(rate - loss, 2);
          neuron.adaptation += this.#rule.conscience / 2 ** (8 - this.#rule.weightBits);
        }
        if (neuron.owner !== label) continue;
        neuron.adaptation -= Math.floor((neuron.adaptation + at(ofAdaptation, lane)) / 2 ** 6);
      }
    }
  }

  #winner(potentials: readonly number[], label: number): number {
    const owned = [...this.#pool.keys()].filter((neuron) => at(this.#pool, neuron).owner === label);
    const fresh = this.#pool.findIndex(({ owner }) => owner === undefined);
    if (owned.length < this.#rule.perClass && fresh >= 0) return fresh;
    const rank = (neuron: number): number => at(potentials, neuron) - at(this.#pool, neuron).adaptation;
    return at(
      owned.toSorted((a, b) => rank(b) - rank(a) || a - b),
      0,
    );
  }

  #move(winner: number, pixels: readonly number[]): void {
    const { shadowBits, weightBits } = this.#rule;
    const neuron = at(this.#pool, winner);
    neuron.norm = 0;
    for (const [row, pixel] of pixels.entries()) {
      const target = Math.min(
        Math.floor(pixel * 2 ** (shadowBits - 1 - pixelBits)),
        2 ** (shadowBits - 1) - 1,
      );
      const drawn = at(this.#draws.next(8), winner % lanes);
      const before = at(neuron.shadow, row);
      const after = before + Math.floor(((target - before) * neuron.rate + drawn) / 2 ** 8);
      neuron.shadow[row] = after;
      neuron.norm += Math.floor(this.weight(after) ** 2 / 2 ** (weightBits - pixelBits));
    }
  }

  get state(): object {
    return {
      shadow: Array.from({ length: inputs }, (_, row) =>
        this.#pool.map(({ shadow }) => at(shadow, row)),
      ).flat(),
      norm: this.#pool.map(({ norm }) => norm),
      rate: this.#pool.map(({ rate }) => rate),
      adaptation: this.#pool.map(({ adaptation }) => adaptation),
      // A fresh neuron has 0.
      owner: this.#pool.map(({ owner }) => owner ?? 0),
    };
  }
}

/** A picture of strokes, a little different each time. */
const picture = (label: number, sample: number): Uint8Array =>
  Uint8Array.from({ length: inputs }, (_, pixel) => {
    const [word, noise] = [hash32(label, pixel), hash32(1000 + sample, pixel)];
    return word % 4 === 0 && noise % 3 > 0 ? (word >>> 8) % 256 : 0;
  });

const samples = Array.from({ length: 16 }, (_, sample) => ({ label: [0, 7, 7, 9][sample % 4] ?? 0, sample }));

describe.each(engineNames)('class pools on the %s engine', (engine) => {
  it.each([
    { precision: 'mp16-8', shadowBits: 16, weightBits: 8, youth: 0, conscience: 4096 },
    { precision: 'mp8-8', shadowBits: 8, weightBits: 8, youth: 192, conscience: 4096 },
    { precision: 'mp8-4', shadowBits: 8, weightBits: 4, youth: 24, conscience: 1024 },
    { precision: 'mp16-4', shadowBits: 16, weightBits: 4, youth: 0, conscience: 4096 },
  ])('learn and answer as defined at $precision', ({ precision, ...rule }) => {
    const perClass = 3;
    const set = {
      'program.parameters.perClass': perClass,
      'program.parameters.youth': rule.youth,
      'program.parameters.conscienceScale': rule.conscience,
    };
    const core = loadCore('lifetime-pools', { on: 'reference', precision, engine, set }, findFile).machine;
    const neurons = 250;
    const draws = new Draws(samples.length * (inputs + 2 * Math.ceil(neurons / lanes)));
    const pools = new Pools({ ...rule, neurons, perClass }, draws);
    const encoder = createEncoder('graded');
    for (const { label, sample } of samples) {
      const pixels = picture(label, sample);
      const values = Array.from(pixels, (pixel) => pixel >> (8 - pixelBits));
      for (const learn of [false, true]) {
        const spikes = encoder.encode(pixels, { seed: 1, epoch: 0, sample }, 1);
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
  });
});
