import type { Counters, WorkCount } from '../image/index.ts';
import type { SignalPlan } from './plan.ts';

/** About as many bytes as the files of a window take. */
export interface TraceSize {
  readonly vcdBytes: number;
  readonly perfettoBytes: number;
}

/*
 * Bytes of a line. Those of VCD are a number in binary and an identifier, those of Perfetto the keys of an event and
 * its numbers: see the writers.
 */
const bitLine = 3;
const realLine = 14;
const slice = 300;
const unitSlice = 110;
const counterEvent = 85;
const spikeEvent = 95;
const packetEvents = 600;

/**
 * How large the files of a window will be, from what the fast engine has counted in it: everything that they show is
 * counted, but for the values of fields, which are taken to change in each run of a kernel that is not run by a spike.
 *
 * @param timePs of the window
 */
export function estimateSize(
  { cores }: SignalNames,
  { groups, items }: SignalPlan,
  counters: Counters,
  timePs: number,
): TraceSize {
  const sum = (numbers: readonly number[]) => numbers.reduce((all, number) => all + number, 0);
  const shown = (group: Parameters<typeof groups.has>[0], bytes: number) => (groups.has(group) ? bytes : 0);
  const { steps, work, network } = counters;
  const hasFifo = cores.some(({ takes }) => takes !== 'packets');
  const { pushes, pops, drops } = hasFifo ? counters : { pushes: 0, pops: 0, drops: 0 };
  const runs = sum(work.map((count) => count.runs));
  const tiles = sum(work.map((count) => count.tiles));
  const words = sum(work.flatMap(({ reads, writes }) => [...reads, ...writes]));
  const spikes = sum(counters.spikes);
  const values = sum(items.map(({ first, end }) => end - first));
  const looks = Math.min(runs, steps * 8);
  const moment = 2 + Math.log10(timePs + 10);
  const countLine = 4 + Math.log2(words + pushes + spikes + 2);
  const packets = network?.send ?? 0;
  const fifo = pushes + pops + drops + packets;
  const units = sum(
    work.map(({ runs: times }, index) => times * Object.keys(cores[0]?.units[index] ?? {}).length),
  );
  return {
    vcdBytes:
      shown('kernels', runs * 4 * bitLine) +
      runs * 2 * moment +
      shown('banks', Math.min(words, 2.5 * (tiles + runs)) * countLine + tiles * moment) +
      shown('fifo', fifo * (2 * countLine + moment)) +
      shown('spikes', spikes * 2 * countLine) +
      shown('energy', looks * realLine) +
      values * looks * realLine,
    perfettoBytes:
      shown('kernels', runs * slice) +
      shown('units', units * unitSlice) +
      shown('fifo', packets * packetEvents + pushes * counterEvent + pops * (slice / 2 + counterEvent)) +
      shown('spikes', spikes * spikeEvent) +
      shown('energy', looks * 3 * counterEvent) +
      values * looks * realLine,
  };
}

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
  /** So many events wait in the FIFO of a core as a sample begins or goes on, or in a queue of its controller. */
  | { readonly is: 'waiting'; readonly core: number; readonly queue: number; readonly events: number }
  /** So many entries come to a queue of a controller (above 0) or leave it (below); one has found no room (0). */
  | { readonly is: 'queued'; readonly core: number; readonly queue: number; readonly change: number }
  /** A step of the run begins, or an input of a controller, which has a name. */
  | { readonly is: 'step'; readonly step: number; readonly name?: string }
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
  /** Events from a FIFO, packets of a network, or inputs to its controller. */
  readonly takes: 'events' | 'packets' | 'inputs';
  /** Its FIFO, or the queues of its controller. */
  readonly queues: readonly string[];
  readonly work: readonly string[];
  readonly banks: readonly string[];
  /** By piece of work: the units that its tiles keep busy, each with the share of the time. */
  readonly units: readonly Readonly<Record<string, number>>[];
  /** Populations of which it emits spikes. */
  readonly populations: readonly number[];
}
