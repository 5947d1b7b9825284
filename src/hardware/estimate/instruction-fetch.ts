import type { Estimator } from './estimator.ts';
import { fetchPj, instruction } from './instruction.ts';

export const instructionFetch: Estimator<'technologyNm' | 'supplyV', 'energyPj'> = {
  name: 'fetch',
  of: 'fetch, decoding and control of an instruction, for each lane that carries it out',
  kinds: [],
  range: {
    technologyNm: { unit: 'nm', low: 7, high: 45 },
    supplyV: { unit: 'V', low: 0.5, high: 1.3 },
  },
  figures: { energyPj: instruction },
  values: ({ technologyNm, supplyV }) => ({ energyPj: fetchPj(technologyNm, supplyV) }),
};
