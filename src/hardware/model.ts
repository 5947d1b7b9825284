import type { ControllerData } from '../control/index.ts';
import type { SourceModule } from '../text/index.ts';
import type { Activity } from './activity-schema.ts';

import type { FaultModel } from './cell-faults.ts';
import type { ChipModel } from './chip-model.ts';
import type { FpgaPart } from './fpga.ts';
import type { MappingRules } from './mapping/index.ts';
import type { Interval, Source, SourceKind } from './source.ts';

/** Figures used with a shape (capacity, word, ports, node, supply, lanes) other than the one they were stated for. */
export interface OtherShape {
  /** The part of the hw-model that states them: `banks.state`. */
  readonly entry: string;
  readonly figures: readonly string[];
  readonly statedFor: string;
  readonly usedWith: string;
  /** Whether they are energies or powers; otherwise areas. */
  readonly isEnergy: boolean;
}

/** The classes of work performed by a lane's units. Every microcode operation is priced as a sum of these. */
export const costClasses = ['move', 'add', 'multiply', 'shift', 'compare', 'logic', 'random'] as const;
export type CostClass = (typeof costClasses)[number];

export type Arithmetic = 'integer' | 'float32';

/** The units of one class in a lane, for one kind of number. */
export interface Unit {
  /** How many operations of this class a lane starts in a cycle. */
  readonly unitsPerLane: number;
  /**
   * Energy of one operation on one lane, by operand width in bits. The narrowest width that holds an operation counts.
   */
  readonly energyPj: Readonly<Record<number, number>>;
  readonly areaUm2: number;
  readonly sources: { readonly energyPj: Source; readonly areaUm2: Source };
}

/** The registers of a lane. */
export interface Registers {
  readonly perLane: number;
  /** Energy of reading or writing one, by width in bits. */
  readonly energyPj: Readonly<Record<number, number>>;
  /** Of all registers of a lane. */
  readonly areaUm2: number;
  readonly sources: { readonly energyPj: Source; readonly areaUm2: Source };
}

/** Separate read and write ports, or ports that do either. */
export type Ports = { readonly read: number; readonly write: number } | { readonly shared: number };

/** An SRAM bank: words of equal width, read and written whole. */
export interface Bank {
  readonly name: string;
  readonly capacityBits: number;
  readonly wordBits: number;
  readonly ports: Ports;
  /** Whether single bits of a word can be written. If not, a partial write costs a read first. */
  readonly bitMask: boolean;
  /** Energy of one access to a whole word. */
  readonly readPj: number;
  readonly writePj: number;
  readonly leakUw: number;
  readonly areaUm2: number;
  /** Undefined where nothing says it. */
  readonly accessNs: number | undefined;
  readonly sources: Readonly<Record<'readPj' | 'writePj' | 'leakUw' | 'areaUm2', Source>>;
  /** Energy of carrying a word between the bank and the lanes; undefined where another figure contains it. */
  readonly wires?: { readonly readPj: number; readonly writePj: number; readonly source: Source } | undefined;
}

/**
 * A generator named by draw operations: bits y[n] = y[n-near] xor y[n-far]. The current word starts at some n, which an
 * advance moves on by `bitsPerAdvance`. Each group of `lanes` neighbouring lanes shares an advance. Lane l takes
 * `wordBits` bits starting at n + wordBits x (l mod words), lowest first; `words` is the number of words in an advance.
 */
export interface Generator {
  readonly name: string;
  readonly near: number;
  readonly far: number;
  readonly bitsPerAdvance: number;
  readonly wordBits: number;
  readonly lanes: number;
  readonly words: number;
}

export interface Router {
  readonly fifoDepth: number;
  /** The fate of an address event when the FIFO is full. */
  readonly whenFull: 'drop' | 'stall';
  readonly pushPj: number;
  readonly popPj: number;
  readonly areaUm2: number;
  readonly sources: Readonly<Record<'pushPj' | 'popPj' | 'areaUm2', Source>>;
}

/** Cycles that a kernel takes in addition to its tiles. */
interface Overheads {
  /** Pipeline fill, once per pass over a row or a population; absent where it follows from each kernel's pipeline. */
  readonly fillCycles?: number;
  /** Once per start of a kernel. */
  readonly kernelCycles: number;
  /** Once per row looked up by a kernel that walks rows. */
  readonly rowCycles: number;
  /** Once per event taken from the FIFO. */
  readonly eventCycles: number;
  /** Once per tile that is scanned, and per word that is cleared or kept; absent for 1. */
  readonly scanCycles?: number;
  readonly source: Source;
}

/** The cost of a kernel according to the chip's own published figures, without its bank accesses. */
export interface StatedCost {
  readonly cyclesPerItem: number;
  readonly cyclesPerTile: number;
  readonly energyPjPerItem: number;
  readonly energyPjPerTile: number;
  readonly source: Source;
}

/** The kind and the interval of the figures of each source, by its name. */
interface SourceFigures {
  readonly kinds: Readonly<Record<string, SourceKind>>;
  readonly intervals: Readonly<Record<string, Interval>>;
}

/** A chip as described by its hw-model, validated and resolved. */
export interface HwModel {
  readonly name: string;
  readonly description: string;
  readonly technologyNm: number;
  readonly supplyV: number;
  /** Of the memory banks, if they have one of their own. */
  readonly bankSupplyV?: number | undefined;
  readonly clockMhz: number;
  readonly arithmetic: Arithmetic;
  /** The hw-model whose float32 arithmetic is this one's baseline (precision `fp32`). */
  readonly baseline: string | undefined;
  /** On float32: the integer precision whose widths determine the nominal values of thresholds, clips and rates. */
  readonly like: string | undefined;
  readonly lanes: number;
  /** Width of the registers' integer datapath, 8 to 32; plain arithmetic must stay within it; `.s` saturates at it. */
  readonly datapathBits: number;
  /** The lists are empty if every program chooses its own widths. */
  readonly precision: {
    readonly shadowBits: readonly number[];
    readonly weightBits: readonly number[];
    /** Widths offered to fields that accumulate. A field takes the narrowest one that is wide enough. */
    readonly accumulatorBits: readonly number[];
  };
  /**
   * Whether inference weights are stored as a copy, or cut from shadow weights by a rounding adder as they are read.
   */
  readonly inferenceWeights: 'stored' | 'sliced';
  readonly columnGate: 'skip-tile' | 'clock';
  /** A program in the core, or a pipeline for each kernel, without instructions and registers. */
  readonly sequencer: 'microcode' | 'hardwired';
  /** The chip's own controller, if it has one. */
  readonly controller: string | undefined;
  /** The module that the controller is in; undefined for one that is bundled. */
  readonly controllerModule?: SourceModule | undefined;
  /** The controller as data, if the hw-model states it. */
  readonly controllerData?: ControllerData | undefined;
  /** Stated costs of kernels, by name. They replace the costs derived from the kernels' operations. */
  readonly kernels: Readonly<Record<string, StatedCost>>;
  /** Stated costs of all other kernels, by the domain that they run over. */
  readonly otherKernels: Readonly<Record<string, StatedCost>>;
  readonly operations: Readonly<Record<Arithmetic, Readonly<Partial<Record<CostClass, Unit>>>>>;
  /** Undefined if they cost nothing, as on a hard-wired core. */
  readonly registers: Registers | undefined;
  /** The cost of fetching and controlling an instruction, for each lane; undefined if there is none. */
  readonly fetch: { readonly energyPj: number; readonly sources: { readonly energyPj: Source } } | undefined;
  readonly generators: readonly Generator[];
  readonly banks: readonly Bank[];
  /** The banks of the inference weights, the shadow weights and the populations' state. */
  readonly placement: { readonly weight: string; readonly shadow: string; readonly state: string };
  readonly router: Router;
  readonly overheads: Overheads;
  /** Power drawn whether or not the core works, in addition to the banks' leakage. */
  readonly staticPower: { readonly powerUw: number; readonly source: Source };
  /** Power drawn by the running clock, whether or not the core works. */
  readonly clockPower:
    | {
        readonly uwPerMhz: number;
        readonly source: Source;
        /** Of the gates and buffers of its tree, if they are estimated. */
        readonly area?: { readonly um2: number; readonly source: Source };
      }
    | undefined;
  /** How its energies depend on data; undefined where that is as is assumed of any figure. */
  readonly activity: Activity | undefined;
  /** Everything except banks, lanes and router: sequencer, interface. */
  readonly control: {
    readonly areaUm2: number;
    /** Energy of a cycle in which the core works without a tile; on a hard-wired core, of any in which it works. */
    readonly energyPj: number;
    readonly sources: { readonly areaUm2: Source; readonly energyPj: Source };
  };
  /** The FPGA on which it is built, whose resources take the place of areas; undefined for a chip. */
  readonly fpga: FpgaPart | undefined;
  /** Cells of its banks that fail; undefined if none do. */
  readonly faults?: FaultModel | undefined;
  /** The chip of many such cores; undefined if the chip has one core. */
  readonly chip: ChipModel | undefined;
  /** The networks that it takes; undefined if only memory and the limits of cores decide. */
  readonly mapping: MappingRules | undefined;
  /** The kind and the interval of the figures of each source. */
  readonly figures: SourceFigures;
  /** The figures that do not fit the shape of this model. */
  readonly otherShapes: readonly OtherShape[];
  /** Banks that may not keep up with the clock. */
  readonly clockRemarks: readonly string[];
}
