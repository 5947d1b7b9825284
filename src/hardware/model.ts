import type { ControllerData } from '../control/index.ts';
import type { SourceModule } from '../text/index.ts';
import type { Activity } from './activity.ts';
import type { Bank } from './banks.ts';
import type { ChipModel } from './chip-model.ts';
import type { Control } from './control.ts';
import type { FaultModel } from './faults.ts';
import type { FpgaPart } from './fpga.ts';
import type { Generator } from './generators.ts';
import type { MappingRules } from './mapping/index.ts';
import type { MicrocodeLimits } from './microcode.ts';
import type { OtherShape } from './other-shapes.ts';
import type { Router } from './router.ts';
import type { Interval, Source, SourceKind } from './source.ts';
import type { Fetch, Registers, UnitsOfLane } from './units.ts';
import type { Arithmetic } from './values.ts';

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
  /** Between which true times lie, as factors; absent where they are exact. */
  readonly timeInterval?: Interval;
  /** Time from one time step to the next; absent where steps follow one another at once. */
  readonly stepPeriodUs?: number | undefined;
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
  /** Whether items lie side by side in words, or as far apart as a power of two of their bits. */
  readonly align: 'items' | 'lanes';
  readonly columnGate: 'skip-tile' | 'clock';
  /** A program in the core, or a pipeline for each kernel, without instructions and registers. */
  readonly sequencer: 'microcode' | 'hardwired';
  /** What of it holds microcode, as far as it is limited; undefined on a hard-wired core. */
  readonly microcode: MicrocodeLimits | undefined;
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
  readonly operations: Readonly<Record<Arithmetic, UnitsOfLane>>;
  /** Undefined if they cost nothing, as on a hard-wired core. */
  readonly registers: Registers | undefined;
  /** Undefined if it costs nothing, as on a hard-wired core. */
  readonly fetch: Fetch | undefined;
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
  readonly control: Control;
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
