/** How a synapse's weight is encoded. */
export interface SynapseFormat {
  /** Signs that occur: both, not negative, not positive. */
  readonly mode: 'mixed' | 'exc' | 'inh';
  /** Bits of the weight, 1 to 8, with the sign if it is mixed. */
  readonly bits: number;
  /** Exponent to the base 2, -8 to 7. */
  readonly exp: number;
}

/** Whose arithmetic. Brian2Loihi's is that of the common model. */
export type WeightEncoding = 'brian2loihi' | 'lava' | 'nengo_loihi';

/** The largest magnitude that a synaptic event adds to the current. */
const most = 2 ** 21 - 64;

/** How a mantissa becomes a weight, in units of the current and a multiple of 64, by model. */
const encodings: Readonly<Record<WeightEncoding, (format: SynapseFormat, mantissa: number) => number>> = {
  brian2loihi: (format, mantissa) =>
    Math.min(Math.max(64 * shifted(held(format, mantissa), format.exp), -most), most),
  lava: (format, mantissa) => {
    const { mode, exp } = format;
    const weight = mode === 'mixed' ? floored(mantissa, lostBits(format)) : held(format, mantissa);
    return 64 * shifted(weight, exp);
  },
  nengo_loihi: (format, mantissa) => {
    const lost = lostBits(format);
    const largest = 2 ** (8 - lost) - 1;
    const nearest = (value: number): number => Math.min(Math.max(toEven(value), -largest), largest);
    const exponent = lost + format.exp;
    const kept = nearest(mantissa / 2 ** lost);
    const exact = exponent < 0 ? nearest(toEven(kept * 2 ** exponent) * 2 ** -exponent) : kept;
    return 64 * shifted(exact, exponent);
  },
};

/**
 * The contribution of a synaptic event to the current: the mantissa without the bits that the format cannot hold,
 * times a power of two. Bits that a negative exponent loses are lost for each synapse.
 *
 * @param mantissa -256 to 255, with its sign
 * @returns a multiple of 64
 */
export function synapticWeight(format: SynapseFormat, mantissa: number, encoding: WeightEncoding): number {
  return encodings[encoding](format, mantissa);
}

/** Whether a negative exponent loses bits of a weight. */
export function losesBits(format: SynapseFormat, mantissa: number): boolean {
  return format.exp < 0 && held(format, mantissa) % 2 ** -format.exp !== 0;
}

function lostBits({ bits, mode }: SynapseFormat): number {
  return 8 - bits + (mode === 'mixed' ? 1 : 0);
}

/** The part of a mantissa that its format holds: toward zero. */
function held(format: SynapseFormat, mantissa: number): number {
  const magnitude = floored(Math.abs(mantissa), lostBits(format));
  return mantissa < 0 ? -magnitude : magnitude;
}

function floored(value: number, bits: number): number {
  return (value >> bits) << bits;
}

/** value x 2^exponent, rounded down. */
function shifted(value: number, exponent: number): number {
  return exponent < 0 ? value >> -exponent : value << exponent;
}

/** To the nearest whole number, ties to the even one. */
function toEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}
