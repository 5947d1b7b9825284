import type { HwModel } from '../../hardware/index.ts';
import type {
  Action,
  BoundKernel,
  Condition,
  CoreImage,
  Field,
  Layout,
  Population,
} from '../../image/index.ts';
import type { InstructionRange, ValueRange } from '../../isa/index.ts';
import type { KernelSchedule, PortAccess } from '../../schedule/index.ts';
import type { Widths } from './widths.ts';

type ImageBank = CoreImage['banks'][number];

/** A bank of the core. */
export interface BankPlan extends ImageBank {
  readonly number: number;
  /** The name of its module. */
  readonly module: string;
  /** Numbers of the ports that read. */
  readonly readPorts: readonly number[];
  /** Whether one port reads and writes. */
  readonly isShared: boolean;
  readonly slices: BankSlices;
  /** Whether steps that pass over words read some of it, write some, and write back what they have read. */
  readonly isPassedToRead: boolean;
  readonly isPassedToWrite: boolean;
  readonly isMerged: boolean;
}

/** Words of a bank that are written bit by bit, such as flags: they become registers. */
export interface FineWords {
  readonly first: number;
  readonly words: number;
}

/** How a bank is cut for synthesis. */
export interface BankSlices {
  /** The most bits that are written or left as a whole. */
  readonly bits: number;
  readonly fine: readonly FineWords[];
}

/** The parts of a record, the first one in its lowest bits, each as wide as its largest value. */
export interface RecordFormat {
  readonly parts: readonly (readonly [name: string, bits: number])[];
  readonly bits: number;
  readonly records: readonly Readonly<Record<string, number>>[];
}

/**
 * The rows of a projection that are cut into segments, as far as a kernel visits them, in a memory: a record for each
 * row, and for each segment.
 */
export interface SegmentTable {
  readonly name: string;
  readonly rows: RecordFormat;
  /** Undefined where a bank lists the segments. */
  readonly segments: RecordFormat | undefined;
  /** Of the address of a row, and of a segment. */
  readonly rowBits: number;
  readonly addressBits: number;
  /** How many segments all rows have, and how many columns the longest row. */
  readonly count: number;
  readonly longestRow: number;
}

/** Bits of what the walker keeps of the segments of a row. */
export interface SegmentBits {
  /** Of the number of a segment, and of how many a row has. */
  readonly address: number;
  readonly count: number;
  readonly column: number;
  /** Where banks list segments: of a word, of its address, and of the place of an item in it. */
  readonly listed: { readonly word: number; readonly address: number; readonly slot: number } | undefined;
}

/** The index of a sparse projection, an item for each segment, as the walker reads it. */
export interface TargetList {
  readonly layout: Layout;
  /** The read port that it takes, and the cycle of a tile in which it is free. */
  readonly port: number;
  readonly slot: number;
  readonly target: Field;
  /** Without it, all have the same length. */
  readonly count: Field | undefined;
  readonly length: number;
  /** Where weights begin, counted from the first one of the row. Without it, they follow one another. */
  readonly offset: Field | undefined;
}

/** A kernel as hardware: its pipeline, and what the walker needs to feed it. */
export interface KernelPlan {
  /** Its index in the image, and its number among the kernels that the core runs. */
  readonly index: number;
  readonly number: number;
  readonly kernel: BoundKernel;
  /** Its name with what it is bound to. */
  readonly name: string;
  readonly schedule: KernelSchedule;
  /** Cycles as the report counts them, which the walker keeps: from tile to tile, and after the last tile of a pass. */
  readonly intervalCycles: number;
  readonly drainCycles: number;
  /** `columns`: the tiles of a column in all rows, before the next column of tiles. */
  readonly walks: 'neurons' | 'neuron' | 'row' | 'rows' | 'columns' | 'weights';
  /** Columns of a row; of stored weights, for a kernel over them. Their tiles. */
  readonly columns: number;
  readonly tiles: number;
  readonly rows: number;
  /** Index of the table that has its segments; undefined where its rows are not cut. */
  readonly table: number | undefined;
  /** Set where the table has the rows alone, and a bank lists their targets. */
  readonly list: TargetList | undefined;
  /** Whether its tiles come from segments: those of rows, or the rows of stored weights. */
  readonly walksSegments: boolean;
  /** The population whose neurons spike in it. */
  readonly emits: number | undefined;
}

/**
 * A pipeline, and the kernels that run on it: the same microcode, bound to others. They differ in addresses, in
 * constants, and in the fields that they read and write, which are alike.
 */
export interface Pipeline {
  /** The name of its module, after its first kernel. */
  readonly name: string;
  /** The first kernel, which stands for all. */
  readonly first: KernelPlan;
  readonly kernels: readonly KernelPlan[];
  /** By line, the values of all of them. */
  readonly ranges: readonly InstructionRange[];
  /** By access of the first kernel: the layouts of all of them in its place. */
  readonly layouts: ReadonlyMap<PortAccess, readonly number[]>;
  /** By access of the first kernel to items of tiles: where these begin in words. */
  readonly starts: ReadonlyMap<PortAccess, TileStarts>;
}

/** Where tiles begin in the words of an access. */
export interface TileStarts {
  /** Whether words are counted from lane 0, else from the first lane that holds an item. */
  readonly isFromLane0: boolean;
  /** The places of lane 0 in the first word; negative, if words before it are left out. */
  readonly offsets: readonly number[];
}

/** The sources of a delivery, beside the FIFO: spikes of the input, of the step before, or of a delay. */
export type DeliverySource =
  | { readonly is: 'input' }
  | { readonly is: 'previous'; readonly population: number }
  | { readonly is: 'waited'; readonly delayed: number; readonly list: number };

/** Words that a step passes over, one a cycle: they are written where the mask is set, or read. */
export interface PassedWords {
  readonly bank: number;
  readonly words: number;
  readonly firstWord: number;
  /** Set for the words of a ring: which row they are, so many behind that of the step. Its contents are written. */
  readonly row?: { readonly ring: number; readonly back: number };
  /** The bits that are written; undefined for words that are read. */
  readonly mask?: bigint;
  /** Whether the other bits are written back, as they have been read. */
  readonly isMerged?: boolean;
}

/** The actions of a list, in the order of the text, with its groups dissolved. */
export interface Step {
  /** Its number in the sequence. */
  readonly number: number;
  readonly action: Exclude<Action, { does: 'group' }>;
  readonly words: string;
  /** Indices of the conditions under which it runs. */
  readonly conditions: readonly number[];
  /** The kernel that it runs. */
  readonly kernel: KernelPlan | undefined;
  /**
   * Of a test: the number of the step with which the list goes on where it fails, the first one after the test's
   * group.
   */
  readonly afterFailing: number | undefined;
  /** Whether it delivers spikes, or a later step of its list does; which ones it delivers beside those in the FIFO. */
  readonly delivers: boolean;
  readonly deliversLater: boolean;
  readonly source: DeliverySource | undefined;
  /** Index of the served list that each of them triggers; -1 where a command names their event. */
  readonly serves: number;
  /** The words that it passes over, and how many these are, or tiles that it tests; 1 for others. */
  readonly ranges: readonly PassedWords[];
  readonly passes: number;
}

/** A list: what runs at the start of a sample, in each step, or for a spike of a population. */
export interface List {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** A ring of spikes that wait for their delays, and where it lies. */
export interface RingPlan {
  readonly source: number;
  readonly population: Population;
  readonly isInput: boolean;
  readonly field: Field;
  readonly layout: Layout;
  readonly items: number;
  /** Of the value of a spike; 0 if it carries none. */
  readonly valueBits: number;
  /** Its rows: steps of the longest delay. */
  readonly rows: number;
  readonly lists: CoreImage['events']['delayed'][number]['lists'];
}

/** The bits that tell of each item of a field whether it is zero, kept beside the banks, and what changes them. */
export interface GatePlan {
  /** The index of the field, and the gate's number, as scans name it. */
  readonly index: number;
  readonly number: number;
  readonly field: Field;
  readonly layout: Layout;
  /** All lanes of its tiles, and all items of its words. */
  readonly size: number;
  /** Tiles that a scan asks. */
  readonly tiles: number;
  /** Whether each of the field's items is set at first. */
  readonly initial: readonly boolean[];
  /** Set if they are in memories; else they are in registers. */
  readonly memory: GateMemory | undefined;
  /** Numbers of the steps that clear all of them. */
  readonly clears: readonly number[];
  readonly writes: readonly GateWrite[];
}

/**
 * Memories of a gate. A word of the bank may have several tiles: each of them has a memory of its own, so that a word
 * of the host, or one that is cleared, is there at once.
 */
export interface GateMemory {
  readonly parts: number;
  /** Tiles that each of them has. */
  readonly depth: number;
}

/** The writes of a kernel: lanes of a tile that it stores, or the item of a row whose sum it has. */
export interface GateWrite {
  readonly kernel: KernelPlan;
  readonly of: 'tile' | 'row';
  /** The wires of its module begin with it: ports are named by the fields of the pipeline's first kernel. */
  readonly ports: string;
}

/** The kernels that may wait for the FIFO, and what a run that waits needs when it goes on. */
export interface WaitingPlan {
  readonly kernels: readonly KernelPlan[];
  /** How many runs may be under way: that of the step, and those that spikes trigger while others wait; else 1. */
  readonly levels: number;
  /** Whether a kernel that serves a spike emits. */
  readonly servedEmits: boolean;
  /** Whether one of them is over rows, has a gate of rows or of columns, or walks segments. */
  readonly rows: boolean;
  readonly rowGates: boolean;
  readonly columnGates: boolean;
  readonly segments: boolean;
}

/** A fact that the walker knows of the step that runs: a register, or a constant where it is the same for all steps. */
interface WalkerFact {
  readonly name: string;
  readonly bits: number;
  /** Its value in steps that say nothing else. */
  readonly value: number | bigint;
  /** Bits of the largest value. */
  readonly lowBits: number;
  readonly changes: boolean;
}

/** The state that follows the start of a step, and what is needed in that cycle already. */
export interface StepStart {
  readonly step: Step;
  /** The facts that are not what they are for most steps. */
  readonly facts: readonly (readonly [name: string, value: number | bigint])[];
  /** The gates that it scans, by their numbers. Where rows alone have one, the step begins with them. */
  readonly scans: readonly { readonly gate: number; readonly isOfRows: boolean }[];
  /** Undefined where nothing starts: a delivery. */
  readonly state: 'CLEAR' | 'TEST' | 'SCAN_COLUMNS' | 'SCAN_ROWS' | 'ROW' | 'TILES' | undefined;
  /** Whether it begins with the first of all rows. */
  readonly allRows: boolean;
  /** The lanes of the first tile that is scanned, if they are not all. */
  readonly within: bigint | undefined;
}

/** Everything that is decided before text is written. */
export interface CorePlan {
  readonly image: CoreImage;
  readonly hw: HwModel;
  /** Its number on the chip, from which the generators of its lanes start. */
  readonly number: number;
  /** The ranges of the scalars that commands bring, as `hostScalars` has them. */
  readonly scalars: readonly ValueRange[];
  readonly widths: Widths;
  readonly banks: readonly BankPlan[];
  readonly kernels: readonly KernelPlan[];
  readonly pipelines: readonly Pipeline[];
  /** Bits of the number of a kernel in its pipeline; 0 where none shares one. */
  readonly memberBits: number;
  readonly tables: readonly SegmentTable[];
  /** Undefined where no kernel walks segments. */
  readonly segmentBits: SegmentBits | undefined;
  readonly conditions: readonly Condition[];
  /** Sizes of batches, of which a command says which ones its sample ends. */
  readonly batches: readonly number[];
  readonly sample: List;
  readonly tick: List;
  /** What spikes trigger, in the order of `servedSpikes` of the image. */
  readonly served: readonly List[];
  /** By named event, what it triggers: what the other cores' lists ask of one that is one of several. */
  readonly events: readonly List[];
  /** Serves the spikes that arrive at such a core, each by its event; undefined for a core with samples and steps. */
  readonly arrivals: List | undefined;
  /** All lists, and their steps, in the order of the steps' numbers. */
  readonly lists: readonly List[];
  readonly steps: readonly Step[];
  readonly rings: readonly RingPlan[];
  /** Populations whose spikes of the step before are delivered, or kept for later. */
  readonly keptPopulations: readonly number[];
  /** The fields whose items are tested: gates, and what stops a list. */
  readonly gates: readonly GatePlan[];
  /** The walker's lists, of open tiles and of open rows, as far as kernels have gates for them. */
  readonly openLists: readonly OpenList[];
  readonly waiting: WaitingPlan;
  /** What the walker knows of the step that runs, and by number of a step, what it finds there. */
  readonly facts: readonly WalkerFact[];
  readonly starts: readonly StepStart[];
  /** The most tiles of spikes that leave the core after it has been told that there is no room for them. */
  readonly tilesAfterReady: number;
}

/** A list that a scan of a gate fills: an entry is a tile, and its lanes that are open. */
export interface OpenList {
  readonly of: 'tiles' | 'rows';
  /** The most tiles that a gate has which fills it. */
  readonly entries: number;
  /** Whether kernels over segments look up lanes by their tile, in the same cycle, as no memory does. */
  readonly isLookedUp: boolean;
}
