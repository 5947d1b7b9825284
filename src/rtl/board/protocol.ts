/*
 * The messages between a host and a core, as words of 32 bits: the text of `top_stream`, the script of the host and the
 * table that people read are made of this.
 */

/** Bits of a board's serial line a second: its clock has a whole number of cycles in each. */
export const baud = 1_000_000;

/** A command: its number, in the lowest four bits of its first word. */
export interface StreamCommand {
  readonly name: string;
  readonly number: number;
  /** The other contents of the first word. */
  readonly first: string;
  /** The words that follow it. */
  readonly follow: string;
  /** The contents of an answer before the two words that end each answer. */
  readonly answer: string;
}

/** Places in the first word of a command. */
export const commandBits = { learn: 4, replay: 5, bank: 8, ends: 8, interval: 16 } as const;

export const streamCommands = {
  begin: {
    name: 'begin a sample',
    number: 1,
    first: `bit ${commandBits.learn}: learn; bit ${commandBits.replay}: presented again; bits from ${commandBits.ends} on: which batches it ends, from the smallest on; bits 31:${commandBits.interval}: interval of scheduled parameters`,
    follow: 'label; number of steps',
    answer: 'nothing',
  },
  step: {
    name: 'run a step',
    number: 2,
    first: '',
    follow: 'number n of spikes of the input; n spikes',
    answer: 'the spikes of the core, in their order',
  },
  write: {
    name: 'write words',
    number: 3,
    first: `bits 15:${commandBits.bank}: bank`,
    follow: 'first address; number n of words; n words of the bank',
    answer: 'nothing',
  },
  read: {
    name: 'read words',
    number: 4,
    first: `bits 15:${commandBits.bank}: bank`,
    follow: 'first address; number n of words',
    answer: 'n words of the bank',
  },
} as const satisfies Readonly<Record<string, StreamCommand>>;

/** The upper byte of the word with which an answer ends: no population has this number. */
export const endOfAnswer = 0xff;

/** Bits of that word which say what went wrong. */
export const statusBits = {
  fault: { bit: 16, says: 'a kernel met the full FIFO and could not wait; until reset' },
  lost: { bit: 17, says: 'a word was lost before the core took it, or after it gave it; until reset' },
  refused: { bit: 18, says: 'no such command, bank or address, or more spikes than a step takes' },
} as const;

const columns = ['command', 'number', 'first word', 'words that follow', 'answer'];

/** The commands as a table in Markdown. */
export function protocolTable(): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rows = Object.values(streamCommands).map(({ name, number, first, follow, answer }) =>
    row([name, String(number), first, follow, answer]),
  );
  return [row(columns), row(columns.map(() => '---')), ...rows].join('\n');
}

/** What the bits of the status say. */
export function statusWords(): string {
  return Object.entries(statusBits)
    .map(([name, { bit, says }]) => `bit ${bit} *${name}*: ${says}`)
    .join('; ');
}
