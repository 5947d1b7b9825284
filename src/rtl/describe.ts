import { type Condition, kernelText } from '../image/index.ts';
import type { PortAccess } from '../schedule/index.ts';
import { at, plural } from '../text/index.ts';
import { openList } from './emit/context.ts';
import type { CorePlan, KernelPlan } from './plan/core-plan.ts';
import { signedBits } from './plan/widths.ts';

/** A core in Verilog as its plan has it, by names: what `inspect --rtl --json` prints. */
export type CoreDescription = ReturnType<typeof describeCore>;
/** A kernel and its pipeline. */
type KernelDescription = ReturnType<typeof describeKernel>;
/** Words that a tile or a row moves through a port. */
type AccessDescription = KernelDescription['loads'][number];

/** Describes a plan. */
export function describeCore(plan: CorePlan) {
  const { image, hw, widths, waiting } = plan;
  const { kernelCycles, rowCycles, eventCycles } = hw.overheads;
  return {
    schema: 'plasticore/inspect-rtl/1' as const,
    program: image.program,
    hwModel: image.core.hwModel,
    precision: image.core.precision,
    lanes: image.core.lanes,
    banks: image.banks.flatMap(({ name, usedWords, wordBits, bitMask }, bank) =>
      usedWords === 0 ? [] : [{ name, words: usedWords, wordBits, ports: at(hw.banks, bank).ports, bitMask }],
    ),
    walker: {
      // Fields whose items are tested, with a bit for each that is kept beside the banks.
      gates: plan.gates.map(({ field, size, tiles }) => ({ field: field.name, bits: size, tiles })),
      // The lists of open tiles and of open rows: entries of each, and bits of an entry.
      lists: {
        tiles: openList(plan, 'tiles')?.entries ?? 0,
        rows: openList(plan, 'rows')?.entries ?? 0,
        tileBits: widths.tile,
        laneBits: widths.lanes,
      },
      // Copies of the registers of a run: more than one where kernels wait for the FIFO while others run.
      runs: waiting.levels,
    },
    segments: plan.tables.map(({ name, rows, segments, count }) => ({
      name,
      rows: rows.records.length,
      rowBits: rows.bits,
      segments: count,
      // Of a record; 0 where a bank lists the segments.
      segmentBits: segments?.bits ?? 0,
    })),
    fifo: {
      spikes: image.core.fifoDepth,
      whenFull: image.core.whenFull,
      // Of the values that spikes carry.
      valueBits: widths.value,
      // The kernels that wait for room in it.
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

function describeKernel(kernel: KernelPlan, { image, tables }: CorePlan) {
  const { schedule, walks, rows, columns, tiles, table } = kernel;
  const { header, lines } = kernelText(image, kernel.kernel);
  const access = ({ bank, role, slots }: PortAccess) => ({
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
    // The name of its segments, where its rows are cut.
    segments: table === undefined ? null : at(tables, table).name,
    intervalCycles: kernel.intervalCycles,
    boundBy: schedule.boundBy,
    // By unit and port, for how many cycles of the interval it is busy: what the lines share.
    busyCycles: schedule.busy,
    phases: schedule.phases,
    writeCycles: schedule.writeCycles,
    fillCycles: kernel.drainCycles,
    // From the first cycle of a tile; those of a row, from the first one that reads.
    loads: schedule.loads.map(access),
    rowLoads: schedule.rowLoads.map(access),
    // From the first cycle after the last phase; those of a row, after its last tile has been written.
    stores: schedule.stores.map(access),
    rowStores: schedule.rowStores.map(access),
    lines: lines.map(({ text, range }, line) => ({
      text: text.replace(/ +/, ' '),
      // The phase in which its result is there.
      phase: at(schedule.lines, line),
      // As narrow as the range of its result allows; null for a line without one.
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

/** A description in words: what `inspect --rtl` prints. */
export function descriptionWords(core: CoreDescription): string {
  const { program, hwModel, precision, lanes } = core;
  return [
    [
      `; ${program} on ${hwModel} at ${precision}: ${lanes} lanes`,
      ...factLines([
        ...core.banks.map((bank): Fact => [`bank ${bank.name}`, bankWords(bank)]),
        ['walker', walkerWords(core)],
        ...core.walker.gates.map(
          ({ field, bits, tiles }): Fact => [`gate ${field}`, `${bits} bits, scanned in ${cycles(tiles)}`],
        ),
        ...core.segments.map((table): Fact => [`segments ${table.name}`, segmentWords(table)]),
        ['FIFO', fifoWords(core)],
        ['overheads', overheadWords(core)],
      ]),
    ].join('\n'),
    ...core.lists.map(listWords),
    ...core.kernels.map(kernelWords),
  ].join('\n\n');
}

type Fact = readonly [name: string, words: string];

function factLines(facts: readonly Fact[]): string[] {
  const width = Math.max(...facts.map(([name]) => name.length));
  return facts.map(([name, words]) => `; ${name.padEnd(width)}  ${words}`);
}

const cycles = (count: number): string => plural(count, 'cycle');

function bankWords({ words, wordBits, ports, bitMask }: CoreDescription['banks'][number]): string {
  const port =
    'shared' in ports
      ? `${plural(ports.shared, 'port')} to read or write`
      : `${plural(ports.read, 'port')} to read, ${ports.write} to write`;
  return `${plural(words, 'word')} of ${wordBits} bits, ${port}, ${bitMask ? 'written bit by bit' : 'written word by word'}`;
}

function walkerWords({ walker: { lists, runs } }: CoreDescription): string {
  const { tiles, rows, tileBits, laneBits } = lists;
  const copies = runs === 1 ? '' : `, ${runs} runs at a time`;
  return `lists of ${tiles} tiles and ${rows} rows, an entry of ${tileBits} + ${laneBits} bits${copies}`;
}

function segmentWords({ rows, rowBits, segments, segmentBits }: CoreDescription['segments'][number]): string {
  const own = segmentBits === 0 ? 'that a bank lists' : `of ${segmentBits} bits`;
  return `${plural(rows, 'row')} of ${rowBits} bits, ${plural(segments, 'segment')} ${own}`;
}

function fifoWords({ fifo }: CoreDescription): string {
  const values = fifo.valueBits === 0 ? '' : ` with values of ${fifo.valueBits} bits`;
  const full = fifo.whenFull === 'drop' ? 'drops what finds no room' : 'lets kernels wait';
  const waiting = fifo.waiting.length === 0 ? '' : `: ${fifo.waiting.join(', ')}`;
  return `${plural(fifo.spikes, 'spike')}${values}; full, it ${full}${waiting}`;
}

function overheadWords({ overheads: { kernelCycles, rowCycles, eventCycles } }: CoreDescription): string {
  return `${cycles(kernelCycles)} a start of a kernel, ${rowCycles} a row, ${eventCycles} an event`;
}

function listWords({ name, steps }: CoreDescription['lists'][number]): string {
  const lines = steps.map(
    ({ number, does, when }) =>
      `  ${String(number).padStart(3)}  ${does}${when === null ? '' : `  ; ${when}`}`,
  );
  return [`; ${name}`, ...lines].join('\n');
}

function kernelWords(kernel: KernelDescription): string {
  const { intervalCycles, boundBy, busyCycles, phases, writeCycles, fillCycles } = kernel;
  const units = Object.entries(busyCycles).filter(([name, busy]) => name !== 'issue' && busy > 0);
  const width = Math.max(...kernel.lines.map(({ text }) => text.length));
  const facts: Fact[] = [
    ['walks', walkWords(kernel)],
    [
      'tiles',
      `one in ${cycles(intervalCycles)}, bound by ${boundBy}; ${plural(phases, 'phase')}, ${cycles(writeCycles)} to write, ${cycles(fillCycles)} after the last tile`,
    ],
    ...(units.length === 0
      ? []
      : ([['busy', units.map(([name, busy]) => `${name} ${Number(busy.toFixed(2))}`).join(', ')]] as const)),
    ...accessFacts('row reads', kernel.rowLoads, 'of the row'),
    ...accessFacts('reads', kernel.loads, 'of the tile'),
    ...accessFacts('writes', kernel.stores, 'after the phases'),
    ...accessFacts('row writes', kernel.rowStores, 'after the last tile'),
  ];
  return [
    `; ${kernel.name}`,
    kernel.header,
    ...factLines(facts),
    ...kernel.lines.map(
      ({ text, phase, bits }) =>
        `  ${text.padEnd(width)}  ; phase ${phase}${bits === null ? '' : `, ${plural(bits, 'bit')}`}`,
    ),
    'end',
  ].join('\n');
}

function walkWords({ walks, rows, columns, tiles, segments }: KernelDescription): string {
  const own =
    segments === null
      ? `${plural(columns, 'column')} in ${plural(tiles, 'tile')}`
      : `the segments of ${segments} in ${plural(columns, 'column')}`;
  switch (walks) {
    case 'neurons':
      return `${plural(columns, 'neuron')} in ${plural(tiles, 'tile')}`;
    case 'neuron':
      return 'the neuron of the event';
    case 'row':
      return `the row of the spike: ${own}`;
    case 'rows':
      return `${plural(rows, 'row')}, of each ${own}`;
    case 'columns':
      return `${plural(columns, 'column')}, tile by tile, of each tile ${plural(rows, 'row')}`;
    case 'weights':
      return `${plural(rows, 'row')} of stored weights, of each ${own}`;
  }
}

function accessFacts(name: string, accesses: readonly AccessDescription[], when: string): Fact[] {
  if (accesses.length === 0) return [];
  const words = accesses.map(({ bank, role, slots }) => {
    const places = [...new Set(slots)].join(', ');
    const own = slots.length === 1 ? '' : `${slots.length} words of `;
    return `${own}${bank} for ${role} in cycle ${places}`;
  });
  return [[name, `${words.join('; ')}, ${when}`]];
}
