import { clamp, integerRange, type ValueRange } from '../isa/index.ts';
import type { Payload, Population, ProgramView } from './image.ts';
import type { BoundKernel } from './lists.ts';

/*
 * A spike that carries a value has it in its address: the lower `shift` bits are the neuron, the next ones the value.
 * Code that names a spike uses this number.
 */

type Carrying = Pick<Population, 'payload'>;

/** So many ones, 0 to 32. Every spike asks, and a power of two takes longer than all else. */
function ones(bits: number): number {
  return bits === 0 ? 0 : -1 >>> (32 - bits);
}

/** The neuron in a spike's address. */
export function neuronIn({ payload }: Carrying, address: number): number {
  return payload === undefined ? address : address & ones(payload.shift);
}

/** Whether an address is a valid spike of a population: one of its neurons, with a value that its payload holds. */
export function isSpikeOf({ payload, size }: Pick<Population, 'payload' | 'size'>, address: number): boolean {
  if (address >>> 0 !== address) return false;
  if (payload === undefined) return address < size;
  return address <= ones(payload.shift + payload.bits) && (address & ones(payload.shift)) < size;
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
  const { bits, signed, shift } = payload;
  const mask = ones(bits);
  const high = signed ? mask >>> 1 : mask;
  return neuron | ((clamp(value, signed ? -high - 1 : 0, high) & mask) << shift);
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
