import type { Chip } from '../api.ts';

/**
 * Loihi's compartments, synapses and delays, as public models compute them. Under this controller no experiment runs on
 * it yet; hw-model `loihi` takes programs of its own.
 *
 * Source: M. Davies et al., IEEE Micro 38(1), 2018, and the models that docs/loihi.md names.
 */
export const loihi: Chip = {
  name: 'loihi',
  golden: async () => [(await import('./replay.ts')).loihiGolden],
};
