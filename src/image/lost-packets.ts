import * as z from 'zod';
import { combine, hash32, streams } from '../random/index.ts';
import { integer, strictObject, type ValueOf } from '../text/index.ts';

/*
 * Packets that the network of a chip loses. Which ones follows from hashes (`src/random/hash.ts`):
 *
 *     drawn = hash32(seed, streams.packet, draws, population, previous)
 *     lost  = combine(combine(drawn, neuron), core) < rate x 2^32
 *
 * `draws` says how many samples and steps the chip has begun since it was loaded, and is a part of its state: a sample
 * that is presented again meets other losses. `previous` is 1 for a spike that leaves its core one step after it was
 * emitted, else 0; `core` is the number of the core on the chip to which the packet goes.
 *
 * A packet is lost at its destination: it has been sent, has passed every link, and has been received, but triggers
 * nothing there. A spike that waits for a delay there is lost when it would act. All packets of one spike share its
 * fate, and so do spikes that a neuron emits several times in a step; a packet that forks may be lost at one
 * destination and not at another. Only spikes between cores are lost: those of the host and of the core itself arrive,
 * and so do the values that cores send, without which a list could not go on.
 */

export const lostPacketsSchema = strictObject({
  /** Of the chip, as of its cells that fail. */
  seed: integer(0, 2 ** 32 - 1),
  /** The probability that a packet is lost. */
  rate: z.number().min(0).max(1),
});
/** Which packets of spikes the network loses. */
export type LostPackets = ValueOf<typeof lostPacketsSchema>;

/** The part of the hash that spikes of a population which travel together share. */
export function drawPackets(
  { seed }: LostPackets,
  draws: number,
  population: number,
  kind: 'emitted' | 'previous',
): number {
  return hash32(seed, streams.packet, draws, population, Number(kind === 'previous'));
}

/**
 * Whether a spike is lost on its way to another core.
 *
 * @param drawn see {@link drawPackets}
 * @param core the number of that core on the chip
 * @param below the rate x 2^32
 */
export function isLost(drawn: number, neuron: number, core: number, below: number): boolean {
  return combine(combine(drawn, neuron), core) < below;
}
