import { neuronOf, populationOf } from '../engine/index.ts';
import type { PopulationPart } from '../image/index.ts';

/** Spikes that a chunk of memory holds: reserving a chunk for each list would take longer than filling it. */
const leastRoom = 2 ** 14;

/** The spikes that cores emit, gathered into lists of neurons of the whole program. */
export class EmittedList {
  #room = new Uint32Array(leastRoom);
  /** Start and end of the current list. */
  #start = 0;
  #end = 0;

  /**
   * Appends spikes of a core.
   *
   * @param addresses of which the first `count` are valid
   * @param populations what the core's populations are
   */
  add(addresses: Uint32Array, count: number, populations: readonly PopulationPart[]): void {
    if (this.#end + count > this.#room.length) this.#move(count);
    const room = this.#room;
    let end = this.#end;
    // They are mostly of one population.
    let population = -1;
    let first = 0;
    for (let place = 0; place < count; place++) {
      const address = addresses[place] ?? 0;
      if (populationOf(address) !== population) {
        population = populationOf(address);
        first = populations[population]?.first ?? 0;
      }
      room[end++] = neuronOf(address) + first;
    }
    this.#end = end;
  }

  /** Ends the list. It stays as it is. */
  take(): Uint32Array {
    const list = this.#room.subarray(this.#start, this.#end);
    this.#start = this.#end;
    return list;
  }

  /** Continues in a larger chunk. */
  #move(more: number): void {
    const begun = this.#room.subarray(this.#start, this.#end);
    this.#room = new Uint32Array(Math.max(leastRoom, 2 * (begun.length + more)));
    this.#room.set(begun);
    this.#start = 0;
    this.#end = begun.length;
  }
}
