import { itemCount, layerOf, perItem, type TensorShape } from '../../nir/index.ts';
import { isPlain, type PathNode } from './delay.ts';
import { composed, type SlidingMap, scaled, slidingOf } from './sliding.ts';

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
