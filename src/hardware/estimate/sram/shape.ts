/** A bank as figures are published of it. */
export interface Shape {
  readonly capacityBits: number;
  readonly wordBits: number;
  readonly nm: number;
  readonly supplyV: number;
}

/** Bits of a kilobyte. */
export const kb = 8192;

/** The shape to which coefficients refer. */
export const base = { capacityBits: 64 * 1024, nm: 28, supplyV: 0.9 };

/** A bank in words, for the tables of docs. */
export function inWords({ capacityBits, wordBits, nm, supplyV }: Shape): string {
  const size = capacityBits % kb === 0 ? `${capacityBits / kb} KB` : `${capacityBits} bits`;
  return `${size}, words of ${wordBits} bits, ${nm} nm, ${supplyV} V`;
}
