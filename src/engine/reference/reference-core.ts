import {
  type Action,
  addRuns,
  busyCycles,
  type CoreImage,
  type Counters,
  copyCounts,
  countOfPass,
  emittingPopulation,
  type FieldPass,
  holds,
  intervalAt,
  Memory,
  type Moment,
  noCounts,
  resetCounts,
  setCounts,
  type Tally,
  tallyOf,
} from '../../image/index.ts';
import { eventScalars, hostScalars } from '../../isa/index.ts';
import { seedLanes } from '../../random/index.ts';
import { at } from '../../text/index.ts';
import { checkSample, checkState, refuseStep } from '../checks.ts';
import type { Core, CoreOptions, Probe } from '../core.ts';
import { listsOf } from '../spike-address.ts';
import type { AddressEvent, Checkpoint, CoreState, SampleStart } from '../state.ts';
import { DeclaredGenerator } from './generator.ts';
import { KernelRunner, KernelRuns } from './kernel.ts';
import { Lanes } from './lanes.ts';
import { TilePorts } from './ports.ts';
import { Emission, Fifo, StepSpikes, WaitingSpikes } from './step-spikes.ts';
import { type DataWatch, FailingBanks, StoredFields, type WatchData, watchOf } from './stored-fields.ts';

const labelScalar = hostScalars.indexOf('label');
const stepScalar = hostScalars.indexOf('step');
const neuronScalar = eventScalars.indexOf('neuron');
const postScalar = eventScalars.indexOf('post');

/** Stands for the neuron in lists that no neuron triggers. */
const noNeuron = -1;

/** How a core on the reference engine is created. */
export interface ReferenceOptions extends CoreOptions {
  /** Called after each tile that a kernel visits, by the kernel's index. */
  readonly visited?: ((kernel: number) => void) | undefined;
  /** Told of the data that the core computes with and moves. */
  readonly data?: WatchData | undefined;
}

/**
 * The reference engine: a readable specification of how a core executes an image. It keeps its banks bit-packed as the
 * core does, executes microcode operation by operation, and counts every access as it happens.
 */
export class ReferenceCore implements Core {
  readonly engine = 'reference';
  readonly image: CoreImage;
  readonly event: Int32Array;
  readonly #probe: Probe;
  readonly #data: DataWatch | undefined;
  readonly #memory: Memory;
  readonly #cells: FailingBanks;
  readonly #fields: StoredFields;
  readonly #generators: Uint32Array;
  readonly #declared: readonly DeclaredGenerator[];
  readonly #host = new Int32Array(hostScalars.length);
  readonly #parameters: { readonly integers: readonly Int32Array[]; readonly reals: readonly Float32Array[] };
  readonly #kernels: KernelRuns;
  readonly #counts: Tally;
  #epoch = 0;
  #interval = 0;
  #sample: SampleStart = { label: 0, learn: false, steps: 0 };
  #stepsDone = 0;
  readonly #fifo: Fifo;
  readonly #spikes: StepSpikes;
  readonly #emission: Emission;
  readonly #waiting: WaitingSpikes;
  readonly #listOf: ReturnType<typeof listsOf>;

  constructor(image: CoreImage, { probe = {}, index = 0, visited, data }: ReferenceOptions = {}) {
    this.image = image;
    this.#probe = probe;
    this.event = new Int32Array(image.eventScalars.length);
    this.#memory = new Memory(image);
    this.#cells = new FailingBanks(image, this.#memory, index);
    this.#data = data?.(this.#memory);
    this.#fields = new StoredFields(image, this.#memory);
    this.#spikes = new StepSpikes(image);
    this.#listOf = listsOf(image);
    const { lanes, datapathBits } = image.core;
    this.#generators = seedLanes(image.seed, lanes, index);
    this.#declared = image.generators.map((generator) => new DeclaredGenerator(generator));
    this.#parameters = {
      integers: image.parameters.map(() => new Int32Array(lanes)),
      reals: image.parameters.map(() => new Float32Array(lanes)),
    };
    this.#counts = noCounts(image);
    this.#fifo = new Fifo(image, this.#counts, probe, (event) => this.#serve(event));
    this.#emission = new Emission(image, this.#counts, probe, this.#spikes, this.#fifo);
    const { event } = this;
    this.#waiting = new WaitingSpikes(image, this.#memory, {
      spikes: this.#spikes,
      fifo: this.#fifo,
      host: this.#host,
      event,
    });
    const where = () => ({ sample: this.#counts.samples, step: at(this.#host, stepScalar) });
    this.#kernels = new KernelRuns(image.kernels.length, (index) => {
      const kernel = at(image.kernels, index);
      const population = emittingPopulation(image, kernel);
      const counter = tallyOf(this.#counts, index);
      const watch = this.#data && watchOf(this.#data, index);
      const around = {
        lanes: image.core.lanes,
        datapathBits,
        generators: this.#generators,
        declared: this.#declared,
        host: this.#host,
        event,
        parameters: this.#parameters,
        firstItem: at(image.populations, population).first ?? 0,
        watch,
        emit: (neuron: number, value: number) => this.#emission.emit(population, neuron, value),
      };
      const ports = new TilePorts(kernel, image, this.#memory, counter, where, watch);
      const lanes = new Lanes(kernel, around, ports);
      const onTile = visited && (() => visited(index));
      const stalls = () => this.#counts.stalls;
      return new KernelRunner(kernel, image, this.#memory, counter, lanes, stalls, onTile, watch);
    });
    this.setEpoch(0);
  }

  get stepsDone(): number {
    return this.#stepsDone;
  }

  get emitted(): Uint32Array {
    return Uint32Array.from(this.#spikes.emitted);
  }

  setEpoch(epoch: number): void {
    const { epochs, parameters } = this.image;
    const interval = intervalAt(epochs, epoch);
    this.#interval = interval;
    for (const [index, { values }] of parameters.entries()) {
      at(this.#parameters.integers, index).fill(at(values, interval));
      at(this.#parameters.reals, index).fill(at(values, interval));
    }
    this.#epoch = epoch;
  }

  begin(sample: SampleStart): void {
    checkSample(this.image, sample);
    this.#spikes.check(sample);
    this.#probe.sample?.();
    this.#cells.draw();
    this.#sample = sample;
    this.#stepsDone = 0;
    this.#host[labelScalar] = sample.label;
    this.#host[stepScalar] = 0;
    if (sample.isReplay !== true) this.#counts.samples += 1;
    this.#fifo.empty();
    this.#spikes.forget();
    this.#run(this.image.events.sample, noNeuron);
  }

  receive(population: number, neurons: ArrayLike<number>, from = 0, to = neurons.length): void {
    this.#spikes.receive(population, neurons, from, to);
  }

  finish(): void {
    while (this.#stepsDone < this.#sample.steps) this.step();
  }

  step(): number {
    const step = this.#stepsDone;
    if (step >= this.#sample.steps) refuseStep(this.#sample.steps);
    this.#probe.step?.(step);
    this.#stepsDone += 1;
    this.#cells.draw();
    this.#host[stepScalar] = step;
    this.#counts.steps += 1;
    this.#spikes.startStep(this.#sample, step);
    this.#run(this.image.events.tick, noNeuron);
    return this.#spikes.emitted.length;
  }

  trigger(event: number): number {
    this.#probe.trigger?.(event);
    this.#spikes.emitted.length = 0;
    const neuron = at(this.event, neuronScalar);
    this.#waiting.given = [neuron];
    this.#run(at(this.image.events.named, event).actions, neuron);
    return this.#spikes.emitted.length;
  }

  triggerEach(event: number, neurons: ArrayLike<number>, from = 0, to = neurons.length): number {
    this.#spikes.emitted.length = 0;
    const { actions } = at(this.image.events.named, event);
    if (actions.some(({ does }) => does === 'keep')) {
      this.#waiting.given = Array.from({ length: to - from }, (_, index) => at(neurons, from + index));
      this.#run(actions, noNeuron);
      return 0;
    }
    for (let index = from; index < to; index++) {
      const neuron = at(neurons, index);
      this.event[neuronScalar] = neuron;
      this.#run(actions, neuron);
    }
    return this.#spikes.emitted.length;
  }

  /**
   * Executes a list. A failed test ends it.
   *
   * @param neuron the neuron whose spike triggered it, or that the named event names
   */
  #run(actions: readonly Action[], neuron: number): void {
    for (const action of actions) {
      switch (action.does) {
        case 'run':
          this.#probe.began?.(action.kernel, neuron);
          this.#kernels.run(action.kernel, neuron, at(this.event, postScalar));
          this.#probe.ended?.(action.kernel);
          break;
        case 'deliver':
          this.#deliver(action.population, action.spikes);
          break;
        case 'deliver-delayed':
          this.#waiting.deliver(action.delayed);
          break;
        case 'keep':
          this.#passFields(action, neuron, () => this.#waiting.keep(action));
          break;
        case 'clear':
          this.#passFields(action, neuron, () => this.#fields.clear(action.fields));
          break;
        case 'stop-unless-any':
          if (!this.#passFields(action, neuron, () => this.#fields.isAnySet(action.field))) return;
          break;
        case 'hold':
          this.#fields.hold(action.fields, action.after, action.period);
          break;
        case 'group':
          if (holds(action.condition, this.#moment())) this.#run(action.actions, neuron);
          break;
      }
    }
  }

  #moment(): Moment {
    return { ...this.#sample, interval: this.#interval, step: at(this.#host, stepScalar) };
  }

  /** Executes a pass over words of fields, and counts its cost. */
  #passFields<T>(pass: FieldPass, neuron: number, carryOut: () => T): T {
    this.#probe.began?.(pass.work, neuron);
    addRuns(tallyOf(this.#counts, pass.work), countOfPass(this.image, pass));
    this.#data?.passes(pass);
    const result = carryOut();
    this.#data?.passed(pass);
    this.#probe.ended?.(pass.work);
    return result;
  }

  /**
   * The host pushes the input's spikes; the core pushes the spikes it kept from the previous step, in the order of the
   * neurons. Both wait while the FIFO is full. Then the FIFO is served until it is empty.
   */
  #deliver(population: number, spikes: AddressEvent['spikes']): void {
    if (spikes === 'previous') {
      for (const neuron of this.#spikes.previous(population)) {
        this.#fifo.push({ population, neuron, spikes });
      }
    } else if (population === this.image.input) {
      for (const neuron of this.#spikes.received) {
        this.#emission.count(population, neuron);
        this.#fifo.push({ population, neuron, spikes });
      }
    }
    this.#fifo.drain();
  }

  #serve({ population, neuron, spikes }: AddressEvent): void {
    this.#run(this.#listOf(population, spikes), neuron);
  }

  read(field: number): Float64Array {
    return this.#fields.read(field);
  }

  readHeld(field: number): Float64Array {
    return this.#fields.readHeld(field);
  }

  drawFlips(): void {
    this.#cells.draw();
  }

  write(field: number, values: ArrayLike<number>): void {
    this.#fields.write(field, values);
  }

  spikesOf(population: number): readonly number[] {
    return this.#spikes.of(population);
  }

  countSpikes(counts: readonly Float64Array[]): void {
    for (const [population, of] of counts.entries()) {
      for (const neuron of this.spikesOf(population)) of[neuron] = at(of, neuron) + 1;
    }
  }

  counters(): Counters {
    const { flips } = this.#cells;
    return { ...copyCounts(this.#counts), ...(this.#cells.state.length > 0 && { flips }) };
  }

  /** The counts themselves, which go on, also in the middle of a kernel. */
  get counting(): Counters {
    return this.#counts;
  }

  busyCycles(): number {
    return busyCycles(this.#counts, this.image.costs);
  }

  resetCounters(): void {
    resetCounts(this.#counts);
    this.#cells.flips = 0;
  }

  save(): CoreState {
    const declared = this.#declared.map(({ state }) => state);
    const states = [...this.#generators, ...declared, ...this.#cells.state];
    return {
      banks: this.#memory.banks.map((words) => words.slice()),
      generators: Uint32Array.from(states),
    };
  }

  restore(state: CoreState): void {
    checkState(this.image, state);
    const { banks, generators } = state;
    for (const [index, words] of this.#memory.banks.entries()) words.set(at(banks, index));
    this.#cells.restore(generators);
    const { lanes } = this.image.core;
    this.#generators.set(generators.subarray(0, lanes));
    for (const [index, generator] of this.#declared.entries())
      generator.state = at(generators, lanes + index);
  }

  checkpoint(): Checkpoint {
    return {
      state: this.save(),
      sample: this.#sample,
      stepsDone: this.#stepsDone,
      epoch: this.#epoch,
      ...this.#spikes.checkpoint(),
      waiting: this.#fifo.waiting,
      event: [...this.event],
      counters: this.counters(),
    };
  }

  resume(checkpoint: Checkpoint): void {
    this.restore(checkpoint.state);
    this.setEpoch(checkpoint.epoch);
    this.#sample = checkpoint.sample;
    this.#stepsDone = checkpoint.stepsDone;
    this.#host[labelScalar] = checkpoint.sample.label;
    this.#host[stepScalar] = Math.max(0, checkpoint.stepsDone - 1);
    this.#spikes.resume(checkpoint);
    this.#fifo.waiting = [...checkpoint.waiting];
    this.event.set(checkpoint.event);
    setCounts(this.#counts, checkpoint.counters);
    this.#cells.flips = checkpoint.counters.flips ?? 0;
  }
}
