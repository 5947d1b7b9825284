import type { NdArray } from '../../data/index.ts';
import type { ConnectSpec, ProgramDescription } from '../../program/index.ts';
import { append, tableOf } from '../../text/index.ts';
import type { NirPictureShape } from '../map/linear.ts';
import type { Network, NirStage } from '../map/stages.ts';
import type { IntegerLink } from '../quantise/quantise.ts';

/** The file with a program's arrays. */
export const weightsFile = 'weights.npz';

/** A program with its arrays. */
export interface DescribedProgram {
  readonly description: ProgramDescription;
  readonly arrays: Readonly<Record<string, NdArray>>;
}

/** The fields of a population, as a program describes them. */
export type Fields = NonNullable<ProgramDescription['populations'][string]['fields']>;

/** An array of the file, as a program names it. */
interface ArrayName {
  file: string;
  array: string;
}

/** The arrays of a program while it is described. */
export class ArraysToWrite {
  readonly arrays = tableOf<NdArray>();

  /** Adds an array. */
  put(array: string, values: NdArray): ArrayName {
    this.arrays[array] = values;
    return { file: weightsFile, array };
  }
}

/** How a projection connects, and its arrays. */
export interface ProjectionLayout {
  readonly connect: 'dense' | 'sparse' | Extract<ConnectSpec, { convolution: unknown }>;
  readonly weights: NdArray;
  readonly starts?: NdArray;
  readonly targets?: NdArray;
  /** In steps, for each synapse. */
  readonly delays?: NdArray;
}

/** Lays out weights as the program numbers neurons; undefined if there are none. */
export function layOutWeights(
  { link, weights }: IntegerLink,
  { pictures }: Network,
  weightBits: number,
): ProjectionLayout | undefined {
  const { map, from, to, delay } = link;
  if (map.sliding !== undefined) {
    const { kernel, stride, padding, from: source, to: made } = map.sliding;
    const [rows, columns] = kernel;
    const values = new Int32Array(weights.values.length);
    let place = 0;
    for (let filter = 0; filter < made[0]; filter++)
      for (let channel = 0; channel < source[0]; channel++)
        for (let at = 0; at < rows * columns; at++) {
          values[(at * source[0] + channel) * made[0] + filter] = weights.values[place] ?? 0;
          place += 1;
        }
    return {
      connect: {
        convolution: { window: perAxis(kernel), stride: perAxis(stride), padding: perAxis(padding) },
      },
      weights: { shape: [rows, columns, source[0], made[0]], data: narrow(values, weightBits) },
    };
  }
  const { starts, targets } = map.rows();
  const count = targets.length;
  if (count === 0) return undefined;
  const [numberFrom, numberTo] = [numbering(from, pictures), numbering(to, pictures)];
  const perPair =
    typeof delay === 'number'
      ? undefined
      : (source: number, target: number) => delay.steps[delay.of === 'from' ? source : target] ?? 0;
  if (from.size * to.size * pairBits(weightBits, delay) <= count * listedBits(weightBits, link)) {
    const values = new Int32Array(from.size * to.size);
    const delays = perPair && new Uint8Array(values.length).fill(shortest(delay));
    for (let source = 0; source < from.size; source++) {
      const row = numberFrom(source) * to.size;
      for (let at = starts[source] ?? 0; at < (starts[source + 1] ?? 0); at++) {
        const target = targets[at] ?? 0;
        values[row + numberTo(target)] = weights.values[at] ?? 0;
        if (delays && perPair) delays[row + numberTo(target)] = perPair(source, target);
      }
    }
    const shape = [from.size, to.size];
    return {
      connect: 'dense',
      weights: { shape, data: narrow(values, weightBits) },
      ...(delays && { delays: { shape, data: delays } }),
    };
  }
  const sourceOf = new Uint32Array(from.size);
  for (let source = 0; source < from.size; source++) sourceOf[numberFrom(source)] = source;
  const rowStarts = new Uint32Array(from.size + 1);
  const order: { readonly at: number; readonly source: number; readonly target: number }[] = [];
  for (const [row, source] of sourceOf.entries()) {
    const own = [];
    for (let at = starts[source] ?? 0; at < (starts[source + 1] ?? 0); at++)
      own.push({ at, source, target: targets[at] ?? 0 });
    own.sort((a, b) => numberTo(a.target) - numberTo(b.target));
    append(order, own);
    rowStarts[row + 1] = order.length;
  }
  const shape = [count];
  return {
    connect: 'sparse',
    weights: {
      shape,
      data: narrow(
        Int32Array.from(order, ({ at }) => weights.values[at] ?? 0),
        weightBits,
      ),
    },
    starts: { shape: [rowStarts.length], data: rowStarts },
    targets: { shape, data: Uint32Array.from(order, ({ target }) => numberTo(target)) },
    ...(perPair && {
      delays: { shape, data: Uint8Array.from(order, ({ source, target }) => perPair(source, target)) },
    }),
  };
}

type LinkDelay = IntegerLink['link']['delay'];

/** Bits of a synapse of a matrix, with its delay where they differ. */
function pairBits(weightBits: number, delay: LinkDelay): number {
  return weightBits + (typeof delay === 'number' ? 0 : bitsFor(Math.max(...delay.steps)));
}

/** Bits of a synapse of a list, with its target and, where delays differ, the place of its weight in the row. */
function listedBits(weightBits: number, { map, to, delay }: IntegerLink['link']): number {
  const { starts } = map.rows();
  const longestRow = starts.reduce((most, start, row) => Math.max(most, start - (starts[row - 1] ?? 0)), 0);
  return weightBits + bitsFor(to.size - 1) + (typeof delay === 'number' ? 0 : bitsFor(longestRow - 1));
}

/** Bits that hold so large a number. */
function bitsFor(largest: number): number {
  return Math.max(1, Math.ceil(Math.log2(largest + 1)));
}

/** Pairs without a weight take the shortest delay, so that they cost nothing extra. */
function shortest(delay: LinkDelay): number {
  return typeof delay === 'number'
    ? delay
    : delay.steps.reduce((least, steps) => Math.min(least, steps), Infinity);
}

/** From a neuron's number in the graph to that in the program, which numbers pictures by place, then channel. */
export function numbering(
  { name }: NirStage,
  pictures: ReadonlyMap<string, NirPictureShape>,
): (neuron: number) => number {
  const picture = pictures.get(name);
  if (picture === undefined || picture[0] === 1) return (neuron) => neuron;
  const [channels, rows, columns] = picture;
  const plane = rows * columns;
  return (neuron) => (neuron % plane) * channels + Math.floor(neuron / plane);
}

/** One number for each neuron, in the order of the program. */
export function renumbered(
  values: Int32Array,
  stage: NirStage,
  pictures: ReadonlyMap<string, NirPictureShape>,
): Int32Array {
  const number = numbering(stage, pictures);
  const placed = new Int32Array(values.length);
  for (const [at, value] of values.entries()) placed[number(at)] = value;
  return placed;
}

/** The narrowest array for signed numbers of this width. */
export function narrow(values: Int32Array, bits: number): NdArray['data'] {
  if (bits <= 8) return Int8Array.from(values);
  return bits <= 16 ? Int16Array.from(values) : values;
}

function perAxis([rows, columns]: readonly [number, number]): number | [number, number] {
  return rows === columns ? rows : [rows, columns];
}
