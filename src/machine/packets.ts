import type { ChipModel } from '../hardware/index.ts';

/** Packets of a spike: if its value does not fit beside the address in one packet, more packets carry the rest. */
export function packetsFor(bits: number, chip: ChipModel | undefined): number {
  const { bits: packet = 32, payloadBits = 0 } = chip?.packet ?? {};
  return 1 + Math.ceil(Math.max(0, bits - payloadBits) / packet);
}
