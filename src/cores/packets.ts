import type { ChipModel } from '../hardware/index.ts';

/** Packets of a spike: a value beyond what a packet carries beside the address takes others, of values alone. */
export function packetsFor(bits: number, chip: ChipModel | undefined): number {
  const { bits: packet = 32, payloadBits = 0 } = chip?.packet ?? {};
  return 1 + Math.ceil(Math.max(0, bits - payloadBits) / packet);
}
