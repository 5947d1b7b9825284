import * as z from 'zod';
import {
  choice,
  expected,
  key,
  type MergedFiles,
  PlasticoreError,
  rounded,
  strictObject,
  suggest,
  whole,
} from '../text/index.ts';
import { cells } from './estimate/index.ts';
import type { Estimates } from './estimates.ts';
import { type Arithmetic, auto, estimable, nonEmptyText, type ReportFault } from './values.ts';

/** How cells of banks fail, and packets get lost, as an hw-model says. */
export interface FaultModel {
  /** Of the chip: each has cells of its own that fail. */
  readonly seed: number;
  readonly errors: 'stuck' | 'fresh';
  /** The bit that a stuck cell holds. */
  readonly prefers: 'either' | 0 | 1;
  /** The banks whose cells fail, perhaps none, and the probability that a cell does. */
  readonly banks: readonly string[];
  readonly rate: number;
  /** The probability that a packet with a spike is lost between cores; undefined if the network loses none. */
  readonly lostPackets?: number;
}

/** The share of the cells that fail at a supply, where the failure voltage of a cell is Gaussian. */
function failingShare(supplyV: number, failureV: number, spreadV: number): number {
  return normalTail((supplyV - failureV) / spreadV);
}

/**
 * The probability that a standard normal number is above x, for x of at least 0: the fraction that Abramowitz and
 * Stegun give in 26.2.14, from the end. It converges slowly near 0, where the series 26.2.11 takes its place.
 */
export function normalTail(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x < 2.5) {
    let [term, sum] = [x, x];
    for (let odd = 3; term > 1e-18; odd += 2) {
      term *= (x * x) / odd;
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = x;
  for (let step = 80; step >= 1; step--) fraction = x + step / fraction;
  return density / fraction;
}

const aRate = expected('a probability (a number, 0 to 0.5, or auto)');

const aLoss = expected('a probability (a number, 0 to 1)');

/** Cells of banks that fail, and packets that are lost. */
export const faultsSection = strictObject({
  seed: key(
    whole('a seed', 0, 2 ** 32 - 1),
    'The number of the chip: each chip has its own failing cells, and loses packets of its own. Cells that fail at a supply fail at every lower one.',
    1,
  ),
  banks: key(
    z
      .array(nonEmptyText('the name of a bank'), {
        error: expected('a list of banks, such as [weight, shadow]'),
      })
      .min(1, { error: expected('a list of banks, such as [weight, shadow]') }),
    'The banks whose cells fail. Both this and `bitErrorRate`, or neither.',
    ['weight', 'shadow'],
  ).optional(),
  bitErrorRate: key(
    z.union(
      [z.number({ error: aRate }).min(0, { error: aRate }).max(0.5, { error: aRate }), z.literal(auto)],
      {
        error: aRate,
      },
    ),
    'The probability that a cell fails. `auto`: as the supply of the banks says, by `failureV` and `spreadV`.',
    0.001,
  ).optional(),
  errors: key(
    choice(['stuck', 'fresh']),
    'The behaviour of a cell that fails. `stuck`: it holds the same bit for ever, whatever is written. `fresh`: in each time step other cells read as their opposite; what they hold stays.',
    'stuck',
  ).optional(),
  prefers: key(
    z.union([z.literal(0), z.literal(1), z.literal('either')], {
      error: expected('0, 1 or either'),
    }),
    'The bit in stuck cells: `0`, `1`, or `either`: each its own bit, as often 0 as 1. If absent, `either`.',
    0,
  ).optional(),
  failureV: key(
    estimable('V'),
    'The mean, over cells, of the supply in V below which a cell fails. `auto`, as if it is absent: [estimated](estimators/cells.md).',
    0.39,
  ).optional(),
  spreadV: key(
    estimable('V'),
    'The standard deviation of that supply over cells, in V. `auto`, as if it is absent: estimated.',
    0.07,
  ).optional(),
  lostPackets: key(
    z.number({ error: aLoss }).min(0, { error: aLoss }).max(1, { error: aLoss }),
    'The probability that a packet with a spike is lost between two cores of a chip. If absent, none is.',
    0.001,
  ).optional(),
});
type FaultsFile = z.infer<typeof faultsSection>;

/** What of a model can fail. */
interface FaultyFile {
  readonly arithmetic: Arithmetic;
  readonly banks: Readonly<Record<string, unknown>>;
  readonly chip?: unknown;
}

/** Faults are those of the banks of a core of integers, once each, and of the network of a chip. */
export function checkFaultsSection(
  { banks: failing = [], bitErrorRate, lostPackets }: FaultsFile,
  { arithmetic, banks, chip }: FaultyFile,
  report: ReportFault,
): void {
  const isCell = failing.length > 0;
  if (isCell && bitErrorRate === undefined)
    report(['faults'], 'bitErrorRate is missing: expected the probability that a cell of these banks fails');
  if (!isCell && bitErrorRate !== undefined)
    report(['faults'], 'banks is missing: expected the banks whose cells fail at this rate');
  if (!isCell && bitErrorRate === undefined && lostPackets === undefined)
    report(['faults'], 'expected banks and bitErrorRate, lostPackets, or all of them');
  if (lostPackets !== undefined && chip === undefined)
    report(['faults', 'lostPackets'], 'a core alone sends no packets: expected a chip of several cores');
  if (isCell && arithmetic !== 'integer')
    report(['faults'], 'only banks of integers have cells that fail: no bit of a float is like another');
  const names = Object.keys(banks);
  for (const [index, name] of failing.entries()) {
    const path = ['faults', 'banks', index];
    if (!names.includes(name)) report(path, `there is no bank '${name}'; ${suggest(name, names)}`);
    else if (failing.indexOf(name) < index) report(path, `'${name}' is listed twice`);
  }
}

interface SuppliedFile {
  readonly supplyV: number;
  readonly bankSupplyV?: number | undefined;
  readonly faults?: FaultsFile | undefined;
}

/** The cells of banks that fail, and the packets that are lost; undefined if the model states none. */
export function readFaults(layered: MergedFiles<SuppliedFile>, estimates: Estimates): FaultModel | undefined {
  const { value } = layered;
  const { faults } = value;
  if (faults === undefined) return undefined;
  const { seed, banks = [], bitErrorRate = 0, errors = 'stuck', prefers = 'either', lostPackets } = faults;
  const estimated = estimates.of(cells, ['faults'], {});
  const voltage = (figure: 'failureV' | 'spreadV'): number => {
    const given = faults[figure];
    return given === undefined || given === auto ? estimated.of(figure).value : given;
  };
  const rateAtSupply = (): number => {
    const [failureV, spreadV] = [voltage('failureV'), voltage('spreadV')];
    const supplyV = value.bankSupplyV ?? value.supplyV;
    if (supplyV >= failureV) return failingShare(supplyV, failureV, spreadV);
    const path = [value.bankSupplyV === undefined ? 'supplyV' : 'bankSupplyV'];
    throw new PlasticoreError(
      'range',
      `${path.join('.')}: expected at least ${rounded(failureV)} V, below which half of the cells fail, found ${supplyV}`,
      { ...layered.locate(path), hint: 'raise the supply, or state faults.failureV or faults.bitErrorRate' },
    );
  };
  const rate = bitErrorRate === auto ? rateAtSupply() : bitErrorRate;
  return { seed, errors, prefers, rate, banks, ...(lostPackets !== undefined && { lostPackets }) };
}
