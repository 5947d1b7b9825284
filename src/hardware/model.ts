/** The factors of a figure between which its true value lies: from `low` times the figure to `high` times it. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How a figure was obtained, and whether it was read in its primary source. */
export interface Source {
  /** Its name in `sources` of the hw-model. Figures of one source err together. */
  readonly name: string;
  /** Author, title, venue, table or page. */
  readonly cite: string;
  readonly kind: SourceKind;
  readonly checked: 'primary' | 'secondary' | 'memory';
  readonly interval: Interval;
}

/** The kinds of figures allowed in an hw-model. */
export const sourceKinds = ['measured', 'simulated', 'synthesised', 'fitted', 'derived'] as const;
/** The kind of figures that an estimator gives. */
export const estimatedKind = 'estimated';
/** The kind of a figure that is stated without a source in place of an estimate, such as by `--set`. */
export const unsourcedKind = 'without a source';
/** The kind of any figure, whatever its source, that is used with a shape other than the one it was stated for. */
export const otherShapeKind = 'stated for another shape';
/** All kinds of figures in a cost table. */
export const figureKinds = [...sourceKinds, estimatedKind, unsourcedKind, otherShapeKind] as const;
export type SourceKind = (typeof figureKinds)[number];

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
  /** Energy of one operation on one lane, by operand width in bits. An operation is charged at the narrowest width that holds it. */
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

/** What happens to an address event when the FIFO is full. */
export type WhenFull = 'drop' | 'stall';

export interface Router {
  readonly fifoDepth: number;
  readonly whenFull: WhenFull;
  readonly pushPj: number;
  readonly popPj: number;
  readonly areaUm2: number;
  readonly sources: Readonly<Record<'pushPj' | 'popPj' | 'areaUm2', Source>>;
}

/** Cycles that a kernel takes in addition to its tiles. */
export interface Overheads {
  /** Pipeline fill, once per pass over a row or a population. */
  readonly fillCycles: number;
  /** Once per start of a kernel. */
  readonly kernelCycles: number;
  /** Once per row visited by a kernel that walks rows. */
  readonly rowCycles: number;
  /** Once per event taken from the FIFO. */
  readonly eventCycles: number;
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

/** How the tiles of a mesh are numbered. */
export const tileOrders = ['by-column', 'by-row'] as const;

/** The cores of a chip: tiles on a mesh, with the same number of cores each. */
export interface MeshShape {
  readonly columns: number;
  readonly rows: number;
  readonly coresPerTile: number;
  /** `by-column`: tile t is at x = t div rows, y = t mod rows. `by-row`: at x = t mod columns, y = t div columns. */
  readonly numbering: (typeof tileOrders)[number];
}

/** What one packet costs at one place. */
export interface PacketCost {
  readonly energyPj: number;
  readonly latencyNs: number;
  readonly source: Source;
}

/** The time of a barrier for a number of tiles that its table lacks. */
export const barrierSteps = ['linear', 'step'] as const;

/** When a spike reaches its synapses: in the next step, or in a later phase of the same step. */
export const deliveries = ['next', 'phases'] as const;

/** How a spike reaches several cores. */
export const destinations = ['core', 'tree'] as const;

/** What the network of a chip costs. Stated costs of kernels and static power of a set are those of the model. */
export interface NetworkCosts {
  /** Each packet that a core sends. */
  readonly send: PacketCost;
  /** Each packet that a core receives. */
  readonly receive: PacketCost;
  /** Each packet, once, however far it goes. */
  readonly tile: PacketCost;
  /** Each hop, along x (east, west) and along y (north, south). */
  readonly hop: {
    readonly energyPj: { readonly x: number; readonly y: number };
    readonly latencyNs: { readonly x: number; readonly y: number };
    readonly sources: { readonly x: Source; readonly y: Source };
  };
  readonly link:
    | {
        /** Packets that a link holds before it blocks senders. */
        readonly depth: number | undefined;
        /** Time that a packet occupies a link. */
        readonly packetNs: number | undefined;
        readonly source: Source;
      }
    | undefined;
  readonly barrier: {
    /** By number of tiles that hold neurons, ascending from 1 tile. */
    readonly latencyNs: readonly { readonly tiles: number; readonly ns: number }[];
    readonly between: (typeof barrierSteps)[number];
    readonly energyPj: number;
    readonly source: Source;
  };
}

/** What a core of a chip holds at most, beside the capacities of its banks. */
export interface CoreHolds {
  readonly neurons: number | undefined;
  readonly axonsIn: number | undefined;
  readonly axonsOut: number | undefined;
  readonly synapseBits: number | undefined;
  /** Steps of the longest delay of a synapse. */
  readonly delay: number | undefined;
  readonly source: Source;
}

/** A chip of many cores. */
export interface ChipModel {
  readonly mesh: MeshShape;
  readonly packet:
    | {
        readonly bits: number;
        readonly payloadBits: number;
        readonly perDestination: (typeof destinations)[number];
        readonly source: Source;
      }
    | undefined;
  readonly delivery: (typeof deliveries)[number];
  readonly limits: CoreHolds | undefined;
  /** Name of the cost set in use. */
  readonly costSet: string;
  /** Names of all cost sets. */
  readonly costSets: readonly string[];
  readonly costs: NetworkCosts;
}

/** Of the figures of each source, by its name: what kind they are, and their interval. */
export interface SourceFigures {
  readonly kinds: Readonly<Record<string, SourceKind>>;
  readonly intervals: Readonly<Record<string, Interval>>;
}

/** A chip as described by its hw-model, validated and resolved. */
export interface HwModel {
  readonly name: string;
  readonly description: string;
  readonly technologyNm: number;
  readonly supplyV: number;
  readonly clockMhz: number;
  readonly arithmetic: Arithmetic;
  /** The hw-model whose float32 arithmetic is this one's baseline (precision `fp32`). */
  readonly baseline: string | undefined;
  /** On float32: the integer precision whose widths determine the nominal values of thresholds, clips and rates. */
  readonly like: string | undefined;
  readonly lanes: number;
  /** Width of the registers' integer datapath, 8 to 32; plain arithmetic must stay within it and `.s` saturates at it. */
  readonly datapathBits: number;
  /** The lists are empty if every program chooses its own widths. */
  readonly precision: {
    readonly shadowBits: readonly number[];
    readonly weightBits: readonly number[];
    /** Widths offered to fields that accumulate. A field takes the narrowest one that is wide enough. */
    readonly accumulatorBits: readonly number[];
  };
  /**
   * Whether inference weights are stored as a copy, or cut from the shadow weights by a rounding adder on the read
   * path.
   */
  readonly inferenceWeights: 'stored' | 'sliced';
  readonly columnGate: 'skip-tile' | 'clock';
  /** The chip's own controller, if it has one. */
  readonly controller: string | undefined;
  /** Stated costs of kernels, by name. They replace the costs derived from the kernels' operations. */
  readonly kernels: Readonly<Record<string, StatedCost>>;
  readonly operations: Readonly<Record<Arithmetic, Readonly<Partial<Record<CostClass, Unit>>>>>;
  /** Undefined if they cost nothing. */
  readonly registers: Registers | undefined;
  /** What fetching and controlling an instruction costs each lane; undefined if it costs nothing. */
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
  readonly clockPower: { readonly uwPerMhz: number; readonly source: Source } | undefined;
  /** Everything except banks, lanes and router: sequencer, interface. */
  readonly control: {
    readonly areaUm2: number;
    /** Energy of a cycle in which the core works without a tile. */
    readonly energyPj: number;
    readonly sources: { readonly areaUm2: Source; readonly energyPj: Source };
  };
  /** The chip of many such cores; undefined if the chip has one core. */
  readonly chip: ChipModel | undefined;
  /** Of the figures of each source: what kind they are, and their interval. */
  readonly figures: SourceFigures;
  /** The figures that do not fit the shape of this model. */
  readonly otherShapes: readonly OtherShape[];
  /** Banks that may not keep up with the clock. */
  readonly clockRemarks: readonly string[];
}
