import * as z from 'zod';
import {
  activityOf,
  bankUnit,
  type CostTable,
  dataFactor,
  dataPartOf,
  type OperationCost,
  wiresUnit,
} from '../hardware/index.ts';
import { at, formatKey, recordOf, strictObject, type ValueOf } from '../text/index.ts';
import { kernelText } from './disassembly.ts';
import type { ProgramView } from './image.ts';

const count = z.int().min(0);
const tally = strictObject({
  /** Bits that differed from those before, at the same place. */
  toggles: count,
  /** All bits. */
  bits: count,
}).refine(({ toggles, bits }) => toggles <= bits, {
  error: ({ input }) => `expected at most as many toggles as bits, found ${JSON.stringify(input)}`,
});
/** Bits that were looked at, and how many of them toggled. */
export type ToggleCount = ValueOf<typeof tally>;

export const activityFormat = 'plasticore/activity/1';

/** The file with the toggles of a window. */
export const activityCountsSchema = strictObject({
  format: formatKey('activity'),
  /** The first and the last step of the run in which it was counted, from 0. */
  window: strictObject({ first: count, last: count }),
  /** The shape of the core: see {@link activityShape}. */
  shape: strictObject({
    program: z.string(),
    precision: z.string(),
    lanes: count,
    datapathBits: count,
    columnGate: z.string(),
    populations: z.array(strictObject({ name: z.string(), size: count })),
    banks: z.array(strictObject({ name: z.string(), wordBits: count, usedWords: count })),
    kernels: z.array(strictObject({ name: z.string(), text: z.array(z.string()) })),
  }),
  /** Of each kernel: of the operands and results of its operations by arithmetic and class, and of its registers. */
  kernels: z.array(strictObject({ units: recordOf(z.string(), tally), registers: tally })),
  /** Of each bank: of the words that it gives and takes. */
  banks: z.array(strictObject({ reads: tally, writes: tally })),
});
/** The bits that toggled in a window of a run. */
export type ActivityCounts = ValueOf<typeof activityCountsSchema>;

/** What decides the data that a core sees, beside what it learns and is presented. Toggles hold for no other. */
export function activityShape(image: ProgramView): ActivityCounts['shape'] {
  const { program, core, populations, banks, kernels, work } = image;
  return {
    program,
    precision: core.precision,
    lanes: core.lanes,
    datapathBits: core.datapathBits,
    columnGate: core.columnGate,
    populations: populations.map(({ name, size }) => ({ name, size })),
    banks: banks.map(({ name, wordBits, usedWords }) => ({ name, wordBits, usedWords })),
    kernels: kernels.map((kernel, index) => ({
      name: at(work, index),
      text: kernelText(image, kernel).lines.map(({ text }) => text),
    })),
  };
}

/** The units of one kind of number, as activity is counted. */
export function unitName({ arithmetic, class: kind }: Pick<OperationCost, 'arithmetic' | 'class'>): string {
  return `${arithmetic} ${kind}`;
}

/**
 * The prices of an image, with energies as they are at the toggles that were counted. What was not seen in the window
 * keeps the assumed ones.
 */
export function withActivity({ costs }: Pick<ProgramView, 'costs'>, counts: ActivityCounts): CostTable {
  const activity = activityOf(costs);
  const factorOf = (unit: string, seen: ToggleCount | undefined): number => {
    const part = dataPartOf(unit, costs);
    return part === undefined || seen === undefined || seen.bits === 0
      ? 1
      : dataFactor(activity, part, seen.toggles / seen.bits);
  };
  return {
    ...costs,
    work: costs.work.map((cost, index) => {
      const kernel = counts.kernels[index];
      if (kernel === undefined) return cost;
      const { units, registers } = kernel;
      const seenBy = (operation: OperationCost): ToggleCount | undefined =>
        operation.class === 'registers' ? registers : units[unitName(operation)];
      return {
        ...cost,
        perSlot: cost.perSlot.map((operation) => ({
          ...operation,
          energyPj: operation.energyPj * factorOf(operation.class, seenBy(operation)),
        })),
      };
    }),
    banks: costs.banks.map(({ readPj, writePj, wires, ...bank }, index) => ({
      ...bank,
      ...(wires && {
        wires: {
          ...wires,
          readPj: wires.readPj * factorOf(wiresUnit, counts.banks[index]?.reads),
          writePj: wires.writePj * factorOf(wiresUnit, counts.banks[index]?.writes),
        },
      }),
      readPj: readPj * factorOf(bankUnit(bank.name), counts.banks[index]?.reads),
      writePj: writePj * factorOf(bankUnit(bank.name), counts.banks[index]?.writes),
    })),
    activity: { ...activity, measured: { ...counts.window, togglesPerBit: sharesOf(counts) } },
  };
}

/** The share of bits that toggled, by part of the core: its units and registers in all kernels, its banks. */
function sharesOf({ kernels, banks, shape }: ActivityCounts): Record<string, number> {
  const sums = new Map<string, { toggles: number; bits: number }>();
  const add = (name: string, { toggles, bits }: ToggleCount): void => {
    const sum = sums.get(name) ?? { toggles: 0, bits: 0 };
    sums.set(name, { toggles: sum.toggles + toggles, bits: sum.bits + bits });
  };
  for (const { units, registers } of kernels) {
    for (const [name, seen] of Object.entries(units)) add(name, seen);
    add('registers', registers);
  }
  for (const [index, { reads, writes }] of banks.entries()) {
    const name = bankUnit(at(shape.banks, index).name);
    add(`${name}, read`, reads);
    add(`${name}, written`, writes);
  }
  return Object.fromEntries(
    [...sums].flatMap(([name, { toggles, bits }]) => (bits === 0 ? [] : [[name, toggles / bits]])),
  );
}
