import { at } from '../../text/index.ts';
import { type Estimator, fitted, type Point } from './estimator.ts';
import { fitLogarithms } from './fit.ts';
import { nodeRange, supplyRange, supplyReach } from './node.ts';

/** Capacities of wires between blocks, in pF/mm; a full swing of a wire takes C V^2 / 2. */
const published: readonly Point[] = [
  {
    of: 'a bus of 10 mm with repeaters, 180 nm, measured: 0.98 pJ a change and mm at 1.8 V',
    value: (2 * 0.98) / 1.8 ** 2,
    cite: 'R. Ho, thesis, Stanford 2003',
    checked: 'secondary',
  },
  {
    of: 'with repeaters, 180 nm',
    value: 0.26,
    cite: 'B. Khailany et al., HPCA 2003',
    checked: 'secondary',
  },
  {
    of: '40 nm: 240 fJ a change and mm at 0.9 V',
    value: (2 * 0.24) / 0.9 ** 2,
    cite: 'S. W. Keckler et al., IEEE Micro 31(5), 2011',
    checked: 'secondary',
  },
  {
    of: 'the wire alone, 32 nm: 110 fJ a bit and mm at 0.6 V',
    value: 0.11 / 0.6 ** 2,
    cite: 'P. Kogge et al. 2008',
    checked: 'secondary',
  },
  {
    of: 'with repeaters, 32 nm: 486 fJ a bit and mm at 0.9 V',
    value: 0.486 / 0.9 ** 2,
    cite: 'P. Kogge et al. 2008',
    checked: 'secondary',
  },
  {
    of: '40 nm: 32 random bits 1.9 pJ a mm at 0.9 V',
    value: (4 * 1.9) / 32 / 0.9 ** 2,
    cite: 'M. Gebhart et al. 2011',
    checked: 'secondary',
  },
  { of: '16 nm', value: 0.2, cite: 'W. J. Dally et al., VLSI 2018', checked: 'secondary' },
  { of: 'mean of the layers, 7 nm, predictive', value: 0.166, cite: 'ASAP7', checked: 'secondary' },
];
const fit = fitLogarithms(
  published.map(() => [1]),
  published.map(({ value }) => value),
);
const pfPerMm = Math.exp(at(fit.coefficients, 0));

/** The energy of charging wires once, in pJ: C V^2. */
export function chargePj(lengthUm: number, supplyV: number): number {
  return pfPerMm * (lengthUm / 1000) * supplyV ** 2;
}

export const wireLaw = `${pfPerMm.toPrecision(2)} pF/mm in every node`;
export const wireFit = [fit, published] as const;

/** Random bits: half of them differ from those before, and each of these takes half of C V^2. */
const ofRandomBit = 0.5 * 0.5;

const energy = fitted({
  source: 'estimator:wires.energy',
  unit: 'pJ',
  law: `bits x length x C V^2 / 4, with C = ${wireLaw}: random bits, of which half change`,
  assumes:
    'the length: from a bank to the lanes, half of the side of a square as large as the core. Wires lie above cells, and take no area',
  fits: [[fit, published]],
  atLeast: { factor: 3, because: 'where banks and lanes lie is not known before a layout' },
});

export const wires: Estimator<'wordBits' | 'lengthUm' | 'technologyNm' | 'supplyV', 'energyPj'> = {
  name: 'wires',
  of: 'wires that carry a word from a bank to the lanes, or back',
  kinds: undefined,
  range: {
    wordBits: { unit: 'bits', low: 1, high: 4096 },
    lengthUm: { unit: 'um', low: 0, high: 100_000 },
    technologyNm: nodeRange,
    supplyV: supplyRange,
  },
  reach: ({ technologyNm }) => ({ supplyV: supplyReach(technologyNm) }),
  figures: { energyPj: energy },
  values: ({ wordBits, lengthUm, supplyV }) => ({
    energyPj: wordBits * ofRandomBit * chargePj(lengthUm, supplyV),
  }),
};
