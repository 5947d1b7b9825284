import table from '#points/wires' with { type: 'json' };
import { at } from '../../text/index.ts';
import { type Estimator, fitted } from './estimator.ts';
import { fitLogarithms } from './fit.ts';
import { nodeRange, supplyRange, supplyReach } from './node.ts';
import { cited } from './points.ts';

/** Capacities of wires between blocks; a full swing of a wire takes C V^2 / 2. */
const published = cited(table, table.capacities).map(({ pfPerMm: value, ...rest }) => ({ ...rest, value }));
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
