import { dimensions, itemCount, type NirNode, type TensorShape, windowOf } from '../../nir/index.ts';

type Pair = readonly [rows: number, columns: number];
/** Channels, rows and columns, as NIR has them. */
export type Picture = readonly [channels: number, rows: number, columns: number];

/** A linear map between pictures that is the same everywhere: convolutions, poolings, or several of them in a row. */
export interface SlidingMap {
  readonly kernel: Pair;
  readonly stride: Pair;
  /** Before the first and after the last item of each axis. */
  readonly padding: Pair;
  readonly from: Picture;
  readonly to: Picture;
  /** Channels of the output x channels of the input x rows x columns of the kernel. */
  readonly weights: Float64Array;
}

/** The picture of a shape; a line is a picture of one row. */
function pictureOf(shape: TensorShape): Picture | undefined {
  const [channels = 1, first = 1, second = 1] = shape;
  if (shape.length === 2) return [channels, 1, first];
  return shape.length === 3 ? [channels, first, second] : undefined;
}

/**
 * A convolution or a pooling as a sliding map: dilation and groups become zeros of its kernel. Undefined for other
 * nodes, and if the padding differs before and after.
 */
export function slidingOf(name: string, node: NirNode, input: TensorShape): SlidingMap | undefined {
  const isPooling = node.type === 'SumPool2d' || node.type === 'AvgPool2d';
  const from = pictureOf(input);
  if (from === undefined || (!isPooling && node.type !== 'Conv1d' && node.type !== 'Conv2d'))
    return undefined;
  const window = windowOf(name, node, input);
  const two = (lengths: readonly number[], otherwise: number): Pair =>
    lengths.length === 1
      ? [otherwise, lengths[0] ?? otherwise]
      : [lengths[0] ?? otherwise, lengths[1] ?? otherwise];
  const [own, spread, places] = [two(window.kernel, 1), two(window.dilation, 1), two(window.to, 1)];
  const [stride, padding] = [two(window.stride, 1), two(window.padding, 0)];
  const kernel: Pair = [spread[0] * (own[0] - 1) + 1, spread[1] * (own[1] - 1) + 1];
  const given = node.parameters.get('weight');
  const to: Picture = [given?.shape[0] ?? from[0], ...places];
  const found: Pair = [
    slid(from[1], kernel[0], stride[0], padding[0]),
    slid(from[2], kernel[1], stride[1], padding[1]),
  ];
  if (found[0] !== places[0] || found[1] !== places[1]) return undefined;
  const [groups = 1] = dimensions(node, 'groups', 1, 1);
  const depth = isPooling ? 1 : from[0] / groups;
  const perGroup = to[0] / (isPooling ? from[0] : groups);
  const share = node.type === 'AvgPool2d' ? 1 / itemCount(window.kernel) : 1;
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
 * its padding would cover results of the first one beyond the edges, which are not zero.
 */
export function composed(first: SlidingMap, second: SlidingMap): SlidingMap | undefined {
  if (first.to.some((length, axis) => length !== second.from[axis])) return undefined;
  for (const axis of [0, 1] as const) {
    if (second.padding[axis] === 0) continue;
    const [kernel, stride, padding] = [first.kernel[axis], first.stride[axis], first.padding[axis]];
    const beforeFirst = kernel - 1 - stride - padding;
    const afterLast = (first.to[axis + 1] ?? 0) * stride - padding;
    if (beforeFirst >= 0 || afterLast < (first.from[axis + 1] ?? 0)) return undefined;
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
export function scaled(sliding: SlidingMap, factors: Float64Array): SlidingMap | undefined {
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
