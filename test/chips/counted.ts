import type { CoreImage, Counters } from '../../src/image/index.ts';

/*
 * Both papers publish the energy of a synaptic operation as the power of the whole chip divided by its highest
 * operation rate. These inputs keep a chip at that rate.
 */

/** Counts, and the image whose costs price them. */
export interface Counted {
  readonly counters: Counters;
  readonly image: CoreImage;
}

/** A chip at full rate, for the table of `test/bench/energy.ts`: what `full-rate.ts` in its folder exports. */
export interface FullRate {
  /** Published energy of a synaptic operation in pJ; the source is in the hw-model. */
  readonly publishedPj: number;
  count(): Counted;
}
