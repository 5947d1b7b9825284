import { type Chip, defineHost } from '../api.ts';
import { odinHosting } from './host.ts';
import { odinNetworks } from './network/map.ts';
import { odinOptions } from './options.ts';

/**
 * ODIN: 256 neurons and 64k synapses that learn by spike-driven synaptic plasticity.
 *
 * Source: C. Frenkel et al., IEEE TBioCAS 13(1), 2019.
 */
export const odin: Chip = {
  name: 'odin',
  golden: async () => [(await import('./replay.ts')).odinGolden],
  networks: odinNetworks,
  published: [
    {
      hwModel: 'odin',
      of: 'inference',
      pj: 15_000,
      cite: 'Frenkel et al., IEEE TBioCAS 13(1), 2019: a digit of MNIST',
    },
  ],
  host: defineHost({
    description:
      "How the host teaches digits to ODIN and asks it: it sends events to the chip's controller, without an encoder or time steps. Or a network that is presented with samples.",
    options: odinOptions,
    registers: [],
    encodesSamples: true,
    hosting: odinHosting,
  }),
};
