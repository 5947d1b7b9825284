import * as z from 'zod';
import { expected, key, recordOf, strictObject, suggest, whole } from '../text/index.ts';
import type { Source, Sources } from './source.ts';
import {
  figureIn,
  nameKey,
  nameKeyError,
  nonEmptyText,
  positiveWhole,
  type ReportFault,
  sourceName,
} from './values.ts';

/** A kind of block memory of an FPGA. */
export interface BlockMemory {
  readonly name: string;
  readonly count: number;
  readonly bits: number;
  /** Widths of its words are powers of two. */
  readonly narrowest: number;
  readonly widest: number;
  /** Bits of a word that one enable writes. */
  readonly enabledBits: number;
  /** Bits of a byte in words of whole bytes: 9 where those for checks hold data. */
  readonly byteBits: number;
  /** Memories with fewer bits for each block are kept in lookup tables or registers. */
  readonly leastBits: number;
  /** Whether it has one port, that reads or writes. */
  readonly singlePort: boolean;
}

/** A block, of whichever part. */
export type BlockShape = Omit<BlockMemory, 'name' | 'count'>;

/** The resources of an FPGA. */
export interface FpgaPart {
  readonly part: string;
  readonly luts: number;
  readonly multipliers: { readonly count: number; readonly bits: number };
  readonly memories: readonly BlockMemory[];
  readonly source: Source;
  /** Dynamic energy beside that of a chip, as a multiple of it; undefined where it is not known. */
  readonly overhead: { readonly times: number; readonly source: Source } | undefined;
  /** The resources of the core as synthesised; undefined if it was not synthesised. */
  readonly core: FpgaCore | undefined;
}

/** The resources of a part that a core takes, wired for one program. */
interface FpgaCore {
  readonly program: string;
  readonly precision: string;
  readonly lanes: number;
  readonly luts: number;
  readonly multipliers: number;
  /** By kind of memory. */
  readonly blocks: Readonly<Record<string, number>>;
  readonly source: Source;
}

/** A memory that a core needs. */
export interface NeededMemory {
  readonly words: number;
  readonly wordBits: number;
  /** The most bits of it whose words are written or left as a whole. */
  readonly slice: number;
  /** Whether it reads and writes in different cycles only. */
  readonly isShared: boolean;
  /** Whether it is cut into memories side by side, as banks are, for which a parameter says how wide each is. */
  readonly isCut: boolean;
}

/** The widest word, a power of two, with which one block is deep enough; the narrowest for deeper memories. */
function widthAtDepth({ bits, narrowest, widest }: BlockShape, words: number): number {
  const width = 2 ** Math.max(0, Math.floor(Math.log2(bits / words)));
  return Math.min(widest, Math.max(narrowest, width));
}

/**
 * The bits of each of the memories side by side into which a bank with two ports is cut: as many as a block has at
 * that depth. What is written or left as a whole may be narrower: blocks enable such parts apart.
 */
export function sliceBits(block: BlockShape, { words, wordBits, slice }: NeededMemory): number {
  const width = widthAtDepth(block, words);
  let own = slice;
  while (own > width && own % 2 === 0) own /= 2;
  if (slice % block.enabledBits === 0) while (own * 2 <= width && wordBits % (own * 2) === 0) own *= 2;
  return own;
}

/**
 * Whether a bank goes into memories with one port: if it has one, and blocks, which are less deep, would cut it finer
 * than it is written.
 */
export function isForOnePort(block: BlockShape, large: BlockShape, needed: NeededMemory): boolean {
  const { isShared, slice } = needed;
  return isShared && slice % large.enabledBits === 0 && sliceBits(block, needed) < slice;
}

/**
 * The blocks of a memory that no parameter cuts: synthesis chooses the width of their words, and puts blocks below each
 * other. 128 multiplexers of a bit weigh as much as a block, as yosys has it on an iCE40; on an ECP5 half as much.
 */
function blocksUncut(
  { bits, narrowest, widest, byteBits }: BlockShape,
  { words, wordBits }: NeededMemory,
): number {
  let best = { blocks: 0, cost: Number.POSITIVE_INFINITY };
  for (let width = narrowest; width <= widest; width *= 2) {
    const deep = Math.ceil(words / (bits / width));
    const blocks = Math.ceil((deep * wordBits) / (width < 8 ? width : (width / 8) * byteBits));
    const cost = blocks + ((deep - 1) * wordBits) / 128;
    if (cost < best.cost) best = { blocks, cost };
  }
  return best.blocks;
}

/**
 * The blocks that a memory takes; 0 where it is so small that lookup tables hold it, undefined where blocks of this
 * kind cannot.
 */
export function blocksOf(memory: BlockMemory, needed: NeededMemory): number | undefined {
  const { words, wordBits, isShared, isCut } = needed;
  if (memory.singlePort && !isShared) return undefined;
  const own = memory.singlePort || !isCut ? wordBits : sliceBits(memory, needed);
  const width = widthAtDepth(memory, words);
  const deep = Math.ceil(words / (memory.bits / width));
  const blocks = isCut ? Math.ceil(own / width) * deep : blocksUncut(memory, needed);
  return own * words < memory.leastBits * blocks ? 0 : (wordBits / own) * blocks;
}

const number = (what: string) => whole(what, 0, 2 ** 31 - 1);

const memory = strictObject({
  count: key(number('a number of blocks'), 'Blocks of the part.', 208),
  bits: key(
    positiveWhole('a capacity in bits'),
    'Bits of a block, without those that are for checks.',
    16384,
  ),
  narrowest: key(
    positiveWhole('a width in bits'),
    'The narrowest word of a block, in bits: a power of two.',
    1,
  ),
  widest: key(positiveWhole('a width in bits'), 'The widest word of a block, in bits: a power of two.', 32),
  enabledBits: key(positiveWhole('a width in bits'), 'Bits of a word that one enable writes.', 8),
  byteBits: key(
    positiveWhole('a width in bits'),
    'Bits of a byte in words of whole bytes: 9 where bits for checks hold data.',
    9,
  ).default(8),
  leastBits: key(
    number('a number of bits'),
    'A memory with fewer bits than this for each block is kept in lookup tables or registers.',
    2048,
  ),
  singlePort: key(
    z.boolean({ error: expected('true or false') }),
    'Whether a block has one port that reads or writes. Banks with one shared port take such blocks where others are too shallow.',
    false,
  ).default(false),
});

const used = strictObject({
  program: key(nonEmptyText('the name of a program'), 'The program that was synthesised.', 'mnist-snn'),
  precision: key(nonEmptyText('a precision, such as mp8-8'), 'The precision.', 'mp8-8'),
  lanes: key(positiveWhole('a number of lanes'), 'The number of lanes.', 16),
  luts: key(number('a number of lookup tables'), 'Lookup tables of the core.', 29477),
  multipliers: key(number('a number of multipliers'), 'Multipliers of the core.', 48),
  blocks: key(
    recordOf(nameKey, number('a number of blocks'), { error: nameKeyError }),
    'Blocks of the core, by kind.',
    { block: 129 },
  ),
  source: sourceName,
});

/** The resources of a part, in place of areas. */
export const fpgaSection = strictObject({
  part: key(
    nonEmptyText('the name of a part'),
    'The part, as [Verilog](build-your-core.md) is synthesised for it.',
    'ecp5-85k',
  ),
  luts: key(positiveWhole('a number of lookup tables'), 'Lookup tables of four inputs.', 83640),
  multipliers: key(
    strictObject({
      count: key(number('a number of multipliers'), 'Multipliers of the part.', 156),
      bits: key(positiveWhole('a width in bits'), 'Width of their operands in bits.', 18),
    }),
    'The multipliers. A product of wider operands takes several.',
    { count: 156, bits: 18 },
  ),
  memories: key(recordOf(nameKey, memory, { error: nameKeyError }), 'Kinds of block memories, by name.', {
    block: { count: 208, bits: 16384, narrowest: 1, widest: 32, enabledBits: 8, leastBits: 2048 },
  }),
  source: sourceName,
  overhead: key(
    strictObject({
      times: key(figureIn('times'), 'Added energy over that of the chip: 5.3 is 6.3 times in all.', 5.3),
      source: sourceName,
    }),
    'Dynamic energy that the FPGA takes beyond that of a chip of its technology, for which the other figures hold. Banks then leak nothing: at rest the part takes `staticPower`. If absent, energies are those of the chip.',
  ).optional(),
  core: key(
    used,
    'The resources of the part that a core takes as synthesised, for the one program that it is wired for; others are refused. [Synthesis](build-your-core.md#on-an-fpga) writes it. Without it, blocks and multipliers are counted from shapes, and lookup tables are not known.',
  ).optional(),
});
type FpgaFile = z.infer<typeof fpgaSection>;

export function checkFpgaSection({ memories, core }: FpgaFile, hasChip: boolean, report: ReportFault): void {
  if (hasChip) report(['fpga'], 'an FPGA has one core, and this model a chip of several');
  for (const [name, { narrowest, widest, bits }] of Object.entries(memories)) {
    const path = ['fpga', 'memories', name];
    for (const [key, width] of Object.entries({ narrowest, widest }))
      if (!Number.isInteger(Math.log2(width)))
        report([...path, key], `expected a power of two, found ${width}`);
    if (narrowest > widest || widest > bits)
      report([...path, 'widest'], `expected ${narrowest} to ${bits} bits, found ${widest}`);
  }
  if (core === undefined) return;
  const names = Object.keys(memories);
  const unknown = Object.keys(core.blocks).find((name) => !names.includes(name));
  const missing = names.find((name) => core.blocks[name] === undefined);
  const path = ['fpga', 'core', 'blocks'];
  if (unknown !== undefined)
    report([...path, unknown], `there is no memory '${unknown}'; ${suggest(unknown, names)}`);
  else if (missing !== undefined) report(path, `missing: expected the number of blocks '${missing}'`);
}

/** The resources of an FPGA, as a model states them. */
export function readFpga(file: FpgaFile, sources: Sources): FpgaPart {
  const { part, luts, multipliers, memories, source, overhead, core } = file;
  return {
    part,
    luts,
    multipliers,
    memories: Object.entries(memories).map(([name, memory]) => ({ name, ...memory })),
    source: sources.named(source),
    overhead: overhead && { times: overhead.times, source: sources.named(overhead.source) },
    core: core && { ...core, source: sources.named(core.source) },
  };
}
