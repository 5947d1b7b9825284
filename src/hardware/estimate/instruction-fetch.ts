import type { Estimator } from './estimator.ts';
import { fetchPj, instruction } from './instruction.ts';
import { nodeRange, supplyRange, supplyReach } from './node.ts';

export const instructionFetch: Estimator<'technologyNm' | 'supplyV', 'energyPj'> = {
  name: 'fetch',
  of: 'fetch, decoding and control of an instruction, for each lane that carries it out',
  kinds: undefined,
  range: {
    technologyNm: nodeRange,
    supplyV: supplyRange,
  },
  reach: ({ technologyNm }) => ({ supplyV: supplyReach(technologyNm) }),
  figures: { energyPj: instruction },
  values: ({ technologyNm, supplyV }) => ({ energyPj: fetchPj(technologyNm, supplyV) }),
};
