import synthesised from '#points/synthesised' with { type: 'json' };
import { hardwiredControl } from '../../src/hardware/estimate/control.ts';
import type { Point } from '../../src/hardware/estimate/estimator.ts';
import { cited } from '../../src/hardware/estimate/points.ts';
import { bankNs } from '../../src/hardware/estimate/sram/access.ts';
import { bankUm2 } from '../../src/hardware/estimate/sram/area.ts';
import { bankUw, usualFlavour, usualTemperatureC } from '../../src/hardware/estimate/sram/leakage.ts';
import { openMacros } from '../../src/hardware/estimate/sram/macros.ts';
import { base, inWords, kb } from '../../src/hardware/estimate/sram/shape.ts';
import { nandUm2, type Quantity, synthesisedCores } from '../../src/hardware/index.ts';
import { plural } from '../../src/text/index.ts';
import { commercial, readsOutside } from './reads-outside.ts';

/** A published figure that no fit has used. */
export interface Outside extends Point {
  /** Published over the law. */
  readonly ratio: number;
  readonly technologyNm: number;
  /** Why it may lie beyond the interval; empty if it must not. */
  readonly because: string;
}

/** Why an area of another open process may lie beyond the interval. */
const cellsOfMacros = new Map([
  ['asap7', 'a predictive cell, smaller than a foundry makes'],
  ['sram22', "a cell by open design rules, not the foundry's: state `cellUm2`"],
  ['gf180', 'a cell of 13.5 um2 for 5 V: state `cellUm2`'],
]);
const areas = [
  ...[...cellsOfMacros].flatMap(([name, because]) =>
    openMacros.flatMap(({ source, words, bits, ...macro }) =>
      source === name ? { ...macro, because, wordBits: bits, capacityBits: words * bits } : [],
    ),
  ),
  { ...commercial, of: inWords(commercial), because: '' },
].map(
  ({ of, cite, checked, nm, capacityBits, wordBits, areaUm2, because }): Outside => ({
    of,
    value: areaUm2,
    cite,
    checked,
    ratio: areaUm2 / bankUm2(capacityBits, wordBits, 1, nm),
    technologyNm: nm,
    because,
  }),
);

/** CACTI's fast transistors, for high performance, and its slow ones: 64 kbit, words of 64 bits. */
const accesses = [
  ...[
    [90, 1.2, 0.7],
    [65, 1.1, 0.48],
    [45, 1, 0.29],
    [32, 0.9, 0.21],
    [22, 0.8, 0.13],
  ].map(([nm = 0, supplyV = 0, accessNs = 0]) => ({
    ...{ capacityBits: base.capacityBits, wordBits: 64, nm, supplyV, accessNs },
    cite: 'computed with CACTI 7, transistors for high performance',
    because: 'a model of fast transistors, not a measurement',
  })),
  { ...commercial, because: '' },
].map(
  ({ accessNs, cite, because, ...shape }): Outside => ({
    of: inWords(shape),
    value: accessNs,
    cite,
    checked: 'primary',
    ratio: accessNs / bankNs(shape.capacityBits, shape.nm, shape.supplyV),
    technologyNm: shape.nm,
    because,
  }),
);

/** A leakage in uW a KB, read in a publication unless it says otherwise. */
interface Leak extends Pick<Outside, 'of' | 'cite' | 'because'> {
  readonly nm: number;
  readonly supplyV: number;
  readonly uw: number;
  readonly checked?: Outside['checked'];
}

const published: readonly Leak[] = [
  {
    of: '75 kbit, low power, 28 nm, 0.4 V',
    nm: 28,
    supplyV: 0.4,
    uw: 10.1e-6 * 0.4 * kb,
    cite: 'A. Neale and M. Sachdev, CICC 2014, 10.1 pA a bit',
    because: '',
  },
  {
    of: 'retained with body bias, 55 nm, 0.5 V',
    nm: 55,
    supplyV: 0.5,
    uw: 0.00313,
    cite: 'CSEM, deeply depleted channel',
    because: 'the bodies of its transistors are biased so that they leak less',
  },
  {
    of: 'latches, 65 nm, 0.22 V',
    nm: 65,
    supplyV: 0.22,
    uw: 0.5e-6 * kb,
    cite: 'P. Meinerzhagen et al., ESSCIRC 2012, 0.5 pW a bit',
    because: '',
  },
  {
    ...commercial,
    of: inWords(commercial),
    uw: (commercial.leakUw * kb) / commercial.capacityBits,
    because: 'made for low power: `flavour: low-standby`',
  },
];
const leaks = published.map(
  ({ of, nm, supplyV, uw, cite, checked = 'secondary', because }): Outside => ({
    of,
    value: uw,
    cite,
    checked,
    ratio: uw / bankUw(kb, 1, { flavour: usualFlavour, nm, supplyV, temperatureC: usualTemperatureC }),
    technologyNm: nm,
    because,
  }),
);

/** The area of the control of a hard-wired core, as estimated. */
export const controlUm2 = (controlBits: number, technologyNm: number): number =>
  hardwiredControl.values({ controlBits, technologyNm, supplyV: 0.9 }, '').areaUm2;

const controls = synthesisedCores.flatMap(
  ({ of, lanes, bits, control, isFitted, cite, checked }): Outside | [] =>
    isFitted
      ? []
      : {
          of: `${of}, ${plural(lanes, 'lane')}, ${bits} bits, 45 nm`,
          value: control * nandUm2,
          cite,
          checked,
          ratio: (control * nandUm2) / controlUm2(bits, 45),
          technologyNm: 45,
          because: '',
        },
);

/** The conditions of IHP's cells. */
const ihp = { technologyNm: 130, supplyV: 1.2 };
/** What controls take in their netlists, without the macros of lists: the middle of no wires and short ones. */
const controlEnergies = cited(synthesised, synthesised.energies).map(
  ({ of, lanes, bits, controlPj: [least = 0, most = 0], cite, checked }): Outside => {
    const value = (least + most) / 2;
    return {
      of: `${of}, ${plural(lanes, 'lane')}, ${bits} bits, 130 nm, 1.2 V`,
      ...{ value, cite, checked, technologyNm: ihp.technologyNm, because: '' },
      ratio: value / hardwiredControl.values({ controlBits: bits, ...ihp }, '').energyPj,
    };
  },
);

/** By the source of the quantity that they are of. */
const bySource: ReadonlyMap<string, readonly Outside[]> = new Map([
  ['estimator:sram.energy', readsOutside],
  ['estimator:sram.area', areas],
  ['estimator:sram.access', accesses],
  ['estimator:sram.leakage', leaks],
  ['estimator:control.area', controls],
  ['estimator:control.energy', controlEnergies],
]);

/** Published figures of a quantity that no fit has used. */
export function outsideOf({ source }: Pick<Quantity, 'source'>): readonly Outside[] {
  return bySource.get(source) ?? [];
}
