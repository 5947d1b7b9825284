import { addAt } from '../text/index.ts';
import { namesInTable, tableByName } from './by-name.ts';
import { combineNetworks, type NetworkCounts } from './network-counts.ts';

/**
 * The counters of a core. Counts depend only on events outside the registers: rows and tiles visited, active items,
 * words touched, spikes emitted, FIFO traffic. Both engines count the same. All counts are whole numbers below 2^53.
 *
 * To add a counter, add a line to one of the four tables below, and count it in both engines.
 */

/** Counted for each piece of work: a bound kernel, a clear or a test. */
export const workCounters = {
  runs: 'times it was started',
  passes: 'rows visited, or one for each pass over a population',
  tiles: 'tiles visited',
  items: 'active items in the visited tiles',
  closedRows: 'rows of segments that were looked up, and in which no tile was open',
  closedTiles: 'tiles of segments that were looked up and closed; a row without a tile counts as one',
  suspensions: 'tiles that had to wait for the full FIFO before they went on',
  scannedTiles: 'tiles scanned to make the masks of its gates',
} as const;

/** Counted for each piece of work and each bank. */
export const accessCounters = {
  reads: 'words read',
  writes: 'words written',
} as const;

/** Counted at the FIFO of events. */
export const fifoCounters = {
  pushes: 'events that entered the FIFO',
  pops: 'events that left the FIFO and were served',
  drops: 'events lost because the FIFO was full',
  stalls: 'times a push waited for the head of a full FIFO to be served',
} as const;

/** Counted for the core as a whole. */
const coreCounters = {
  ...fifoCounters,
  samples: 'samples started',
  steps: 'time steps',
} as const;

export type WorkCounterName = keyof typeof workCounters;
export type AccessCounterName = keyof typeof accessCounters;
export type FifoCounterName = keyof typeof fifoCounters;
export type CoreCounterName = keyof typeof coreCounters;

const workNames = namesInTable(workCounters);
/** The names of the counters of the FIFO, in table order. */
export const fifoCounterNames = namesInTable(fifoCounters);
const accessNames = namesInTable(accessCounters);
const coreNames = namesInTable(coreCounters);

/** Events still in the FIFO when a sample ended: neither served nor dropped. */
export function leftInFifo({ pushes, pops }: Pick<Counters, 'pushes' | 'pops'>): number {
  return pushes - pops;
}

/** The counters of the FIFO alone. */
export function fifoCounts(counters: Counters): Readonly<Record<keyof typeof fifoCounters, number>> {
  return tableByName(namesInTable(fifoCounters), (name) => counters[name]);
}

/** The counts of one piece of work. */
export type WorkCount = Readonly<Record<WorkCounterName, number>> &
  Readonly<Record<AccessCounterName, readonly number[]>>;

/** The counts of a core. */
export interface Counters extends Readonly<Record<CoreCounterName, number>> {
  /** By piece of work, in the order of the image. */
  readonly work: readonly WorkCount[];
  /** Spikes emitted, by population; for the input, spikes supplied from outside. */
  readonly spikes: readonly number[];
  /** Cells of items that have flipped, over all draws of those that do; present only where cells flip. */
  readonly flips?: number;
  /** Clock cycles passed, including stalls and waits; present only if the core's controller counts them. */
  readonly cycles?: number;
  /** Traffic between cores; present only on a chip of many cores. */
  readonly network?: NetworkCounts;
}

/** Counts that are still being updated. */
export type WorkTally = Record<WorkCounterName, number> & Record<AccessCounterName, number[]>;
export interface Tally extends Record<CoreCounterName, number> {
  readonly work: readonly WorkTally[];
  readonly spikes: number[];
}

/** The parts of an image that determine the lengths of its counters. */
interface CounterSizes {
  readonly work: readonly unknown[];
  readonly populations: readonly unknown[];
  readonly banks: readonly unknown[];
}

/** Counters that are all zero. */
export function noCounts({ work, populations, banks }: CounterSizes): Tally {
  return {
    work: work.map(() => noWork(banks.length)),
    spikes: populations.map(() => 0),
    ...byCoreCounter(() => 0),
  };
}

/** The counts of a piece of work that has not run. */
export function noWork(banks: number): WorkTally {
  return byWorkCounter(
    () => 0,
    () => new Array<number>(banks).fill(0),
  );
}

/** One value for each counter of the core, by name and in table order. */
export function byCoreCounter<T>(make: (name: CoreCounterName) => T): Record<CoreCounterName, T> {
  return tableByName(coreNames, make);
}

/** One value for each counter of the FIFO, by name and in table order. */
export function byFifoCounter<T>(make: (name: FifoCounterName) => T): Record<FifoCounterName, T> {
  return tableByName(fifoCounterNames, make);
}

/** One value for each counter of a piece of work, and one for each that it has by bank. */
export function byWorkCounter<T, ByBank>(
  make: () => T,
  makeByBank: () => ByBank,
): Record<WorkCounterName, T> & Record<AccessCounterName, ByBank> {
  return { ...tableByName(workNames, make), ...tableByName(accessNames, makeByBank) };
}

/** The running counts of one piece of work. */
export function tallyOf(tally: Tally, work: number): WorkTally {
  const count = tally.work[work];
  if (count === undefined) throw new Error(`no piece of work ${work}`);
  return count;
}

/** Adds the counts of a number of runs of equal cost to a piece of work. */
export function addRuns(tally: WorkTally, { reads, writes, ...run }: WorkCount, runs = 1): void {
  for (const name of workNames) tally[name] += runs * run[name];
  for (const [bank, words] of reads.entries()) addAt(tally.reads, bank, runs * words);
  for (const [bank, words] of writes.entries()) addAt(tally.writes, bank, runs * words);
}

/** Sets all counts to zero, in place. */
export function resetCounts(tally: Tally): void {
  for (const count of tally.work) {
    for (const name of workNames) count[name] = 0;
    for (const name of accessNames) count[name].fill(0);
  }
  tally.spikes.fill(0);
  for (const name of coreNames) tally[name] = 0;
}

/** Continues from earlier counts, in place. */
export function setCounts(tally: Tally, { work, spikes, ...core }: Counters): void {
  for (const [index, counts] of work.entries()) {
    const count = tallyOf(tally, index);
    for (const name of workNames) count[name] = counts[name];
    for (const name of accessNames) count[name].splice(0, counts[name].length, ...counts[name]);
  }
  tally.spikes.splice(0, spikes.length, ...spikes);
  for (const name of coreNames) tally[name] = core[name];
}

/** A snapshot of the counts; it does not change when the tally grows. */
export function copyCounts(counters: Counters): Counters {
  return combine(counters, counters, (now) => now);
}

/** The sum of two runs' counts. */
export function addCounts(a: Counters, b: Counters): Counters {
  return combine(a, b, (x, y) => x + y);
}

/** The counts between two moments. */
export function countsSince(earlier: Counters, now: Counters): Counters {
  return combine(now, earlier, (x, y) => x - y);
}

function combine(a: Counters, b: Counters, join: (x: number, y: number) => number): Counters {
  const lists = (x: readonly number[], y: readonly number[]) =>
    x.map((value, index) => join(value, y[index] ?? 0));
  return {
    work: a.work.map((count, index) => {
      const other = b.work[index];
      if (other === undefined) throw new Error('counters of two different images');
      return {
        ...tableByName(workNames, (name) => join(count[name], other[name])),
        ...tableByName(accessNames, (name) => lists(count[name], other[name])),
      };
    }),
    spikes: lists(a.spikes, b.spikes),
    ...byCoreCounter((name) => join(a[name], b[name])),
    ...(a.cycles === undefined && b.cycles === undefined
      ? {}
      : { cycles: join(a.cycles ?? 0, b.cycles ?? 0) }),
    ...(a.flips === undefined && b.flips === undefined ? {} : { flips: join(a.flips ?? 0, b.flips ?? 0) }),
    ...combineNetworks(a, b, join),
  };
}
