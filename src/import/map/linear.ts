import {
  dimensions,
  itemCount,
  layerOf,
  type NirNode,
  perItem,
  planeWindow,
  type TensorShape,
} from '../../nir/index.ts';
import { magnitude } from '../../text/index.ts';
import { isPlain, type PathNode } from './path.ts';

/** Weights by source neuron, as SciPy keeps a sparse matrix: those of a neuron are sorted by target. */
interface Rows {
  readonly starts: Uint32Array;
  readonly targets: Uint32Array;
  readonly weights: Float64Array;
}

/** A linear map between two stages. */
export interface LinearMap {
  /** Set if it is the same everywhere. */
  readonly sliding: SlidingMap | undefined;
  /** All its weights. */
  rows(): Rows;
}

/** All nodes of a path as one map, its result multiplied by a gain for each item. */
export function linearMap(nodes: readonly PathNode[], from: TensorShape, gain: Float64Array): LinearMap {
  let known: Rows | undefined;
  return {
    sliding: slidingMap(nodes, gain),
    rows: () => {
      known ??= rowsOf(nodes, from, gain);
      return known;
    },
  };
}

function slidingMap(nodes: readonly PathNode[], gain: Float64Array): SlidingMap | undefined {
  let sliding: SlidingMap | undefined;
  let before: Float64Array | undefined;
  for (const { name, node, input } of nodes) {
    if (node.type === 'Scale') {
      const factors = perItem(name, node, 'scale', input);
      if (sliding !== undefined) {
        sliding = scaled(sliding, factors);
        if (sliding === undefined) return undefined;
      } else
        before = before === undefined ? factors : factors.map((factor, at) => factor * (before?.[at] ?? 1));
      continue;
    }
    if (isPlain({ name, node, input, output: input })) continue;
    const next = slidingOf(name, node, input);
    if (next === undefined) return undefined;
    sliding = sliding === undefined ? next : composed(sliding, next);
    if (sliding === undefined) return undefined;
  }
  if (sliding === undefined) return undefined;
  const own = before === undefined ? sliding : scaledBefore(sliding, before);
  return own && scaled(own, gain);
}

/** A sliding map whose inputs are multiplied by factors; undefined if these differ within a channel. */
function scaledBefore(sliding: SlidingMap, factors: Float64Array): SlidingMap | undefined {
  const { from, kernel, weights } = sliding;
  const plane = from[1] * from[2];
  if (factors.some((factor, at) => factor !== factors[at - (at % plane)])) return undefined;
  const area = kernel[0] * kernel[1];
  const factor = (at: number) => factors[(Math.floor(at / area) % from[0]) * plane] ?? 0;
  return { ...sliding, weights: weights.map((weight, at) => weight * factor(at)) };
}

function rowsOf(nodes: readonly PathNode[], from: TensorShape, gain: Float64Array): Rows {
  return nodes.every(isPlain) ? oneToOne(nodes, gain) : probedRows(nodes, from, gain);
}

/** Connects each item to the one in the same place. */
function oneToOne(nodes: readonly PathNode[], gain: Float64Array): Rows {
  const weights = gain.slice();
  for (const { name, node, input } of nodes) {
    if (node.type !== 'Scale') continue;
    for (const [at, factor] of perItem(name, node, 'scale', input).entries())
      weights[at] = (weights[at] ?? 0) * factor;
  }
  return {
    starts: Uint32Array.from({ length: weights.length + 1 }, (_, at) => at),
    targets: Uint32Array.from(weights.keys()),
    weights,
  };
}

/** Feeds each input item alone through all layers. */
function probedRows(nodes: readonly PathNode[], from: TensorShape, gain: Float64Array): Rows {
  const layers = nodes.flatMap(({ name, node, input }) => layerOf(name, node, input) ?? []);
  const through = (x: Float64Array): Float64Array => layers.reduce((value, layer) => layer(value), x);
  const size = itemCount(from);
  const x = new Float64Array(size);
  const bias = through(x).slice();
  const starts = new Uint32Array(size + 1);
  const targets: number[] = [];
  const weights: number[] = [];
  for (let item = 0; item < size; item++) {
    x[item] = 1;
    const output = through(x);
    for (let to = 0; to < output.length; to++) {
      const weight = (output[to] ?? 0) - (bias[to] ?? 0);
      if (weight === 0) continue;
      targets.push(to);
      weights.push(weight * (gain[to] ?? 1));
    }
    x[item] = 0;
    starts[item + 1] = targets.length;
  }
  return { starts, targets: Uint32Array.from(targets), weights: Float64Array.from(weights) };
}

type Pair = readonly [rows: number, columns: number];
/** Channels, rows and columns, as NIR has them. */
export type NirPictureShape = readonly [channels: number, rows: number, columns: number];

/** A linear map between pictures that is the same everywhere: convolutions, poolings, or several of them in a row. */
export interface SlidingMap {
  readonly kernel: Pair;
  readonly stride: Pair;
  /** Before the first and after the last item of each axis. */
  readonly padding: Pair;
  readonly from: NirPictureShape;
  readonly to: NirPictureShape;
  /** Channels of the output x channels of the input x rows x columns of the kernel. */
  readonly weights: Float64Array;
}

/** The picture of a shape; a line is a picture of one row. */
function pictureOf(shape: TensorShape): NirPictureShape | undefined {
  const [channels = 1, first = 1, second = 1] = shape;
  if (shape.length === 2) return [channels, 1, first];
  return shape.length === 3 ? [channels, first, second] : undefined;
}

/**
 * A convolution or a pooling as a sliding map: dilation and groups become zeros of its kernel. Undefined for other
 * nodes, and if the padding differs before and after.
 */
function slidingOf(name: string, node: NirNode, input: TensorShape): SlidingMap | undefined {
  const isPooling = node.type === 'SumPool2d' || node.type === 'AvgPool2d';
  const from = pictureOf(input);
  if (from === undefined || (!isPooling && node.type !== 'Conv1d' && node.type !== 'Conv2d'))
    return undefined;
  const { kernel: own, dilation: spread, to: places, stride, padding } = planeWindow(name, node, input);
  const kernel: Pair = [spread[0] * (own[0] - 1) + 1, spread[1] * (own[1] - 1) + 1];
  const given = node.parameters.get('weight');
  const to: NirPictureShape = [given?.shape[0] ?? from[0], ...places];
  const found: Pair = [
    slid(from[1], kernel[0], stride[0], padding[0]),
    slid(from[2], kernel[1], stride[1], padding[1]),
  ];
  if (found[0] !== places[0] || found[1] !== places[1]) return undefined;
  const [groups = 1] = dimensions(node, 'groups', 1, 1);
  const depth = isPooling ? 1 : from[0] / groups;
  const perGroup = to[0] / (isPooling ? from[0] : groups);
  const share = node.type === 'AvgPool2d' ? 1 / itemCount(own) : 1;
  const weights = new Float64Array(to[0] * from[0] * kernel[0] * kernel[1]);
  let place = 0;
  for (let filter = 0; filter < to[0]; filter++) {
    for (let channel = 0; channel < depth; channel++) {
      const source = Math.floor(filter / perGroup) * depth + channel;
      for (let row = 0; row < own[0]; row++) {
        for (let column = 0; column < own[1]; column++) {
          const at = (filter * from[0] + source) * kernel[0] + row * spread[0];
          weights[at * kernel[1] + column * spread[1]] = given?.values[place] ?? share;
          place += 1;
        }
      }
    }
  }
  return { kernel, stride, padding, from, to, weights };
}

/**
 * Two sliding maps in a row as one. Undefined if the second one reads another picture than the first one writes, or if
 * its windows reach results of the first one beyond the edges, which are not zero.
 */
function composed(first: SlidingMap, second: SlidingMap): SlidingMap | undefined {
  if (first.to.some((length, axis) => length !== second.from[axis])) return undefined;
  for (const axis of [0, 1] as const) {
    if (second.padding[axis] === 0) continue;
    const [kernel, stride, padding] = [first.kernel[axis], first.stride[axis], first.padding[axis]];
    const beforeFirst = kernel - 1 - stride - padding;
    const [places, last] = [first.to[axis + 1] ?? 0, (second.to[axis + 1] ?? 1) - 1];
    const readsAfter = last * second.stride[axis] - second.padding[axis] + second.kernel[axis] > places;
    const isSomething = places * stride - padding < (first.from[axis + 1] ?? 0);
    if (beforeFirst >= 0 || (readsAfter && isSomething)) return undefined;
  }
  const joined = (axis: 0 | 1) => ({
    kernel: first.kernel[axis] + (second.kernel[axis] - 1) * first.stride[axis],
    stride: first.stride[axis] * second.stride[axis],
    padding: first.padding[axis] + second.padding[axis] * first.stride[axis],
  });
  const [rows, columns] = [joined(0), joined(1)];
  const weights = new Float64Array(second.to[0] * first.from[0] * rows.kernel * columns.kernel);
  const entries = Array.from({ length: first.to[0] }, (_, middle) => entriesOf(first, middle));
  let place = 0;
  for (let filter = 0; filter < second.to[0]; filter++) {
    for (let middle = 0; middle < second.from[0]; middle++) {
      for (let row = 0; row < second.kernel[0]; row++) {
        for (let column = 0; column < second.kernel[1]; column++) {
          const weight = second.weights[place] ?? 0;
          place += 1;
          if (weight === 0) continue;
          for (const entry of entries[middle] ?? []) {
            const y = entry.row + row * first.stride[0];
            const x = entry.column + column * first.stride[1];
            const at = ((filter * first.from[0] + entry.channel) * rows.kernel + y) * columns.kernel + x;
            weights[at] = (weights[at] ?? 0) + weight * entry.weight;
          }
        }
      }
    }
  }
  return {
    kernel: [rows.kernel, columns.kernel],
    stride: [rows.stride, columns.stride],
    padding: [rows.padding, columns.padding],
    from: first.from,
    to: second.to,
    weights,
  };
}

/** The nonzero weights onto a channel. */
function entriesOf({ kernel, from, weights }: SlidingMap, channel: number) {
  const area = kernel[0] * kernel[1];
  const entries: { channel: number; row: number; column: number; weight: number }[] = [];
  for (let at = 0; at < from[0] * area; at++) {
    const weight = weights[channel * from[0] * area + at] ?? 0;
    if (weight === 0) continue;
    const place = at % area;
    entries.push({
      channel: Math.floor(at / area),
      row: Math.floor(place / kernel[1]),
      column: place % kernel[1],
      weight,
    });
  }
  return entries;
}

/**
 * A sliding map with its results multiplied by a factor for each item; undefined if factors differ within a channel,
 * since it would no longer be the same everywhere.
 */
function scaled(sliding: SlidingMap, factors: Float64Array): SlidingMap | undefined {
  const { to, weights } = sliding;
  const area = to[1] * to[2];
  if (factors.some((factor, at) => factor !== factors[at - (at % area)])) return undefined;
  const each = weights.length / to[0];
  return {
    ...sliding,
    weights: weights.map((weight, at) => weight * (factors[Math.floor(at / each) * area] ?? 0)),
  };
}

/** The number of window positions along an axis. */
function slid(length: number, kernel: number, stride: number, padding: number): number {
  return Math.floor((length + 2 * padding - kernel) / stride) + 1;
}

/** How far from a whole number a product of floats of 32 bits may be. */
const tolerance = 1e-4;

/**
 * Finds the scales of weights that were trained as integers of so many bits times a scale, one of all of them, or one
 * for each channel of the targets; undefined if they are none.
 *
 * @param size the number of target neurons
 * @returns the scale of each target neuron
 */
export function integerScalesOf(map: LinearMap, size: number, bits: number): Float64Array | undefined {
  const { weights, group, groups } = weightGroups(map, size);
  const all = (scale: number) => new Float64Array(size).fill(scale);
  const [low, high] = [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
  if (weights.every((weight) => Number.isInteger(weight) && weight >= low && weight <= high)) return all(1);
  const common = scaleOf(weights, low, high);
  if (common !== undefined) return all(common);
  const byGroup = Array.from({ length: groups }, (): number[] => []);
  for (const [at, weight] of weights.entries()) byGroup[group(at)]?.push(weight);
  const scales = byGroup.map((own) => scaleOf(Float64Array.from(own), low, high));
  const each = size / groups;
  return scales.some((scale) => scale === undefined)
    ? undefined
    : Float64Array.from({ length: size }, (_, neuron) => scales[Math.floor(neuron / each)] ?? 1);
}

/** The largest scale of which all weights are whole multiples in a range. */
function scaleOf(weights: Float64Array, low: number, high: number): number | undefined {
  const most = magnitude(weights);
  if (most === 0) return 1;
  for (let whole = 1; whole <= -low; whole++) {
    const scale = most / whole;
    const fits = weights.every((weight) => {
      const rounded = Math.round(weight / scale);
      return Math.abs(weight / scale - rounded) <= tolerance && rounded >= low && rounded <= high;
    });
    if (fits) return scale;
  }
  return undefined;
}

/** The weights of a map, and what sums them: each target, or each channel where all places of it share them. */
export function weightGroups(map: LinearMap, size: number) {
  if (map.sliding !== undefined) {
    const { weights, to } = map.sliding;
    const each = weights.length / to[0];
    return { weights, groups: to[0], group: (at: number) => Math.floor(at / each) };
  }
  const { weights, targets } = map.rows();
  return { weights, groups: size, group: (at: number) => targets[at] ?? 0 };
}
