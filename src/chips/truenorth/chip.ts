import { type Chip, defineHost } from '../api.ts';
import { truenorthHosting } from './host.ts';
import { truenorthOptions } from './options.ts';

/**
 * TrueNorth: 4096 cores of 256 axons and 256 neurons, which run tick by tick.
 *
 * Sources: P. A. Merolla et al., Science 345(6197), 2014; F. Akopyan et al., IEEE TCAD 34(10), 2015.
 */
export const truenorth: Chip = {
  name: 'truenorth',
  published: [
    {
      hwModel: 'truenorth',
      of: 'operation',
      pj: 26,
      cite: 'Merolla et al., Science 345:668, 2014: all in, at 20 Hz and 128 synapses a neuron',
    },
  ],
  host: defineHost({
    description:
      'A random network on all cores of TrueNorth, as those were on which it was measured. Nothing is presented to it: it runs by itself.',
    options: truenorthOptions,
    registers: [],
    encodesSamples: true,
    makesCores: true,
    hosting: truenorthHosting,
  }),
};
