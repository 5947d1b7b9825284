import { describe, expect, it } from 'vitest';
import { type EngineName, engineNames, type Processor } from '../../../src/engine/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { loadCore } from '../../../src/library/index.ts';
import { hash32 } from '../../../src/random/index.ts';
import { indexOfField, valuesOf } from '../../support/core.ts';
import { present } from './driver.ts';
import { learnt, replayed, softmaxErrors } from './speech.ts';

const [inputs, hidden, outputs] = [6, 20, 5];
const delays = [0, 2, 5];
const payloadShift = 5;

/** Counts of 0 to 15, more often small ones. */
const sampleOf = (seed: number, steps: number): number[][] =>
  Array.from({ length: steps }, (_, step) =>
    Array.from({ length: inputs }, (_, input) => {
      const word = hash32(seed, step, input);
      return word % 3 === 0 ? (word >>> 8) % ((word >>> 16) % 4 === 0 ? 16 : 4) : 0;
    }),
  );

function coreOf(
  program: string,
  precision: string,
  engine: EngineName,
  settings: Readonly<Record<string, unknown>> = {},
): Processor {
  return loadCore(
    program,
    {
      precision,
      engine,
      seed: 3,
      set: {
        'program.populations.input.size': inputs,
        'program.populations.input.delays': delays,
        'program.populations.hidden.size': hidden,
        'program.populations.output.size': outputs,
        ...settings,
      },
    },
    findFile,
  ).machine;
}

function learn(core: Processor, sample: readonly (readonly number[])[], label: number): void {
  present(core, payloadShift, sample, { label, learn: true });
}

const networkOf = (core: Processor, { gain = 0, softmax = 5, signal = 5, weightBits = 8 }) => ({
  delays,
  inputs,
  first: { weights: valuesOf(core, 'inputToHidden.weight'), columns: hidden },
  ...(core.image.projections.some(({ name }) => name === 'hiddenToHidden') && {
    recurrent: { weights: valuesOf(core, 'hiddenToHidden.weight'), columns: hidden },
  }),
  last: { weights: valuesOf(core, 'hiddenToOutput.weight'), columns: outputs },
  weightBits,
  threshold: 2 ** (Math.max(weightBits, 8) - 1 + gain),
  softmaxShift: softmax + weightBits - 8,
  signalShift: signal + weightBits - 8,
});

const outer = (pre: readonly number[], post: readonly number[]): number[] =>
  pre.flatMap((value) => post.map((other) => value * other));

describe.each(engineNames)('on the %s engine', (engine) => {
  describe.each(['speech-snn', 'speech-rsnn'])('%s', (program) => {
    const isRecurrent = program === 'speech-rsnn';

    it.each([
      { precision: 'mp16-8', weightBits: 8, gain: 0, scale: 5 },
      { precision: 'mp16-4', weightBits: 4, gain: 2, scale: 7 },
      { precision: 'mp16-16', weightBits: 16, gain: 0, scale: 5 },
    ])(
      'sums eligibilities and finds errors as the rule says, at $precision',
      ({ precision, weightBits, gain, scale }) => {
        const core = coreOf(program, precision, engine, {
          'program.parameters.gain': gain,
          'program.parameters.softmaxScale': scale,
          'program.parameters.signalScale': scale,
        });
        const rates = { hidden: 2 ** 10, output: 2 ** 6 };
        for (const [seed, label] of [2, 0, 4].entries()) {
          const sample = sampleOf(seed, 30);
          const network = networkOf(core, { gain, softmax: scale, signal: scale, weightBits });
          const shadows = {
            first: valuesOf(core, 'inputToHidden.shadow'),
            recurrent: isRecurrent ? valuesOf(core, 'hiddenToHidden.shadow') : [],
            last: valuesOf(core, 'hiddenToOutput.shadow'),
          };
          const expected = learnt(network, sample, label);
          learn(core, sample, label);
          expect(expected.largest).toBeLessThan(2 ** (Math.max(weightBits, 8) + 7) - 1);
          expect(expected.counts.some((count) => count > 1)).toBe(true);
          expect(expected.errors.some((error) => error !== 0)).toBe(true);
          expect(valuesOf(core, 'output.score')).toEqual(expected.scores);
          expect(valuesOf(core, 'hidden.count')).toEqual(expected.counts);
          expect(valuesOf(core, 'output.signal')).toEqual(expected.errors);
          expect(valuesOf(core, 'hidden.signal')).toEqual(expected.signals);
          expect(valuesOf(core, 'inputToHidden.eligibility')).toEqual(expected.eligibility);
          if (isRecurrent)
            expect(valuesOf(core, 'hiddenToHidden.eligibility')).toEqual(expected.recurrentEligibility);
          // Each weight moves by eligibility x signal / 2^rate, rounded up or down.
          const signalOf = expected.eligibility.map((_, synapse) => expected.signals[synapse % hidden] ?? 0);
          const moves = [
            {
              name: 'inputToHidden',
              old: shadows.first,
              exact: expected.eligibility.map((sum, at) => (sum * (signalOf[at] ?? 0)) / rates.hidden),
            },
            {
              name: 'hiddenToHidden',
              old: shadows.recurrent,
              exact: expected.recurrentEligibility.map(
                (sum, at) => (sum * (expected.signals[at % hidden] ?? 0)) / rates.hidden,
              ),
            },
            {
              name: 'hiddenToOutput',
              old: shadows.last,
              exact: outer(
                expected.counts.map((count) => Math.min(127, count)),
                expected.errors,
              ).map((product) => product / rates.output),
            },
          ];
          for (const { name, old, exact } of moves) {
            if (old.length === 0) continue;
            const now = valuesOf(core, `${name}.shadow`);
            const isOff = now.some((value, at) => {
              const goal = Math.min(32767, Math.max(-32767, (old[at] ?? 0) + (exact[at] ?? 0)));
              return Math.abs(value - goal) >= 1;
            });
            expect(isOff).toBe(false);
          }
        }
      },
    );
  });

  it.each(['speech-snn-replay', 'speech-rsnn-replay'])(
    '%s learns while the sample is presented again',
    (program) => {
      // A rate of 0 rounds nothing off, so that the weights are known.
      const core = coreOf(program, 'mp16-8', engine, { 'program.parameters.hiddenRate': 0 });
      for (const [seed, label] of [1, 3, 0].entries()) {
        const sample = sampleOf(seed, 30).map((counts) => counts.map((count) => Math.min(count, 3)));
        const network = networkOf(core, {});
        const isRecurrent = network.recurrent !== undefined;
        const shadows = {
          first: valuesOf(core, 'inputToHidden.shadow'),
          recurrent: isRecurrent ? valuesOf(core, 'hiddenToHidden.shadow') : [],
        };
        const expected = learnt(network, sample, label);
        learn(core, sample, label);
        expect(expected.errors.some((error) => error !== 0)).toBe(true);
        // The replay leaves what the first presentation has answered.
        expect(valuesOf(core, 'output.score')).toEqual(expected.scores);
        expect(valuesOf(core, 'hidden.count')).toEqual(expected.counts);
        expect(valuesOf(core, 'hidden.signal')).toEqual(expected.signals);
        const after = replayed(network, shadows, sample, expected.signals);
        expect(after.first).not.toEqual(shadows.first);
        expect(valuesOf(core, 'inputToHidden.shadow')).toEqual(after.first);
        if (isRecurrent) expect(valuesOf(core, 'hiddenToHidden.shadow')).toEqual(after.recurrent);
      }
      expect(core.counters()).toMatchObject({ samples: 3, steps: 180 });
    },
  );

  it('traces and eligibilities saturate where inputs never rest', () => {
    const core = coreOf('speech-snn', 'mp16-8', engine);
    const index = (name: string): number => indexOfField(core.image, name);
    const rows = delays.length * inputs;
    // One row has weights of 1: its 15 a step raise potentials to 120, always near the threshold of 128, and no neuron
    // spikes.
    const shadows = Array.from({ length: rows * hidden }, (_, synapse) => (synapse < hidden ? 256 : 0));
    core.write(index('inputToHidden.shadow'), shadows);
    core.write(index('hiddenToOutput.shadow'), new Array<number>(hidden * outputs).fill(0));
    const steps = 156;
    learn(
      core,
      Array.from({ length: steps }, () => new Array<number>(inputs).fill(15)),
      2,
    );
    expect(valuesOf(core, 'hidden.v').every((v) => v > 95 && v <= 120)).toBe(true);
    expect(valuesOf(core, 'hidden.count')).toEqual(new Array<number>(hidden).fill(0));
    expect(valuesOf(core, 'input.level')).toEqual(new Array<number>(rows).fill(255));
    expect(valuesOf(core, 'input.rest')).toEqual(new Array<number>(rows).fill(255));
    expect(valuesOf(core, 'inputToHidden.eligibility')).toEqual(new Array<number>(rows * hidden).fill(32767));
    // All sums are 0: each share is a fifth, 25.4.
    expect(valuesOf(core, 'output.signal')).toEqual([-25, -25, 102, -25, -25]);
  });

  it('an answer that is sure and right changes nothing', () => {
    const core = coreOf('speech-snn', 'mp16-8', engine);
    // Weights of one sign onto the first output alone: its sum is far ahead.
    const weights = Array.from({ length: hidden * outputs }, (_, at) =>
      at % outputs === 0 ? 32767 : -32767,
    );
    core.write(indexOfField(core.image, 'hiddenToOutput.shadow'), weights);
    const before = valuesOf(core, 'inputToHidden.shadow');
    learn(core, sampleOf(1, 30), 0);
    expect(valuesOf(core, 'output.signal')).toEqual([0, 0, 0, 0, 0]);
    expect(valuesOf(core, 'inputToHidden.shadow')).toEqual(before);
    expect(valuesOf(core, 'hiddenToOutput.shadow')).toEqual(weights);
    learn(core, sampleOf(1, 30), 1);
    expect(valuesOf(core, 'output.signal')).toEqual([-127, 127, 0, 0, 0]);
  });

  it.each([
    [0, 0, 0, 0, 0],
    [32767, -32768, 32767, 0, -1],
    [31, 0, -1, -31, -32],
    [-32768, -32768, -32768, -32768, -32767],
    [8191, 0, 1, 31, 32],
    [511, 255, 0, -8000, 479],
  ])('the softmax of sums %i, %i, %i, %i and %i', (...scores) => {
    const core = coreOf('speech-snn', 'mp16-8', engine, {
      // Nothing moves the sums that are given, and they are not cleared.
      'program.events.sample': [],
    });
    for (const label of [0, 1, 4]) {
      core.write(indexOfField(core.image, 'output.score'), scores);
      learn(core, [new Array<number>(inputs).fill(0)], label);
      expect(valuesOf(core, 'output.signal')).toEqual(softmaxErrors(scores, label, 5));
    }
  });
});
