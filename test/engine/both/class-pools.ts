import { at } from '../../../src/text/index.ts';
import { draw, laneWords } from '../../support/xorshift.ts';

/*
 * Pools of prototypes from their definition, in plain loops over whole numbers: no kernels, no fields, no tiles, but
 * for the order in which lanes draw.
 */
export const lanes = 16;

/** What decides how pools learn. */
export interface Rule {
  readonly inputs: number;
  readonly valueBits: number;
  readonly leastRate: number;
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
export class Draws {
  readonly #words: readonly (readonly number[])[];
  readonly #taken: number[] = Array(lanes).fill(0);

  constructor(seed: number, perLane: number) {
    this.#words = Array.from({ length: lanes }, (_, lane) => laneWords(seed, lane, perLane));
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

export class Pools {
  readonly #rule: Rule;
  readonly #draws: Draws;
  readonly #pool: readonly Neuron[];

  constructor(rule: Rule, draws: Draws) {
    this.#rule = rule;
    this.#draws = draws;
    this.#pool = Array.from({ length: rule.neurons }, () => ({
      shadow: Array<number>(rule.inputs).fill(0),
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

  /** How near each neuron is to a sample. */
  potentials(values: readonly number[]): number[] {
    const { youth, weightBits } = this.#rule;
    return this.#pool.map(({ shadow, norm, rate }) => {
      const bonus = Math.floor((youth * rate) / 2 ** (8 - weightBits));
      return values.reduce((sum, value, row) => sum + value * this.weight(at(shadow, row)), bonus - norm);
    });
  }

  /** The largest potential of a class, of those of its neurons; undefined while it has none. */
  nearest(values: readonly number[], label: number): number | undefined {
    const potentials = this.potentials(values);
    const own = potentials.filter((_, neuron) => at(this.#pool, neuron).owner === label);
    return own.length === 0 ? undefined : Math.max(...own);
  }

  /** The owner of the nearest prototype; 0, the first of equal classes, while there is none. */
  answer(values: readonly number[]): number {
    const potentials = this.potentials(values);
    const known = [...this.#pool.keys()].filter((neuron) => at(this.#pool, neuron).owner !== undefined);
    const [first] = known.toSorted((a, b) => at(potentials, b) - at(potentials, a) || a - b);
    return first === undefined ? 0 : (at(this.#pool, first).owner ?? Number.NaN);
  }

  learn(values: readonly number[], label: number): void {
    const winner = this.#winner(this.potentials(values), label);
    if (winner !== undefined) this.#move(winner, values);
    const tiles = Math.ceil(this.#rule.neurons / lanes);
    const rate = winner === undefined ? Number.NaN : at(this.#pool, winner).rate;
    if (winner !== undefined) at(this.#pool, winner).owner = label;
    for (let tile = 0; tile < tiles; tile++) {
      const [ofRate, ofAdaptation] = [this.#draws.next(9), this.#draws.next(6)];
      for (const [lane, neuron] of this.#pool.slice(tile * lanes, (tile + 1) * lanes).entries()) {
        const wins = tile * lanes + lane === winner;
        if (wins) {
          const loss = Math.floor((rate * rate + at(ofRate, lane)) / 2 ** 9);
          neuron.rate = rate === 256 ? 128 : Math.max(rate - loss, this.#rule.leastRate);
          neuron.adaptation += this.#rule.conscience / 2 ** (8 - this.#rule.weightBits);
        }
        if (neuron.owner !== label) continue;
        neuron.adaptation -= Math.floor((neuron.adaptation + at(ofAdaptation, lane)) / 2 ** 6);
      }
    }
  }

  /** None if the class has no neuron and may recruit none. */
  #winner(potentials: readonly number[], label: number): number | undefined {
    const owned = [...this.#pool.keys()].filter((neuron) => at(this.#pool, neuron).owner === label);
    const fresh = this.#pool.findIndex(({ owner }) => owner === undefined);
    if (owned.length < this.#rule.perClass && fresh >= 0) return fresh;
    const rank = (neuron: number): number => at(potentials, neuron) - at(this.#pool, neuron).adaptation;
    return owned.toSorted((a, b) => rank(b) - rank(a) || a - b)[0];
  }

  #move(winner: number, values: readonly number[]): void {
    const { shadowBits, weightBits, valueBits } = this.#rule;
    const neuron = at(this.#pool, winner);
    neuron.norm = 0;
    for (const [row, value] of values.entries()) {
      const target = Math.min(
        Math.floor(value * 2 ** (shadowBits - 1 - valueBits)),
        2 ** (shadowBits - 1) - 1,
      );
      const drawn = at(this.#draws.next(8), winner % lanes);
      const before = at(neuron.shadow, row);
      const after = before + Math.floor(((target - before) * neuron.rate + drawn) / 2 ** 8);
      neuron.shadow[row] = after;
      neuron.norm += Math.floor(this.weight(after) ** 2 / 2 ** (weightBits - valueBits));
    }
  }

  get state(): object {
    return {
      shadow: Array.from({ length: this.#rule.inputs }, (_, row) =>
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

/** How often the nearest prototype counts, beside a score; and what a class without any has. */
const [poolWeight, least] = [8, -(2 ** 23)];

/** The answer of each class: its score, and its nearest prototype. */
export function answersOf(pools: Pools, values: readonly number[], scores: readonly number[]): number[] {
  const all = scores.map((_, label) => pools.nearest(values, label));
  if (all.every((nearest) => nearest === undefined)) return [...scores];
  return scores.map((score, label) => Math.max(poolWeight * (all[label] ?? least) + score, least));
}

/** floor(1024 n / sum), with a reciprocal of the upper five bits of the sum. */
export function normalised(counts: readonly number[]): number[] {
  const sum = counts.reduce((all, count) => all + count, 0);
  if (sum === 0) return counts.map(() => 0);
  const shift = Math.floor(Math.log2(sum)) - 4;
  const m = Math.floor(sum / 2 ** shift);
  const reciprocal = Math.floor((4096 + Math.floor(m / 2)) / m);
  return counts.map((count) => Math.min(Math.floor((1024 * count * reciprocal) / 2 ** (12 + shift)), 63));
}
