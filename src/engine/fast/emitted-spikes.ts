import { type CoreImage, listOf, neuronMask, servedSpikes } from '../../image/index.ts';
import { addAt, append, at, numberAt, wordAt } from '../../text/index.ts';
import { failLoop, mostEmittedInLoop } from '../checks.ts';
import { neuronOf, populationOf, spikeAddress } from '../spike-address.ts';
import type { AddressEvent } from '../state.ts';
import type { LinearMemory } from './linear-memory.ts';
import type { MemoryMap } from './plan/memory/memory-map.ts';

/**
 * The spikes that the latest step or trigger has emitted. They are in a list in the linear memory; where it has been
 * full, the earlier ones have been spilled.
 */
export class EmittedSpikes {
  readonly #image: CoreImage;
  readonly #memory: LinearMemory;
  readonly #most: number | undefined;
  /** By population: the bits of an address that are the neuron. */
  readonly #masks: readonly number[];
  readonly #spilled: number[] = [];
  /** The step that they are of. */
  #spilledIn = 0;

  constructor(image: CoreImage, memory: LinearMemory) {
    this.#image = image;
    this.#memory = memory;
    this.#most = mostEmittedInLoop(image);
    this.#masks = image.populations.map(neuronMask);
  }

  /** Their addresses, undefined beyond the last one. */
  get addresses(): Uint32Array {
    return this.#spilled.length === 0 ? this.#memory.views.emitted : Uint32Array.from(this.toArray());
  }

  /** How many have been spilled. */
  get spilled(): number {
    return this.#spilled.length;
  }

  toArray(): number[] {
    const { emitted, emittedCount } = this.#memory.views;
    return [...this.#spilled, ...emitted.subarray(0, emittedCount[0])];
  }

  /** Replaces the emitted spikes. */
  replace(addresses: readonly number[]): void {
    const { emitted, emittedCount } = this.#memory.views;
    const spilled = Math.max(0, addresses.length - emitted.length);
    this.forgetSpilled();
    append(this.#spilled, addresses.slice(0, spilled));
    emitted.set(addresses.slice(spilled));
    emittedCount[0] = addresses.length - spilled;
  }

  /** Another step or trigger begins; its code empties the list. */
  forgetSpilled(): void {
    if (this.#spilled.length > 0) this.#spilled.length = 0;
  }

  /** Keeps spilled spikes if they are of this step, the latest one. */
  keepSpilledOf(step: number): void {
    if (this.#spilledIn !== step) this.forgetSpilled();
  }

  /** Takes the spikes out of the list, which is full. */
  spill(step: number): void {
    const { emitted } = this.#memory.views;
    this.keepSpilledOf(step);
    this.#spilledIn = step;
    if (this.#spilled.length + emitted.length === this.#most) failLoop(this.#image, this.#most);
    for (const spike of emitted) this.#spilled.push(spike);
  }

  /** The neurons of a population that have spiked, in order. */
  neuronsOf(population: number): number[] {
    return this.toArray()
      .filter((spike) => populationOf(spike) === population)
      .map((spike) => spike & at(this.#masks, population));
  }

  /** Adds 1 for each spike to the count of its neuron. */
  count(counts: readonly Float64Array[]): void {
    for (const spike of this.#spilled) {
      const of = populationOf(spike);
      increment(counts[of], spike & at(this.#masks, of));
    }
    const { emitted, emittedCount } = this.#memory.views;
    const end = numberAt(emittedCount, 0);
    // A population's spikes mostly follow one another.
    let population = -1;
    let ofPopulation: Float64Array | undefined;
    let mask = 0;
    for (let place = 0; place < end; place++) {
      const spike = wordAt(emitted, place);
      if (populationOf(spike) !== population) {
        population = populationOf(spike);
        ofPopulation = counts[population];
        mask = at(this.#masks, population);
      }
      increment(ofPopulation, spike & mask);
    }
  }
}

function increment(counts: Float64Array | undefined, neuron: number): void {
  if (counts !== undefined) addAt(counts, neuron, 1);
}

/*
 * The spikes that a core holds between two steps, in its linear memory.
 */

/** The events in the FIFO, head first. */
export function readFifo(buffer: ArrayBuffer, map: MemoryMap, image: CoreImage): AddressEvent[] {
  const { fifoDepth } = image.core;
  const served = servedSpikes(image);
  const [head = 0] = new Uint32Array(buffer, map.fifoHead, 1);
  const [count = 0] = new Uint32Array(buffer, map.fifoWaiting, 1);
  const ring = new Uint32Array(buffer, map.fifo, fifoDepth);
  return Array.from({ length: count }, (_, place): AddressEvent => {
    const event = ring[(head + place) % fifoDepth] ?? 0;
    return { ...at(served, populationOf(event)), neuron: neuronOf(event) };
  });
}

/** Fills the FIFO; no kernel waits for a place in it. */
export function writeFifo(
  buffer: ArrayBuffer,
  map: MemoryMap,
  image: CoreImage,
  events: readonly AddressEvent[],
): void {
  new Uint32Array(buffer, map.fifoHead, 1)[0] = 0;
  new Uint32Array(buffer, map.fifoWaiting, 1)[0] = events.length;
  new Uint32Array(buffer, map.suspended, 1)[0] = 0;
  const ring = new Uint32Array(buffer, map.fifo, image.core.fifoDepth);
  const served = servedSpikes(image);
  for (const [place, { population, neuron, spikes }] of events.entries())
    ring[place] = spikeAddress(listOf(served, population, spikes), neuron);
}

/** Marks which neurons have spiked in the latest step, where the next step asks for them. */
export function writePrevious(buffer: ArrayBuffer, map: MemoryMap, spikes: readonly number[]): void {
  for (const [population, kept] of map.previous.entries()) {
    if (kept === undefined) continue;
    const flags = new Uint8Array(buffer, kept.flags, kept.size).fill(0);
    const values = kept.values === undefined ? undefined : new Uint32Array(buffer, kept.values, kept.size);
    for (const spike of spikes) {
      if (populationOf(spike) !== population) continue;
      const neuron = neuronOf(spike) & kept.neuronMask;
      flags[neuron] = 1;
      if (values !== undefined) values[neuron] = neuronOf(spike);
    }
  }
}
