import type { Source } from './source.ts';

/** A kind of block memory of an FPGA. */
export interface BlockMemory {
  readonly name: string;
  readonly count: number;
  readonly bits: number;
  /** Widths of its words are powers of two. */
  readonly narrowest: number;
  readonly widest: number;
  /** Memories with fewer bits are kept in lookup tables or registers. */
  readonly leastBits: number;
  /** Whether it has one port, that reads or writes. */
  readonly singlePort: boolean;
}

/** The resources of an FPGA. */
export interface FpgaPart {
  readonly part: string;
  readonly luts: number;
  readonly multipliers: { readonly count: number; readonly bits: number };
  readonly memories: readonly BlockMemory[];
  readonly source: Source;
  /** What the core takes, as synthesised; undefined where it has not been. */
  readonly core: FpgaCore | undefined;
}

/** What a core takes of a part, which is wired for one program. */
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
}

/** The widest word, a power of two, with which one block is deep enough; the narrowest for deeper memories. */
function widthAtDepth({ bits, narrowest, widest }: BlockMemory, words: number): number {
  const width = 2 ** Math.max(0, Math.floor(Math.log2(bits / words)));
  return Math.min(widest, Math.max(narrowest, width));
}

/**
 * The blocks that a memory takes; 0 where it is so small that lookup tables hold it, undefined where blocks of this
 * kind cannot. With two ports, it is cut into memories side by side, each as wide as a block is at that depth.
 */
export function blocksOf(memory: BlockMemory, needed: NeededMemory): number | undefined {
  const { words, wordBits, slice, isShared } = needed;
  if (memory.singlePort && !isShared) return undefined;
  const width = widthAtDepth(memory, words);
  const deep = Math.ceil(words / (memory.bits / width));
  let own = memory.singlePort ? wordBits : slice;
  while (!memory.singlePort && own > width && own % 2 === 0) own /= 2;
  if (own * words < memory.leastBits) return 0;
  return (wordBits / own) * Math.ceil(own / width) * deep;
}
