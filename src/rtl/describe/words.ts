import type { AccessDescription, CoreDescription, KernelDescription } from './description.ts';

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

const cycles = (count: number): string => counted(count, 'cycle');

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function bankWords({ words, wordBits, ports, bitMask }: CoreDescription['banks'][number]): string {
  const port =
    'shared' in ports
      ? `${counted(ports.shared, 'port')} to read or write`
      : `${counted(ports.read, 'port')} to read, ${ports.write} to write`;
  return `${counted(words, 'word')} of ${wordBits} bits, ${port}, ${bitMask ? 'written bit by bit' : 'written word by word'}`;
}

function walkerWords({ walker: { lists, runs } }: CoreDescription): string {
  const { entries, tileBits, laneBits } = lists;
  const copies = runs === 1 ? '' : `, ${runs} runs at a time`;
  return `lists of ${entries} tiles and ${entries} rows, an entry of ${tileBits} + ${laneBits} bits${copies}`;
}

function segmentWords({ rows, rowBits, segments, segmentBits }: CoreDescription['segments'][number]): string {
  const own = segmentBits === 0 ? 'that a bank lists' : `of ${segmentBits} bits`;
  return `${counted(rows, 'row')} of ${rowBits} bits, ${counted(segments, 'segment')} ${own}`;
}

function fifoWords({ fifo }: CoreDescription): string {
  const values = fifo.valueBits === 0 ? '' : ` with values of ${fifo.valueBits} bits`;
  const full = fifo.whenFull === 'drop' ? 'drops what finds no room' : 'lets kernels wait';
  const waiting = fifo.waiting.length === 0 ? '' : `: ${fifo.waiting.join(', ')}`;
  return `${counted(fifo.spikes, 'spike')}${values}; full, it ${full}${waiting}`;
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
      `one in ${cycles(intervalCycles)}, bound by ${boundBy}; ${counted(phases, 'phase')}, ${cycles(writeCycles)} to write, ${cycles(fillCycles)} after the last tile`,
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
        `  ${text.padEnd(width)}  ; phase ${phase}${bits === null ? '' : `, ${counted(bits, 'bit')}`}`,
    ),
    'end',
  ].join('\n');
}

function walkWords({ walks, rows, columns, tiles, segments }: KernelDescription): string {
  const own =
    segments === null
      ? `${counted(columns, 'column')} in ${counted(tiles, 'tile')}`
      : `the segments of ${segments} in ${counted(columns, 'column')}`;
  switch (walks) {
    case 'neurons':
      return `${counted(columns, 'neuron')} in ${counted(tiles, 'tile')}`;
    case 'neuron':
      return 'the neuron of the event';
    case 'row':
      return `the row of the spike: ${own}`;
    case 'rows':
      return `${counted(rows, 'row')}, of each ${own}`;
    case 'columns':
      return `${counted(columns, 'column')}, tile by tile, of each tile ${counted(rows, 'row')}`;
    case 'weights':
      return `${counted(rows, 'row')} of stored weights, of each ${own}`;
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
