import { type Action, type Condition, emittingPopulation, type Image, layoutOf } from '../../image/index.ts';
import { hostScalars } from '../../microcode/index.ts';
import { isBatchable } from './batch.ts';
import { type Batch, writeKernelBatch } from './batch-code.ts';
import { paddedColumns } from './columns.ts';
import type { CounterMap } from './counter-map.ts';
import { writeAdvances } from './declared-code.ts';
import { EventCode, type ServedSpikes } from './event-code.ts';
import { addToCounter, whileLess } from './idioms.ts';
import { writeKernel } from './kernel-code.ts';
import type { KernelScratch, ModuleContext } from './kernel-frame.ts';
import { elementBytes, type MemoryMap } from './memory-map.ts';
import { NamedEventCode } from './named-events.ts';
import { partialSums } from './reduce-code.ts';
import { mapTotals } from './segment-map.ts';
import {
  type FunctionBuilder,
  type FunctionHandle,
  type GlobalHandle,
  type Local,
  ModuleBuilder,
} from './wasm/index.ts';

const stepScalar = hostScalars.indexOf('step');

/**
 * Writes the module of an image: every kernel, the lists, the FIFO and the loop over a sample's steps, so that a
 * sample is one call. Exports `begin(learn, steps)`, `step(number)` and `sample(learn, steps)`.
 */
export function writeModule(
  image: Image,
  map: MemoryMap,
  counters: CounterMap,
  scratch: ScratchMap,
): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  const failNaN = module.importFunction('host', 'failNaN', { params: ['i32', 'i32', 'i32'], results: [] });
  const spill = module.importFunction('host', 'spill', { params: ['i32'], results: [] });
  module.importMemory('host', 'memory', { minimumPages: Math.ceil(scratch.size / 65536) });
  return new ModuleCode(module, image, map, counters, scratch, failNaN, spill).write();
}

/** Addresses that code needs beside the memory map's. */
export interface ScratchMap {
  readonly kernels: readonly KernelScratch[];
  /** Bytes of the linear memory in all. */
  readonly size: number;
}

/** Lays out the kernels' scratch behind the memory map. Each has its own: a kernel may be suspended. */
export function mapScratch(image: Image, map: MemoryMap, counters: CounterMap): ScratchMap {
  let next = Math.ceil(map.size / 16) * 16;
  const take = (bytes: number): number => {
    const address = next;
    next = Math.ceil((next + bytes) / 16) * 16;
    return address;
  };
  const totals = mapTotals(counters, take);
  const scratch = image.kernels.map((kernel, index): KernelScratch => {
    const size = image.populations[emittingPopulation(image, kernel)]?.size ?? 0;
    const columns = kernel.columnGate === undefined ? 0 : paddedColumns(size, image.machine.lanes);
    const source = image.projections[kernel.projection ?? -1]?.source ?? -1;
    const rows = kernel.rowGate === undefined ? 0 : (image.populations[source]?.size ?? 0);
    const sums = kernel.code.map(({ mnemonic }) => (mnemonic === 'reduce' ? take(4 * partialSums) : 0));
    return {
      mask: take(4 * columns),
      tiles: take(4 * columns),
      rows: take(4 * rows),
      sums,
      totals: totals[index] ?? new Map(),
    };
  });
  return { kernels: scratch, size: next };
}

class ModuleCode {
  readonly #module: ModuleBuilder;
  readonly #image: Image;
  readonly #map: MemoryMap;
  readonly #counters: CounterMap;
  readonly #learn: GlobalHandle;
  readonly #step: GlobalHandle;
  /** Time steps of the sample under way. */
  readonly #steps: GlobalHandle;
  readonly #events: EventCode;
  readonly #named: NamedEventCode;
  readonly #served: ServedSpikes;
  /** What spikes trigger, by the trigger's number. */
  readonly #lists: readonly (readonly Action[])[];
  readonly #context: ModuleContext;

  constructor(
    module: ModuleBuilder,
    image: Image,
    map: MemoryMap,
    counters: CounterMap,
    scratch: ScratchMap,
    failNaN: FunctionHandle,
    spill: FunctionHandle,
  ) {
    this.#module = module;
    this.#image = image;
    this.#map = map;
    this.#counters = counters;
    this.#learn = module.global('i32', 0);
    this.#step = module.global('i32', 0);
    this.#steps = module.global('i32', 0);
    const { spike, previousSpike } = image.events;
    this.#lists = [...spike, ...previousSpike];
    const kinds = ['', 'previous '].flatMap((kind) =>
      image.populations.map(({ name }) => [kind, name] as const),
    );
    this.#served = {
      one: kinds.map(([kind, name]) =>
        module.declare(`${kind}spike of ${name}`, { params: ['i32'], results: [] }),
      ),
      batch: kinds.map(([kind, name], trigger) =>
        isBatchable(image, this.#lists[trigger] ?? [])
          ? module.declare(`${kind}spikes of ${name}`, { params: ['i32', 'i32'], results: [] })
          : undefined,
      ),
    };
    this.#events = new EventCode(module, image, map, counters, this.#served, spill);
    this.#named = new NamedEventCode(module, image, map, counters);
    this.#context = {
      image,
      map,
      counters,
      emit: image.machine.controller === undefined ? this.#events.emit : this.#named.emit,
      failNaN,
      advances: writeAdvances(module, image, map),
      scratch: scratch.kernels,
    };
  }

  write(): Uint8Array<ArrayBuffer> {
    const { events } = this.#image;
    for (const [trigger, actions] of this.#lists.entries()) this.#defineSpikes(trigger, actions);
    this.#events.define(this.#module);
    this.#named.define(this.#module, (f, actions, neuron) => this.#list(f, actions, neuron));
    const begin = this.#module.function('begin', { params: ['i32', 'i32'], results: [] }, (f) => {
      const [learn, steps] = f.params;
      if (learn === undefined || steps === undefined) return;
      f.get(learn);
      f.setGlobal(this.#learn);
      f.get(steps);
      f.setGlobal(this.#steps);
      this.#setStep(f, () => f.i32.const(0));
      this.#count(f, this.#counters.samples, 1);
      this.#events.startSample(f);
      this.#list(f, events.sample, f.local('i32'));
    });
    const step = this.#module.function('step', { params: ['i32'], results: [] }, (f) => {
      const [number] = f.params;
      if (number === undefined) return;
      this.#setStep(f, () => f.get(number));
      this.#count(f, this.#counters.steps, 1);
      this.#events.startStep(f, number);
      this.#list(f, events.tick, f.local('i32'));
    });
    const sample = this.#module.function('sample', { params: ['i32', 'i32'], results: [] }, (f) => {
      const [learn, steps] = f.params;
      if (learn === undefined || steps === undefined) return;
      f.get(learn);
      f.get(steps);
      f.call(begin);
      const number = f.local('i32');
      whileLess(f, number, steps, 1, () => {
        f.get(number);
        f.call(step);
      });
    });
    this.#module.export('begin', begin);
    this.#module.export('step', step);
    this.#module.export('sample', sample);
    return this.#module.toBytes();
  }

  #defineSpikes(trigger: number, actions: readonly Action[]): void {
    const { one, batch } = this.#served;
    const [ofOne, ofBatch] = [one[trigger], batch[trigger]];
    if (ofOne !== undefined) {
      this.#module.define(ofOne, (f) => {
        const [neuron] = f.params;
        if (neuron !== undefined) this.#list(f, actions, neuron);
      });
    }
    if (ofBatch !== undefined) {
      this.#module.define(ofBatch, (f) => {
        const [first, count] = f.params;
        if (first !== undefined && count !== undefined) this.#batch(f, actions, { first, count });
      });
    }
  }

  #setStep(f: FunctionBuilder, put: () => void): void {
    put();
    f.setGlobal(this.#step);
    f.i32.const(0);
    put();
    f.i32.store(this.#map.host + 4 * stepScalar);
  }

  #count(f: FunctionBuilder, slot: number, amount: number | Local): void {
    addToCounter(f, this.#map.counters + 8 * slot, amount);
  }

  // ---- lists ------------------------------------------------------------------------------------------------------

  /** A list; a test that fails leaves it. */
  #list(f: FunctionBuilder, actions: readonly Action[], neuron: Local): void {
    f.block((end) => {
      for (const action of actions) this.#action(f, action, neuron, () => f.brIf(end));
    });
  }

  /** @param leave leaves the list if the i32 on the stack is not zero */
  #action(f: FunctionBuilder, action: Action, neuron: Local, leave: () => void): void {
    switch (action.does) {
      case 'run':
        writeKernel(f, action.kernel, this.#context, neuron);
        break;
      case 'deliver':
        this.#events.deliver(f, action.population, action.spikes);
        break;
      case 'clear':
        this.#clear(f, action.fields);
        this.#countSweep(f, action.work);
        break;
      case 'stop-unless-any':
        this.#countSweep(f, action.work);
        this.#putAny(f, action.field);
        f.i32.eqz();
        leave();
        break;
      case 'hold':
        this.#hold(f, action.fields, action.after, action.period);
        break;
      case 'group':
        this.#putCondition(f, action.condition);
        f.if(() => this.#list(f, action.actions, neuron));
        break;
    }
  }

  /** A list that runs kernels, each for all spikes of a batch; what its conditions test is the same for all of them. */
  #batch(f: FunctionBuilder, actions: readonly Action[], batch: Batch): void {
    for (const action of actions) {
      if (action.does === 'run') writeKernelBatch(f, action.kernel, this.#context, batch);
      if (action.does !== 'group') continue;
      this.#putCondition(f, action.condition);
      f.if(() => this.#batch(f, action.actions, batch));
    }
  }

  #countSweep(f: FunctionBuilder, work: number): void {
    const slot = this.#counters.sweeps[work - this.#image.kernels.length];
    if (slot !== undefined) this.#count(f, slot, 1);
  }

  #putCondition(f: FunctionBuilder, { learning, from, every, last }: Condition): void {
    if (learning) f.getGlobal(this.#learn);
    else f.i32.const(1);
    if (from > 0) {
      f.getGlobal(this.#step);
      f.i32.const(from);
      f.i32.ge_s();
      f.i32.and();
    }
    if (every > 1) {
      // Steps before `from` are excluded already, so the remainder of a negative number does not matter.
      f.getGlobal(this.#step);
      f.i32.const(from);
      f.i32.sub();
      f.i32.const(every);
      f.i32.rem_s();
      f.i32.eqz();
      f.i32.and();
    }
    if (last > 0) {
      f.getGlobal(this.#step);
      f.getGlobal(this.#steps);
      f.i32.const(last);
      f.i32.sub();
      f.i32.ge_s();
      f.i32.and();
    }
  }

  #clear(f: FunctionBuilder, fields: readonly number[]): void {
    for (const index of fields) {
      const area = this.#map.fields[index];
      if (area === undefined) continue;
      f.i32.const(area.address);
      f.i32.const(0);
      f.i32.const(area.layout.rows * area.rowStride * elementBytes[area.element]);
      f.memory.fill();
    }
  }

  #hold(f: FunctionBuilder, fields: readonly number[], after: number, period: number): void {
    const item = f.local('i32');
    for (const index of fields) {
      const area = this.#map.fields[index];
      const field = this.#image.fields[index];
      if (area === undefined || field === undefined) continue;
      const bytes = elementBytes[area.element];
      f.i32.const(bytes * after);
      f.set(item);
      whileLess(f, item, bytes * field.count, bytes, () => {
        f.get(item);
        f.get(item);
        f.i32.const(bytes * period);
        f.i32.sub();
        if (bytes === 1) f.i32.load8_u(area.address);
        else if (bytes === 2) f.i32.load16_u(area.address);
        else f.i32.load(area.address);
        if (bytes === 1) f.i32.store8(area.address);
        else if (bytes === 2) f.i32.store16(area.address);
        else f.i32.store(area.address);
      });
    }
  }

  /** Puts whether any item of a field is at least one in magnitude. */
  #putAny(f: FunctionBuilder, index: number): void {
    const area = this.#map.fields[index];
    const field = this.#image.fields[index];
    if (area === undefined || field === undefined) throw new Error(`field ${index} is not stored`);
    layoutOf(this.#image, field);
    const any = f.local('i32');
    const item = f.local('i32');
    const address = f.local('i32');
    for (const local of [any, item]) {
      f.i32.const(0);
      f.set(local);
    }
    const bytes = elementBytes[area.element];
    for (let row = 0; row < area.layout.rows; row++) {
      f.i32.const(0);
      f.set(item);
      whileLess(f, item, area.layout.rowLength, 1, () => {
        f.get(item);
        f.i32.const(bytes);
        f.i32.mul();
        f.set(address);
        f.get(any);
        f.get(address);
        const offset = area.address + row * area.rowStride * bytes;
        if (area.element === 'f32') {
          f.f32.load(offset);
          f.f32.abs();
          f.f32.const(1);
          f.f32.ge();
        } else if (bytes === 1) f.i32.load8_u(offset);
        else if (bytes === 2) f.i32.load16_u(offset);
        else f.i32.load(offset);
        f.i32.or();
        f.set(any);
      });
    }
    f.get(any);
  }
}
