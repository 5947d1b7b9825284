/** How cells of banks fail, and packets get lost, as an hw-model says. */
export interface FaultModel {
  /** Of the chip: each has cells of its own that fail. */
  readonly seed: number;
  readonly errors: 'stuck' | 'fresh';
  /** The bit that a stuck cell holds. */
  readonly prefers: 'either' | 0 | 1;
  /** The banks whose cells fail, perhaps none, and the probability that a cell does. */
  readonly banks: readonly string[];
  readonly rate: number;
  /** The probability that a packet with a spike is lost between cores; undefined if the network loses none. */
  readonly lostPackets?: number;
}

/** The share of the cells that fail at a supply, where the failure voltage of a cell is Gaussian. */
export function failingShare(supplyV: number, failureV: number, spreadV: number): number {
  return normalTail((supplyV - failureV) / spreadV);
}

/**
 * The probability that a standard normal number is above x, for x of at least 0: the fraction that Abramowitz and
 * Stegun give in 26.2.14, from the end. It converges slowly near 0, where the series 26.2.11 takes its place.
 */
export function normalTail(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x < 2.5) {
    let [term, sum] = [x, x];
    for (let odd = 3; term > 1e-18; odd += 2) {
      term *= (x * x) / odd;
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = x;
  for (let step = 80; step >= 1; step--) fraction = x + step / fraction;
  return density / fraction;
}
