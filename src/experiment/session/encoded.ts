import {
  createSetEncoder,
  type Dataset,
  type LabelledSet,
  type SetEncoder,
  type SpikeTrain,
} from '../../data/index.ts';
import { presented, type SampleStart, sampleSteps } from '../../engine/index.ts';
import type { PlaceInPass } from '../../image/index.ts';
import { noEpoch } from '../../random/index.ts';
import { at } from '../../text/index.ts';
import type { Cell } from '../description/index.ts';
import { type Stage, setOf } from './plan.ts';

/** A sample of a session. */
export interface SessionSample {
  /** The number of the sample in its set. */
  readonly sample: number;
  readonly label: number;
  readonly learn: boolean;
  /** The set that has it: one for training may be presented without being learned. */
  readonly from: 'train' | 'test';
  /** The epoch by which scheduled parameters have their values. */
  readonly epoch: number;
  /** Whether a sample for training is changed at random, if its encoder does that; by default, it is. */
  readonly augment?: boolean | undefined;
  /** Its place in the pass over the data; absent if it is presented alone. */
  readonly place?: PlaceInPass | undefined;
}

/** The sample that a stage presents at a place of its order; one without a label has 0. */
export function sampleOf(order: Uint32Array, index: number, stage: Stage, data: Dataset): SessionSample {
  const { learns: learn, from, parameters: epoch, augment } = stage;
  const sample = at(order, index);
  const place = { index, isLast: index + 1 === order.length };
  return { sample, label: at(setOf(stage, data).labels, sample), learn, from, epoch, augment, place };
}

/** The time steps that come next. */
export interface NextSteps extends SessionSample {
  readonly start: SampleStart;
  /** Steps of the presentation that have run. */
  readonly stepsDone: number;
}

/** The samples of a cell's data, as its program takes them in time steps. */
export class EncodedSamples {
  readonly #cell: Pick<Cell, 'image'>;
  readonly #data: Dataset;
  readonly #train: SetEncoder;
  readonly #test: SetEncoder;

  constructor({ image, encoder }: Pick<Cell, 'image' | 'encoder'>, data: Dataset) {
    this.#cell = { image };
    this.#data = data;
    this.#train = encoderOf(data.train, encoder);
    this.#test = encoderOf(data.test, encoder);
  }

  /** The start of a sample. Its spikes are valid until the next call. */
  start(sample: SessionSample): SampleStart & { readonly spikes: SpikeTrain } {
    const { label, learn, place } = sample;
    const spikes = this.spikesOf(sample);
    return { label, learn, place, steps: spikes.steps, spikes };
  }

  /** The spikes of a sample, until the next call. */
  spikesOf({ sample, from, epoch, augment }: Omit<SessionSample, 'label'>): SpikeTrain {
    const { image } = this.#cell;
    const isTrain = from === 'train';
    const encode = isTrain ? this.#train : this.#test;
    const context = { seed: image.seed, epoch: isTrain ? epoch : noEpoch, sample, augment };
    return presented(image, encode(context, sampleSteps(image)));
  }

  /** The time steps of a sample. Features have all steps of the program; only events may end earlier. */
  stepsOf(sample: SessionSample): number {
    const { kind, inputs } = this.#data[sample.from];
    return kind === 'features' || inputs === 0 ? this.#cell.image.steps : this.start(sample).steps;
  }
}

/** Samples without inputs have no spikes, whatever the encoder. */
function encoderOf(set: LabelledSet, encoder: Cell['encoder']): SetEncoder {
  if (set.inputs > 0) return createSetEncoder(set, encoder);
  return (_, steps) => ({ steps, offsets: new Uint32Array(steps + 1), indices: new Uint16Array() });
}
