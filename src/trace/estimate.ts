import type { Counters } from '../image/index.ts';
import type { SignalPlan } from './plan.ts';
import type { SignalNames } from './timeline.ts';

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
  const hasFifo = cores.some(({ takes }) => takes === 'events');
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
