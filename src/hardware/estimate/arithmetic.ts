import table from '#points/arithmetic' with { type: 'json' };
import { type CostClass, costClasses } from '../values.ts';
import { type Estimator, fitted, type Point, type Quantity } from './estimator.ts';
import { type Fit, fitLogarithms } from './fit.ts';
import {
  logicArea,
  logicAreaLaw,
  logicAreaScale,
  logicWidened,
  oldLogic,
  oldLogicExponents,
  oldLogicLaw,
  oldLogicNm,
} from './logic-scaling.ts';
import { nodeRange, supplyRange, supplyReach } from './node.ts';
import { cited } from './points.ts';

/** Kinds of arithmetic that have published figures. All other operations are charged as one of them. */
const arithmeticKinds = ['add', 'multiply', 'float-add', 'float-multiply'] as const;
type ArithmeticKind = (typeof arithmeticKinds)[number];

/** The units that an operation is charged as: so many units of a kind, of the operation's width or of their own. */
interface ChargedAs {
  readonly kind: ArithmeticKind;
  readonly units: number;
  readonly widthBits?: number;
}

const anAdd: ChargedAs = { kind: 'add', units: 1 };
/**
 * There is no figure for most operations. In SENECA (Tang et al. 2023) a shift and a comparison cost as much as an
 * integer add, and logic a little less; a move needs no carry. A step of xorshift32 is three 32-bit exclusive-ors.
 * Floats order like their sign and magnitude; a power of two is added to the exponent.
 */
const integerUnits: Readonly<Record<CostClass, ChargedAs>> = {
  move: anAdd,
  add: anAdd,
  multiply: { kind: 'multiply', units: 1 },
  shift: anAdd,
  compare: anAdd,
  logic: anAdd,
  random: { kind: 'add', units: 3, widthBits: 32 },
};
const floatUnits: Readonly<Record<CostClass, ChargedAs>> = {
  ...integerUnits,
  add: { kind: 'float-add', units: 1 },
  multiply: { kind: 'float-multiply', units: 1 },
  shift: { kind: 'add', units: 1, widthBits: 8 },
};
const units: ReadonlyMap<string, ChargedAs> = new Map(
  Object.entries({ integer: integerUnits, float32: floatUnits }).flatMap(([numbers, classes]) =>
    costClasses.map((kind) => [`${numbers}-${kind}`, classes[kind]] as const),
  ),
);

function kindNamed(name: string): ArithmeticKind {
  const found = arithmeticKinds.find((kind) => kind === name);
  if (found === undefined) throw new Error(`there is no operation '${name}'`);
  return found;
}

const published = cited(table, table.energies).map((point) => ({ ...point, kind: kindNamed(point.kind) }));
const areas = cited(table, table.areas).map((point) => ({ ...point, kind: kindNamed(point.kind) }));

/** The shape to which coefficients refer: 16 bits, 28 nm, 0.9 V. */
const base = { widthBits: 16, nm: 28, supplyV: 0.9 };

const perKind = (kind: ArithmeticKind, value: number) =>
  arithmeticKinds.map((other) => (kind === other ? value : 0));
const perWidth = ({ kind, widthBits }: { readonly kind: ArithmeticKind; readonly widthBits: number }) => [
  ...perKind(kind, 1),
  ...perKind(kind, Math.log(widthBits / base.widthBits)),
];

const energyFit: Fit = fitLogarithms(
  published.map((point) => [...perWidth(point), Math.log(point.nm / base.nm)]),
  published.map(({ pj, supplyV }) => pj / (supplyV / base.supplyV) ** 2),
);
const areaFit: Fit = fitLogarithms(
  areas.map(perWidth),
  areas.map(({ um2 }) => um2 * logicArea(base.nm)),
);

const kinds = arithmeticKinds.length;
const nodeExponent = energyFit.coefficients[2 * kinds] ?? 0;

/** How the energy of logic follows node and supply, relative to 28 nm and 0.9 V. */
export function logicEnergy(technologyNm: number, supplyV: number): number {
  const ofNode = (Math.min(technologyNm, oldLogicNm) / base.nm) ** nodeExponent * oldLogic(technologyNm);
  return ofNode * (supplyV / base.supplyV) ** 2;
}

/** The law of logic in words. */
export const logicEnergyLaw = `as node^${nodeExponent.toFixed(2)} up to ${oldLogicNm} nm and ${oldLogicLaw}, and as the square of the supply`;

function atWidth({ coefficients }: Fit, kind: ArithmeticKind, widthBits: number): number {
  const index = arithmeticKinds.indexOf(kind);
  const [level = 0, exponent = 0] = [coefficients[index], coefficients[kinds + index]];
  return Math.exp(level) * (widthBits / base.widthBits) ** exponent;
}

const lawOf = ({ coefficients }: Fit, unit: string): string =>
  arithmeticKinds
    .map((kind, index) => {
      const level = Math.exp(coefficients[index] ?? 0).toPrecision(3);
      return `${kind} ${level} ${unit} x (bits / 16)^${(coefficients[kinds + index] ?? 0).toFixed(2)}`;
    })
    .join(', ');

const energyPoints = published.map(
  ({ kind, widthBits, nm, supplyV, pj, ...source }): Point => ({
    ...source,
    of: `${kind}, ${widthBits} bits, ${nm} nm, ${supplyV} V`,
    value: pj,
  }),
);
const areaPoints = areas.map(
  ({ kind, widthBits, nm, um2, ...source }): Point => ({
    ...source,
    of: `${kind}, ${widthBits} bits, ${nm} nm`,
    value: um2,
  }),
);

const energy: Quantity = fitted({
  source: 'estimator:arithmetic.energy',
  unit: 'pJ',
  law: `at 28 nm and 0.9 V: ${lawOf(energyFit, 'pJ')}; ${logicEnergyLaw}`,
  assumes: `0.75 V for the figures at 7 nm, whose supply is not published. Published are 8 to 32 bits; beyond, the fit is carried on. Above ${oldLogicNm} nm, the exponent of the node is the middle of published ones: ${oldLogicExponents}`,
  fits: [[energyFit, energyPoints]],
  widened: logicWidened,
});
const area: Quantity = fitted({
  source: 'estimator:arithmetic.area',
  unit: 'um2',
  law: `at 28 nm: ${lawOf(areaFit, 'um2')}; ${logicAreaLaw}`,
  assumes: 'areas of units at one node alone are published; they follow the node as whole circuits do',
  fits: [[areaFit, areaPoints], ...logicAreaScale],
});

export const arithmetic: Estimator<'widthBits' | 'technologyNm' | 'supplyV', 'energyPj' | 'areaUm2'> = {
  name: 'arithmetic',
  of: 'a unit of a lane',
  kinds: { called: 'operation', usual: 'integer-add', names: [...units.keys()] },
  range: {
    widthBits: { unit: 'bits', low: 1, high: 64 },
    technologyNm: nodeRange,
    supplyV: supplyRange,
  },
  reach: ({ technologyNm }) => ({ supplyV: supplyReach(technologyNm) }),
  misfit: ({ widthBits }, name) =>
    name.startsWith('float32-') && widthBits !== 32
      ? { input: 'widthBits', expected: `32 bits, the width of ${name}` }
      : undefined,
  figures: { energyPj: energy, areaUm2: area },
  values: ({ widthBits, technologyNm, supplyV }, name) => {
    const { kind, units: count, widthBits: own = widthBits } = units.get(name) ?? anAdd;
    return {
      energyPj: count * atWidth(energyFit, kind, own) * logicEnergy(technologyNm, supplyV),
      areaUm2: (count * atWidth(areaFit, kind, own) * logicArea(technologyNm)) / logicArea(base.nm),
    };
  },
};
