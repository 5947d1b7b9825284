import { describe, expect, it } from 'vitest';
import { type EngineName, engineNames, type Processor, runSample } from '../../../src/engine/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { loadCore } from '../../../src/library/index.ts';
import { hash32 } from '../../../src/random/index.ts';
import { indexOfField, spikeTrain, valuesOf } from '../../support/core.ts';
import { present } from './driver.ts';
import { type Connection, type Heard, heard, type Network } from './history.ts';

const [inputs, hidden, outputs] = [6, 20, 5];
const payloadShift = 3;
const windowDelays = [0, 8, 16, 24, 32, 40];

/** Counts of 0 to 15, more often small ones. */
const sampleOf = (seed: number, steps: number): number[][] =>
  Array.from({ length: steps }, (_, step) =>
    Array.from({ length: inputs }, (_, input) => {
      const word = hash32(seed, step, input);
      return word % 5 === 0 ? (word >>> 8) % ((word >>> 16) % 4 === 0 ? 16 : 4) : 0;
    }),
  );

interface Case {
  readonly precision: string;
  readonly weightBits: number;
  readonly gain: number;
  readonly scale: number;
  /** Of the hidden weights and of the delays, as right shifts: 0 rounds nothing off. */
  readonly rate: number;
  readonly delayRate: number;
}

const cases: readonly Case[] = [
  { precision: 'mp16-8', weightBits: 8, gain: 0, scale: 5, rate: 10, delayRate: 8 },
  { precision: 'mp16-8', weightBits: 8, gain: 0, scale: 5, rate: 0, delayRate: 0 },
  { precision: 'mp16-4', weightBits: 4, gain: 0, scale: 7, rate: 8, delayRate: 6 },
  { precision: 'mp16-16', weightBits: 16, gain: 0, scale: 5, rate: 10, delayRate: 8 },
];

function coreOf(
  program: string,
  engine: EngineName,
  { precision, gain, scale, rate, delayRate }: Case,
): Processor {
  const isOfDelays = program === 'speech-delays';
  return loadCore(
    program,
    {
      precision,
      engine,
      seed: 3,
      ...(isOfDelays && { on: 'delays' }),
      set: {
        'program.populations.input.size': inputs,
        'program.populations.hidden.size': hidden,
        'program.populations.output.size': outputs,
        'program.parameters.gain': gain,
        'program.parameters.softmaxScale': scale,
        'program.parameters.signalScale': scale,
        'program.parameters.hiddenRate': rate,
        ...(isOfDelays && {
          'program.parameters.delayRate': delayRate,
          'program.parameters.initialHidden': 0.5,
          // Wide enough for sums of weights of 16 bits.
          'hw.banks.arriving.wordBits': 32,
        }),
      },
    },
    findFile,
  ).machine;
}

function learn(core: Processor, sample: readonly (readonly number[])[], label: number): void {
  present(core, payloadShift, sample, { label, learn: true });
}

const networkOf = (
  core: Processor,
  { weightBits, gain, scale }: Case,
  connections: readonly Connection[],
  window: number,
): Network => ({
  inputs,
  hidden,
  connections,
  last: valuesOf(core, 'hiddenToOutput.weight'),
  weightBits,
  threshold: 2 ** (Math.max(weightBits, 8) - 1 + gain),
  softmaxShift: scale + weightBits - 8,
  signalShift: scale + weightBits - 8,
  window,
});

/** What the core has found when a sample has ended, and that it is worth looking at. */
function expectFound(core: Processor, expected: Heard): void {
  expect(expected.counts.some((count) => count > 1)).toBe(true);
  expect(expected.signals.some((signal) => signal !== 0)).toBe(true);
  expect(valuesOf(core, 'output.score')).toEqual(expected.scores);
  expect(valuesOf(core, 'hidden.count')).toEqual(expected.counts);
  expect(valuesOf(core, 'output.signal')).toEqual(expected.errors);
  expect(valuesOf(core, 'hidden.signal')).toEqual(expected.signals);
}

/** Each number has moved by `exact`, rounded up or down, within its bounds; and some have moved. */
function expectMoved(
  now: readonly number[],
  old: readonly number[],
  exact: readonly number[],
  [low, high]: readonly [number, number],
): void {
  const goals = old.map((value, at) => Math.min(high, Math.max(low, value + (exact[at] ?? 0))));
  expect(now.filter((value, at) => Math.abs(value - (goals[at] ?? 0)) >= 1)).toEqual([]);
  expect(now).not.toEqual(old);
}

describe.each(engineNames)('on the %s engine', (engine) => {
  it.each(cases)('speech-windows learns from windows of eight steps, at $precision, rate $rate', (one) => {
    const core = coreOf('speech-windows', engine, one);
    // The last sample ends with a window, the others within one.
    for (const [seed, [label, steps]] of (
      [
        [2, 60],
        [0, 75],
        [4, 64],
      ] as const
    ).entries()) {
      const sample = sampleOf(seed, steps);
      const names = windowDelays.map((delay) => `inputToHidden${delay}`);
      const connections = windowDelays.map((delay, index) => ({
        weights: valuesOf(core, `${names[index]}.weight`),
        delays: new Array<number>(inputs * hidden).fill(delay),
      }));
      const before = names.map((name) => valuesOf(core, `${name}.shadow`));
      const expected = heard(networkOf(core, one, connections, 8), sample, label);
      learn(core, sample, label);
      expectFound(core, expected);
      for (const [index, name] of names.entries()) {
        const exact = expected
          .credits(index)
          .map((credit, at) => (credit * (expected.signals[at % hidden] ?? 0)) / 2 ** one.rate);
        expectMoved(valuesOf(core, `${name}.shadow`), before[index] ?? [], exact, [-32767, 32767]);
      }
    }
  });

  it.each(cases)('speech-delays moves weights and delays, at $precision, rate $rate', (one) => {
    const core = coreOf('speech-delays', engine, one);
    const delayField = indexOfField(core.image, 'inputToHidden.delay');
    // Half of them are short, so that much arrives before a sample ends; one is the longest.
    core.write(
      delayField,
      valuesOf(core, 'inputToHidden.delay').map((delay, at) =>
        at === 7 ? 16383 : at % 2 === 0 ? delay >> 3 : delay,
      ),
    );
    for (const [seed, [label, steps]] of (
      [
        [2, 40],
        [0, 90],
        [4, 150],
      ] as const
    ).entries()) {
      const sample = sampleOf(seed, steps);
      const old = valuesOf(core, 'inputToHidden.delay');
      const weights = valuesOf(core, 'inputToHidden.weight');
      const before = valuesOf(core, 'inputToHidden.shadow');
      const connection = { weights, delays: old.map((delay) => Math.floor(delay / 256)) };
      const expected = heard(networkOf(core, one, [connection], 1), sample, label);
      learn(core, sample, label);
      expectFound(core, expected);
      const signalOf = (at: number): number => expected.signals[at % hidden] ?? 0;
      const [sums, later, earlier] = [0, 1, -1].map((shift) => expected.credits(0, shift));
      const moves = (sums ?? []).map((sum, at) => (sum * signalOf(at)) / 2 ** one.rate);
      expectMoved(valuesOf(core, 'inputToHidden.shadow'), before, moves, [-32767, 32767]);
      const shifts = (later ?? []).map(
        (sum, at) =>
          (Math.sign(weights[at] ?? 0) * signalOf(at) * (sum - (earlier?.[at] ?? 0))) / 2 ** one.delayRate,
      );
      expectMoved(valuesOf(core, 'inputToHidden.delay'), old, shifts, [0, 16383]);
    }
  });

  it('what a spike adds arrives after the delay, and leaves its place', () => {
    const one = cases[0];
    if (one === undefined) throw new Error('no case');
    const core = coreOf('speech-delays', engine, one);
    core.write(
      indexOfField(core.image, 'inputToHidden.delay'),
      new Array<number>(inputs * hidden).fill(3 * 256),
    );
    core.write(
      indexOfField(core.image, 'inputToHidden.shadow'),
      new Array<number>(inputs * hidden).fill(512),
    );
    const spike = 5 << payloadShift;
    const train = { ...spikeTrain([spike], [], [], [], []), indices: Uint32Array.of(spike) };
    runSample(core, train, { label: 0, learn: false });
    // Five times the weight of 2 arrives in step 3, and loses an eighth, rounded down, in that step and the next.
    expect(valuesOf(core, 'hidden.v')).toEqual(new Array<number>(hidden).fill(8));
    expect(new Set(valuesOf(core, 'hidden.arriving'))).toEqual(new Set([0]));
  });
});
