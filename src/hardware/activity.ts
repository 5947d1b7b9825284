import * as z from 'zod';
import table from '#points/activity' with { type: 'json' };
import { at, expected, key, recordOf, strictObject, sum, type ValueOf } from '../text/index.ts';
import { fitLogarithms } from './estimate/fit.ts';
import { cited } from './estimate/points.ts';
import type { Interval, Sources } from './source.ts';
import { costClasses, type ReportFault, sourceName } from './values.ts';

/** The parts of a core whose energy depends on data. */
export const dataParts = ['units', 'registers', 'banks', 'wires'] as const;
export type DataPart = (typeof dataParts)[number];

const shareValue = z.number().min(0).max(1);

export const activitySchema = strictObject({
  /** The share of the bits of a word, or of an operand, that differ from the one before, which figures assume. */
  togglesPerBit: z.number().gt(0).max(1),
  /** Between which shares the true one lies, unless it is measured. */
  low: shareValue,
  high: shareValue,
  /** The share of the energy that follows the toggles, at the assumed ones. The rest does not depend on data. */
  dataShare: recordOf(z.enum(dataParts), shareValue),
  /** Where these figures come from. */
  source: z.string(),
  /** Present where toggles were counted: in which steps of a run, and the share of bits that toggled, by part. */
  measured: strictObject({
    first: z.int().min(0),
    last: z.int().min(0),
    togglesPerBit: recordOf(z.string(), shareValue),
  }).exactOptional(),
});
/** How energies depend on data: the toggles that figures assume, and how much of each follows them. */
export type Activity = ValueOf<typeof activitySchema>;

const aShare = expected('a share (a number, 0 to 1)');
const share = () => z.number({ error: aShare }).min(0, { error: aShare }).max(1, { error: aShare });
const shareAboveZero = expected('a share (a number above 0, at most 1)');
const dataShares: Readonly<Record<DataPart, string>> = {
  units: 'Of an operation of a unit.',
  registers: 'Of an access to a register.',
  wires: 'Of carrying a word between a bank and the lanes.',
  banks:
    'Of reading or writing a word. The rest is the clock of the bank, its decoder, and bit lines that are precharged.',
};
/** How the energies of a model depend on data. */
export const activitySection = strictObject({
  togglesPerBit: key(
    z.number({ error: shareAboveZero }).gt(0, { error: shareAboveZero }).max(1, { error: shareAboveZero }),
    'The share of the bits of a word, or of an operand, that differ from the one before, for which the energies of this model hold. If absent, 0.5: random data.',
    0.25,
  ).optional(),
  between: key(
    z.tuple([share(), share()], { error: expected('two shares, such as [0.125, 1]') }),
    'The bounds of the true share, where it is not measured. If absent, 0.125 and 1.',
    [0.125, 0.5],
  ).optional(),
  dataShare: key(
    strictObject(
      Object.fromEntries(
        dataParts.map((part) => [part, key(share(), dataShares[part], 0.1).optional()]),
      ) as Record<DataPart, z.ZodOptional<ReturnType<typeof share>>>,
    ),
    'The share of an energy that follows the toggles, at `togglesPerBit`; the rest does not depend on data. Shares that are absent are [assumed](activity.md).',
    { banks: 0.1 },
  ).optional(),
  source: sourceName,
});
type ActivityFile = z.infer<typeof activitySection>;

/** Data that are random: half of the bits differ from those before. */
const random = 0.5;

/**
 * The share of an energy that follows the data: the mean of published ones, in logarithms, since they lie far apart.
 *
 * @param rows energies of an access with data at rest, and of changes of data, which count so many times in random data
 */
function meanShare(rows: typeof table.registers): number {
  const shares = cited(table, rows).map(({ atRest, changes, times }) => {
    const following = times * sum(changes);
    return following / (sum(atRest) + following);
  });
  const fit = fitLogarithms(
    shares.map(() => [1]),
    shares,
  );
  return Math.exp(at(fit.coefficients, 0));
}

/** The default of a model that states nothing else. */
const assumedActivity: Activity = {
  togglesPerBit: random,
  // The rate that tools for FPGAs take for signals of which nothing is known; all bits, as data sheets of memories do.
  low: 0.125,
  high: 1,
  dataShare: {
    // Static logic spends energy where a node changes; its leakage is counted elsewhere.
    units: 1,
    registers: meanShare(table.registers),
    banks: meanShare(table.banks),
    // A wire that does not change spends nothing.
    wires: 1,
  },
  source:
    'Random data toggle half of their bits. Low: the default rate of AMD Vivado (UG835) and Intel Quartus. High: all bits, as in the data sheets of GlobalFoundries gf180mcu_fd_ip_sram. Shares: docs/activity.md',
};

/** The toggles that figures assume lie within their bounds. */
export function checkActivity(
  { activity }: { readonly activity?: ActivityFile | undefined },
  report: ReportFault,
): void {
  if (activity?.togglesPerBit === undefined && activity?.between === undefined) return;
  const { togglesPerBit = assumedActivity.togglesPerBit } = activity;
  const { between: [low, high] = [assumedActivity.low, assumedActivity.high] } = activity;
  if (low <= togglesPerBit && togglesPerBit <= high) return;
  report(
    ['activity', activity.between === undefined ? 'togglesPerBit' : 'between'],
    `expected two shares around the ${togglesPerBit} that the figures assume, found [${low}, ${high}]`,
  );
}

/** A model's own assumptions, with the usual ones where it states none. */
export function readActivitySection(
  { togglesPerBit, between, dataShare, source }: ActivityFile,
  sources: Sources,
): Activity {
  const assumed = assumedActivity;
  const [low, high] = between ?? [assumed.low, assumed.high];
  return {
    togglesPerBit: togglesPerBit ?? assumed.togglesPerBit,
    low,
    high,
    dataShare: {
      units: dataShare?.units ?? assumed.dataShare.units,
      registers: dataShare?.registers ?? assumed.dataShare.registers,
      banks: dataShare?.banks ?? assumed.dataShare.banks,
      wires: dataShare?.wires ?? assumed.dataShare.wires,
    },
    source: sources.named(source).cite,
  };
}

/** Anything that may state how its figures depend on data. */
interface Stating {
  readonly activity?: Activity;
  readonly banks: readonly { readonly name: string }[];
}

export function activityOf({ activity }: { readonly activity?: Activity | undefined }): Activity {
  return activity ?? assumedActivity;
}

/** A bank, as energies are listed by unit. */
export const bankUnit = (name: string): string => `${name} bank`;

/** The wires between banks and lanes, as energies are listed by unit. */
export const wiresUnit = 'wires';

/** Which part of a core a unit belongs to, if its energy depends on data. A random word toggles as it always does. */
export function dataPartOf(unit: string, { banks }: Pick<Stating, 'banks'>): DataPart | undefined {
  if (unit === 'registers' || unit === wiresUnit) return unit;
  if (banks.some(({ name }) => bankUnit(name) === unit)) return 'banks';
  return unit !== 'random' && costClasses.some((name) => name === unit) ? 'units' : undefined;
}

/** By what an energy changes that follows its data, where `togglesPerBit` of the bits toggle: 1 at the assumed ones. */
export function dataFactor(activity: Activity, part: DataPart, togglesPerBit: number): number {
  return 1 + activity.dataShare[part] * (togglesPerBit / activity.togglesPerBit - 1);
}

/** The part of an energy that rests on assumed toggles, and its interval; undefined if toggles were measured. */
export function restsOnActivity(
  byUnit: Readonly<Record<string, number>>,
  costs: Stating,
): { readonly part: number; readonly interval: Interval } | undefined {
  const { togglesPerBit, low, high, dataShare, measured } = activityOf(costs);
  if (measured !== undefined) return undefined;
  const part = Object.entries(byUnit).reduce((sum, [unit, energyPj]) => {
    const of = dataPartOf(unit, costs);
    return of === undefined ? sum : sum + energyPj * dataShare[of];
  }, 0);
  return { part, interval: { low: low / togglesPerBit, high: high / togglesPerBit } };
}
