import { describe, expect, it } from 'vitest';
import { createEncoder } from '../../../src/data/index.ts';
import {
  type EngineName,
  engineNames,
  type Processor,
  presented,
  runSample,
} from '../../../src/engine/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { loadCore } from '../../../src/library/index.ts';
import { hash32 } from '../../../src/random/index.ts';
import { fieldOf, indexOfField, valuesOf } from '../../support/core.ts';

/*
 * The artificial networks mnist-mlp and mnist-cnn against their definition, computed here in plain loops: a layer sums
 * weight x activation, shifts, and clips to 0 .. 2^bits - 1.
 */

/** Weights of a layer by input, output; the convolution's are rows x columns x inputs x outputs of its window. */
type Layer = (inputs: readonly number[], weights: readonly number[]) => number[];

const dense =
  (outputs: number): Layer =>
  (inputs, weights) =>
    Array.from({ length: outputs }, (_, output) =>
      inputs.reduce((sum, value, input) => sum + value * (weights[input * outputs + output] ?? 0), 0),
    );

/** Windows of 5 x 5 with stride 2 over pictures of side x side x channels, numbered row by row, channels innermost. */
const convolution =
  (side: number, channels: number, outputs: number): Layer =>
  (inputs, weights) => {
    const places = (side - 5) / 2 + 1;
    const sums: number[] = [];
    for (let row = 0; row < Math.floor(places); row++)
      for (let column = 0; column < Math.floor(places); column++)
        for (let output = 0; output < outputs; output++) {
          let sum = 0;
          for (let y = 0; y < 5; y++)
            for (let x = 0; x < 5; x++)
              for (let channel = 0; channel < channels; channel++) {
                const value = inputs[((2 * row + y) * side + 2 * column + x) * channels + channel] ?? 0;
                sum += value * (weights[((y * 5 + x) * channels + channel) * outputs + output] ?? 0);
              }
          sums.push(sum);
        }
    return sums;
  };

const networks = [
  {
    program: 'mnist-mlp',
    hw: 'reference',
    layers: { hidden: dense(256), output: dense(10) },
    projections: ['inputToHidden', 'hiddenToOutput'],
  },
  {
    program: 'mnist-cnn',
    hw: 'large',
    layers: { first: convolution(28, 1, 16), second: convolution(12, 16, 32), output: dense(10) },
    projections: ['inputToFirst', 'firstToSecond', 'secondToOutput'],
  },
] as const;

/** A picture of strokes: most pixels are 0. */
const picture = (sample: number): Uint8Array =>
  Uint8Array.from({ length: 784 }, (_, pixel) => {
    const word = hash32(sample, pixel);
    return word % 5 === 0 ? (word >>> 8) % 256 : 0;
  });

/** In 16 or 24 bits, whichever holds so many, sums saturate after each addition; here none comes so far. */
const accumulatorOf = (bits: number): number => (bits <= 16 ? 16 : 24);

describe.each(engineNames)('on the %s engine', (engine) => {
  describe.each(networks)('$program', ({ program: name, hw, layers, projections }) => {
    it.each([
      { precision: 'mp16-8', weightBits: 8, activationBits: 8 },
      { precision: 'mp16-8', weightBits: 8, activationBits: 4 },
      { precision: 'mp16-4', weightBits: 4, activationBits: 4 },
      { precision: 'mp8-4', weightBits: 4, activationBits: 1 },
    ])(
      'at $precision with activations of $activationBits bits',
      ({ precision, weightBits, activationBits }) => {
        const core = coreOf(name, hw, precision, activationBits, engine);
        for (const [index, projection] of projections.entries()) fill(core, projection, index, weightBits);
        for (let sample = 0; sample < 3; sample++) {
          const pixels = picture(sample);
          present(core, pixels, 3, false);
          let activations: readonly number[] = Array.from(pixels, (pixel) => pixel >> (8 - activationBits));
          const most = 2 ** (accumulatorOf(weightBits + activationBits + 4) - 1);
          for (const [index, [layer, sumsOf]] of Object.entries(layers).entries()) {
            const weights = valuesOf(core, `${projections[index]}.weight`);
            const sums = sumsOf(activations, weights);
            expect(sums.every((sum) => Math.abs(sum) < most)).toBe(true);
            expect(valuesOf(core, `${layer}.v`)).toEqual(sums);
            // The shift is 7 at 8-bit weights, and less by the bits that narrower ones lack.
            activations = sums.map((sum) =>
              Math.min(2 ** activationBits - 1, Math.max(0, Math.floor(sum / 2 ** (7 + weightBits - 8)))),
            );
          }
          const spikes = core.image.populations.map((_, index) => core.spikesOf(index).length);
          expect(spikes[0]).toBe(pixels.filter((pixel) => pixel >> (8 - activationBits) > 0).length);
          expect(spikes.at(-1)).toBe(0);
        }
      },
    );
  });

  it('mnist-mlp learns from the gradient of its errors', () => {
    const core = coreOf('mnist-mlp', 'reference', 'mp16-8', 4, engine);
    for (const [index, projection] of ['inputToHidden', 'hiddenToOutput'].entries())
      fill(core, projection, index, 8);
    const before = ['inputToHidden', 'hiddenToOutput'].map((projection) =>
      valuesOf(core, `${projection}.weight`),
    );
    const shadows = ['inputToHidden', 'hiddenToOutput'].map((projection) =>
      valuesOf(core, `${projection}.shadow`),
    );
    const label = 3;
    const pixels = picture(7);
    present(core, pixels, label, true);
    const inputs = Array.from(pixels, (pixel) => pixel >> 4);
    const [first = [], second = []] = before;
    const hidden = dense(256)(inputs, first);
    const activations = hidden.map((sum) => Math.min(15, Math.max(0, sum >> 7)));
    const sums = dense(10)(activations, second);
    const clip = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
    // errorScale 0 + 4 bits of activations; signalScale 5.
    const errors = sums.map((sum, output) => (output === label ? 127 : 0) - clip(sum >> 4, 0, 127));
    expect(valuesOf(core, 'output.signal')).toEqual(errors);
    const signals = hidden.map((sum, neuron) => {
      const feedback = errors.reduce((all, error, out) => all + error * (second[neuron * 10 + out] ?? 0), 0);
      return sum > 0 ? clip(feedback >> 5, -127, 127) : 0;
    });
    expect(valuesOf(core, 'hidden.signal')).toEqual(signals);
    // Rates of 8 + 4 - 8 bits: each weight moves by activation x signal / 16, rounded up or down.
    const layers = [
      { pre: inputs, post: signals, name: 'inputToHidden', old: shadows[0] },
      { pre: activations, post: errors, name: 'hiddenToOutput', old: shadows[1] },
    ];
    for (const { pre, post, name, old = [] } of layers) {
      const moved = valuesOf(core, `${name}.shadow`).map((value, at) => value - (old[at] ?? 0));
      const exact = pre.flatMap((activation) => post.map((signal) => (activation * signal) / 16));
      expect(moved.every((by, at) => Math.abs(by - (exact[at] ?? 0)) < 1)).toBe(true);
      expect(moved.some((by) => by !== 0)).toBe(true);
    }
  });
});

function coreOf(
  name: string,
  on: string,
  precision: string,
  activationBits: number,
  engine: EngineName,
): Processor {
  const set = { 'program.parameters.activationBits': activationBits };
  return loadCore(name, { on, precision, engine, set }, findFile).machine;
}

/** Gives a projection random shadow weights; its weights are up to a third of what their bits hold. */
function fill(core: Processor, projection: string, seed: number, weightBits: number): void {
  const name = `${projection}.shadow`;
  const { bits } = fieldOf(core.image, name);
  const most = Math.floor(2 ** (bits - 1) / 3) + 2 ** (bits - weightBits);
  const items = valuesOf(core, name).map((_, item) => (hash32(seed, item) % (2 * most)) - most);
  core.write(indexOfField(core.image, name), items);
}

function present(core: Processor, pixels: Uint8Array, label: number, learn: boolean): void {
  const spikes = createEncoder('graded').encode(pixels, { seed: 1, epoch: 0, sample: 0 }, 1);
  runSample(core, presented(core.image, spikes), { label, learn });
}
