import type { HwModel } from '../../../src/hardware/index.ts';
import type { ConnectSpec, PictureShape } from '../../../src/program/index.ts';
import type { Dice } from './dice.ts';

/** A population that is a picture and, if a window sliding over another picture produces it, that window. */
export interface Picture {
  readonly shape: [rows: number, columns: number, channels: number];
  readonly made: { readonly from: string; readonly connect: ConnectSpec } | undefined;
}

/** The largest pictures, in neurons, and the most synapses between two. */
const largestOfAll = 300;
const mostSynapses = 8000;

/** Small pictures, each made of the one before by a convolution or a pooling; registers hold their neurons' numbers. */
export function randomPictures(
  dice: Dice,
  { lanes, datapathBits }: Pick<HwModel, 'lanes' | 'datapathBits'>,
  names: readonly string[],
): Map<string, Picture> {
  const largest = Math.min(largestOfAll, 2 ** (datapathBits - 1));
  const pictures = new Map<string, Picture>();
  let from: string | undefined;
  for (const name of names) {
    const source = from === undefined ? undefined : pictures.get(from);
    const picture =
      source === undefined
        ? firstPicture(dice, lanes, largest)
        : slidOver(dice, lanes, from ?? '', source, largest);
    if (picture === undefined) continue;
    pictures.set(name, picture);
    from = name;
  }
  return pictures;
}

function firstPicture(dice: Dice, lanes: number, largest: number): Picture {
  const shape: Picture['shape'] = [
    dice.whole(1, 6),
    dice.whole(1, 6),
    dice.pick([1, 1, 2, 3, channelsOf(dice, lanes)]),
  ];
  const [rows, , channels] = shape;
  if (sizeOf(shape) <= largest) return { shape, made: undefined };
  return { shape: rows * channels <= largest ? [rows, 1, channels] : [rows, 1, 1], made: undefined };
}

/** Odd numbers of channels, and whole tiles and vectors; now and then more than code is written out for. */
function channelsOf(dice: Dice, lanes: number): number {
  return dice.pick([1, 2, 3, 4, 5, 8, 8, 12, 16, 16, lanes, lanes, 2 * lanes, dice.pick([72, 80, 96, 128])]);
}

/** A picture that a random window makes of another one; undefined where it would be too large. */
function slidOver(
  dice: Dice,
  lanes: number,
  from: string,
  { shape }: Picture,
  largest: number,
): Picture | undefined {
  const [rows, columns] = shape;
  const [paddingRows, paddingColumns] = perAxis(dice, [0, 0, 0, 1, 2]);
  const side = (length: number, padding: number): number => dice.whole(1, Math.min(5, length + 2 * padding));
  const window: [number, number] = [side(rows, paddingRows), side(columns, paddingColumns)];
  // A stride beyond the window leaves inputs without outputs.
  const [strideRows, strideColumns] = perAxis(dice, [1, 1, 2, 2, 3, 4]);
  const places = (length: number, covered: number, padding: number, stride: number): number =>
    Math.floor((length + 2 * padding - covered) / stride) + 1;
  const isPooling = dice.chance(0.25);
  const made: Picture['shape'] = [
    places(rows, window[0], paddingRows, strideRows),
    places(columns, window[1], paddingColumns, strideColumns),
    isPooling ? shape[2] : channelsOf(dice, lanes),
  ];
  if (sizeOf(made) > largest) return undefined;
  const slid = {
    window,
    stride: asWritten(strideRows, strideColumns),
    padding: asWritten(paddingRows, paddingColumns),
  };
  const connect: ConnectSpec = isPooling ? { pooling: slid } : { convolution: slid };
  if (sizeOf(shape) * longestRow(connect, made) > mostSynapses) return undefined;
  return { shape: made, made: { from, connect } };
}

/** The same number for both axes, as most programs have it, or one for each. */
function perAxis(dice: Dice, numbers: readonly number[]): [number, number] {
  const rows = dice.pick(numbers);
  return [rows, dice.chance(0.3) ? dice.pick(numbers) : rows];
}

function asWritten(rows: number, columns: number): number | [number, number] {
  return rows === columns ? rows : [rows, columns];
}

function sizeOf(shape: PictureShape): number {
  return shape.reduce((product, length) => product * length, 1);
}

type WindowSpec = Extract<ConnectSpec, { convolution: unknown } | { pooling: unknown }>;

/** At least as many synapses as a row onto a picture has that a window makes. */
export function longestRow(connect: WindowSpec, [, , channels]: PictureShape): number {
  const isPooling = 'pooling' in connect;
  const { window, stride } = isPooling ? connect.pooling : connect.convolution;
  const [rows, columns] = typeof window === 'number' ? [window, window] : window;
  const [strideRows, strideColumns] = typeof stride === 'number' ? [stride, stride] : stride;
  return Math.ceil(rows / strideRows) * Math.ceil(columns / strideColumns) * (isPooling ? 1 : channels);
}
