import type { Range } from './estimator.ts';

/** The nodes and supplies that all estimators reach. */
export const nodeRange: Range = { unit: 'nm', low: 7, high: 180 };
export const supplyRange: Range = { unit: 'V', low: 0.4, high: 2 };

/** From here on, nodes have a supply above 1.3 V, and their banks are small. */
const oldNodeNm = 130;
/** Up to here, published figures tell of large banks. */
const largeBankNm = 45;

/** The part of the range of supplies that a node bears. */
export function supplyReach(technologyNm: number): Range {
  return technologyNm < oldNodeNm ? { ...supplyRange, high: 1.3 } : supplyRange;
}

/** The part of the range of capacities that a node has; larger memories are made of several banks. */
export function capacityReach(technologyNm: number, whole: Range): Range {
  return technologyNm > largeBankNm ? { ...whole, high: 2 ** 20 } : whole;
}

/** The nominal supply of each node: PTM, and of 130 and 180 nm the core supply of foundries. */
const nominal: readonly (readonly [nm: number, volts: number])[] = [
  [7, 0.7],
  [14, 0.8],
  [22, 0.8],
  [28, 0.9],
  [45, 1],
  [65, 1.1],
  [90, 1.2],
  [130, 1.2],
  [180, 1.8],
];

/** The supply that a node is made for, in V; between the nodes of the table along the logarithm of the node. */
export function nominalSupplyV(technologyNm: number): number {
  return alongNode(nominal, technologyNm);
}

/** Thresholds and exponents of the alpha-power law: planar transistors down to 28 nm, fins from 14 nm. */
const thresholds = [
  [14, 0.3],
  [28, 0.35],
] as const;
const exponents = [
  [14, 1.14],
  [28, 1.3],
] as const;

/**
 * The time of a gate against the supply, in units of its own, by the alpha-power law: T. Sakurai and A. R. Newton, IEEE
 * JSSC 25(2), 1990. Only the ratio of two supplies of one node has a meaning.
 */
export function gateTime(technologyNm: number, supplyV: number): number {
  const threshold = alongNode(thresholds, technologyNm);
  return supplyV / (supplyV - threshold) ** alongNode(exponents, technologyNm);
}

export const gateTimeLaw =
  'V / (V - Vt)^alpha over that of the nominal supply, with Vt = 0.35 V and alpha = 1.3 from 28 nm up, 0.30 V and 1.14 up to 14 nm';

/** Interpolates a table that ascends by node; at its ends it goes on level. */
function alongNode(table: readonly (readonly [nm: number, value: number])[], technologyNm: number): number {
  const above = table.findIndex(([nm]) => nm >= technologyNm);
  const [lower, upper] = [table[above - 1], table.at(above)];
  if (upper === undefined) throw new Error('an empty table');
  if (above === -1 || lower === undefined) return upper[1];
  const share = Math.log(technologyNm / lower[0]) / Math.log(upper[0] / lower[0]);
  return lower[1] + share * (upper[1] - lower[1]);
}
