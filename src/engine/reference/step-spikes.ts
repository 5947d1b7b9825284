import { at } from '../../arrays/index.ts';
import type { SpikeTrain } from '../../data/index.ts';
import { type CoreImage, isSpikeOf, neuronIn } from '../../image/index.ts';
import { append } from '../../text/index.ts';
import { receiving, refuseNeuron } from '../checks.ts';
import { neuronOf, populationOf } from '../spike-address.ts';
import type { Checkpoint, SampleStart } from '../state.ts';

/** The spikes of a step: those that the core emits, those that its input receives, and those of the step before. */
export class StepSpikes {
  readonly #image: CoreImage;
  /** Addresses of the spikes emitted by the current step or trigger. */
  readonly emitted: number[] = [];
  /** The input's spikes for the current step, and those received for the next one. */
  #received: readonly number[] = [];
  #pending: number[] = [];
  /** For each population and neuron: its last spike in the previous step, -1 if it did not spike. */
  readonly #previous: readonly Int32Array[];

  constructor(image: CoreImage) {
    this.#image = image;
    this.#previous = image.populations.map(({ size }) => new Int32Array(size).fill(-1));
  }

  /** The input's spikes of this step, in the order in which they arrived. */
  get received(): readonly number[] {
    return this.#received;
  }

  /** Refuses a sample with spikes of neurons that the input does not have. */
  check(sample: SampleStart): void {
    for (const neuron of inputOf(sample, 0, sample.steps)) this.#checkInput(neuron);
  }

  /** Forgets all spikes. */
  forget(): void {
    this.emitted.length = 0;
    this.#received = [];
    this.#pending = [];
    for (const spikes of this.#previous) spikes.fill(-1);
  }

  receive(population: number, neurons: ArrayLike<number>, from: number, to: number): void {
    receiving(this.#image, population);
    for (let index = from; index < to; index++) {
      const neuron = neurons[index] ?? Number.NaN;
      this.#checkInput(neuron);
      this.#pending.push(neuron);
    }
  }

  #checkInput(neuron: number): void {
    if (!isSpikeOf(receiving(this.#image, this.#image.input), neuron)) refuseNeuron(this.#image, neuron);
  }

  /** The last step's spikes become those of the previous step, where a neuron that spiked several times counts once. */
  startStep(sample: SampleStart, step: number): void {
    for (const spikes of this.#previous) spikes.fill(-1);
    for (const spike of this.emitted) {
      const population = populationOf(spike);
      const neuron = neuronIn(at(this.#image.populations, population), neuronOf(spike));
      at(this.#previous, population)[neuron] = neuronOf(spike);
    }
    this.emitted.length = 0;
    this.#received = [...inputOf(sample, step, step + 1), ...this.#pending];
    this.#pending = [];
  }

  /** The neurons of a population that spiked in the previous step, ascending, each with the value of its last spike. */
  previous(population: number): number[] {
    return [...at(this.#previous, population)].filter((spike) => spike >= 0);
  }

  /** Spikes of a population in the latest step or trigger. */
  of(population: number): readonly number[] {
    const own = at(this.#image.populations, population);
    if (population === this.#image.input) return this.#received.map((spike) => neuronIn(own, spike));
    return this.emitted
      .filter((spike) => populationOf(spike) === population)
      .map((spike) => neuronIn(own, neuronOf(spike)));
  }

  checkpoint(): Pick<Checkpoint, 'emitted' | 'received' | 'pending'> {
    return { emitted: [...this.emitted], received: [...this.#received], pending: [...this.#pending] };
  }

  resume({ emitted, received, pending }: Pick<Checkpoint, 'emitted' | 'received' | 'pending'>): void {
    this.emitted.length = 0;
    append(this.emitted, emitted);
    this.#received = [...received];
    this.#pending = [...pending];
  }
}

/** The input's spikes that a sample has for the steps `from` up to, not including, `to`. */
function inputOf({ spikes }: SampleStart, from: number, to: number): SpikeTrain['indices'] {
  if (spikes === undefined) return new Uint16Array();
  return spikes.indices.subarray(at(spikes.offsets, from), at(spikes.offsets, to));
}
