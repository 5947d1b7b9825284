import { namesInTable, tableByName } from './by-name.ts';

/** Counted in the network of a chip of many cores, as a whole. Times are whole picoseconds, so that sums are exact. */
export const networkCounters = {
  timePs: 'time of all steps: in each phase, of the slowest core or link, and the barrier',
  sendingPs: 'the share of it that was set by cores that compute and send',
  receivingPs: 'the share of it that was set by cores that receive',
  linkPs: 'the share of it that was set by links',
  barrierPs: 'the share of it that is spent at barriers',
  barrier: 'barriers: phases in which cores wait for each other',
  send: 'packets sent to other cores',
  receive: 'packets received, those from the host included',
  tile: 'packets that have crossed the tile of their destination',
  values: 'packets sent that carry a value, not a spike',
  hopX: 'hops along x',
  hopY: 'hops along y',
} as const;

/** What `lost` counts, where packets can be lost. */
export const lostCounter = 'that were lost at their destination, of one that forks at each';

/** Counted in the network for each core. */
export const networkCoreCounters = {
  busyPs: 'time that it computed',
  sent: 'packets that it sent',
  received: 'packets that it received',
} as const;

export type NetworkCounterName = keyof typeof networkCounters;
export type NetworkCoreCounterName = keyof typeof networkCoreCounters;

/** The counts of a chip's network. */
export interface NetworkCounts
  extends Readonly<Record<NetworkCounterName, number>>,
    Readonly<Record<NetworkCoreCounterName, readonly number[]>> {
  /** Packets that have passed each link, by its number. */
  readonly loads: readonly number[];
  /** {@link lostCounter}; present only where packets can be. */
  readonly lost?: number;
}

const names = namesInTable(networkCounters);
const coreNames = namesInTable(networkCoreCounters);

/** One value for each count of a network as a whole, by name and in table order, and one for each count by core. */
export function byNetworkCounter<T, ByCore>(
  make: () => T,
  makeByCore: () => ByCore,
): Record<NetworkCounterName, T> & Record<NetworkCoreCounterName, ByCore> {
  return { ...tableByName(names, make), ...tableByName(coreNames, makeByCore) };
}

interface CountsWithNetwork {
  readonly network?: NetworkCounts;
}

/** Combines the networks' part of the counts of two runs; nothing without a network. */
export function combineNetworks(
  { network: a }: CountsWithNetwork,
  { network: b }: CountsWithNetwork,
  join: (x: number, y: number) => number,
): CountsWithNetwork {
  const only = a ?? b;
  if (only === undefined) return {};
  if (a === undefined || b === undefined) return { network: only };
  const lists = (x: readonly number[], y: readonly number[]): number[] =>
    x.map((value, index) => join(value, y[index] ?? 0));
  return {
    network: {
      ...tableByName(names, (name) => join(a[name], b[name])),
      ...tableByName(coreNames, (name) => lists(a[name], b[name])),
      loads: lists(a.loads, b.loads),
      ...(a.lost !== undefined && b.lost !== undefined && { lost: join(a.lost, b.lost) }),
    },
  };
}
