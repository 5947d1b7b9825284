import { type Chip, defineHost } from '../api.ts';
import { dataHosting, dataOptions } from './host.ts';

/** Any chip whose hw-model states its controller as data: what experiments have in place of a chip's own section. */
export const controller: Chip = {
  name: 'controller',
  golden: async () => [(await import('./replay.ts')).controllerGolden],
  host: defineHost({
    description:
      'How samples are presented to a chip whose hw-model states its controller as data: which inputs are sent, and where the answer is.',
    options: dataOptions,
    registers: [],
    encodesSamples: false,
    hosting: dataHosting,
  }),
};
