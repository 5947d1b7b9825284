import { logicEnergy } from './arithmetic.ts';
import type { Estimator } from './estimator.ts';
import { instructionFetched } from './instruction.ts';
import { nodeRange, supplyRange, supplyReach } from './node.ts';

export const instructionFetch: Estimator<'technologyNm' | 'supplyV', 'energyPj'> = {
  name: 'fetch',
  of: 'the fetch of an instruction from a loop buffer, once for all lanes',
  kinds: undefined,
  range: {
    technologyNm: nodeRange,
    supplyV: supplyRange,
  },
  reach: ({ technologyNm }) => ({ supplyV: supplyReach(technologyNm) }),
  figures: { energyPj: instructionFetched.quantity },
  values: ({ technologyNm, supplyV }) => ({
    energyPj: instructionFetched.energyPj * logicEnergy(technologyNm, supplyV),
  }),
};
