import { type CoreImage, servedSpikes } from '../../image/index.ts';
import { at } from '../../text/index.ts';
import { listOf, neuronOf, populationOf, spikeAddress } from '../spike-address.ts';
import type { AddressEvent } from '../state.ts';
import type { MemoryMap } from './plan/memory/memory-map.ts';

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
