import type { Compiled } from '../compiler/index.ts';
import { checkMachineState, createMachine } from '../cores/index.ts';
import {
  createSetEncoder,
  defaultEventEncoding,
  type Encoding,
  encodedInputs,
  type LabelledSet,
  type SetEncoder,
  type SpikeTrain,
} from '../data/index.ts';
import {
  asksForReplay,
  type Core,
  type CoreState,
  type EngineName,
  type Probe,
  predict,
  presented,
  runSample,
  sampleSteps,
  triggerEvent,
} from '../engine/index.ts';
import { type Counters, type Image, type Price, price, suppliedTo } from '../image/index.ts';
import { noEpoch } from '../random/index.ts';
import { type MemoryReport, memoryOf } from '../report/index.ts';
import { PlasticoreError, suggest } from '../text/index.ts';
import type { Sample, SpikeSample } from './sample-set.ts';

/** Options for running a {@link SimulatedCore}. */
export interface RunningOptions {
  /** Engine to use; results do not depend on it. `fast` (WebAssembly) by default; `reference` is slow. */
  readonly engine?: EngineName | undefined;
  /** How samples are encoded as spikes. By default `bernoulli` for features and bins of 10 ms for events. */
  readonly encoder?: Encoding | undefined;
  /** Watches the core: kernels, events and spikes as they happen. */
  readonly probe?: Probe | undefined;
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
  /** The underlying core, for what this class does not offer: single steps, spikes in and out, snapshots. */
  readonly core: Core;
  readonly #compiled: Compiled;
  readonly #encoding: Encoding | undefined;
  readonly #encoders = new WeakMap<LabelledSet, SetEncoder>();
  #epoch = 0;

  /** @param compiled an image, or what `compileFor` makes, which may be for the cores of a chip */
  constructor(compiled: Image | Compiled, { engine, encoder, probe }: RunningOptions = {}) {
    this.#compiled = 'image' in compiled ? compiled : { image: compiled };
    this.image = this.#compiled.image;
    this.core = createMachine(this.#compiled, { engine, probe });
    this.#encoding = encoder;
  }

  /**
   * The training epoch, from 0. It sets the scheduled parameters and selects the random numbers that encode the
   * samples.
   */
  get epoch(): number {
    return this.#epoch;
  }

  set epoch(epoch: number) {
    if (!Number.isInteger(epoch) || epoch < 0) {
      throw new PlasticoreError('range', `epoch: expected a whole number from 0, found ${epoch}`);
    }
    this.#epoch = epoch;
    this.core.setEpoch(epoch);
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
    return this.core.read(this.image.readout);
  }

  /**
   * Reads all items of a field, such as `hidden.v` or `inputToHidden.weight`.
   *
   * @throws PlasticoreError `usage` if the program does not have the field
   */
  read(field: string): Float64Array {
    return this.core.read(this.#fieldNamed(field));
  }

  /**
   * Replaces all items of a field. Inference weights follow their shadow weights.
   *
   * @throws PlasticoreError `usage` for an unknown field, `data` if the field cannot hold the values
   */
  write(field: string, values: ArrayLike<number>): void {
    this.core.write(this.#fieldNamed(field), values);
  }

  /**
   * The neurons of a population that spiked in the latest time step, in spike order.
   *
   * @throws PlasticoreError `usage` if the program does not have the population
   */
  spikes(population: string): number[] {
    const names = this.image.populations.map(({ name }) => name);
    return [...this.core.spikesOf(indexOf('population', population, names))];
  }

  /**
   * Triggers a named event, for programs with `events.on`.
   *
   * @param scalars the event's scalars, such as `{neuron: 3}`
   * @returns the neurons that the event emitted
   * @throws PlasticoreError `usage` for an unknown event or scalar, or a value out of range
   */
  trigger(event: string, scalars: Readonly<Record<string, number>> = {}): number[] {
    return triggerEvent(this.core, event, scalars);
  }

  /** Counters since the start, or since the last {@link resetCounters}. */
  counters(): Counters {
    return this.core.counters();
  }

  /** Resets all counters to zero. */
  resetCounters(): void {
    this.core.resetCounters();
  }

  /** Cycles, latency and energy of the work counted so far. */
  price(): Price {
    return price(this.core.counters(), this.image.costs);
  }

  /** Bits by field and bank, and memory saved by the chosen precision. */
  memory(): MemoryReport {
    return memoryOf(this.image);
  }

  /** Saves the state that outlives a sample: the memory and the random generators. */
  save(): CoreState {
    return this.core.save();
  }

  /**
   * Restores a saved state.
   *
   * @throws PlasticoreError `data`, with the place, for a state that the core cannot have
   */
  restore(state: CoreState): void {
    checkMachineState(this.#compiled, state);
    this.core.restore(state);
  }

  #present(sample: Sample | SpikeSample, epoch: number, learn: boolean): number {
    const label = learn ? sample.label : 0;
    if ('spikes' in sample) this.#presentSpikes(sample.spikes, label, learn);
    else runSample(this.core, this.#encode(sample, epoch), { label, learn });
    return predict(this.core);
  }

  #presentSpikes(spikes: SpikeSample['spikes'], label: number, learn: boolean): void {
    const present = (isReplay: boolean): void => {
      const steps = spikes.length + (this.image.settle ?? 0);
      this.core.begin({ label, learn, steps, ...(isReplay && { isReplay }) });
      for (const inputs of spikes) {
        this.core.receive(this.image.input, inputs);
        this.core.step();
      }
      this.core.finish();
    };
    present(false);
    if (learn && asksForReplay(this.core)) present(true);
  }

  #encode({ set, index }: Sample, epoch: number): SpikeTrain {
    const encoder = this.#encoders.get(set) ?? this.#encoderOf(set);
    this.#encoders.set(set, encoder);
    const spikes = encoder({ seed: this.image.seed, epoch, sample: index }, sampleSteps(this.image));
    return presented(this.image, spikes);
  }

  #encoderOf(set: LabelledSet): SetEncoder {
    const encoding =
      this.#encoding ??
      (set.kind === 'features' ? 'bernoulli' : set.steps === undefined ? defaultEventEncoding : 'steps');
    const input = this.image.populations[this.image.input];
    const inputs = encodedInputs(set, encoding);
    if (input !== undefined && suppliedTo(input) !== inputs) {
      throw new PlasticoreError(
        'data',
        `set '${set.name}' has ${inputs} inputs; population '${input.name}' of '${this.image.program}' has ${suppliedTo(input)} neurons`,
        { hint: 'the two numbers have to be equal' },
      );
    }
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
