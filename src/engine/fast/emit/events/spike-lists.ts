import type { Image } from '../../../../image/index.ts';
import { addToCounter, type FunctionBuilder, type FunctionHandle, type Local } from '../../builder/index.ts';
import type { CounterMap } from '../../plan/counters/index.ts';
import type { MemoryMap } from '../../plan/memory/index.ts';
import { keepSpike } from './previous-spikes-code.ts';

/** Code of the lists that hold the spikes of the latest step, for each population. */
export class SpikeLists {
  readonly #image: Image;
  readonly #map: MemoryMap;
  readonly #counters: CounterMap;
  /** (population): its list of spikes is full, and is about to be written from the start. */
  readonly #spill: FunctionHandle;

  constructor(image: Image, map: MemoryMap, counters: CounterMap, spill: FunctionHandle) {
    this.#image = image;
    this.#map = map;
    this.#counters = counters;
    this.#spill = spill;
  }

  clear(f: FunctionBuilder): void {
    for (const address of this.#map.spikes) {
      f.i32.const(0);
      f.i32.const(0);
      f.i32.store(address);
    }
  }

  /** Counts a spike and appends it to its population's list. */
  append(f: FunctionBuilder, population: Local, neuron: Local): void {
    for (const [index, address] of this.#map.spikes.entries()) {
      f.get(population);
      f.i32.const(index);
      f.i32.eq();
      f.if(() => {
        const slot = this.#counters.spikes[index];
        if (slot !== undefined) addToCounter(f, this.#map.counters + 8 * slot, 1);
        const previous = this.#map.previous[index];
        if (previous !== undefined) keepSpike(f, previous, neuron);
        this.#write(f, index, address, neuron);
      });
    }
  }

  #write(f: FunctionBuilder, population: number, address: number, neuron: Local): void {
    const count = f.local('i32');
    const place = f.local('i32');
    const { size = 1 } = this.#image.populations[population] ?? {};
    f.i32.const(0);
    f.i32.load(address);
    f.tee(count);
    f.i32.const(size);
    f.i32.rem_u();
    f.set(place);
    // Neurons may spike several times in a step.
    f.get(place);
    f.i32.eqz();
    f.get(count);
    f.i32.const(0);
    f.i32.ne();
    f.i32.and();
    f.if(() => {
      f.i32.const(population);
      f.call(this.#spill);
    });
    f.get(place);
    f.i32.const(2);
    f.i32.shl();
    f.get(neuron);
    f.i32.store(address + 4);
    f.i32.const(0);
    f.get(count);
    f.i32.const(1);
    f.i32.add();
    f.i32.store(address);
  }
}
