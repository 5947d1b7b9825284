import type { WorkCount } from '../image/index.ts';

/**
 * What a machine does in a window, one thing after the other in the order of time. Times are picoseconds since the
 * window began. Cores, pieces of work, banks, populations and fields are named by index: see {@link SignalNames}.
 */
export type TimelineEvent = { readonly ps: number } & (
  | {
      readonly is: 'sample';
      readonly sample: number;
      readonly label: number;
      readonly learn: boolean;
    }
  /** So many events wait in the FIFO of a core as a sample begins or goes on. */
  | { readonly is: 'waiting'; readonly core: number; readonly events: number }
  /** A step of the run begins. */
  | { readonly is: 'step'; readonly step: number }
  /** A piece of work begins, for the spike of a neuron or for none (-1). What ran before it is suspended. */
  | { readonly is: 'began'; readonly core: number; readonly work: number; readonly neuron: number }
  /** A kernel has visited a tile. `reads` and `writes` are the words of the core in the window, by bank. */
  | ({ readonly is: 'accessed'; readonly core: number } & Accesses)
  /** A piece of work has ended. `count` is what it did itself, `own` its time without what interrupted it. */
  | ({
      readonly is: 'ended';
      readonly core: number;
      readonly work: number;
      readonly neuron: number;
      readonly beganPs: number;
      readonly ownPs: number;
      readonly count: WorkCount;
    } & Accesses)
  | {
      readonly is: 'pushed' | 'dropped';
      readonly core: number;
      readonly population: number;
      readonly neuron: number;
    }
  /** An event has left the FIFO, which has taken until now. */
  | {
      readonly is: 'popped';
      readonly core: number;
      readonly population: number;
      readonly neuron: number;
      readonly beganPs: number;
    }
  | {
      readonly is: 'spike';
      readonly core: number | undefined;
      readonly population: number;
      readonly neuron: number;
    }
  /** Values of chosen items, of a field by its place in the plan, after what may have changed them. */
  | { readonly is: 'values'; readonly place: number; readonly values: Float64Array }
  /** The energy spent since the window began, by unit. */
  | { readonly is: 'energy'; readonly byUnit: Readonly<Record<string, number>>; readonly totalPj: number }
  /** Packets of one kind that a core has sent to another in a phase, and when the last of them was taken. */
  | {
      readonly is: 'packets';
      readonly from: number;
      readonly to: number;
      readonly packets: number;
      readonly arrivedPs: number;
    }
  /** All cores have waited for each other. */
  | { readonly is: 'barrier'; readonly setBy: string }
  | { readonly is: 'end' }
);

export interface Accesses {
  readonly reads: readonly number[];
  readonly writes: readonly number[];
}

/** Takes a timeline and writes it. */
export type TimelineSink = (event: TimelineEvent) => void;

/** The names of what a timeline is about. */
export interface SignalNames {
  readonly program: string;
  readonly hwModel: string;
  readonly clockMhz: number;
  readonly cores: readonly CoreNames[];
  readonly populations: readonly string[];
}

export interface CoreNames {
  /** Its number on the chip; undefined where that has no other. */
  readonly number: number | undefined;
  /** Events from a FIFO, or packets of a network. */
  readonly takes: 'events' | 'packets';
  readonly work: readonly string[];
  readonly banks: readonly string[];
  /** By piece of work: the units that its tiles keep busy, each with the share of the time. */
  readonly units: readonly Readonly<Record<string, number>>[];
  /** Populations of which it emits spikes. */
  readonly populations: readonly number[];
}
