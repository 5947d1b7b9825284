import * as z from 'zod';
import { expected, key, recordOf, strictObject, type ValueOf } from '../text/index.ts';
import { fitLogarithms } from './estimate/fit.ts';
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

interface PublishedShare {
  readonly of: string;
  readonly cite: string;
  readonly checked: 'primary' | 'secondary';
  readonly share: number;
}

/** Data that are random: half of the bits differ from those before. */
const random = 0.5;
/** The share of an access that toggles take, if half of the bits toggle. */
const shareOf = (atRest: number, toggle: number, bits = 1): number =>
  (random * bits * toggle) / (atRest + random * bits * toggle);

/** Published shares of energies that follow the data. */
const publishedShares: Readonly<Record<'registers' | 'banks', readonly PublishedShare[]>> = {
  registers: [
    {
      // 10.9 + 21.1 fJ a period of the clock with data at rest; 26 fJ a change of the output, 9 to 12 fJ of the input.
      of: 'flip-flop, 130 nm, 1.2 V',
      cite: 'IHP Open PDK, sg13g2_dfrbpq_1, sg13g2_stdcell_typ_1p20V_25C.lib',
      checked: 'primary',
      share: shareOf(10.9 + 21.1, 26 + 10.5),
    },
    {
      // 17.4 + 22.3 fJ a period of the clock with data at rest; 15 to 23 fJ a change of the output.
      of: 'flip-flop, 130 nm, 1.8 V',
      cite: 'SkyWater, sky130_fd_sc_hd__dfxtp_1',
      checked: 'primary',
      share: shareOf(17.4 + 22.3, 19),
    },
  ],
  banks: [
    {
      // 110.9189 pJ on the clock of a write; 0.2347 pJ where a bit of the data rises, 0.0990 pJ where it falls.
      of: 'write of 64 bits, 1024 words, 130 nm, 1.2 V: the pins of the data alone',
      cite: 'IHP Open PDK, RM_IHPSG13_1P_1024x64_c2_bm_bist_typ_1p20V_25C.lib',
      checked: 'primary',
      share: shareOf(110.9189, (0.2347 + 0.099) / 2, 64),
    },
    {
      of: 'any access: 30 % decode the address, 70 % follow the data, a rough estimate by its authors',
      cite: 'Accelergy, plug-in for CACTI, Y. N. Wu et al., ICCAD 2019',
      checked: 'primary',
      share: 0.7,
    },
  ],
};

/** The mean of published shares, in logarithms as estimators take it: the shares lie far apart. */
function meanShare(published: readonly PublishedShare[]): number {
  const fit = fitLogarithms(
    published.map(() => [1]),
    published.map(({ share: own }) => own),
  );
  return Math.exp(fit.coefficients[0] ?? Number.NaN);
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
    registers: meanShare(publishedShares.registers),
    banks: meanShare(publishedShares.banks),
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
