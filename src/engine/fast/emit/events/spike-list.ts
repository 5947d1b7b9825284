import type { Image } from '../../../../image/index.ts';
import { neuronBits, roomForSpikes } from '../../../spike-address.ts';
import { addToCounter, type FunctionBuilder, type FunctionHandle, type Local } from '../../builder/index.ts';
import type { CounterMap } from '../../plan/counters/index.ts';
import type { MemoryMap } from '../../plan/memory/index.ts';
import { keepSpike } from './previous-spikes-code.ts';
import { putCell } from './ring-code.ts';

/** Code of the list of spikes that the latest step or trigger has emitted. */
export class SpikeList {
  readonly #image: Image;
  readonly #map: MemoryMap;
  readonly #counters: CounterMap;
  /** The list is full, and is about to be written from its start. */
  readonly #spill: FunctionHandle;

  constructor(image: Image, map: MemoryMap, counters: CounterMap, spill: FunctionHandle) {
    this.#image = image;
    this.#map = map;
    this.#counters = counters;
    this.#spill = spill;
  }

  clear(f: FunctionBuilder): void {
    f.i32.const(0);
    f.i32.const(0);
    f.i32.store(this.#map.emittedCount);
  }

  /** Counts a spike and appends it. */
  append(f: FunctionBuilder, population: Local, neuron: Local): void {
    for (const index of this.#image.populations.keys()) {
      f.get(population);
      f.i32.const(index);
      f.i32.eq();
      f.if(() => {
        const slot = this.#counters.spikes[index];
        if (slot !== undefined) addToCounter(f, this.#map.counters + 8 * slot, 1);
        const previous = this.#map.previous[index];
        if (previous !== undefined) keepSpike(f, previous, neuron);
      });
    }
    const count = f.local('i32');
    putCell(f, this.#map.emittedCount);
    f.set(count);
    // Neurons may spike several times in a step.
    f.get(count);
    f.i32.const(roomForSpikes(this.#image));
    f.i32.eq();
    f.if(() => {
      f.call(this.#spill);
      f.i32.const(0);
      f.set(count);
    });
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
