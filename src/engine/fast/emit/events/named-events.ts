import type { Action, Image } from '../../../../image/index.ts';
import { eventScalars } from '../../../../isa/index.ts';
import { neuronBits } from '../../../engine.ts';
import {
  addToCounter,
  type FunctionBuilder,
  type FunctionHandle,
  type Local,
  type ModuleBuilder,
} from '../../builder/index.ts';
import type { CounterMap } from '../../plan/counters/index.ts';
import type { MemoryMap } from '../../plan/memory/index.ts';

/** The name under which a module exports what runs a named event, by index. It returns how many items were emitted. */
export const triggerExport = (event: number): string => `trigger ${event}`;

/** Code of a core that has a controller of its own: named events are run from outside, emitted items are listed for it. */
export class NamedEventCode {
  /** (population, neuron): an item is emitted. */
  readonly emit: FunctionHandle;
  readonly #image: Image;
  readonly #map: MemoryMap;
  readonly #counters: CounterMap;

  constructor(module: ModuleBuilder, image: Image, map: MemoryMap, counters: CounterMap) {
    this.#image = image;
    this.#map = map;
    this.#counters = counters;
    this.emit = module.declare('emit for the controller', { params: ['i32', 'i32'], results: [] });
  }

  /** @param writeList writes a list for the neuron in a variable */
  define(
    module: ModuleBuilder,
    writeList: (f: FunctionBuilder, actions: readonly Action[], neuron: Local) => void,
  ): void {
    module.define(this.emit, (f) => this.#writeEmit(f));
    for (const [index, { actions }] of this.#image.events.named.entries()) {
      const trigger = module.function(triggerExport(index), { params: [], results: ['i32'] }, (f) => {
        f.i32.const(0);
        f.i32.const(0);
        f.i32.store(this.#map.emittedCount);
        const neuron = f.local('i32');
        f.i32.const(0);
        f.i32.load(this.#map.event + 4 * eventScalars.indexOf('neuron'));
        f.set(neuron);
        writeList(f, actions, neuron);
        f.i32.const(0);
        f.i32.load(this.#map.emittedCount);
      });
      module.export(triggerExport(index), trigger);
    }
  }

  #writeEmit(f: FunctionBuilder): void {
    const [population, neuron] = f.params;
    if (population === undefined || neuron === undefined) return;
    for (const [index, slot] of this.#counters.spikes.entries()) {
      f.get(population);
      f.i32.const(index);
      f.i32.eq();
      f.if(() => addToCounter(f, this.#map.counters + 8 * slot, 1));
    }
    const count = f.local('i32');
    f.i32.const(0);
    f.i32.load(this.#map.emittedCount);
    f.set(count);
    f.get(count);
    f.i32.const(2);
    f.i32.shl();
    f.get(population);
    f.i32.const(neuronBits);
    f.i32.shl();
    f.get(neuron);
    f.i32.or();
    f.i32.store(this.#map.emitted);
    f.i32.const(0);
    f.get(count);
    f.i32.const(1);
    f.i32.add();
    f.i32.store(this.#map.emittedCount);
  }
}
