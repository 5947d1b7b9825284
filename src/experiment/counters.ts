import type { Counters } from '../hardware/index.ts';
import type { Image } from '../image/index.ts';

/** Counts of nothing yet. */
export function noCounts(image: Image): Counters {
  const byBank = image.banks.map(() => 0);
  return {
    work: image.work.map(() => ({
      runs: 0,
      passes: 0,
      tiles: 0,
      items: 0,
      scannedTiles: 0,
      reads: byBank,
      writes: byBank,
    })),
    spikes: image.populations.map(() => 0),
    pushes: 0,
    pops: 0,
    drops: 0,
    stalls: 0,
    samples: 0,
    steps: 0,
  };
}

/** The sum of two runs' counts. */
export function addCounts(a: Counters, b: Counters): Counters {
  return combine(a, b, (x, y) => x + y);
}

/** What was counted since an earlier reading. */
export function countsSince(now: Counters, earlier: Counters): Counters {
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
        runs: join(count.runs, other.runs),
        passes: join(count.passes, other.passes),
        tiles: join(count.tiles, other.tiles),
        items: join(count.items, other.items),
        scannedTiles: join(count.scannedTiles, other.scannedTiles),
        reads: lists(count.reads, other.reads),
        writes: lists(count.writes, other.writes),
      };
    }),
    spikes: lists(a.spikes, b.spikes),
    pushes: join(a.pushes, b.pushes),
    pops: join(a.pops, b.pops),
    drops: join(a.drops, b.drops),
    stalls: join(a.stalls, b.stalls),
    samples: join(a.samples, b.samples),
    steps: join(a.steps, b.steps),
    ...(a.cycles === undefined && b.cycles === undefined
      ? {}
      : { cycles: join(a.cycles ?? 0, b.cycles ?? 0) }),
  };
}
