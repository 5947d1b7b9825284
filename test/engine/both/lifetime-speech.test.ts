import { describe, expect, it } from 'vitest';
import { type EngineName, engineNames, type Processor, predict } from '../../../src/engine/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { loadCore } from '../../../src/library/index.ts';
import { hash32 } from '../../../src/random/index.ts';
import { at } from '../../../src/text/index.ts';
import { indexOfField, valuesOf } from '../../support/core.ts';
import { answersOf, Draws, lanes, normalised, Pools } from './class-pools.ts';
import { present } from './driver.ts';
import { type Learnt, learnt } from './speech.ts';

/*
 * The rule of lifetime-speech, sample by sample, against its definition in plain loops: the network of speech-snn,
 * pools that learn the normalised counts of its hidden neurons, and an answer from both.
 */
const [inputs, hidden, outputs, neurons] = [6, 20, 5, 40];
const delays = [0, 2, 5];
const payloadShift = 5;
const seed = 3;
/** So high that neurons get there. */
const leastRate = 100;

interface Widths {
  readonly precision: string;
  readonly shadowBits: number;
  readonly weightBits: number;
  readonly gain: number;
  readonly scale: number;
  readonly rates: { readonly hidden: number; readonly output: number };
}

/** Counts of spikes in steps, of 0 to 15: those of a class are alike. */
const sampleOf = (sample: number, label: number): number[][] =>
  Array.from({ length: 24 }, (_, step) =>
    Array.from({ length: inputs }, (_, input) => {
      const [word, noise] = [hash32(label, step, input), hash32(1000 + sample, step, input)];
      return word % 3 === 0 && noise % 4 > 0 ? (word >>> 8) % ((word >>> 16) % 4 === 0 ? 16 : 4) : 0;
    }),
  );

/** The whole network. */
class Listener {
  readonly pools: Pools;
  readonly first: number[];
  readonly last: number[];
  readonly #draws: Draws;
  readonly #widths: Widths;

  constructor(core: Processor, widths: Widths, perClass: number) {
    this.#draws = new Draws(seed, 20_000);
    this.#widths = widths;
    const rule = { inputs: hidden, neurons, perClass, valueBits: 6, youth: 4, conscience: 0, leastRate };
    this.pools = new Pools({ ...rule, ...widths }, this.#draws);
    this.first = valuesOf(core, 'inputToHidden.shadow');
    this.last = valuesOf(core, 'hiddenToOutput.shadow');
  }

  hears(sample: readonly (readonly number[])[], label: number): Learnt {
    const { weightBits, gain, scale } = this.#widths;
    const network = {
      delays,
      inputs,
      first: { weights: this.#cut(this.first), columns: hidden },
      last: { weights: this.#cut(this.last), columns: outputs },
      weightBits,
      threshold: 2 ** (Math.max(weightBits, 8) - 1 + gain),
      softmaxShift: scale + weightBits - 8,
      signalShift: scale + weightBits - 8,
    };
    return learnt(network, sample, label);
  }

  /** The score of each class: its nearest prototype eight times, and the read-out. */
  answers({ counts, scores }: Learnt): number[] {
    return answersOf(this.pools, normalised(counts), scores);
  }

  learns({ counts, errors, signals, eligibility }: Learnt, label: number): void {
    const { hidden: hiddenRate, output } = this.#widths.rates;
    if (errors.some((error) => error !== 0)) {
      this.#update(
        this.last,
        counts.flatMap((count) => errors.map((error) => count * error)),
        { columns: errors, rate: output, isOpen: (row) => at(counts, row) !== 0 },
      );
      this.#update(
        this.first,
        eligibility.map((sum, synapse) => sum * at(signals, synapse % hidden)),
        { columns: signals, rate: hiddenRate, isOpen: () => true },
      );
    }
    this.pools.learn(normalised(counts), label);
  }

  #cut(shadow: readonly number[]): number[] {
    const { shadowBits, weightBits } = this.#widths;
    const most = 2 ** (weightBits - 1);
    return shadow.map((value) =>
      Math.min(Math.max(Math.floor(value / 2 ** (shadowBits - weightBits) + 0.5), -most), most - 1),
    );
  }

  /** Rows that are open, and the tiles of columns of which any is open: all lanes of a visited tile draw. */
  #update(
    shadow: number[],
    products: readonly number[],
    {
      columns,
      rate,
      isOpen,
    }: { readonly columns: readonly number[]; readonly rate: number; isOpen(row: number): boolean },
  ): void {
    const most = 2 ** (this.#widths.shadowBits - 1) - 1;
    for (let row = 0; row < shadow.length / columns.length; row++)
      for (let first = 0; first < columns.length; first += lanes) {
        const tile = columns.slice(first, first + lanes);
        if (!isOpen(row) || tile.every((signal) => signal === 0)) continue;
        const drawn = this.#draws.next(rate);
        for (const [lane, signal] of tile.entries()) {
          if (signal === 0) continue;
          const synapse = row * columns.length + first + lane;
          const moved =
            at(shadow, synapse) + Math.floor((at(products, synapse) + at(drawn, lane)) / 2 ** rate);
          shadow[synapse] = Math.min(Math.max(moved, -most), most);
        }
      }
  }
}

const coreOf = (
  engine: EngineName,
  precision: string,
  set: Readonly<Record<string, unknown>> = {},
): Processor =>
  loadCore(
    'lifetime-speech',
    { on: 'reference', precision, engine, seed, set: { ...small, ...set } },
    findFile,
  ).machine;

const small = {
  'program.populations.input.size': inputs,
  'program.populations.input.delays': delays,
  'program.populations.hidden.size': hidden,
  'program.populations.output.size': outputs,
  'program.populations.pool.size': neurons,
};

const precisions: readonly Widths[] = [
  { precision: 'mp16-8', shadowBits: 16, weightBits: 8, gain: 0, scale: 5, rates: { hidden: 10, output: 6 } },
  { precision: 'mp8-8', shadowBits: 8, weightBits: 8, gain: 0, scale: 5, rates: { hidden: 18, output: 14 } },
  { precision: 'mp16-4', shadowBits: 16, weightBits: 4, gain: 2, scale: 7, rates: { hidden: 10, output: 6 } },
  { precision: 'mp8-4', shadowBits: 8, weightBits: 4, gain: 2, scale: 7, rates: { hidden: 18, output: 14 } },
];

describe.each(engineNames)('lifetime-speech on the %s engine', (engine) => {
  it.each(precisions)('learns and answers as defined at $precision', (widths) => {
    const { precision, gain, scale } = widths;
    const perClass = 3;
    const core = coreOf(engine, precision, {
      'program.parameters.perClass': perClass,
      'program.parameters.leastRate': leastRate,
      'program.parameters.gain': gain,
      'program.parameters.softmaxScale': scale,
      'program.parameters.signalScale': scale,
    });
    const listener = new Listener(core, widths, perClass);
    const labels = [0, 4, 4, 2, 0, 4, 0, 2, 4, 4, 0, 2, 2, 2, 0, 4];
    const answered = new Set<number>();
    for (const [number, label] of labels.entries()) {
      const sample = sampleOf(number, label);
      for (const learn of [false, true]) {
        const heard = listener.hears(sample, label);
        const answers = listener.answers(heard);
        present(core, payloadShift, sample, { label, learn });
        expect(heard.counts.some((count) => count > 1)).toBe(true);
        // Potentials do not saturate here.
        expect(heard.largest).toBeLessThan(2 ** (Math.max(widths.weightBits, 8) + gain + 3) - 1);
        expect(valuesOf(core, 'hidden.count')).toEqual(heard.counts);
        expect(valuesOf(core, 'hidden.trace')).toEqual(normalised(heard.counts));
        expect(valuesOf(core, 'output.score')).toEqual(heard.scores);
        expect(valuesOf(core, 'output.answer')).toEqual(answers);
        expect(predict(core)).toBe(answers.indexOf(Math.max(...answers)));
        answered.add(predict(core));
        if (learn) listener.learns(heard, label);
        expect(valuesOf(core, 'inputToHidden.shadow')).toEqual(listener.first);
        expect(valuesOf(core, 'hiddenToOutput.shadow')).toEqual(listener.last);
        expect({
          shadow: valuesOf(core, 'hiddenToPool.shadow'),
          norm: valuesOf(core, 'pool.norm'),
          rate: valuesOf(core, 'pool.rate'),
          adaptation: valuesOf(core, 'pool.adaptation'),
          owner: valuesOf(core, 'pool.owner'),
        }).toEqual(listener.pools.state);
      }
    }
    expect(valuesOf(core, 'output.recruited')).toEqual([3, 0, 3, 0, 3]);
    expect(valuesOf(core, 'pool.rate')).toContain(leastRate);
    expect(answered.size).toBeGreaterThan(2);
  });

  it('leaves the pools as they are, and out of the answer, where a class recruits none', () => {
    const core = coreOf(engine, 'mp16-8', { 'program.parameters.perClass': 0 });
    const widths = at(precisions, 0);
    const listener = new Listener(core, widths, 0);
    for (const label of [0, 3]) {
      const sample = sampleOf(0, label);
      const heard = listener.hears(sample, label);
      present(core, payloadShift, sample, { label, learn: true });
      listener.learns(heard, label);
      expect(valuesOf(core, 'output.answer')).toEqual(heard.scores);
      expect(valuesOf(core, 'pool.rate')).toEqual(Array(neurons).fill(256));
      expect(valuesOf(core, 'hiddenToPool.shadow').every((weight) => weight === 0)).toBe(true);
      expect(valuesOf(core, 'hiddenToOutput.shadow')).toEqual(listener.last);
    }
  });

  it('answers with the read-out alone where the pools count for nothing', () => {
    const core = coreOf(engine, 'mp16-8', { 'program.parameters.poolWeight': 0 });
    for (const label of [0, 3, 1]) present(core, payloadShift, sampleOf(0, label), { label, learn: true });
    expect(valuesOf(core, 'output.recruited')).toEqual([1, 1, 0, 1, 0]);
    expect(valuesOf(core, 'output.answer')).toEqual(valuesOf(core, 'output.score'));
  });

  it('normalises counts of any sum', () => {
    const many = 256;
    const core = coreOf(engine, 'mp16-8', {
      'program.populations.hidden.size': many,
      // Nothing clears the counts that are given.
      'program.events.sample': [],
    });
    const silence = [Array<number>(inputs).fill(0)];
    const sums = Array.from({ length: 15 }, (_, octave) =>
      Array.from({ length: 16 }, (_, part) => Math.floor(((16 + part) * 2 ** octave) / 16)),
    ).flat();
    for (const sum of [...new Set([0, ...sums, 127 * many])]) {
      if (sum > 127 * many) continue;
      // As even as it can be, and as uneven.
      const even = Array.from(
        { length: many },
        (_, neuron) => Math.floor((sum * (neuron + 1)) / many) - Math.floor((sum * neuron) / many),
      );
      const uneven = Array.from({ length: many }, (_, neuron) =>
        Math.min(127, Math.max(0, sum - 127 * neuron)),
      );
      for (const counts of [even, uneven]) {
        core.write(indexOfField(core.image, 'hidden.count'), counts);
        present(core, payloadShift, silence, { label: 0, learn: false });
        expect(valuesOf(core, 'hidden.count')).toEqual(counts);
        expect(valuesOf(core, 'hidden.trace')).toEqual(normalised(counts));
      }
    }
  });
});
