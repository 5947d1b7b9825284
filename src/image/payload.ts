import { clamp, integerRange, type ValueRange } from '../isa/index.ts';
import type { Payload, Population, ProgramView } from './image.ts';
import type { BoundKernel } from './lists.ts';

/*
 * A spike that carries a value has it in its address: the lower `shift` bits are the neuron, the next ones the value.
 * Code that names a spike uses this number.
 */

type Carrying = Pick<Population, 'payload'>;

/** The neuron in a spike's address. */
export function neuronIn({ payload }: Carrying, address: number): number {
  return payload === undefined ? address : address & (2 ** payload.shift - 1);
}

/** Whether an address is a valid spike of a population: one of its neurons, with a value that its payload holds. */
export function isSpikeOf({ payload, size }: Pick<Population, 'payload' | 'size'>, address: number): boolean {
  const limit = payload === undefined ? size : 2 ** (payload.shift + payload.bits);
  return address >>> 0 === address && address < limit && neuronIn({ payload }, address) < size;
}

/** The number of neurons whose spikes come from outside or are kept: all, except for an input with delays. */
export function suppliedTo({ size, inputs }: Pick<Population, 'size' | 'inputs'>): number {
  return inputs ?? size;
}

/** The bits of a spike's address that give the neuron. */
export function neuronMask({ payload }: Carrying): number {
  return 2 ** (payload?.shift ?? 24) - 1;
}

/** The value in a spike's address; 0 where spikes carry none. */
export function valueIn({ payload }: Carrying, address: number): number {
  if (payload === undefined) return 0;
  const { bits, signed, shift } = payload;
  const upper = address << (32 - shift - bits);
  return signed ? upper >> (32 - bits) : upper >>> (32 - bits);
}

/** The address of a neuron whose spike carries a value, saturated to the payload. */
export function sentFrom({ payload }: Carrying, neuron: number, value: number): number {
  if (payload === undefined) return neuron;
  const { low, high } = payloadRange(payload);
  return neuron | ((clamp(value, low, high) & (2 ** payload.bits - 1)) << payload.shift);
}

/** A spike in a ring: a flag, and above it the value that it carries. */
export function keptOf({ payload }: Carrying, spike: number): number {
  return payload === undefined ? 1 : 1 | ((spike >>> payload.shift) << 1);
}

/** The spike of a neuron in a ring: see {@link keptOf}. */
export function spikeKept({ payload }: Carrying, neuron: number, kept: number): number {
  return payload === undefined ? neuron : neuron | ((kept >>> 1) << payload.shift);
}

export function payloadRange({ bits, signed }: Payload): ValueRange {
  return integerRange(bits, signed);
}

/** The population whose spike names the neuron, or the row, that a kernel visits. */
export function spikingPopulation(
  { populations, projections }: Pick<ProgramView, 'populations' | 'projections'>,
  { population, projection }: Pick<BoundKernel, 'population' | 'projection'>,
): Population {
  const index = population ?? projections[projection ?? -1]?.source;
  const found = populations[index ?? -1];
  if (found === undefined) throw new Error('a kernel that is bound to nothing');
  return found;
}
