import { type Condition, kernelText } from '../../image/index.ts';
import type { PortAccess } from '../../schedule/index.ts';
import { at } from '../../text/index.ts';
import type { CorePlan, KernelPlan } from '../plan/core-plan.ts';
import { signedBits } from '../plan/widths.ts';

/** A core in Verilog as its plan has it, by names: what `inspect --rtl --json` prints. */
export interface CoreDescription {
  readonly schema: 'plasticore/inspect-rtl/1';
  readonly program: string;
  readonly hwModel: string;
  readonly precision: string;
  readonly lanes: number;
  readonly banks: readonly BankDescription[];
  readonly walker: {
    /** Fields whose items are tested, with a bit for each that is kept beside the banks. */
    readonly gates: readonly { readonly field: string; readonly bits: number; readonly tiles: number }[];
    /** The lists of open tiles and of open rows: entries of each, and bits of an entry. */
    readonly lists: { readonly entries: number; readonly tileBits: number; readonly laneBits: number };
    /** Copies of the registers of a run: more than one where kernels wait for the FIFO while others run. */
    readonly runs: number;
  };
  readonly segments: readonly SegmentsDescription[];
  readonly fifo: {
    readonly spikes: number;
    readonly whenFull: 'drop' | 'stall';
    /** Bits of the values that spikes carry. */
    readonly valueBits: number;
    /** The kernels that wait for room in it. */
    readonly waiting: readonly string[];
  };
  readonly overheads: {
    readonly kernelCycles: number;
    readonly rowCycles: number;
    readonly eventCycles: number;
  };
  readonly lists: readonly ListDescription[];
  readonly kernels: readonly KernelDescription[];
}

interface BankDescription {
  readonly name: string;
  readonly words: number;
  readonly wordBits: number;
  readonly ports: { readonly read: number; readonly write: number } | { readonly shared: number };
  readonly bitMask: boolean;
}

interface SegmentsDescription {
  readonly name: string;
  readonly rows: number;
  readonly rowBits: number;
  readonly segments: number;
  /** Bits of a record; 0 where a bank lists the segments. */
  readonly segmentBits: number;
}

interface ListDescription {
  readonly name: string;
  readonly steps: readonly { readonly number: number; readonly does: string; readonly when: string | null }[];
}

/** Words that a tile or a row moves through a port. */
export interface AccessDescription {
  readonly bank: string;
  readonly role: string;
  readonly slots: readonly number[];
}

/** A kernel and its pipeline. */
export interface KernelDescription {
  readonly name: string;
  readonly header: string;
  readonly walks: KernelPlan['walks'];
  readonly rows: number;
  readonly columns: number;
  readonly tiles: number;
  /** The name of its segments, where its rows are cut. */
  readonly segments: string | null;
  readonly intervalCycles: number;
  readonly boundBy: string;
  /** By unit and port, for how many cycles of the interval it is busy: what the lines share. */
  readonly busyCycles: Readonly<Record<string, number>>;
  readonly phases: number;
  readonly writeCycles: number;
  readonly fillCycles: number;
  /** From the first cycle of a tile; those of a row, from the first one that reads. */
  readonly loads: readonly AccessDescription[];
  readonly rowLoads: readonly AccessDescription[];
  /** From the first cycle after the last phase; those of a row, after its last tile has been written. */
  readonly stores: readonly AccessDescription[];
  readonly rowStores: readonly AccessDescription[];
  readonly lines: readonly LineDescription[];
}

interface LineDescription {
  readonly text: string;
  /** The phase in which its result is there. */
  readonly phase: number;
  /** Bits of its result, as narrow as its range allows; null for a line without one. */
  readonly bits: number | null;
}

/** Describes a plan. */
export function describeCore(plan: CorePlan): CoreDescription {
  const { image, hw, widths, waiting } = plan;
  const { kernelCycles, rowCycles, eventCycles } = hw.overheads;
  return {
    schema: 'plasticore/inspect-rtl/1',
    program: image.program,
    hwModel: image.core.hwModel,
    precision: image.core.precision,
    lanes: image.core.lanes,
    banks: image.banks.flatMap(({ name, usedWords, wordBits, bitMask }, bank) =>
      usedWords === 0 ? [] : [{ name, words: usedWords, wordBits, ports: at(hw.banks, bank).ports, bitMask }],
    ),
    walker: {
      gates: plan.gates.map(({ field, size, tiles }) => ({ field: field.name, bits: size, tiles })),
      lists: { entries: plan.listLength, tileBits: widths.tile, laneBits: widths.lanes },
      runs: waiting.levels,
    },
    segments: plan.tables.map(({ name, rows, segments, count }) => ({
      name,
      rows: rows.records.length,
      rowBits: rows.bits,
      segments: count,
      segmentBits: segments?.bits ?? 0,
    })),
    fifo: {
      spikes: image.core.fifoDepth,
      whenFull: image.core.whenFull,
      valueBits: widths.value,
      waiting: waiting.kernels.map(({ name }) => name),
    },
    overheads: { kernelCycles, rowCycles, eventCycles },
    lists: plan.lists.flatMap(({ name, steps }) =>
      steps.length === 0
        ? []
        : [
            {
              name,
              steps: steps.map((step) => ({
                number: step.number,
                does: step.words,
                when:
                  step.conditions
                    .flatMap((condition) => conditionWords(at(plan.conditions, condition)) ?? [])
                    .join(', ') || null,
              })),
            },
          ],
    ),
    kernels: plan.kernels.map((kernel) => describeKernel(kernel, plan)),
  };
}

function describeKernel(kernel: KernelPlan, { image, tables }: CorePlan): KernelDescription {
  const { schedule, walks, rows, columns, tiles, table } = kernel;
  const { header, lines } = kernelText(image, kernel.kernel);
  const access = ({ bank, role, slots }: PortAccess): AccessDescription => ({
    bank: at(image.banks, bank).name,
    role,
    slots,
  });
  return {
    name: kernel.name,
    header,
    walks,
    rows,
    columns,
    tiles,
    segments: table === undefined ? null : at(tables, table).name,
    intervalCycles: kernel.intervalCycles,
    boundBy: schedule.boundBy,
    busyCycles: schedule.busy,
    phases: schedule.phases,
    writeCycles: schedule.writeCycles,
    fillCycles: kernel.drainCycles,
    loads: schedule.loads.map(access),
    rowLoads: schedule.rowLoads.map(access),
    stores: schedule.stores.map(access),
    rowStores: schedule.rowStores.map(access),
    lines: lines.map(({ text, range }, line) => ({
      text: text.replace(/ +/, ' '),
      phase: at(schedule.lines, line),
      bits: range === undefined ? null : signedBits(range),
    })),
  };
}

/** When a step of a list runs, in words; undefined for always. */
function conditionWords({
  learning,
  pass,
  from,
  until,
  every,
  last,
  intervals,
}: Condition): string | undefined {
  const parts = [
    ...(learning ? ['learning'] : []),
    ...(pass === undefined ? [] : [pass === 'replay' ? 'presented again' : 'presented first']),
    ...(from > 0 ? [`from step ${from}`] : []),
    ...(until === undefined ? [] : [`before step ${until}`]),
    ...(every > 1 ? [`every ${every} steps`] : []),
    ...(last > 0 ? [last === 1 ? 'in the last step' : `in the last ${last} steps`] : []),
    ...(intervals === undefined ? [] : [`in intervals ${intervals.join(', ')} of the schedule`]),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}
