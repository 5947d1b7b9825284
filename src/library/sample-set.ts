import { type Dataset, type LabelledSet, stratifiedPrefix } from '../data/index.ts';
import { permutation } from '../random/index.ts';
import { PlasticoreError } from '../text/index.ts';

/** One labelled sample of a set: what {@link SimulatedCore.learn} and {@link SimulatedCore.answer} take. */
export interface Sample {
  /** Its class, from 0. */
  readonly label: number;
  /** Its index in the set, from 0. It names the random numbers of its encoding. */
  readonly index: number;
  /** The set that it belongs to. */
  readonly set: LabelledSet;
}

/** A sample of spikes, instead of one that is encoded. */
export interface SpikeSample {
  /** For each time step the inputs that spike in it. */
  readonly spikes: readonly (readonly number[])[];
  /** Its class, from 0. */
  readonly label: number;
}

/** Labelled samples in memory, in the order of their file. It can be iterated over. */
export class SampleSet implements Iterable<Sample> {
  /** The samples as arrays: features or events, and labels. */
  readonly data: LabelledSet;

  constructor(data: LabelledSet) {
    this.data = data;
  }

  /** How many samples there are. */
  get count(): number {
    return this.data.count;
  }

  /** How many classes; labels are 0 to `classes - 1`. */
  get classes(): number {
    return this.data.classes;
  }

  /** Features of a sample, or channels that spike. */
  get inputs(): number {
    return this.data.inputs;
  }

  /**
   * The sample at an index, from 0.
   *
   * @throws PlasticoreError `range` for an index that is not in the set
   */
  at(index: number): Sample {
    const { count, labels, name } = this.data;
    const label = labels[index];
    if (!Number.isInteger(index) || label === undefined) {
      throw new PlasticoreError('range', `sample ${index} of set '${name}': expected 0 to ${count - 1}`);
    }
    return { label, index, set: this.data };
  }

  /** The first samples, `count` or as many as there are. */
  take(count: number): Sample[] {
    return Array.from({ length: Math.min(count, this.count) }, (_, index) => this.at(index));
  }

  /** The order in which an epoch of `plasticore run` presents the samples. */
  shuffled(seed: number, epoch: number): Sample[] {
    return Array.from(permutation(this.count, seed, epoch), (index) => this.at(index));
  }

  /** A smaller set in which every class keeps its share: the samples that `--limit` would take. */
  limit(count: number): SampleSet {
    return new SampleSet(stratifiedPrefix(this.data, count, 0));
  }

  *[Symbol.iterator](): Iterator<Sample> {
    for (let index = 0; index < this.count; index++) yield this.at(index);
  }
}

/** A data set to learn from and to be tested on. */
export interface Data {
  readonly name: string;
  /** Where it comes from, and how it was split. */
  readonly description: string;
  readonly train: SampleSet;
  readonly test: SampleSet;
}

/** A data set as samples to iterate over. */
export function samplesOf({ name, description, train, test }: Dataset): Data {
  return { name, description, train: new SampleSet(train), test: new SampleSet(test) };
}
