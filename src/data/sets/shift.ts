import { hash32, noEpoch, streams } from '../../random/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import type { Dataset, FeatureSet, LabelledSet } from './dataset.ts';

/** How samples differ from those that a network was trained on: a world that has changed since. */
export interface Shift {
  /** Turns square images by so many degrees, anticlockwise. */
  readonly rotateDegrees: number;
  /** The share of features that a random value replaces, each sample and feature by itself. */
  readonly noise: number;
}

export const noShift: Shift = { rotateDegrees: 0, noise: 0 };

/** A seed of its own: the noise belongs to the data, so that it is the same in every run. */
const seed = 0x5eed;

/**
 * Shifts the samples of both parts of a data set. Noise replaces values of the turned image.
 *
 * @throws PlasticoreError `data` unless samples are features and, to be turned, square
 */
export function shiftDataset(data: Dataset, shift: Shift): Dataset {
  const { rotateDegrees, noise } = shift;
  const changes = [
    ...(rotateDegrees === 0 ? [] : [`turned by ${rotateDegrees} degrees`]),
    ...(noise === 0 ? [] : [`${Number((100 * noise).toPrecision(12))} % of the features replaced by noise`]),
  ];
  if (changes.length === 0) return data;
  return {
    ...data,
    description: [data.description, ...changes].join(', '),
    train: shifted(data, data.train, shift, 0),
    test: shifted(data, data.test, shift, 1),
  };
}

function shifted(
  { name }: Dataset,
  set: LabelledSet,
  { rotateDegrees, noise }: Shift,
  part: number,
): FeatureSet {
  if (set.kind !== 'features')
    throw new PlasticoreError('data', 'spikes with their times cannot be shifted', {
      file: name,
      hint: 'leave out `shift`: it turns images, and adds noise to them',
    });
  const values = rotateDegrees === 0 ? set.values.slice() : rotated(name, set, rotateDegrees);
  // A word decides with its low half, and is the value with its high half.
  const most = Math.round(noise * 2 ** 16);
  for (let index = 0; noise > 0 && index < values.length; index++) {
    const word = hash32(seed, streams.noise, noEpoch, part, index);
    if ((word & 0xffff) < most) values[index] = word >>> 24;
  }
  return { ...set, values };
}

/** Turns images about their centre, each pixel interpolated between the four that surround where it comes from. */
function rotated(name: string, { values, inputs }: FeatureSet, degrees: number): Uint8Array {
  const side = Math.sqrt(inputs);
  if (!Number.isInteger(side))
    throw new PlasticoreError(
      'data',
      `samples of ${inputs} features are no square images: they cannot be turned`,
      {
        file: name,
        hint: 'leave out `shift.rotateDegrees`',
      },
    );
  const angle = (degrees * Math.PI) / 180;
  const [sine, cosine] = [ofTwenty(Math.sin(angle)), ofTwenty(Math.cos(angle))];
  const turned = new Uint8Array(values.length);
  const middle = (side - 1) / 2;
  for (let index = 0; index < inputs; index++) {
    const [across, down] = [(index % side) - middle, Math.floor(index / side) - middle];
    // From where it comes: rows grow downwards, so that turning back anticlockwise is turning clockwise.
    const column = cosine * across - sine * down + middle;
    const row = sine * across + cosine * down + middle;
    const corners = cornersOf(row, column, side);
    for (let first = 0; first < values.length; first += inputs) {
      let sum = 0;
      for (const [at, share] of corners) sum += share * (values[first + at] ?? 0);
      turned[first + index] = Math.round(sum);
    }
  }
  return turned;
}

/** The pixels around a point within the image, each with its share. */
function cornersOf(row: number, column: number, side: number): (readonly [at: number, share: number])[] {
  const [top, left] = [Math.floor(row), Math.floor(column)];
  const [below, right] = [row - top, column - left];
  return [
    [top, left, (1 - below) * (1 - right)],
    [top, left + 1, (1 - below) * right],
    [top + 1, left, below * (1 - right)],
    [top + 1, left + 1, below * right],
  ].flatMap(([y = 0, x = 0, share = 0]) =>
    y < 0 || x < 0 || y >= side || x >= side || share === 0 ? [] : [[y * side + x, share] as const],
  );
}

/** Twenty binary places: what the last places of a sine are is not the same on every computer. */
function ofTwenty(value: number): number {
  return Math.round(value * 2 ** 20) / 2 ** 20;
}

/** Runs of a network that nothing is presented to. */
export interface SpontaneousActivity {
  readonly samples: number;
}

/** Samples without inputs, labels or answers: whatever a network does in them, it does by itself. */
export function spontaneousActivity({ samples }: SpontaneousActivity): Dataset<FeatureSet> {
  return {
    name: 'spontaneous-activity',
    description: `nothing is presented and nothing is asked: ${samples} samples`,
    train: nothing('train', 0),
    test: nothing('test', samples),
  };
}

function nothing(name: string, count: number): FeatureSet {
  return {
    kind: 'features',
    name,
    inputs: 0,
    classes: 0,
    count,
    values: new Uint8Array(),
    labels: new Uint8Array(count),
  };
}
