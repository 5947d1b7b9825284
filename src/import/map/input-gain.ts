/** A gain for each neuron, of what it has gathered in a step: factors x 2^-bits. */
export interface InputGain {
  readonly factors: Int32Array;
  readonly bits: number;
  /** The gain that is left to the weights, the same for all neurons. */
  readonly common: number;
}

/** Factors of so many bits, where a product loses `shift` of them: exact halves first, then as narrow as will do. */
const kinds = [
  { shift: 7, most: 2 ** 7, mostError: 0 },
  { shift: 8, most: 2 ** 8 - 1, mostError: 2 ** -8 },
  { shift: 12, most: 2 ** 12 - 1, mostError: Infinity },
] as const;

/** Gains as factors of 8 bits, or of 12 where those would be wrong by more than a weight of 8 bits. */
export function inputGainOf(gain: Float64Array): InputGain {
  const largest = gain.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  for (const { shift, most, mostError } of kinds) {
    const exact = gain.map((value) => (value / largest) * most);
    const factors = Int32Array.from(exact, Math.round);
    const isNear = exact.every(
      (value, at) => Math.abs((factors[at] ?? 0) - value) <= mostError * Math.abs(value),
    );
    if (isNear) return { factors, bits: shift, common: (largest * 2 ** shift) / most };
  }
  throw new Error('no factors');
}

/** The bits of gains that stand beside weights which are not rounded. */
const fineBits = 15;

/** Gains as factors of 15 bits, none of it left to the weights. */
export function fineGainOf(gain: Float64Array): InputGain {
  const largest = gain.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const bits = fineBits - 1 - Math.floor(Math.log2(largest));
  return { factors: Int32Array.from(gain, (value) => Math.round(value * 2 ** bits)), bits, common: 1 };
}
