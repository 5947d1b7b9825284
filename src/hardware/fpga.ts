import type { Source } from './source.ts';

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
  /** Memories with fewer bits are kept in lookup tables or registers. */
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
 * The blocks that a memory takes; 0 where it is so small that lookup tables hold it, undefined where blocks of this
 * kind cannot.
 */
export function blocksOf(memory: BlockMemory, needed: NeededMemory): number | undefined {
  const { words, wordBits, isShared, isCut } = needed;
  if (memory.singlePort && !isShared) return undefined;
  const width = widthAtDepth(memory, words);
  const deep = Math.ceil(words / (memory.bits / width));
  const own = memory.singlePort || !isCut ? wordBits : sliceBits(memory, needed);
  if (own * words < memory.leastBits) return 0;
  return (wordBits / own) * Math.ceil(own / width) * deep;
}
