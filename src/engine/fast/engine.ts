import type { SpikeTrain } from '../../data/index.ts';
import { type Counters, type Image, loadedField, Memory } from '../../image/index.ts';
import { hostScalars, weightView } from '../../isa/index.ts';
import { seedLanes } from '../../random/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import {
  type CoreState,
  checkSteps,
  checkValues,
  type Engine,
  mostEmitted,
  neuronBits,
  type SampleOptions,
} from '../engine.ts';
import { triggerExport, writeModule } from './emit/events/index.ts';
import { type CounterMap, mapCounters, readCounters } from './plan/counters/index.ts';
import {
  elementsOf,
  type FieldArea,
  loadDeclared,
  type MemoryMap,
  mapMemory,
  mapScratch,
  stateOfDeclared,
  transfer,
  writeSegments,
} from './plan/memory/index.ts';

interface Exports {
  readonly begin: (learn: number, steps: number) => void;
  readonly step: (step: number) => void;
  readonly sample: (learn: number, steps: number) => void;
}

const pageBytes = 65_536;

/**
 * The fast engine: the image's microcode as one WebAssembly SIMD module, generated when the image is loaded. Memory,
 * spikes, random states and counters equal the reference engine's.
 */
export class FastEngine implements Engine {
  readonly name = 'fast';
  readonly image: Image;
  /** The generated module's bytes, for inspection. */
  readonly module: Uint8Array;
  readonly event: Int32Array;
  readonly emitted: Uint32Array;
  readonly #map: MemoryMap;
  readonly #counterMap: CounterMap;
  readonly #memory: WebAssembly.Memory;
  readonly #exports: Exports;
  /** What runs each named event. */
  readonly #triggers: readonly (() => number)[];
  /** How many items the last trigger emitted. */
  #emittedCount = 0;
  readonly #host: Int32Array;
  readonly #parameters: Int32Array;
  readonly #generators: Uint32Array;
  readonly #counters: BigInt64Array;
  readonly #inputOffsets: Uint32Array;
  readonly #inputIndices: Uint32Array;
  /** Spikes of the step that no longer are in their population's list in the linear memory. */
  readonly #spilled: number[][];

  constructor(image: Image) {
    this.image = image;
    this.#counterMap = mapCounters(image);
    this.#map = mapMemory(image, this.#counterMap.slots);
    const scratch = mapScratch(image, this.#map, this.#counterMap);
    this.#memory = new WebAssembly.Memory({ initial: Math.ceil(scratch.size / pageBytes) });
    const { buffer } = this.#memory;
    const map = this.#map;
    const inputs = image.populations[image.input]?.size ?? 0;
    this.#host = new Int32Array(buffer, map.host, hostScalars.length);
    this.#parameters = new Int32Array(buffer, map.parameters, image.parameters.length);
    this.#generators = new Uint32Array(buffer, map.generators, image.core.lanes);
    this.#counters = new BigInt64Array(buffer, map.counters, this.#counterMap.slots);
    this.event = new Int32Array(buffer, map.event, image.eventScalars.length);
    this.emitted = new Uint32Array(buffer, map.emitted, mostEmitted(image));
    this.#inputOffsets = new Uint32Array(buffer, map.inputOffsets, image.steps + 1);
    this.#inputIndices = new Uint32Array(buffer, map.inputIndices, inputs * image.steps);
    this.#spilled = image.populations.map(() => []);
    this.module = writeModule(image, map, this.#counterMap, scratch);
    const instance = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(this.module)), {
      host: {
        memory: this.#memory,
        failNaN: (kernel: number, field: number, item: number) => this.#failNaN(kernel, field, item),
        spill: (population: number) => this.#spill(population),
      },
    });
    this.#exports = instance.exports as unknown as Exports;
    const triggers = instance.exports as unknown as Readonly<Record<string, () => number>>;
    this.#triggers = image.events.named.map(({ name }, index) => {
      const trigger = triggers[triggerExport(index)];
      if (trigger === undefined) throw new Error(`event ${name} has no code`);
      return trigger;
    });
    this.#markColumns();
    const totals = scratch.kernels.map((kernel) => kernel.totals);
    writeSegments(image, map.segments, this.#counterMap, totals, buffer);
    transfer(image, map, new Memory(image), buffer, 'linear');
    this.#generators.set(seedLanes(image.seed, image.core.lanes));
    this.#loadDeclared(new Uint32Array(image.generators.length));
    this.setEpoch(0);
  }

  /** Marks the columns of populations, and the items of rows of weights, that are no padding. */
  #markColumns(): void {
    const { populations, projections } = this.image;
    const map = this.#map;
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
    for (const [index, { values }] of parameters.entries()) this.#parameters[index] = values[interval] ?? 0;
  }

  runSample(spikes: SpikeTrain, { label, learn, observe }: SampleOptions): void {
    checkSteps(this.image, spikes);
    this.#host[hostScalars.indexOf('label')] = label;
    this.#inputOffsets.set(spikes.offsets.subarray(0, spikes.steps + 1));
    this.#inputIndices.set(spikes.indices.subarray(0, spikes.offsets[spikes.steps]));
    if (observe === undefined) {
      this.#exports.sample(Number(learn), spikes.steps);
      return;
    }
    this.#exports.begin(Number(learn), spikes.steps);
    for (let step = 0; step < spikes.steps; step++) {
      this.#exports.step(step);
      observe(step);
    }
  }

  trigger(event: number): number {
    const trigger = this.#triggers[event];
    this.#emittedCount = trigger === undefined ? 0 : trigger();
    return this.#emittedCount;
  }

  #failNaN(kernel: number, field: number, item: number): never {
    const name = this.image.kernels[kernel]?.name;
    const step = this.#host[hostScalars.indexOf('step')];
    throw new PlasticoreError(
      'run',
      `not a number: kernel '${name}' would store NaN into ${this.image.fields[field]?.name}[${item}], sample ${this.#counters[this.#counterMap.samples]} of this run, step ${step}`,
      { hint: 'floats have overflowed: lower the learning rate or the initial weights' },
    );
  }

  read(index: number): Float64Array {
    const named = this.image.fields[index];
    const field = loadedField(this.image.fields, index);
    const area = this.#map.fields[this.image.fields.indexOf(field)];
    if (named === undefined || area === undefined) throw new Error(`no field ${index}`);
    const elements = elementsOf(this.#memory.buffer, area);
    const { rowLength } = area.layout;
    const values = Float64Array.from({ length: field.count }, (_, item) => {
      const row = Math.floor(item / rowLength);
      return elements[row * area.rowStride + (item - row * rowLength)] ?? 0;
    });
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
    const area = this.#map.fields[index];
    if (field === undefined || area === undefined) throw new Error(`no field ${index}`);
    checkValues(this.image, field, values);
    this.#writeItems(area, values, (value) => value);
    const view = this.image.fields[field.storedView ?? -1];
    const viewArea = this.#map.fields[field.storedView ?? -1];
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
    if (this.image.core.controller !== undefined) {
      const items = [...this.emitted.subarray(0, this.#emittedCount)];
      return items.filter((item) => item >>> neuronBits === population).map((item) => item % 2 ** neuronBits);
    }
    if (population === this.image.input) {
      const step = this.#host[hostScalars.indexOf('step')] ?? 0;
      return [...this.#inputIndices.subarray(this.#inputOffsets[step], this.#inputOffsets[step + 1])];
    }
    const { count, list } = this.#spikeList(population);
    const spilled = Math.floor(Math.max(0, count - 1) / list.length) * list.length;
    return [...(this.#spilled[population] ?? []).slice(0, spilled), ...list.subarray(0, count - spilled)];
  }

  /** The number of a population's spikes in this step, and the list that the last of them are in. */
  #spikeList(population: number): { readonly count: number; readonly list: Uint32Array } {
    const address = this.#map.spikes[population] ?? 0;
    const { size = 0 } = this.image.populations[population] ?? {};
    const words = new Uint32Array(this.#memory.buffer, address, 1 + size);
    return { count: words[0] ?? 0, list: words.subarray(1) };
  }

  /** Takes a full list out of the linear memory. */
  #spill(population: number): void {
    const { count, list } = this.#spikeList(population);
    const spilled = this.#spilled[population] ?? [];
    if (count === list.length) spilled.length = 0;
    spilled.push(...list);
  }

  counters(): Counters {
    return readCounters(this.image, this.#counterMap, this.#counters);
  }

  resetCounters(): void {
    this.#counters.fill(0n);
  }

  save(): CoreState {
    const packed = new Memory(this.image);
    transfer(this.image, this.#map, packed, this.#memory.buffer, 'packed');
    const declared = this.image.generators.map((generator, index) => {
      const area = this.#map.declared.generators[index];
      return area === undefined ? 0 : stateOfDeclared(this.#memory.buffer, area, generator);
    });
    return {
      banks: packed.banks.map((words) => words.slice()),
      lanes: Uint32Array.from([...this.#generators, ...declared]),
    };
  }

  restore({ banks, lanes }: CoreState): void {
    transfer(this.image, this.#map, new Memory(this.image, banks), this.#memory.buffer, 'linear');
    const count = this.#generators.length;
    this.#generators.set(lanes.subarray(0, count));
    this.#loadDeclared(lanes.subarray(count));
  }

  #loadDeclared(states: Uint32Array): void {
    for (const [index, generator] of this.image.generators.entries()) {
      const area = this.#map.declared.generators[index];
      if (area !== undefined) loadDeclared(this.#memory.buffer, area, generator, states[index] ?? 0);
    }
  }
}
