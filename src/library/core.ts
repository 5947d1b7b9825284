import {
  checkInputs,
  createSetEncoder,
  type Encoding,
  type LabelledSet,
  type SetEncoder,
  type SpikeTrain,
  usualEncoding,
} from '../data/index.ts';
import {
  type CoreState,
  type EngineName,
  type Probe,
  predict,
  presented,
  replayOf,
  runSample,
  type SampleStart,
  sampleSteps,
  triggerEvent,
} from '../engine/index.ts';
import { type Counters, type Image, type Price, price, suppliedTo } from '../image/index.ts';
import { checkMachineState, createMachine, type Machine } from '../machine/index.ts';
import { noEpoch } from '../random/index.ts';
import { type MemoryReport, memoryOf } from '../report/index.ts';
import { at, PlasticoreError, suggest } from '../text/index.ts';
import type { Sample, SpikeSample } from './sample-set.ts';

/** Options for running a {@link SimulatedCore}. */
export interface RunningOptions {
  /** Engine to use; results do not depend on it. `fast` (WebAssembly) by default; `reference` is slow. */
  readonly engine?: EngineName | undefined;
  /**
   * How samples are encoded as spikes. By default `bernoulli` for features, bins of 10 ms for spikes with their times,
   * and steps as they are.
   */
  readonly encoder?: Encoding | undefined;
  /** Watches the core: kernels, events and spikes as they happen. With several cores, one for each, by index. */
  readonly probe?: Probe | ((core: number) => Probe | undefined) | undefined;
}

/**
 * A network on a simulated core. It learns and classifies one sample at a time, reads and writes fields by name, and
 * prices its work.
 *
 * The same sequence of calls leaves the same bits on either engine.
 */
export class SimulatedCore {
  /** The compiled program. */
  readonly image: Image;
  /** What runs it, for what this class does not offer: single steps, spikes in and out, snapshots. */
  readonly machine: Machine;
  readonly #encoding: Encoding | undefined;
  readonly #encoders = new WeakMap<LabelledSet, SetEncoder>();
  #epoch = 0;

  constructor(image: Image, { engine, encoder, probe }: RunningOptions = {}) {
    this.image = image;
    const probeOf = typeof probe === 'function' ? probe : () => probe;
    this.machine = createMachine(image, { engine, watch: { core: (index) => ({ probe: probeOf(index) }) } });
    this.#encoding = encoder;
  }

  /**
   * The training epoch, from 0. It sets the scheduled parameters and selects the random numbers that encode samples.
   */
  get epoch(): number {
    return this.#epoch;
  }

  set epoch(epoch: number) {
    if (!Number.isInteger(epoch) || epoch < 0) {
      throw new PlasticoreError('range', `epoch: expected a whole number from 0, found ${epoch}`);
    }
    this.#epoch = epoch;
    this.machine.setEpoch(epoch);
  }

  /**
   * Presents a sample with its label and learns from it.
   *
   * @returns the answer at the end of the sample
   * @throws PlasticoreError `data` if the sample does not fit the network
   */
  learn(sample: Sample | SpikeSample): number {
    return this.#present(sample, this.#epoch, true);
  }

  /**
   * Presents a sample without learning. The label is ignored.
   *
   * @returns the class with the largest score; the first one in a tie
   * @throws PlasticoreError `data` if the sample does not fit the network
   */
  answer(sample: Sample | SpikeSample): number {
    return this.#present(sample, noEpoch, false);
  }

  /** The program's readout for the latest sample: one score for each class. */
  scores(): Float64Array {
    return this.machine.read(this.image.readout);
  }

  /**
   * Reads all items of a field, such as `hidden.v` or `inputToHidden.weight`.
   *
   * @throws PlasticoreError `usage` if the program does not have the field
   */
  read(field: string): Float64Array {
    return this.machine.read(this.#fieldNamed(field));
  }

  /**
   * Replaces all items of a field. Inference weights follow their shadow weights.
   *
   * @throws PlasticoreError `usage` for an unknown field, `data` if the field cannot hold the values
   */
  write(field: string, values: ArrayLike<number>): void {
    this.machine.write(this.#fieldNamed(field), values);
  }

  /**
   * The neurons of a population that spiked in the latest time step, in spike order.
   *
   * @throws PlasticoreError `usage` if the program does not have the population
   */
  spikes(population: string): number[] {
    const names = this.image.populations.map(({ name }) => name);
    return [...this.machine.spikesOf(indexOf('population', population, names))];
  }

  /**
   * Triggers a named event, for programs with `events.on`.
   *
   * @param scalars the event's scalars, such as `{neuron: 3}`
   * @returns the neurons that the event emitted
   * @throws PlasticoreError `usage` for an unknown event or scalar, or a value out of range
   */
  trigger(event: string, scalars: Readonly<Record<string, number>> = {}): number[] {
    return triggerEvent(at(this.machine.cores, 0), event, scalars, this.image);
  }

  /** Counters since the start, or since the last {@link resetCounters}. */
  counters(): Counters {
    return this.machine.counters();
  }

  /** Resets all counters to zero. */
  resetCounters(): void {
    this.machine.resetCounters();
  }

  /** Cycles, latency and energy of the work counted so far. */
  price(): Price {
    return price(this.machine.counters(), this.image.costs);
  }

  /** Bits by field and bank, and memory saved by the chosen precision. */
  memory(): MemoryReport {
    return memoryOf(this.image);
  }

  /** Saves the state that outlives a sample: the memory and the random generators. */
  save(): CoreState {
    return this.machine.save();
  }

  /**
   * Restores a saved state.
   *
   * @throws PlasticoreError `data`, with the place, for a state that the core cannot have
   */
  restore(state: CoreState): void {
    checkMachineState(this.image, state);
    this.machine.restore(state);
  }

  #present(sample: Sample | SpikeSample, epoch: number, learn: boolean): number {
    const label = learn ? sample.label : 0;
    if ('spikes' in sample) this.#presentSpikes(sample.spikes, label, learn);
    else runSample(this.machine, this.#encode(sample, epoch), { label, learn });
    return predict(this.machine);
  }

  #presentSpikes(spikes: SpikeSample['spikes'], label: number, learn: boolean): void {
    let presentation: SampleStart | undefined = {
      label,
      learn,
      steps: spikes.length + (this.image.settle ?? 0),
    };
    while (presentation !== undefined) {
      this.machine.begin(presentation);
      for (const inputs of spikes) {
        this.machine.receive(this.image.input, inputs);
        this.machine.step();
      }
      this.machine.finish();
      presentation = replayOf(this.machine, presentation);
    }
  }

  #encode({ set, index }: Sample, epoch: number): SpikeTrain {
    const encoder = this.#encoders.get(set) ?? this.#encoderOf(set);
    this.#encoders.set(set, encoder);
    const spikes = encoder({ seed: this.image.seed, epoch, sample: index }, sampleSteps(this.image));
    return presented(this.image, spikes);
  }

  #encoderOf(set: LabelledSet): SetEncoder {
    const encoding = this.#encoding ?? usualEncoding(set);
    const input = this.image.populations[this.image.input];
    if (input !== undefined)
      checkInputs(set, encoding, {
        name: `population '${input.name}' of '${this.image.program}'`,
        takes: suppliedTo(input),
      });
    return createSetEncoder(set, encoding);
  }

  #fieldNamed(name: string): number {
    const names = this.image.fields.map((field) => field.name);
    return indexOf('field', name, names);
  }
}

function indexOf(what: string, name: string, names: readonly string[]): number {
  const index = names.indexOf(name);
  if (index >= 0) return index;
  throw new PlasticoreError('usage', `there is no ${what} '${name}'`, { hint: suggest(name, names) });
}
