import { type Chip, defineHost } from '../api.ts';
import { hostRegisters, reckonHosting } from './host.ts';
import { reckonNetworks } from './network/map.ts';
import { reckonOptions } from './options.ts';

/**
 * ReckOn: recurrent neurons that learn by e-prop.
 *
 * Source: C. Frenkel, G. Indiveri, ISSCC 2022.
 */
export const reckon: Chip = {
  name: 'reckon',
  golden: async () => [(await import('./replay.ts')).reckonGolden],
  networks: reckonNetworks,
  published: [
    { hwModel: 'reckon', of: 'operation', pj: 5.3, cite: 'Frenkel and Indiveri, ISSCC 2022, at 0.5 V' },
  ],
  host: defineHost({
    description:
      'How the host programs, teaches and asks ReckOn, whose controller walks through the ticks of a sample. Or a network that is presented with samples.',
    options: reckonOptions,
    registers: hostRegisters,
    encodesSamples: false,
    hosting: reckonHosting,
  }),
};
