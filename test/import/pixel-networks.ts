import { type FeatureSet, sampleValues, stratifiedPrefix } from '../../src/data/index.ts';
import { loadDataset } from '../../src/data/node.ts';
import type { NirGraph } from '../../src/nir/index.ts';
import { addAt, at, numberAt } from '../../src/text/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { graph } from './support.ts';

/*
 * Three networks on pixels that stay the same in every step, each with a run of its own in plain loops over its
 * weights, step by step, which shares nothing with src/nir. Hidden layers are drawn at random; the last layer is
 * trained on the rates of the one before it.
 */

export const steps = 32;
const classes = 10;
const trained = 150;

type Numbers = Float64Array<ArrayBuffer>;
/** What a layer spikes, step by step. */
type Spikes = readonly Numbers[];

export interface PixelNetwork {
  readonly graph: NirGraph;
  /** As on a command line. */
  readonly options: readonly string[];
  /** The nodes of spiking layers, in the order of `run`. */
  readonly layers: readonly string[];
  /** A pixel of 0..255 as the file has it. */
  readonly stored: (pixel: number) => number;
  /** By layer, what it spikes for a sample of numbers of the file. */
  readonly run: (numbers: Numbers) => readonly Spikes[];
}

/** The layers without the last, and how many spikes of the last of them lead to a class. */
interface Hidden {
  readonly nodes: Parameters<typeof graph>[0];
  readonly path: string;
  readonly layers: readonly string[];
  readonly size: number;
  readonly run: (numbers: Numbers) => readonly Spikes[];
  /** What the last layer gets of the last hidden one. */
  readonly passed?: (spikes: Numbers) => Numbers;
}

function drawn(dice: Dice, count: number, low: number, high: number): Numbers {
  return Float64Array.from({ length: count }, () => Math.fround(low + (high - low) * dice.fraction()));
}

function dense(weights: Numbers, bias: Numbers, x: Numbers): Numbers {
  return bias.map((start, to) => {
    let sum = start;
    for (let from = 0; from < x.length; from++)
      sum += numberAt(weights, to * x.length + from) * numberAt(x, from);
    return sum;
  });
}

/** A convolution with stride 2 of pictures [channels, side, side], filters [to, from, window, window]. */
function convolution(
  weights: Numbers,
  x: Numbers,
  [from, side, to, window, padding]: readonly [number, number, number, number, number],
): Numbers {
  const places = Math.floor((side + 2 * padding - window) / 2) + 1;
  const y = new Float64Array(to * places * places);
  // Most neurons do not spike in a step: go from those that do to the places that see them.
  for (const [pixel, value] of x.entries()) {
    if (value === 0) continue;
    const [channel, a, b] = [Math.floor(pixel / side ** 2), Math.floor(pixel / side) % side, pixel % side];
    for (let down = 0; down < window; down++) {
      const row = (a + padding - down) / 2;
      if (!Number.isInteger(row) || row < 0 || row >= places) continue;
      for (let right = 0; right < window; right++) {
        const column = (b + padding - right) / 2;
        if (!Number.isInteger(column) || column < 0 || column >= places) continue;
        for (let filter = 0; filter < to; filter++) {
          const weight = numberAt(weights, ((filter * from + channel) * window + down) * window + right);
          addAt(y, (filter * places + row) * places + column, value * weight);
        }
      }
    }
  }
  return y;
}

/** LIF of forward Euler, reset to zero at once: v += (x - v) / tau, and IF if tau is undefined: v += x. */
function lif(size: number, tau: number | undefined, fires: (v: number) => boolean) {
  const v = new Float64Array(size);
  return (x: Numbers): Numbers =>
    v.map((before, neuron) => {
      const now = before + (tau === undefined ? numberAt(x, neuron) : (numberAt(x, neuron) - before) / tau);
      const spikes = fires(now);
      v[neuron] = spikes ? 0 : now;
      return Number(spikes);
    });
}

/** CubaLIF as snnTorch runs it: i = alpha i + x, v = beta v + i - R threshold, with R the spike of the step before. */
function synaptic(size: number, [alpha, beta]: readonly [number, number]) {
  const [i, v, spiked] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  return (x: Numbers): Numbers =>
    spiked.map((before, neuron) => {
      const current = alpha * numberAt(i, neuron) + numberAt(x, neuron);
      const now = beta * numberAt(v, neuron) + current - before;
      i[neuron] = current;
      v[neuron] = now;
      spiked[neuron] = Number(now > 1);
      return Number(now > 1);
    });
}

const each = (shape: readonly number[], value: number) =>
  [shape, Array<number>(shape.reduce((product, length) => product * length, 1)).fill(value)] as const;
const list = (values: Numbers, ...shape: readonly number[]) => [shape, [...values]] as const;

function inSteps(x: Numbers, ...layers: readonly ((x: Numbers) => Numbers)[]): readonly Spikes[] {
  const all = layers.map((): Numbers[] => []);
  for (let step = 0; step < steps; step++)
    layers.reduce((given, layer, index) => {
      const spikes = layer(given);
      at(all, index).push(Float64Array.from(spikes));
      return spikes;
    }, x);
  return all;
}

const dt = 1e-4;
const unit = (pixel: Numbers) => pixel.map((value) => value / 255);
const convLayer = (weights: Numbers, shape: readonly number[], side: number, padding: number) =>
  [
    'Conv2d',
    {
      input_shape: [[2], [side, side]],
      weight: list(weights, ...shape),
      bias: each([at(shape, 0)], 0),
      stride: [[2], [2, 2]],
      padding: [[2], [padding, padding]],
      dilation: [[2], [1, 1]],
      groups: [[], [1]],
    },
  ] as const;
const lifNode = (shape: readonly number[], tau: number) =>
  [
    'LIF',
    {
      tau: each(shape, tau),
      r: each(shape, 1),
      v_leak: each(shape, 0),
      v_threshold: each(shape, 1),
      v_reset: each(shape, 0),
    },
  ] as const;
const cuba = (size: number, alpha: number, beta: number) =>
  [
    'CubaLIF',
    {
      tau_syn: each([size], dt / (1 - alpha)),
      tau_mem: each([size], dt / (1 - beta)),
      r: each([size], 1 / (1 - beta)),
      w_in: each([size], 1 / (1 - alpha)),
      v_leak: each([size], 0),
      v_threshold: each([size], 1),
      v_reset: each([size], 0),
    },
  ] as const;

/** 784 - 128 - 10 with synaptic currents, as snnTorch's Synaptic. */
function denseHidden(): Hidden {
  const size = 128;
  const dice = new Dice(1);
  const [weights, bias] = [drawn(dice, size * 784, -0.05, 0.05), drawn(dice, size, 0, 0.2)];
  return {
    nodes: {
      fc1: ['Affine', { weight: list(weights, size, 784), bias: list(bias, size) }],
      syn1: cuba(size, 0.5, 0.75),
    },
    path: 'input -> fc1 -> syn1',
    layers: ['syn1'],
    size,
    run: (pixels) => {
      const x = unit(pixels);
      const neurons = synaptic(size, [0.5, 0.75]);
      const given = dense(weights, bias, x);
      return inSteps(x, () => neurons(given));
    },
  };
}

/** Two convolutions of LIF neurons, NIR's equations with steps of 1. */
function convolutionHidden(): Hidden {
  const dice = new Dice(2);
  const [first, second] = [drawn(dice, 6 * 25, -0.35, 0.65), drawn(dice, 8 * 6 * 9, -0.3, 0.5)];
  return {
    nodes: {
      conv1: convLayer(first, [6, 1, 5, 5], 28, 2),
      lif1: lifNode([6, 14, 14], 2),
      conv2: convLayer(second, [8, 6, 3, 3], 14, 1),
      lif2: lifNode([8, 7, 7], 2),
      flat: ['Flatten', { start_dim: [[], [0]], end_dim: [[], [-1]] }],
    },
    path: 'input -> conv1 -> lif1 -> conv2 -> lif2 -> flat',
    layers: ['lif1', 'lif2'],
    size: 8 * 49,
    run: (pixels) => {
      const given = convolution(first, unit(pixels), [1, 28, 6, 5, 2]);
      const [one, two] = [lif(6 * 196, 2, (v) => v > 1), lif(8 * 49, 2, (v) => v > 1)];
      return inSteps(
        given,
        () => one(given),
        (x) => two(convolution(second, x, [6, 14, 8, 3, 1])),
      );
    },
  };
}

/** A convolution and a pooling of IF neurons that fire at their threshold, on pixels less their mean. */
function pooledHidden(): Hidden {
  const weights = drawn(new Dice(3), 6 * 25, -0.1, 0.1);
  const pooled = (spikes: Numbers): Numbers => {
    const sums = new Float64Array(6 * 49);
    for (const [neuron, spike] of spikes.entries()) {
      const [channel, row, column] = [Math.floor(neuron / 196), Math.floor(neuron / 14) % 14, neuron % 14];
      const place = (channel * 7 + Math.floor(row / 2)) * 7 + Math.floor(column / 2);
      sums[place] = at(sums, place) + spike;
    }
    return sums;
  };
  return {
    nodes: {
      conv: convLayer(weights, [6, 1, 5, 5], 28, 2),
      if1: [
        'IF',
        { r: each([6, 14, 14], 1 / dt), v_threshold: each([6, 14, 14], 1), v_reset: each([6, 14, 14], 0) },
      ],
      pool: ['SumPool2d', { kernel_size: [[2], [2, 2]], stride: [[2], [2, 2]], padding: [[2], [0, 0]] }],
      flat: ['Flatten', { start_dim: [[], [0]], end_dim: [[], [-1]] }],
    },
    path: 'input -> conv -> if1 -> pool -> flat',
    layers: ['if1'],
    size: 6 * 49,
    run: (numbers) => {
      const given = convolution(weights, numbers, [1, 28, 6, 5, 2]);
      const one = lif(6 * 196, undefined, (v) => v >= 1);
      return inSteps(given, () => one(given));
    },
    passed: pooled,
  };
}

/** A last layer: softmax regression on the hidden layer's rates; the right class then gets `winner` in a step. */
function trainedLast(
  { run, size, passed = (x) => x }: Hidden,
  digits: FeatureSet,
  stored: PixelNetwork['stored'],
  winner: number,
): Numbers {
  const rates = Array.from({ length: digits.count }, (_, sample) => {
    const sum = new Float64Array(size);
    for (const spikes of run(Float64Array.from(sampleValues(digits, sample), stored)).at(-1) ?? [])
      for (const [neuron, spike] of passed(spikes).entries()) addAt(sum, neuron, spike / steps);
    return sum;
  });
  const weights = new Float64Array(classes * size);
  const none = new Float64Array(classes);
  // A neuron that never spikes adds nothing, and learns nothing.
  const spiking = rates.map((rate) =>
    Uint16Array.from(rate.keys()).filter((neuron) => numberAt(rate, neuron) !== 0),
  );
  const logits = new Float64Array(classes);
  for (let epoch = 0; epoch < 60; epoch++)
    for (const [sample, rate] of rates.entries()) {
      const neurons = at(spiking, sample);
      for (let label = 0; label < classes; label++) {
        let sum = 0;
        for (const neuron of neurons)
          sum += numberAt(weights, label * size + neuron) * numberAt(rate, neuron);
        logits[label] = sum;
      }
      const most = Math.max(...logits);
      const powers = logits.map((logit) => Math.exp(logit - most));
      const all = powers.reduce((sum, power) => sum + power, 0);
      for (let label = 0; label < classes; label++) {
        const wrong = numberAt(powers, label) / all - Number(label === digits.labels[sample]);
        for (const neuron of neurons)
          addAt(weights, label * size + neuron, -(0.02 * wrong * numberAt(rate, neuron)));
      }
    }
  const right = rates.map((rate, sample) => at(dense(weights, none, rate), at(digits.labels, sample)));
  const mean = right.reduce((sum, value) => sum + value, 0) / right.length;
  return weights.map((weight) => Math.fround((weight * winner) / mean));
}

const [imageMean, imageSpread] = [0.1307, 0.3081];
const normal = (pixel: number) => Math.fround((pixel / 255 - imageMean) / imageSpread);

/** The networks by name, with digits to test them on. */
export async function pixelNetworks(): Promise<{
  readonly networks: Readonly<Record<'dense' | 'convolutions' | 'pooled', PixelNetwork>>;
  readonly test: FeatureSet;
  readonly train: FeatureSet;
}> {
  const { train, test } = await loadDataset(undefined);
  if (train.kind !== 'features' || test.kind !== 'features') throw new Error('digits are features');
  const digits = stratifiedPrefix(train, trained, 0);
  const made = (
    hidden: Hidden,
    stored: PixelNetwork['stored'],
    last: PixelNetworkEnd,
    options: readonly string[],
  ): PixelNetwork => {
    const weights = trainedLast(hidden, digits, stored, last.winner);
    const passed = hidden.passed ?? ((x: Numbers) => x);
    return {
      graph: graph(
        {
          input: ['Input', { shape: last.isFlat ? [[1], [784]] : [[3], [1, 28, 28]] }],
          ...hidden.nodes,
          fc: ['Affine', { weight: list(weights, classes, hidden.size), bias: each([classes], 0) }],
          out: last.node,
          output: ['Output', { shape: [[1], [classes]] }],
        },
        `${hidden.path} -> fc -> out -> output`,
      ),
      options,
      layers: [...hidden.layers, 'out'],
      stored,
      run: (numbers) => {
        const layers = hidden.run(numbers);
        const neurons = last.neurons();
        const zero = new Float64Array(classes);
        const given = at(layers, layers.length - 1);
        return [
          ...layers,
          given.map((spikes) => Float64Array.from(neurons(dense(weights, zero, passed(spikes))))),
        ];
      },
    };
  };
  const ten = [classes];
  return {
    train,
    test,
    networks: {
      dense: made(
        denseHidden(),
        (pixel) => pixel,
        {
          isFlat: true,
          winner: 0.4,
          node: cuba(classes, 0.5, 0.75),
          neurons: () => synaptic(classes, [0.5, 0.75]),
        },
        ['--from', 'snntorch', '--scale', '1/255'],
      ),
      convolutions: made(
        convolutionHidden(),
        (pixel) => pixel,
        { isFlat: false, winner: 2.5, node: lifNode(ten, 2), neurons: () => lif(classes, 2, (v) => v > 1) },
        ['--dt', '1', '--scale', '1/255'],
      ),
      pooled: made(
        pooledHidden(),
        normal,
        {
          isFlat: false,
          winner: 0.7,
          node: ['IF', { r: each(ten, 1 / dt), v_threshold: each(ten, 1), v_reset: each(ten, 0) }],
          neurons: () => lif(classes, undefined, (v) => v >= 1),
        },
        ['--from', 'spikingjelly'],
      ),
    },
  };
}

interface PixelNetworkEnd {
  readonly isFlat: boolean;
  /** What the right class should get in a step, so that its neuron spikes often. */
  readonly winner: number;
  readonly node: Parameters<typeof graph>[0][string];
  readonly neurons: () => (x: Numbers) => Numbers;
}
