import type { SpikeTrain } from '../../data/index.ts';
import {
  addCounts,
  busyCycles,
  type CoreImage,
  type Counters,
  intervalAt,
  isSpikeOf,
} from '../../image/index.ts';
import { eventScalars, hostScalars } from '../../isa/index.ts';
import { seedLanes } from '../../random/index.ts';
import { checkSample, failNaN, failSuspended, receiving, refuseNeuron, refuseStep } from '../checks.ts';
import type { Core, CoreOptions, Probe } from '../core.ts';
import { roomForSpikes } from '../spike-address.ts';
import { type Checkpoint, type CoreState, drawStates, type SampleStart } from '../state.ts';
import { type CoreModule, CycleMeter, compileModule, hostHooks } from './core-module.ts';
import { hooksOf } from './emit/events/fifo.ts';
import { EmittedSpikes, readFifo, writeFifo, writePrevious } from './emitted-spikes.ts';
import { bytesOfInput, InputLists } from './input-lists.ts';
import { type FieldElements, LinearMemory, MemorySpace } from './linear-memory.ts';
import { readCounters } from './plan/counters/counter-map.ts';
import type { MemoryPlace } from './plan/memory/memory-map.ts';
import { type Fault, type SharedCore, Triggers } from './shared-core.ts';

/** The exports of a module, besides the triggers of named events: see `writeModule`. */
interface Exports {
  readonly begin: () => void;
  readonly step: () => number;
  readonly finish: (neurons: number, offsets: number, next: number, steps: number) => void;
  readonly exceeds: (neurons: number, count: number, size: number) => number;
}

const labelScalar = hostScalars.indexOf('label');
const stepScalar = hostScalars.indexOf('step');
const neuronScalar = eventScalars.indexOf('neuron');

/** Named events as functions, each of which returns how many spikes it has emitted, and where their scalars are. */
interface DirectTriggers {
  readonly space: MemorySpace;
  readonly scalars: number;
  readonly triggers: readonly (() => number)[];
  readonly neurons: number | undefined;
  readonly mostSpikes: number;
}

/** Where a core lies: behind those that have taken their part of a memory, but for some of its fields. */
export interface CorePlace extends Pick<MemoryPlace, 'fields'> {
  readonly space: MemorySpace;
}

/**
 * The fast engine: the image's microcode as one WebAssembly SIMD module, generated when the image is loaded. Memory,
 * spikes, random states and counters equal the reference engine's.
 */
export class FastCore implements Core {
  readonly engine = 'fast';
  readonly image: CoreImage;
  readonly #probe: Probe;
  readonly #module: CoreModule;
  readonly #memory: LinearMemory;
  readonly #exports: Exports;
  readonly #triggers: Triggers;
  readonly #inputs: InputLists;
  readonly #emitted: EmittedSpikes;
  readonly #meter: CycleMeter;
  #sample: SampleStart = { label: 0, learn: false, steps: 0 };
  #stepsDone = 0;
  #epoch = 0;
  /** Counts of the core from whose checkpoint this one continues. */
  #earlier: Counters | undefined;

  /** @param place where it lies in a memory that it shares with other cores; it has one to itself if absent */
  constructor(
    image: CoreImage,
    { probe = {}, index = 0, isShared = false }: CoreOptions = {},
    place?: CorePlace,
  ) {
    this.image = image;
    this.#probe = probe;
    const base = place?.space.end ?? 0;
    this.#module = compileModule(image, hooksOf(probe), { isShared, place: place && { ...place, base } });
    const bytes = this.#module.scratch.size + bytesOfInput(image) - base;
    const space = place?.space ?? new MemorySpace(bytes, isShared);
    space.take(bytes);
    this.#memory = new LinearMemory(image, this.#module, space, index);
    this.#inputs = new InputLists(image, this.#memory, this.#module.scratch.size);
    this.#emitted = new EmittedSpikes(image, this.#memory);
    this.#meter = new CycleMeter(this.#module);
    const instance = new WebAssembly.Instance(this.#module.module, {
      host: {
        memory: space.memory,
        failNaN: (kernel: number, field: number, item: number) => this.fail({ kernel, field, item }),
        spill: () => this.#emitted.spill(this.#latestStep),
        failSuspended: () => this.fail(undefined),
      },
      probe: hostHooks(image, probe),
    });
    // Copied, since access to an instance's exports is slow.
    this.#exports = { ...(instance.exports as unknown as Exports) };
    this.#triggers = new Triggers(instance, image.events.named.length);
    this.#memory.views.generators.set(seedLanes(image.seed, image.core.lanes, index));
    this.setEpoch(0);
  }

  get event(): Int32Array {
    return this.#memory.views.event;
  }

  get stepsDone(): number {
    return this.#stepsDone;
  }

  get emitted(): Uint32Array {
    return this.#emitted.addresses;
  }

  /** The step that the code runs, or has run. */
  get #latestStep(): number {
    return this.#memory.views.host[stepScalar] ?? 0;
  }

  setEpoch(epoch: number): void {
    const { epochs, parameters } = this.image;
    const interval = intervalAt(epochs, epoch);
    this.#memory.views.sample[3] = interval;
    for (const [index, { values }] of parameters.entries())
      this.#memory.views.parameters[index] = values[interval] ?? 0;
    this.#epoch = epoch;
  }

  begin(sample: SampleStart): void {
    checkSample(this.image, sample);
    const wrong = this.#load(sample.spikes);
    if (wrong !== undefined) {
      this.#load(this.#sample.spikes);
      refuseNeuron(this.image, wrong);
    }
    this.#probe.sample?.();
    this.#startSample(sample);
    this.#memory.drawFlips();
    this.#exports.begin();
  }

  /** Takes the spikes of a whole sample over, and returns one that the input population does not have. */
  #load(train: SpikeTrain | undefined): number | undefined {
    if (train === undefined) {
      this.#inputs.loadNone();
      return undefined;
    }
    this.#inputs.load(train);
    const { address, count } = this.#inputs.sample;
    if (count === 0) return undefined;
    const input = receiving(this.image, this.image.input);
    const isPlain = input.payload === undefined;
    if (isPlain && !this.#exports.exceeds(address, count, input.size)) return undefined;
    return train.indices.subarray(0, count).find((spike) => !isSpikeOf(input, spike));
  }

  #startSample(sample: SampleStart): void {
    this.#sample = sample;
    this.#stepsDone = 0;
    this.#inputs.clear();
    this.#emitted.forgetSpilled();
    const views = this.#memory.views;
    views.host[labelScalar] = sample.label;
    views.host[stepScalar] = 0;
    views.sample[0] = Number(sample.learn);
    views.sample[1] = sample.steps;
    views.sample[2] = Number(sample.isReplay ?? false);
    views.sample[4] = sample.place?.index ?? 0;
    views.sample[5] = Number(sample.place?.isLast ?? true);
    views.input[1] = 0;
  }

  receive(population: number, neurons: ArrayLike<number>, from = 0, to = neurons.length): void {
    receiving(this.image, population);
    const wrong = this.#inputs.add(neurons, from, to);
    if (wrong !== undefined) refuseNeuron(this.image, wrong);
  }

  step(): number {
    const step = this.#stepsDone;
    if (step >= this.#sample.steps) refuseStep(this.#sample.steps);
    this.#probe.step?.(step);
    this.#stepsDone += 1;
    this.#emitted.forgetSpilled();
    this.#inputs.turn(step);
    this.#memory.drawFlips();
    const { host, input } = this.#memory.views;
    host[stepScalar] = step;
    input[0] = this.#inputs.address;
    input[1] = this.#inputs.count;
    return this.#exports.step() + this.#emitted.spilled;
  }

  finish(): void {
    const { steps } = this.#sample;
    // The code knows the spikes of the whole sample, but neither those received for a step nor the cells that flip.
    const isHosted = this.#probe.step !== undefined || drawStates(this.image) > 0;
    while (this.#stepsDone < steps && (this.#inputs.hasReceived || isHosted)) this.step();
    if (this.#stepsDone === steps) return;
    this.#emitted.forgetSpilled();
    const { sample, offsetsAddress } = this.#inputs;
    try {
      this.#exports.finish(sample.address, offsetsAddress, this.#stepsDone, steps);
    } finally {
      const latest = this.#latestStep;
      this.#stepsDone = latest + 1;
      this.#inputs.turn(latest);
      this.#emitted.keepSpilledOf(latest);
    }
  }

  trigger(event: number): number {
    this.#probe.trigger?.(event);
    this.#emitted.forgetSpilled();
    return this.#triggers.run(event) + this.#emitted.spilled;
  }

  triggerEach(event: number, neurons: ArrayLike<number>, from = 0, to = neurons.length): number {
    const count = this.triggerPlaced(event, this.place(neurons, from, to), to - from);
    // Code that serves them together does not name them one by one.
    if (to > from) this.event[neuronScalar] = neurons[to - 1] ?? 0;
    return count;
  }

  /** As {@link FastCore.triggerEach}, for neurons that have been placed, and without naming the last of them. */
  triggerPlaced(event: number, address: number, count: number): number {
    this.#emitted.forgetSpilled();
    return this.#triggers.runEach(event, address, count) + this.#emitted.spilled;
  }

  /** Copies neurons into the linear memory, and returns their address. */
  place(neurons: ArrayLike<number>, from: number, to: number): number {
    return this.#inputs.place(neurons, from, to);
  }

  /** Its module, which says where everything lies. */
  get module(): CoreModule {
    return this.#module;
  }

  /** Its named events as other code of WebAssembly calls them; undefined where a probe or a thread is to see each. */
  get direct(): DirectTriggers | undefined {
    const { space } = this.#memory;
    if (this.#probe.trigger !== undefined || space.memory.buffer instanceof SharedArrayBuffer)
      return undefined;
    const { event, emitted } = this.#module.map;
    const carriesValues = this.image.populations.some(({ payload }) => payload !== undefined);
    return {
      space,
      scalars: event,
      triggers: this.#triggers.all,
      neurons: carriesValues ? undefined : emitted,
      mostSpikes: roomForSpikes(this.image),
    };
  }

  /** The data with which another thread can run the core's named events; the core must be shared. */
  get shared(): SharedCore {
    return {
      module: this.#module.module,
      memory: this.#memory.space.memory,
      events: this.image.events.named.length,
      neuron: this.#module.map.event + 4 * neuronScalar,
    };
  }

  /**
   * Ends a run, as the code does that finds the fault.
   *
   * @param fault a NaN; undefined where too many kernels wait for the FIFO
   */
  fail(fault: Fault): never {
    if (fault === undefined) return failSuspended(this.image);
    return failNaN({
      kernel: this.image.kernels[fault.kernel]?.name ?? '',
      field: this.image.fields[fault.field]?.name ?? '',
      item: fault.item,
      sample: this.counters().samples,
      step: this.#latestStep,
    });
  }

  read(index: number): Float64Array {
    return this.#memory.read(index);
  }

  readHeld(index: number): Float64Array {
    return this.#memory.readHeld(index);
  }

  drawFlips(): void {
    this.#memory.drawFlips();
  }

  /** A stored field as it lies in the linear memory. */
  elementsOf(index: number): FieldElements {
    return this.#memory.elementsOf(index);
  }

  write(index: number, values: ArrayLike<number>): void {
    this.#memory.write(index, values);
  }

  spikesOf(population: number): readonly number[] {
    return population === this.image.input ? this.#inputs.latestNeurons : this.#emitted.neuronsOf(population);
  }

  countSpikes(counts: readonly Float64Array[]): void {
    this.#inputs.countLatest(counts[this.image.input]);
    this.#emitted.count(counts);
  }

  counters(): Counters {
    const { flips } = this.#memory;
    const counted = {
      ...readCounters(this.image, this.#module.counters, this.#memory.views.counters),
      ...(flips !== undefined && { flips }),
    };
    return this.#earlier === undefined ? counted : addCounts(this.#earlier, counted);
  }

  busyCycles(): number {
    const before = this.#earlier === undefined ? 0 : busyCycles(this.#earlier, this.image.costs);
    return before + this.#meter.cyclesOf(this.#memory.views.counterWords);
  }

  resetCounters(): void {
    this.#memory.views.counters.fill(0n);
    this.#memory.forgetFlips();
    this.#earlier = undefined;
  }

  save(): CoreState {
    return this.#memory.save();
  }

  restore(state: CoreState): void {
    this.#memory.restore(state);
  }

  checkpoint(): Checkpoint {
    return {
      state: this.save(),
      epoch: this.#epoch,
      sample: this.#sample,
      stepsDone: this.#stepsDone,
      emitted: this.#emitted.toArray(),
      received: [...this.#inputs.latestSpikes],
      pending: [...this.#inputs.nextSpikes],
      waiting: readFifo(this.#memory.buffer, this.#module.map, this.image),
      event: [...this.event],
      counters: this.counters(),
    };
  }

  resume(checkpoint: Checkpoint): void {
    const { sample, stepsDone, emitted, received, pending } = checkpoint;
    this.restore(checkpoint.state);
    this.setEpoch(checkpoint.epoch);
    this.#load(sample.spikes);
    this.#startSample(sample);
    this.#stepsDone = stepsDone;
    this.#inputs.replace(received, pending);
    this.#emitted.replace(emitted);
    const { buffer, views } = this.#memory;
    views.host[stepScalar] = Math.max(0, stepsDone - 1);
    views.event.set(checkpoint.event);
    const { map } = this.#module;
    writeFifo(buffer, map, this.image, checkpoint.waiting);
    writePrevious(buffer, map, emitted);
    this.resetCounters();
    this.#earlier = checkpoint.counters;
  }
}
