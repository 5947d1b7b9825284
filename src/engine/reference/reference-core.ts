import type { SpikeTrain } from '../../data/index.ts';
import {
  type Action,
  addAt,
  addRuns,
  type Condition,
  type Counters,
  copyCounts,
  countOfPass,
  emittingPopulation,
  type FieldPass,
  type Image,
  loadedField,
  Memory,
  noCounts,
  resetCounts,
  setCounts,
  type Tally,
  tallyOf,
} from '../../image/index.ts';
import { eventScalars, hostScalars, weightView } from '../../isa/index.ts';
import { seedLanes } from '../../random/index.ts';
import { at } from '../at.ts';
import { checkCheckpoint } from '../check-saved.ts';
import {
  checkSample,
  checkState,
  checkValues,
  failLoop,
  failSuspended,
  mostEmittedInLoop,
  mostSuspended,
  refuseNeuron,
  refuseStep,
  sizeOfInput,
} from '../checks.ts';
import type { Core, CoreOptions } from '../core.ts';
import type { Probe } from '../probe.ts';
import { neuronOf, populationOf, spikeAddress } from '../spike-address.ts';
import type { AddressEvent, Checkpoint, CoreState, SampleStart } from '../state.ts';
import { DeclaredGenerator } from './generator.ts';
import { KernelRunner } from './kernel.ts';
import { Lanes } from './lanes.ts';
import { Ports, sliced } from './ports.ts';

/** The runs of a kernel: one, plus those that start while it is suspended. */
interface KernelRun {
  readonly runners: KernelRunner[];
  underWay: number;
  readonly start: () => KernelRunner;
}

const labelScalar = hostScalars.indexOf('label');
const stepScalar = hostScalars.indexOf('step');
const neuronScalar = eventScalars.indexOf('neuron');
const postScalar = eventScalars.indexOf('post');

/** Stands for the neuron in lists that no neuron triggers. */
const noNeuron = -1;

/**
 * The reference engine: a readable specification of how a core executes an image. It keeps its banks bit-packed as the
 * core does, executes microcode operation by operation, and counts every access as it happens.
 */
export class ReferenceCore implements Core {
  readonly engine = 'reference';
  readonly image: Image;
  readonly event: Int32Array;
  readonly #probe: Probe;
  readonly #memory: Memory;
  readonly #generators: Uint32Array;
  readonly #declared: readonly DeclaredGenerator[];
  readonly #host = new Int32Array(hostScalars.length);
  readonly #parameters: { readonly integers: readonly Int32Array[]; readonly reals: readonly Float32Array[] };
  /** For each kernel, its runs. */
  readonly #runs: readonly KernelRun[];
  readonly #counts: Tally;
  #epoch = 0;
  #sample: SampleStart = { label: 0, learn: false, steps: 0 };
  #stepsDone = 0;
  /** Pushes waiting for a free place in the FIFO. */
  #suspended = 0;
  readonly #mostEmitted: number | undefined;
  readonly #fifo: AddressEvent[] = [];
  /** Addresses of the spikes emitted by the current step or trigger. */
  readonly #emitted: number[] = [];
  /** The input's spikes for the current step, and those received for the next one. */
  #received: number[] = [];
  #pending: number[] = [];
  /** For each population, one flag per neuron: whether it spiked in the previous step. */
  readonly #previous: readonly Uint8Array[];

  constructor(image: Image, { probe = {}, index = 0 }: CoreOptions = {}) {
    this.image = image;
    this.#probe = probe;
    this.event = new Int32Array(image.eventScalars.length);
    this.#mostEmitted = mostEmittedInLoop(image);
    this.#memory = new Memory(image);
    const { lanes, datapathBits } = image.core;
    this.#generators = seedLanes(image.seed, lanes, index);
    this.#declared = image.generators.map((generator) => new DeclaredGenerator(generator));
    this.#parameters = {
      integers: image.parameters.map(() => new Int32Array(lanes)),
      reals: image.parameters.map(() => new Float32Array(lanes)),
    };
    this.#counts = noCounts(image);
    this.#previous = image.populations.map(({ size }) => new Uint8Array(size));
    const where = () => ({ sample: this.#counts.samples, step: at(this.#host, stepScalar) });
    this.#runs = image.kernels.map((kernel, work) => {
      const population = emittingPopulation(image, kernel);
      const counter = tallyOf(this.#counts, work);
      const around = {
        lanes,
        datapathBits,
        generators: this.#generators,
        declared: this.#declared,
        host: this.#host,
        event: this.event,
        parameters: this.#parameters,
        emit: (neuron: number) => this.#emit(population, neuron),
      };
      const start = (): KernelRunner => {
        const ports = new Ports(kernel, image, this.#memory, counter, where);
        return new KernelRunner(kernel, image, this.#memory, counter, new Lanes(kernel, around, ports));
      };
      return { runners: [start()], underWay: 0, start };
    });
    this.setEpoch(0);
  }

  get stepsDone(): number {
    return this.#stepsDone;
  }

  get emitted(): Uint32Array {
    return Uint32Array.from(this.#emitted);
  }

  setEpoch(epoch: number): void {
    const { epochs, parameters } = this.image;
    const interval = epochs.findLastIndex((first) => first <= epoch);
    for (const [index, { values }] of parameters.entries()) {
      at(this.#parameters.integers, index).fill(at(values, interval));
      at(this.#parameters.reals, index).fill(at(values, interval));
    }
    this.#epoch = epoch;
  }

  begin(sample: SampleStart): void {
    checkSample(this.image, sample);
    for (const neuron of this.#spikesOf(sample, 0, sample.steps)) this.#checkInput(neuron);
    this.#probe.sample?.();
    this.#sample = sample;
    this.#stepsDone = 0;
    this.#host[labelScalar] = sample.label;
    this.#host[stepScalar] = 0;
    this.#counts.samples += 1;
    this.#fifo.length = 0;
    this.#suspended = 0;
    this.#emitted.length = 0;
    this.#received = [];
    this.#pending = [];
    for (const flags of this.#previous) flags.fill(0);
    this.#run(this.image.events.sample, noNeuron);
  }

  receive(population: number, neurons: ArrayLike<number>, from = 0, to = neurons.length): void {
    sizeOfInput(this.image, population);
    for (let index = from; index < to; index++) {
      const neuron = neurons[index] ?? Number.NaN;
      this.#checkInput(neuron);
      this.#pending.push(neuron);
    }
  }

  #checkInput(neuron: number): void {
    if (neuron >>> 0 !== neuron || neuron >= sizeOfInput(this.image, this.image.input))
      refuseNeuron(this.image, neuron);
  }

  /** The input's spikes that a sample has for the steps `from` up to, not including, `to`. */
  #spikesOf({ spikes }: SampleStart, from: number, to: number): SpikeTrain['indices'] {
    if (spikes === undefined) return new Uint16Array();
    return spikes.indices.subarray(at(spikes.offsets, from), at(spikes.offsets, to));
  }

  finish(): void {
    while (this.#stepsDone < this.#sample.steps) this.step();
  }

  step(): number {
    const step = this.#stepsDone;
    if (step >= this.#sample.steps) refuseStep(this.#sample.steps);
    this.#probe.step?.(step);
    this.#stepsDone += 1;
    this.#host[stepScalar] = step;
    this.#counts.steps += 1;
    this.#keepSpikes(step);
    this.#run(this.image.events.tick, noNeuron);
    return this.#emitted.length;
  }

  trigger(event: number): number {
    this.#probe.trigger?.(event);
    this.#emitted.length = 0;
    this.#run(at(this.image.events.named, event).actions, at(this.event, neuronScalar));
    return this.#emitted.length;
  }

  /** The last step's spikes become those of the previous step, where a neuron that spiked several times counts once. */
  #keepSpikes(step: number): void {
    for (const flags of this.#previous) flags.fill(0);
    for (const spike of this.#emitted) {
      at(this.#previous, populationOf(spike))[neuronOf(spike)] = 1;
    }
    this.#emitted.length = 0;
    this.#received = [...this.#spikesOf(this.#sample, step, step + 1), ...this.#pending];
    this.#pending = [];
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
          this.#runKernel(action.kernel, neuron);
          this.#probe.ended?.(action.kernel);
          break;
        case 'deliver':
          this.#deliver(action.population, action.spikes);
          break;
        case 'clear':
          this.#passFields(action, neuron, () => this.#clear(action.fields));
          break;
        case 'stop-unless-any':
          if (!this.#passFields(action, neuron, () => this.#isAnySet(action.field))) return;
          break;
        case 'hold':
          this.#hold(action.fields, action.after, action.period);
          break;
        case 'group':
          if (this.#holds(action.condition)) this.#run(action.actions, neuron);
          break;
      }
    }
  }

  /** A kernel may run again while it is suspended: its stalled push may serve a spike that triggers it. */
  #runKernel(kernel: number, neuron: number): void {
    const run = at(this.#runs, kernel);
    const runner = run.runners[run.underWay] ?? run.start();
    run.runners[run.underWay] = runner;
    run.underWay += 1;
    try {
      runner.run(neuron, at(this.event, postScalar));
    } finally {
      run.underWay -= 1;
    }
  }

  /** Executes a clear or a test, and counts its cost. */
  #passFields<T>(pass: FieldPass, neuron: number, carryOut: () => T): T {
    this.#probe.began?.(pass.work, neuron);
    addRuns(tallyOf(this.#counts, pass.work), countOfPass(this.image, pass));
    const result = carryOut();
    this.#probe.ended?.(pass.work);
    return result;
  }

  #holds({ learning, from, every, last }: Condition): boolean {
    const step = at(this.#host, stepScalar);
    const isLast = last === 0 || step >= this.#sample.steps - last;
    return (this.#sample.learn || !learning) && step >= from && (step - from) % every === 0 && isLast;
  }

  /**
   * The host pushes the input's spikes; the core pushes the spikes it kept from the previous step, in the order of the
   * neurons. Both wait while the FIFO is full. Then the FIFO is served until it is empty.
   */
  #deliver(population: number, spikes: AddressEvent['spikes']): void {
    if (spikes === 'previous') {
      for (const [neuron, flag] of at(this.#previous, population).entries()) {
        if (flag === 0) continue;
        this.#waitForPlace();
        this.#push({ population, neuron, spikes });
      }
    } else if (population === this.image.input) {
      for (const neuron of this.#received) {
        this.#countSpike(population, neuron);
        this.#waitForPlace();
        this.#push({ population, neuron, spikes });
      }
    }
    while (this.#fifo.length > 0) this.#serveHead();
  }

  #emit(population: number, neuron: number): void {
    if (this.#emitted.length === this.#mostEmitted) failLoop(this.image, this.#mostEmitted);
    this.#emitted.push(spikeAddress(population, neuron));
    this.#countSpike(population, neuron);
    // A controller takes every emitted spike.
    if (this.image.core.controller !== undefined) return;
    if (this.#isFull() && this.image.core.whenFull === 'drop') {
      this.#counts.drops += 1;
      this.#probe.dropped?.(population, neuron);
      return;
    }
    this.#waitForPlace();
    this.#push({ population, neuron, spikes: 'emitted' });
  }

  #countSpike(population: number, neuron: number): void {
    addAt(this.#counts.spikes, population, 1);
    this.#probe.spiked?.(population, neuron);
  }

  #isFull(): boolean {
    return this.#fifo.length >= this.image.core.fifoDepth;
  }

  #push(event: AddressEvent): void {
    this.#counts.pushes += 1;
    this.#fifo.push(event);
    this.#probe.pushed?.(event.population, event.neuron, event.spikes);
  }

  /** Stalls a push: serves the head until there is room, since the events that it triggers may fill the FIFO again. */
  #waitForPlace(): void {
    while (this.#isFull()) {
      this.#counts.stalls += 1;
      if (this.#suspended === mostSuspended) failSuspended(this.image);
      this.#suspended += 1;
      this.#serveHead();
      this.#suspended -= 1;
    }
  }

  #serveHead(): void {
    const event = this.#fifo.shift();
    if (event === undefined) return;
    const { population, neuron, spikes } = event;
    this.#counts.pops += 1;
    this.#probe.popped?.(population, neuron, spikes);
    const { spike, previousSpike } = this.image.events;
    const lists = spikes === 'previous' ? previousSpike : spike;
    this.#run(at(lists, population), neuron);
  }

  #clear(fields: readonly number[]): void {
    for (const index of fields) {
      const field = at(this.image.fields, index);
      const access = this.#memory.access(this.image, field);
      for (let item = 0; item < field.count; item++) access.write(item, 0);
    }
  }

  /** From item `after` on, each item takes the value of the item one period before it. */
  #hold(fields: readonly number[], after: number, period: number): void {
    for (const index of fields) {
      const field = at(this.image.fields, index);
      const access = this.#memory.access(this.image, field);
      for (let item = after; item < field.count; item++) access.write(item, access.read(item - period));
    }
  }

  /** Tests |x| >= 1, as a gate does. */
  #isAnySet(field: number): boolean {
    return this.read(field).some((value) => Math.abs(value) >= 1);
  }

  read(index: number): Float64Array {
    const named = at(this.image.fields, index);
    const field = loadedField(this.image.fields, index);
    const access = this.#memory.access(this.image, field);
    const slice = sliced(named, field) ?? ((value: number) => value);
    return Float64Array.from({ length: field.count }, (_, item) => slice(access.read(item)));
  }

  write(index: number, values: ArrayLike<number>): void {
    const field = at(this.image.fields, index);
    checkValues(this.image, field, values);
    const access = this.#memory.access(this.image, field);
    const view = this.image.fields[field.storedView ?? -1];
    const toView = view?.view && weightView(view.view.droppedBits, view.bits);
    const viewAccess = view && this.#memory.access(this.image, view);
    for (let item = 0; item < field.count; item++) {
      const value = at(values, item);
      access.write(item, value);
      if (toView !== undefined) viewAccess?.write(item, toView(value));
    }
  }

  spikesOf(population: number): readonly number[] {
    if (population === this.image.input) return this.#received;
    return this.#emitted.filter((spike) => populationOf(spike) === population).map(neuronOf);
  }

  countSpikes(counts: readonly Float64Array[]): void {
    for (const [population, of] of counts.entries()) {
      for (const neuron of this.spikesOf(population)) of[neuron] = (of[neuron] ?? 0) + 1;
    }
  }

  counters(): Counters {
    return copyCounts(this.#counts);
  }

  resetCounters(): void {
    resetCounts(this.#counts);
  }

  save(): CoreState {
    const states = [...this.#generators, ...this.#declared.map(({ state }) => state)];
    return {
      banks: this.#memory.banks.map((words) => words.slice()),
      generators: Uint32Array.from(states),
    };
  }

  restore(state: CoreState): void {
    checkState(this.image, state);
    const { banks, generators } = state;
    for (const [index, words] of this.#memory.banks.entries()) words.set(at(banks, index));
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
      emitted: [...this.#emitted],
      received: [...this.#received],
      pending: [...this.#pending],
      waiting: [...this.#fifo],
      event: [...this.event],
      counters: this.counters(),
    };
  }

  resume(checkpoint: Checkpoint): void {
    checkCheckpoint(this.image, checkpoint);
    this.restore(checkpoint.state);
    this.setEpoch(checkpoint.epoch);
    this.#sample = checkpoint.sample;
    this.#stepsDone = checkpoint.stepsDone;
    this.#host[labelScalar] = checkpoint.sample.label;
    this.#host[stepScalar] = Math.max(0, checkpoint.stepsDone - 1);
    this.#emitted.splice(0, this.#emitted.length, ...checkpoint.emitted);
    this.#received = [...checkpoint.received];
    this.#pending = [...checkpoint.pending];
    this.#fifo.splice(0, this.#fifo.length, ...checkpoint.waiting);
    this.event.set(checkpoint.event);
    setCounts(this.#counts, checkpoint.counters);
  }
}
