import { type Dataset, type LabelledSet, stratifiedPrefix } from '../data/index.ts';
import { permutation } from '../random/index.ts';
import { PlasticoreError } from '../text/index.ts';

/** A labelled sample of a set, as passed to {@link SimulatedCore.learn} and {@link SimulatedCore.answer}. */
export interface Sample {
  /** Its class, from 0. */
  readonly label: number;
  /** Its index in the set, from 0. It selects the random numbers that encode the sample. */
  readonly index: number;
  /** The set it belongs to. */
  readonly set: LabelledSet;
}

/** A sample given as spikes, which needs no encoding. */
export interface SpikeSample {
  /** For each time step, the inputs that spike, by their numbers in the program. */
  readonly spikes: readonly (readonly number[])[];
  /** Its class, from 0. */
  readonly label: number;
}

/** Labelled samples in memory, in file order. Iterable. */
export class SampleSet implements Iterable<Sample> {
  /** The samples as arrays: features or events, and labels. */
  readonly data: LabelledSet;

  constructor(data: LabelledSet) {
    this.data = data;
  }

  /** Number of samples. */
  get count(): number {
    return this.data.count;
  }

  /** Number of classes; labels are 0 to `classes - 1`. */
  get classes(): number {
    return this.data.classes;
  }

  /** Number of features per sample, or of input channels. */
  get inputs(): number {
    return this.data.inputs;
  }

  /**
   * The sample at an index, from 0.
   *
   * @throws PlasticoreError `range` for an index outside the set
   */
  at(index: number): Sample {
    const { count, labels, name } = this.data;
    const label = labels[index];
    if (!Number.isInteger(index) || label === undefined) {
      throw new PlasticoreError('range', `sample ${index} of set '${name}': expected 0 to ${count - 1}`);
    }
    return { label, index, set: this.data };
  }

  /** The first `count` samples, or all if there are fewer. */
  take(count: number): Sample[] {
    return Array.from({ length: Math.min(count, this.count) }, (_, index) => this.at(index));
  }

  /** The samples in the order in which `plasticore run` presents them in an epoch. */
  shuffled(seed: number, epoch: number): Sample[] {
    return Array.from(permutation(this.count, seed, epoch), (index) => this.at(index));
  }

  /** A smaller set that keeps the share of every class: the samples that `--limit` would take. */
  limit(count: number): SampleSet {
    return new SampleSet(stratifiedPrefix(this.data, count, 0));
  }

  *[Symbol.iterator](): Iterator<Sample> {
    for (let index = 0; index < this.count; index++) yield this.at(index);
  }
}

/** A data set, split into training and test samples. */
export interface Data {
  readonly name: string;
  /** Where it comes from, and how it was split. */
  readonly description: string;
  readonly train: SampleSet;
  readonly test: SampleSet;
}

/** Presents a data set as iterable samples. */
export function samplesOf({ name, description, train, test }: Dataset): Data {
  return { name, description, train: new SampleSet(train), test: new SampleSet(test) };
}
