/** The messages between the page and its worker. Plain data: it is copied from thread to thread. */
import type { ExperimentSpec } from '../../src/experiment/index.ts';
import type { CoreReport, MemoryReport, NetworkReport } from '../../src/report/index.ts';
import type { ErrorParts } from '../../src/text/index.ts';
import type { Design, SettingValue } from './design.ts';
import type { DroppedFile } from './dropped-file.ts';
import type { GalleryCard } from './gallery.ts';
import type { GraphOptions, GraphView } from './graphs.ts';

/** Either the value, or why there is none: an error's class does not pass between threads, its parts do. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly error: ErrorParts;
      /** The change that makes a network fit the data, where it does not. */
      readonly adaptation?: Adaptation | undefined;
    };

/** Settings that make a network fit data. */
export interface Adaptation {
  readonly settings: Readonly<Record<string, SettingValue>>;
  /** `16 inputs, 12 answers` */
  readonly words: string;
}

/** A bank and how full it is. */
interface BankUse {
  readonly name: string;
  readonly usedBits: number;
  readonly capacityBits: number;
  readonly wordBits: number;
}

/** A kernel bound to what it runs over: one row of tables of cycles and energy. */
export interface KernelView {
  /** As the report names it: `learn(inputToHidden)`. */
  readonly name: string;
  /** Where its microcode is; undefined for what the compiler adds, such as clearing. */
  readonly source:
    | { readonly file: string; readonly firstLine: number; readonly lastLine: number }
    | undefined;
  readonly boundBy: string;
  /** Share of its issue slots in which each unit is busy. */
  readonly utilisation: Readonly<Record<string, number>>;
  readonly intervalCycles: number;
  readonly counts: 'sop' | 'update' | null;
}

interface PopulationView {
  readonly name: string;
  readonly size: number;
  /** Fields with an item for each neuron, without the population's name: `v`, `trace`. */
  readonly fields: readonly string[];
}

/** A projection whose weights can be shown as pictures. */
interface ProjectionView {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** Cores of a chip on its mesh, and what each holds. */
interface MeshShape {
  readonly columns: number;
  readonly rows: number;
  readonly coresPerTile: number;
  readonly numbering: 'by-column' | 'by-row';
  readonly cores: readonly {
    readonly core: number;
    readonly slices: readonly {
      readonly population: string;
      readonly first: number;
      readonly last: number;
    }[];
    readonly totalBits: number;
  }[];
}

/** A design that was opened: its facts, before it runs. */
export interface OpenDesign {
  readonly design: Design;
  readonly program: string;
  readonly programFile: string;
  readonly hwModel: string;
  readonly hwFile: string;
  readonly experimentFile: string;
  readonly description: string;
  /** Programs that the experiment compares, such as a bank of rules; none if it compares others. */
  readonly programs: readonly string[];
  readonly precision: string;
  /** Those that the experiment lists. */
  readonly precisions: readonly string[];
  readonly seed: number;
  readonly seeds: readonly number[];
  readonly epochs: number;
  readonly trainSamples: number;
  readonly testSamples: number;
  readonly classes: number;
  /** Classes that it can answer: more than those of the data where one can be taught to it. */
  readonly answers: number;
  readonly data: string;
  /** Side of square pictures; undefined where samples are none. */
  readonly pictureSide: number | undefined;
  /** Time steps of a sample. */
  readonly steps: number;
  readonly input: string;
  readonly readout: string;
  readonly populations: readonly PopulationView[];
  readonly projections: readonly ProjectionView[];
  readonly kernels: readonly KernelView[];
  readonly banks: readonly BankUse[];
  readonly memory: MemoryReport;
  readonly core: CoreReport;
  readonly network: NetworkReport;
  readonly mesh: MeshShape | undefined;
  /**
   * Whether single samples can be watched step by step, and drawings asked: not if a chip's host makes its own cores.
   */
  readonly canWatch: boolean;
  /** Whether its program changes anything while it learns: if not, nobody can teach it. */
  readonly learns: boolean;
  /** Test samples that are asked for each point of the curve; none if 0. */
  readonly probed: number;
  /** Files that the design was made of, by path. */
  readonly sources: readonly string[];
  /** What the sliders stand at, and where they stand before anybody has moved them. */
  readonly knobs: Knobs;
  readonly ownKnobs: Knobs;
  /** Whether the run before it goes on, because it means the same. */
  readonly goesOn: boolean;
  /** Milliseconds from asking to compiled. */
  readonly compiledMs: number;
}

/** Values that sliders change, as the compiled design has them; undefined where a design has no such thing. */
export interface Knobs {
  readonly lanes: number | undefined;
  /** Bits of a word, by bank. */
  readonly wordBits: Readonly<Record<string, number>>;
  /** Populations between input and output whose size is a number. */
  readonly hidden: readonly { readonly population: string; readonly size: number }[];
  readonly rounding: 'stochastic' | 'nearest' | 'truncating' | undefined;
}

export type RunPart = 'train' | 'test' | 'done';

/** Cycles, energy and where they go, from the start of the part of the run that is running. */
export interface CostView {
  readonly samples: number;
  readonly cycles: number;
  readonly latencyNs: number;
  /** Null where nobody knows it: then it has no parts. */
  readonly energyPj: number | null;
  readonly energyInterval: { readonly low: number; readonly high: number };
  readonly byUnitPj: Readonly<Record<string, number>>;
  /** In the order of `kernels` in {@link OpenDesign}. */
  readonly kernels: readonly {
    readonly cycles: number;
    readonly energyPj: number | null;
    readonly items: number;
    readonly runs: number;
  }[];
  readonly sops: number;
  readonly updates: number;
  readonly spikes: Readonly<Record<string, number>>;
}

/** One sample that was asked while somebody watched, step by step. */
export interface SampleView {
  /** Its number in the test set; -1 for a drawing. */
  readonly sample: number;
  readonly label: number;
  readonly answer: number;
  readonly steps: number;
  /** Spikes by population and step: the neurons that fired. */
  readonly spikes: Readonly<Record<string, readonly (readonly number[])[]>>;
  /** The readout at the end of the sample. */
  readonly scores: readonly number[];
  /** The fields of the watched neuron after each step. */
  readonly neuron:
    | {
        readonly population: string;
        readonly index: number;
        readonly fields: Readonly<Record<string, readonly number[]>>;
      }
    | undefined;
  /** Features of the sample, where it has any: 0 to 255. */
  readonly picture: Uint8Array | undefined;
  readonly cost: CostView;
}

/** Weights into neurons, one picture for each. */
export interface WeightsView {
  readonly projection: string;
  readonly neurons: readonly { readonly index: number; readonly weights: Float32Array }[];
  /** Largest magnitude among them. */
  readonly largest: number;
}

/** The work of the cores of a chip. */
export interface MeshView {
  /** By core: share of the time that it computed, packets sent and received. */
  readonly busy: readonly number[];
  readonly sent: readonly number[];
  readonly received: readonly number[];
}

/** A frame: the state that the worker shows several times a second. */
export interface Frame {
  /** The number that the run was opened with. */
  readonly run: number;
  readonly part: RunPart;
  readonly running: boolean;
  /** Whether it is the first one since the run began: what was shown before is of another run. */
  readonly isFirst: boolean;
  /** From 0. */
  readonly epoch: number;
  /** Samples done in this part, of how many. */
  readonly done: number;
  readonly total: number;
  /** Samples of the whole run so far. */
  readonly position: number;
  readonly samplesPerSecond: number;
  /** Share of right answers among the latest 500 samples learned, as they were learned. */
  readonly recentAccuracy: number | undefined;
  /** Share of right answers on the whole test set, at the end of the run. */
  readonly testAccuracy: number | undefined;
  /** Whether somebody has taught it a drawing: it is then no longer the run of its design and seed. */
  readonly taught: number;
  /**
   * Samples learnt by designs before it, with whose weights it began: not from the seed then. 0 from the seed.
   */
  readonly carried: number;
  /** What drawings have done that were taught since it stands still. */
  readonly drawings: TaughtView | undefined;
  /** Accuracy on a part of the test set so far: points that are new. */
  readonly points?: readonly AccuracyPoint[] | undefined;
  /** The parts below come in turns; all of them with the first frame, and while it stands still. */
  readonly cost?: CostView | undefined;
  readonly mesh?: MeshView | undefined;
  readonly sample?: SampleView | undefined;
  readonly weights?: WeightsView | undefined;
}

/** Drawings that were taught with no other sample between them. */
export interface TaughtView {
  readonly drawings: number;
  /** Energy of learning them; null where nobody knows it. */
  readonly energyPj: number | null;
  /** Share of right answers on the test set before the first and after the last; undefined until all are asked. */
  readonly before: number | undefined;
  readonly after: number | undefined;
}

export interface AccuracyPoint {
  readonly position: number;
  /** On the latest samples learned, as they were learned. */
  readonly recent: number;
  /** On test samples that it does not learn. */
  readonly heldOut: number | undefined;
  /** Energy so far; null where nobody knows it. */
  readonly energyPj: number | null;
}

/** The view to show. */
export interface Watch {
  /** A projection whose weights are shown; none if absent. */
  readonly weights?: { readonly projection: string; readonly neurons: readonly number[] } | undefined;
  /** The neuron whose fields are followed. */
  readonly neuron?: { readonly population: string; readonly index: number } | undefined;
  /** The test sample that is asked for each picture; a new one each time if absent. */
  readonly sample?: number | undefined;
}

/** Which arrays of a file hold samples, as an experiment names them. */
export type SampleArrays = NonNullable<ExperimentSpec['arrays']>;

/** A design that was made of a dropped file. */
export interface DesignOfFile {
  readonly design: Design;
  /** The parts that are missing, or differ from those of the file. */
  readonly notes: readonly string[];
  /** The fault of the result, which runs all the same. */
  readonly fault?: string | undefined;
  /** The file's description of its run. */
  readonly figures: readonly {
    readonly name: string;
    readonly value: string;
    /** The value in full, where it is shortened. */
    readonly whole?: string | undefined;
  }[];
  /** The arrays of dropped samples that it runs on. */
  readonly arrays?: SampleArrays | undefined;
  /** Of an imported network, the answers in integers to the samples that were compared. */
  readonly answers?: readonly number[] | undefined;
}

/** The functions of the worker. All that takes time is a promise on the page's side. */
export interface Workbench {
  /** Names of the bundled experiments and core models, and all texts by path. */
  catalogue(): Catalogue;
  /** An experiment as it is shown before it is chosen. */
  card(experiment: string): Promise<Outcome<GalleryCard>>;
  /** Compiles a design and starts at its first sample. What ran before runs on if it fails. */
  open(design: Design, options?: OpenOptions): Promise<Outcome<OpenDesign>>;
  /** Takes a design if it means the same as what runs, which goes on; undefined if it does not, or has faults. */
  adopt(design: Design, run: number): Promise<Outcome<OpenDesign> | undefined>;
  play(): void;
  pause(): void;
  /** Runs some samples, then stands still. */
  advance(samples: number): void;
  /** From the first sample again. */
  reset(): void;
  watch(watch: Watch): void;
  /** Asks about a picture of the person's own. */
  ask(picture: Uint8Array): Outcome<SampleView>;
  /** Learns a picture of the person's own. */
  teach(picture: Uint8Array, label: number): Outcome<SampleView>;
  /**
   * SHA-256 of the state, as a report of the command line gives it at the end of a run. Undefined while the run goes
   * on: the page may not have seen yet that it does.
   */
  stateSha256(): string | undefined;
  /** Checks a design without opening it. */
  check(design: Design): Outcome<undefined>;
  /** The design as files that the command line runs. */
  files(): Readonly<Record<string, string | Uint8Array>>;
  /** The core of the design as Verilog, with its bench. */
  verilog(): Promise<Outcome<Readonly<Record<string, string>>>>;
  /**
   * Takes dropped files as the data of the experiments that follow; none to go back to the digits.
   *
   * @param arrays that hold the samples, where an experiment names them
   */
  useData(files: readonly DroppedFile[], arrays?: SampleArrays): Promise<Outcome<string>>;
  /** The design that a report of a run is of. */
  readReport(file: DroppedFile): Promise<Outcome<DesignOfFile>>;
  /** What a graph of NIR says of itself. */
  viewGraph(file: DroppedFile): Promise<Outcome<GraphView>>;
  /** Makes a design of a graph of NIR. */
  readGraph(file: DroppedFile, options: GraphOptions): Promise<Outcome<DesignOfFile>>;
  /** Called for each picture of the run. */
  subscribe(onFrame: (frame: Frame) => void): void;
}

export interface OpenOptions {
  /** Run so many samples, then stand still; nothing with `play`, which runs on. */
  readonly at?: number | undefined;
  readonly play?: boolean | undefined;
  /**
   * A change of what runs: if it means the same, the run goes on. If only texts differ, weights are kept where they
   * have the same shape.
   */
  readonly keep?: boolean | undefined;
  /** A number that its frames bear, so that those of another run are told apart. */
  readonly run?: number | undefined;
}

export interface Catalogue {
  readonly version: string;
  readonly experiments: readonly { readonly name: string; readonly description: string }[];
  readonly cores: readonly { readonly name: string; readonly description: string }[];
  /** Bundled texts by path. */
  readonly texts: Readonly<Record<string, string>>;
}
