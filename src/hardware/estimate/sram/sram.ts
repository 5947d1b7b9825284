import type { Estimator } from '../estimator.ts';
import { capacityReach, nodeRange, supplyRange, supplyReach } from '../node.ts';
import { access, bankNs } from './access.ts';
import { bankUm2, sramArea } from './area.ts';
import { accessEnergy, readPj, writeToRead } from './energy.ts';
import { bankUw, flavourNamed, flavours, leakage, usualFlavour } from './leakage.ts';

type Input = 'capacityBits' | 'wordBits' | 'ports' | 'technologyNm' | 'supplyV' | 'temperatureC';
export type SramFigure = 'readPj' | 'writePj' | 'leakUw' | 'areaUm2' | 'accessNs';

const capacity = { unit: 'bits', low: 64, high: 2 ** 26 };

export const sram: Estimator<Input, SramFigure> = {
  name: 'sram',
  of: 'a bank of SRAM',
  kinds: { called: 'flavour', usual: usualFlavour, names: flavours },
  range: {
    capacityBits: capacity,
    wordBits: { unit: 'bits', low: 1, high: 2048 },
    ports: { unit: 'ports', low: 1, high: 8 },
    technologyNm: nodeRange,
    supplyV: supplyRange,
    temperatureC: { unit: 'degrees', low: -40, high: 125 },
  },
  reach: ({ technologyNm }) => ({
    capacityBits: capacityReach(technologyNm, capacity),
    supplyV: supplyReach(technologyNm),
  }),
  misfit: ({ capacityBits, wordBits }) =>
    capacityBits % wordBits === 0
      ? undefined
      : { input: 'capacityBits', expected: `a multiple of the word's ${wordBits} bits` },
  figures: {
    readPj: accessEnergy,
    writePj: accessEnergy,
    leakUw: leakage,
    areaUm2: sramArea,
    accessNs: access,
  },
  values: ({ capacityBits, wordBits, ports, technologyNm: nm, supplyV, temperatureC }, flavour) => {
    const oneRead = readPj({ capacityBits, wordBits, nm, supplyV });
    return {
      readPj: oneRead,
      writePj: oneRead * writeToRead,
      leakUw: bankUw(capacityBits, ports, { flavour: flavourNamed(flavour), nm, supplyV, temperatureC }),
      areaUm2: bankUm2(capacityBits, wordBits, ports, nm),
      accessNs: bankNs(capacityBits, nm, supplyV),
    };
  },
};
