import type { Counters, Image } from '../../src/image/index.ts';

/*
 * Both papers publish the energy of a synaptic operation as the power of the whole chip over the most operations that it
 * can do in a second: these inputs keep a chip at that rate.
 */

/** What was counted, and the image by whose costs it is priced. */
export interface Counted {
  readonly counters: Counters;
  readonly image: Image;
}
