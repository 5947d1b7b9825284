import type { Dataset, LabelledSet, SpikeTrain } from '../../data/index.ts';
import { presented, sampleSteps } from '../../engine/index.ts';
import { noEpoch, permutation } from '../../random/index.ts';
import { option, PlasticoreError } from '../../text/index.ts';
import type { Cell } from '../description/index.ts';
import { encoderOf } from './host.ts';

/** A sample of a run, as the core is given it. */
export interface RunSample {
  /** The number of the sample in its set. */
  readonly sample: number;
  readonly label: number;
  readonly learn: boolean;
  /** The epoch by which scheduled parameters have their values. */
  readonly epoch: number;
}

/**
 * The samples of a run in its order: epochs over the training set, each in its own shuffled order, then the test set.
 * Validation between epochs leaves no trace in the core, and is not among them. For cells that run in time steps.
 */
export class RunSequence {
  readonly count: number;
  readonly #cell: Cell;
  readonly #data: Dataset;
  readonly #spikesOf: Readonly<Record<'train' | 'test', (sample: number, epoch: number) => SpikeTrain>>;
  /** The order of the latest epoch asked for. */
  #order: { readonly epoch: number; readonly samples: Uint32Array } | undefined;

  /** @throws PlasticoreError `usage` for a program that presents samples twice */
  constructor(cell: Cell, data: Dataset) {
    const { image, encoder, epochs } = cell;
    if (image.replay !== undefined && epochs > 0)
      throw new PlasticoreError(
        'usage',
        `'${image.program}' presents samples twice while it learns, and a trace shows each of them once`,
        { hint: `${option('epochs', 0)} traces a network that only answers` },
      );
    this.#cell = cell;
    this.#data = data;
    this.count = epochs * data.train.count + data.test.count;
    const spikesOf = (set: LabelledSet) => {
      const encode = encoderOf(set, encoder);
      return (sample: number, epoch: number) =>
        presented(image, encode({ seed: image.seed, epoch, sample }, sampleSteps(image)));
    };
    this.#spikesOf = { train: spikesOf(data.train), test: spikesOf(data.test) };
  }

  /** @param index from 0 up to, not including, `count` */
  at(index: number): RunSample {
    const { train, test } = this.#data;
    const { epochs, image } = this.#cell;
    const epoch = train.count === 0 ? epochs : Math.floor(index / train.count);
    if (epoch >= epochs) {
      const sample = index - epochs * train.count;
      return { sample, label: test.labels[sample] ?? 0, learn: false, epoch: Math.max(0, epochs - 1) };
    }
    if (this.#order?.epoch !== epoch)
      this.#order = { epoch, samples: permutation(train.count, image.seed, epoch) };
    const sample = this.#order.samples[index - epoch * train.count] ?? 0;
    return { sample, label: train.labels[sample] ?? 0, learn: true, epoch };
  }

  /** The input's spikes of a sample; valid until the next call. */
  spikes(index: number): SpikeTrain {
    const { sample, learn, epoch } = this.at(index);
    return learn ? this.#spikesOf.train(sample, epoch) : this.#spikesOf.test(sample, noEpoch);
  }

  /** The time steps of a sample. Features have all steps of the program; only events may end earlier. */
  stepsOf(index: number): number {
    const { train, test } = this.#data;
    const { kind, inputs } = this.at(index).learn ? train : test;
    return kind === 'features' || inputs === 0 ? this.#cell.image.steps : this.spikes(index).steps;
  }
}
