import { type Chip, defineHost } from '../api.ts';
import { rancHosting } from './host.ts';
import { rancOptions } from './options.ts';

/**
 * RANC: cores of axons and neurons with a crossbar, ticks, and a mesh of FIFO routers.
 *
 * Source: J. Mack et al., IEEE TCAD 40(11), 2021.
 */
export const ranc: Chip = {
  name: 'ranc',
  host: defineHost({
    description:
      'How the host presents samples to RANC: features above a threshold become packets to the axons of cores, without an encoder; packets that leave by the output bus vote for a class.',
    options: rancOptions,
    registers: [],
    encodesSamples: true,
    makesCores: true,
    hosting: rancHosting,
  }),
};
