import type { CoreArea } from './area.ts';
import { costClasses, type OtherShape, type SourceFigures, type StatedCost } from './model.ts';

/** What operations are charged to: the classes of a lane's units, and what every instruction takes besides. */
export const chargedUnits = [...costClasses, 'registers', 'fetch', 'control'] as const;

/** An operation that a piece of work performs on each slot, or once for each run or pass. */
export interface OperationCost {
  readonly class: (typeof chargedUnits)[number];
  readonly arithmetic: 'integer' | 'float32';
  readonly widthBits: number;
  readonly count: number;
  /** Energy of one operation. */
  readonly energyPj: number;
  /** The name of the energy's source. */
  readonly source: string;
}

/** The costs of one piece of work, fixed when the image is compiled. */
export interface WorkCost {
  /** Cycles from one tile to the next. */
  readonly intervalCycles: number;
  /** The resource that sets the interval: `issue` (one tile a cycle), a class of units, or a bank's ports. */
  readonly boundBy: string;
  /** For each resource, the share of the interval that it is busy in a full-width tile. */
  readonly utilisation: Readonly<Record<string, number>>;
  readonly runCycles: number;
  readonly passCycles: number;
  /** Whether idle lanes of a visited tile spend energy (`slots`) or are clock-gated (`items`). */
  readonly spendsBy: 'slots' | 'items';
  readonly perSlot: readonly OperationCost[];
  readonly perRun: readonly OperationCost[];
  readonly perPass: readonly OperationCost[];
  readonly perScannedTile: readonly OperationCost[];
  /** Present if the hw-model states the kernel's cost, which then replaces interval and operations. */
  readonly stated?: Omit<StatedCost, 'source'> & { readonly source: string };
}

/** What the network of a chip spends energy on. */
export const networkEvents = ['send', 'receive', 'tile', 'hopX', 'hopY', 'barrier'] as const;
export type NetworkEvent = (typeof networkEvents)[number];

/** What the network between the cores of a chip costs. */
export interface NetworkCost {
  /** Name of the cost set. */
  readonly costSet: string;
  /** Cores of the chip, those that hold nothing included: all of them leak. */
  readonly cores: number;
  readonly events: Readonly<Record<NetworkEvent, { readonly energyPj: number; readonly source: string }>>;
}

/** Everything that turns counts into cycles and energy, with the area that spends it. Figures name their sources. */
export interface CostTable extends SourceFigures {
  readonly clockMhz: number;
  readonly lanes: number;
  readonly work: readonly WorkCost[];
  readonly banks: readonly {
    readonly name: string;
    readonly readPj: number;
    readonly writePj: number;
    readonly leakUw: number;
    readonly sources: Readonly<Record<'readPj' | 'writePj' | 'leakUw', string>>;
  }[];
  readonly router: {
    readonly pushPj: number;
    readonly popPj: number;
    readonly sources: Readonly<Record<'pushPj' | 'popPj', string>>;
  };
  /** The area of a core; on a chip of many, each has it. */
  readonly area: CoreArea;
  /** Cycles for each event taken from the FIFO. */
  readonly eventCycles: number;
  readonly staticPower: { readonly powerUw: number; readonly source: string };
  readonly clockPower?: { readonly uwPerMhz: number; readonly source: string };
  /** Present if the image is that of a chip of many cores. */
  readonly network?: NetworkCost;
  /** The energies, powers and areas above that were stated for another shape; present only if there are any. */
  readonly otherShapes?: readonly OtherShape[];
  /** Banks that may not keep up with the clock; present only if there are any. */
  readonly clockRemarks?: readonly string[];
}
