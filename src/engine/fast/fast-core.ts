import type { SpikeTrain } from '../../data/index.ts';
import { addCounts, type Counters, type Image, loadedField, Memory } from '../../image/index.ts';
import { hostScalars, weightView } from '../../isa/index.ts';
import { seedLanes } from '../../random/index.ts';
import { checkCheckpoint } from '../check-saved.ts';
import {
  checkSample,
  checkState,
  checkValues,
  failLoop,
  failNaN,
  failSuspended,
  mostEmittedInLoop,
  refuseNeuron,
  refuseStep,
  sizeOfInput,
} from '../checks.ts';
import type { Core, CoreOptions } from '../core.ts';
import type { Probe } from '../probe.ts';
import { neuronOf, populationOf } from '../spike-address.ts';
import type { Checkpoint, CoreState, SampleStart } from '../state.ts';
import { type CoreModule, compileModule } from './core-module.ts';
import { hooksOf } from './emit/events/hooks.ts';
import { triggerExport } from './emit/events/module.ts';
import { hostHooks } from './host-hooks.ts';
import { InputLists } from './input-lists.ts';
import { readCounters } from './plan/counters/read-counters.ts';
import { loadDeclared, stateOfDeclared } from './plan/memory/declared-memory.ts';
import { elementsOf, type FieldArea, transfer } from './plan/memory/memory-map.ts';
import { writeSegments } from './plan/memory/segment-map.ts';
import { readFifo, writeFifo, writePrevious } from './spike-memory.ts';
import { type CoreViews, viewsOf } from './views.ts';

const pageBytes = 65_536;

interface Exports {
  readonly begin: () => void;
  /** Returns how many spikes lie in the list of those emitted. */
  readonly step: () => number;
  /** Runs the steps from `next` on of a sample whose spikes and offsets are at the two addresses. */
  readonly finish: (neurons: number, offsets: number, next: number, steps: number) => void;
  /** (first, end, size): whether any u32 between two addresses, a whole number of vectors apart, reaches a size. */
  readonly reaches: (first: number, end: number, size: number) => number;
}

const labelScalar = hostScalars.indexOf('label');
const stepScalar = hostScalars.indexOf('step');

/**
 * The fast engine: the image's microcode as one WebAssembly SIMD module, generated when the image is loaded. Memory,
 * spikes, random states and counters equal the reference engine's.
 */
export class FastCore implements Core {
  readonly engine = 'fast';
  readonly image: Image;
  readonly #probe: Probe;
  readonly #module: CoreModule;
  readonly #memory: WebAssembly.Memory;
  #views: CoreViews;
  readonly #exports: Exports;
  /** What runs each named event. */
  readonly #triggers: readonly (() => number)[];
  #sample: SampleStart = { label: 0, learn: false, steps: 0 };
  #stepsDone = 0;
  #epoch = 0;
  readonly #inputs: InputLists;
  /** Spikes of the latest step or trigger that have left their list in the linear memory, which was full. */
  readonly #spilled: number[] = [];
  /** The step that they are of. */
  #spilledIn = 0;
  readonly #mostEmitted: number | undefined;
  /** What the core from whose checkpoint this one continues had counted. */
  #earlier: Counters | undefined;

  constructor(image: Image, { probe = {}, index = 0 }: CoreOptions = {}) {
    this.image = image;
    this.#mostEmitted = mostEmittedInLoop(image);
    this.#probe = probe;
    this.#module = compileModule(image, hooksOf(probe));
    const { segmentations, map, scratch, module } = this.#module;
    const inputs = image.populations[image.input]?.size ?? 0;
    const bytes = scratch.size + 2 * 4 * inputs;
    this.#memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
    const { buffer } = this.#memory;
    this.#views = viewsOf(buffer, image, this.#module);
    this.#inputs = new InputLists(this.#memory, scratch.size, inputs, () => {
      this.#views = viewsOf(this.#memory.buffer, image, this.#module);
    });
    const instance = new WebAssembly.Instance(module, {
      host: {
        memory: this.#memory,
        failNaN: (kernel: number, field: number, item: number) => this.#failNaN(kernel, field, item),
        spill: () => this.#spill(),
        failSuspended: () => failSuspended(image),
      },
      probe: hostHooks(image, probe),
    });
    // Copied, since access to an instance's exports is slow.
    this.#exports = { ...(instance.exports as unknown as Exports) };
    const triggers = instance.exports as unknown as Readonly<Record<string, () => number>>;
    this.#triggers = image.events.named.map(({ name }, event) => {
      const trigger = triggers[triggerExport(event)];
      if (trigger === undefined) throw new Error(`event ${name} has no code`);
      return trigger;
    });
    this.#markColumns();
    writeSegments(segmentations, map.segments, buffer);
    transfer(image, map, new Memory(image), buffer, 'linear');
    this.#views.generators.set(seedLanes(image.seed, image.core.lanes, index));
    this.#loadDeclared(new Uint32Array(image.generators.length));
    this.setEpoch(0);
  }

  get event(): Int32Array {
    return this.#views.event;
  }

  get stepsDone(): number {
    return this.#stepsDone;
  }

  get emitted(): Uint32Array {
    const { emitted, emittedCount } = this.#views;
    if (this.#spilled.length === 0) return emitted;
    return Uint32Array.from([...this.#spilled, ...emitted.subarray(0, emittedCount[0])]);
  }

  /** Marks the columns of populations, and the items of rows of weights, that are no padding. */
  #markColumns(): void {
    const { populations, projections } = this.image;
    const { map } = this.#module;
    const mark = (mask16: number | undefined, mask32: number | undefined, count: number): void => {
      new Int16Array(this.#memory.buffer, mask16, count).fill(-1);
      new Int32Array(this.#memory.buffer, mask32, count).fill(-1);
    };
    for (const [index, { size }] of populations.entries())
      mark(map.columns16[index], map.columns32[index], size);
    for (const [index, { weightRowLength }] of projections.entries())
      mark(map.weights16[index], map.weights32[index], weightRowLength);
  }

  setEpoch(epoch: number): void {
    const { epochs, parameters } = this.image;
    const interval = epochs.findLastIndex((first) => first <= epoch);
    for (const [index, { values }] of parameters.entries())
      this.#views.parameters[index] = values[interval] ?? 0;
    this.#epoch = epoch;
  }

  begin(sample: SampleStart): void {
    checkSample(this.image, sample);
    if (sample.spikes !== undefined) this.#load(sample.spikes);
    this.#probe.sample?.();
    this.#startSample(sample);
    this.#exports.begin();
  }

  #startSample(sample: SampleStart): void {
    this.#sample = sample;
    this.#stepsDone = 0;
    this.#inputs.clear();
    if (this.#spilled.length > 0) this.#spilled.length = 0;
    const views = this.#views;
    views.host[labelScalar] = sample.label;
    views.host[stepScalar] = 0;
    views.sample[0] = Number(sample.learn);
    views.sample[1] = sample.steps;
    views.input[1] = 0;
  }

  /** Takes the spikes of a whole sample over, and refuses those that the input population does not have. */
  #load(train: SpikeTrain): void {
    const { first, end } = this.#inputs.load(train);
    if (first === end) return;
    const size = sizeOfInput(this.image, this.image.input);
    if (!this.#exports.reaches(first, end, size)) return;
    refuseNeuron(this.image, train.indices.find((neuron) => neuron >= size) ?? size);
  }

  receive(population: number, neurons: ArrayLike<number>, from = 0, to = neurons.length): void {
    const size = sizeOfInput(this.image, population);
    const wrong = this.#inputs.add(neurons, from, to, size);
    if (wrong !== undefined) refuseNeuron(this.image, wrong);
  }

  step(): number {
    const step = this.#stepsDone;
    if (step >= this.#sample.steps) refuseStep(this.#sample.steps);
    this.#probe.step?.(step);
    this.#stepsDone += 1;
    if (this.#spilled.length > 0) this.#spilled.length = 0;
    this.#inputs.turn(this.#sample.spikes, step);
    const { host, input } = this.#views;
    host[stepScalar] = step;
    input[0] = this.#inputs.address;
    input[1] = this.#inputs.count;
    return this.#exports.step() + this.#spilled.length;
  }

  finish(): void {
    const { steps, spikes } = this.#sample;
    const whole = spikes === undefined || this.#probe.step !== undefined ? undefined : this.#inputs.whole;
    if (whole === undefined) {
      while (this.#stepsDone < steps) this.step();
      return;
    }
    if (this.#stepsDone === steps) return;
    this.#spilled.length = 0;
    try {
      this.#exports.finish(whole.neurons, whole.offsets, this.#stepsDone, steps);
    } finally {
      const latest = this.#views.host[stepScalar] ?? 0;
      this.#stepsDone = latest + 1;
      this.#inputs.turn(spikes, latest);
      if (this.#spilledIn !== latest) this.#spilled.length = 0;
    }
  }

  trigger(event: number): number {
    this.#probe.trigger?.(event);
    if (this.#spilled.length > 0) this.#spilled.length = 0;
    const trigger = this.#triggers[event];
    return trigger === undefined ? 0 : trigger() + this.#spilled.length;
  }

  /** Takes the emitted spikes out of the linear memory: their list is full. */
  #spill(): void {
    const { length } = this.#views.emitted;
    const step = this.#views.host[stepScalar] ?? 0;
    if (step !== this.#spilledIn) this.#spilled.length = 0;
    this.#spilledIn = step;
    if (this.#spilled.length + length === this.#mostEmitted) failLoop(this.image, this.#mostEmitted);
    for (const spike of this.#views.emitted) this.#spilled.push(spike);
  }

  #failNaN(kernel: number, field: number, item: number): never {
    return failNaN({
      kernel: this.image.kernels[kernel]?.name ?? '',
      field: this.image.fields[field]?.name ?? '',
      item,
      sample: this.counters().samples,
      step: this.#views.host[stepScalar] ?? 0,
    });
  }

  read(index: number): Float64Array {
    const named = this.image.fields[index];
    const field = loadedField(this.image.fields, index);
    const area = this.#module.map.fields[this.image.fields.indexOf(field)];
    if (named === undefined || area === undefined) throw new Error(`no field ${index}`);
    const elements = elementsOf(this.#memory.buffer, area);
    const { rowLength } = area.layout;
    const values = new Float64Array(field.count);
    for (let first = 0, row = 0; first < field.count; first += rowLength, row++) {
      const start = row * area.rowStride;
      values.set(elements.subarray(start, start + Math.min(rowLength, field.count - first)), first);
    }
    if (named === field || named.view === undefined) return values;
    const { droppedBits } = named.view;
    const toView =
      field.storage === 'float32'
        ? (value: number) => value * 2 ** -droppedBits
        : weightView(droppedBits, named.bits);
    return values.map(toView);
  }

  write(index: number, values: ArrayLike<number>): void {
    const field = this.image.fields[index];
    const area = this.#module.map.fields[index];
    if (field === undefined || area === undefined) throw new Error(`no field ${index}`);
    checkValues(this.image, field, values);
    this.#writeItems(area, values, (value) => value);
    const view = this.image.fields[field.storedView ?? -1];
    const viewArea = this.#module.map.fields[field.storedView ?? -1];
    if (view?.view === undefined || viewArea === undefined) return;
    this.#writeItems(viewArea, values, weightView(view.view.droppedBits, view.bits));
  }

  #writeItems(area: FieldArea, values: ArrayLike<number>, convert: (value: number) => number): void {
    const elements = elementsOf(this.#memory.buffer, area);
    const { rowLength } = area.layout;
    for (let item = 0; item < values.length; item++) {
      const row = Math.floor(item / rowLength);
      elements[row * area.rowStride + (item - row * rowLength)] = convert(values[item] ?? 0);
    }
  }

  spikesOf(population: number): readonly number[] {
    if (population === this.image.input) return [...this.#inputs.latestNeurons];
    const { emitted, emittedCount } = this.#views;
    const neurons: number[] = [];
    for (const spike of this.#spilled) if (populationOf(spike) === population) neurons.push(neuronOf(spike));
    const count = emittedCount[0] ?? 0;
    for (let index = 0; index < count; index++) {
      const spike = emitted[index] ?? 0;
      if (populationOf(spike) === population) neurons.push(neuronOf(spike));
    }
    return neurons;
  }

  countSpikes(counts: readonly Float64Array[]): void {
    const ofInput = counts[this.image.input];
    for (const neuron of this.#inputs.latestNeurons) increment(ofInput, neuron);
    const { emitted, emittedCount } = this.#views;
    const count = emittedCount[0] ?? 0;
    for (const spike of this.#spilled) increment(counts[populationOf(spike)], neuronOf(spike));
    for (let index = 0; index < count; index++) {
      const spike = emitted[index] ?? 0;
      increment(counts[populationOf(spike)], neuronOf(spike));
    }
  }

  counters(): Counters {
    const counted = readCounters(this.image, this.#module.counters, this.#views.counters);
    return this.#earlier === undefined ? counted : addCounts(this.#earlier, counted);
  }

  resetCounters(): void {
    this.#views.counters.fill(0n);
    this.#earlier = undefined;
  }

  save(): CoreState {
    const packed = new Memory(this.image);
    transfer(this.image, this.#module.map, packed, this.#memory.buffer, 'packed');
    const declared = this.image.generators.map((generator, index) => {
      const area = this.#module.map.declared.generators[index];
      return area === undefined ? 0 : stateOfDeclared(this.#memory.buffer, area, generator);
    });
    return {
      banks: packed.banks.map((words) => words.slice()),
      generators: Uint32Array.from([...this.#views.generators, ...declared]),
    };
  }

  restore(state: CoreState): void {
    checkState(this.image, state);
    const { banks, generators } = state;
    transfer(this.image, this.#module.map, new Memory(this.image, banks), this.#memory.buffer, 'linear');
    const { lanes } = this.image.core;
    this.#views.generators.set(generators.subarray(0, lanes));
    this.#loadDeclared(generators.subarray(lanes));
  }

  checkpoint(): Checkpoint {
    const { emitted, emittedCount, event } = this.#views;
    return {
      state: this.save(),
      epoch: this.#epoch,
      sample: this.#sample,
      stepsDone: this.#stepsDone,
      emitted: [...this.#spilled, ...emitted.subarray(0, emittedCount[0])],
      received: [...this.#inputs.latestNeurons],
      pending: [...this.#inputs.nextNeurons],
      waiting: readFifo(this.#memory.buffer, this.#module.map, this.image),
      event: [...event],
      counters: this.counters(),
    };
  }

  resume(checkpoint: Checkpoint): void {
    checkCheckpoint(this.image, checkpoint);
    const { sample, stepsDone, emitted, received, pending } = checkpoint;
    this.restore(checkpoint.state);
    this.setEpoch(checkpoint.epoch);
    if (sample.spikes !== undefined) this.#load(sample.spikes);
    this.#startSample(sample);
    this.#stepsDone = stepsDone;
    this.#inputs.replace(received, pending);
    const views = this.#views;
    views.host[stepScalar] = Math.max(0, stepsDone - 1);
    views.event.set(checkpoint.event);
    const spilled = Math.max(0, emitted.length - views.emitted.length);
    this.#spilled.push(...emitted.slice(0, spilled));
    views.emitted.set(emitted.slice(spilled));
    views.emittedCount[0] = emitted.length - spilled;
    const { buffer } = this.#memory;
    const { map } = this.#module;
    writeFifo(buffer, map, this.image, checkpoint.waiting);
    writePrevious(buffer, map, emitted);
    this.resetCounters();
    this.#earlier = checkpoint.counters;
  }

  #loadDeclared(states: Uint32Array): void {
    for (const [index, generator] of this.image.generators.entries()) {
      const area = this.#module.map.declared.generators[index];
      if (area !== undefined) loadDeclared(this.#memory.buffer, area, generator, states[index] ?? 0);
    }
  }
}

function increment(counts: Float64Array | undefined, neuron: number): void {
  if (counts !== undefined) counts[neuron] = (counts[neuron] ?? 0) + 1;
}
