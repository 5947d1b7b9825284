import {
  addAt,
  type BoundKernel,
  byCoreCounter,
  type Counters,
  type Image,
  type Layout,
  layoutOf,
  noWork,
  type WorkCount,
} from '../../../../image/index.ts';
import type { CounterMap, KernelCounters } from './counter-map.ts';
import type { Count, Measure } from './segment-counters.ts';

/** Makes the counters of a run from the slots. Whatever gates do not change follows from how often things ran. */
export function readCounters(image: Image, map: CounterMap, slots: BigInt64Array): Counters {
  const at = (slot: number): number => Number(slots[slot] ?? 0n);
  return {
    work: [
      ...map.kernels.map((kernel, index) =>
        readKernel(image, kernel, image.kernels[index] as BoundKernel, at),
      ),
      ...map.sweeps.map((slot, index) => readSweep(image, image.kernels.length + index, at(slot))),
    ],
    spikes: map.spikes.map(at),
    ...byCoreCounter((name) => at(map[name])),
  };
}

function readKernel(
  image: Image,
  counters: KernelCounters,
  kernel: BoundKernel,
  at: (slot: number) => number,
): WorkCount {
  const { lanes } = image.core;
  const runs = at(counters.runs);
  if (kernel.order === 'columns') return readByColumns(image, counters, runs, at);
  const { gated, columns, rowsOfPass, segments } = counters;
  const count = ({ slot, factor }: Count): number => factor * at(slot);
  const measured = (measure: Measure): number =>
    count(segments?.counts.get(measure) ?? { slot: 0, factor: 0 });
  const passes =
    segments !== undefined
      ? count(segments.countOfPasses)
      : counters.passes === undefined
        ? runs * counters.rows
        : at(counters.passes);
  const reads = image.banks.map(() => 0);
  const writes = image.banks.map(() => 0);
  for (const { bank, itemsPerWord, ofPre, measure, isWrite, predicated } of counters.accesses) {
    const wordsOf = (): number => {
      if (predicated !== undefined) return at(predicated);
      if (ofPre) return passes;
      if (segments !== undefined) return measured(measure);
      if (gated !== undefined) return at(gated.words.get(itemsPerWord) ?? -1);
      return passes * rowsOfPass * Math.ceil(columns / itemsPerWord);
    };
    const counts = isWrite ? writes : reads;
    counts[bank] = (counts[bank] ?? 0) + wordsOf();
  }
  let scannedTiles = 0;
  for (const gate of [kernel.rowGate, kernel.columnGate]) {
    const field = gate === undefined ? undefined : image.fields[gate];
    if (field === undefined) continue;
    const layout = layoutOf(image, field);
    scannedTiles += runs * Math.ceil(field.count / lanes);
    reads[layout.bank] = (reads[layout.bank] ?? 0) + runs * layout.rows * layout.wordsPerRow;
  }
  const ungated = passes * rowsOfPass;
  const [tiles, items] =
    segments !== undefined
      ? [measured('tiles'), measured('items')]
      : gated !== undefined
        ? [at(gated.tiles), at(gated.items)]
        : [ungated * Math.ceil(columns / lanes), ungated * columns];
  return { runs, passes, tiles, items, scannedTiles, reads, writes };
}

/** By columns: a pass is a tile of them over all rows; words of its columns and of the rows count once a pass. */
function readByColumns(
  image: Image,
  { accesses, columns, rows }: KernelCounters,
  runs: number,
  at: (slot: number) => number,
): WorkCount {
  const { lanes } = image.core;
  const tiles = Array.from({ length: Math.ceil(columns / lanes) }, (_, tile) => lanes * tile);
  const reads = image.banks.map(() => 0);
  const writes = image.banks.map(() => 0);
  for (const { bank, itemsPerWord, ofPre, ofSyn, isWrite, predicated } of accesses) {
    const ofColumns = tiles.reduce((sum, from) => {
      const last = Math.min(from + lanes, columns) - 1;
      return sum + Math.floor(last / itemsPerWord) - Math.floor(from / itemsPerWord) + 1;
    }, 0);
    const ofRows = tiles.length * Math.ceil(rows / itemsPerWord);
    const words = runs * (ofPre ? ofRows : ofSyn ? ofColumns * rows : ofColumns);
    const counts = isWrite ? writes : reads;
    counts[bank] = (counts[bank] ?? 0) + (predicated === undefined ? words : at(predicated));
  }
  return {
    runs,
    passes: runs * tiles.length,
    tiles: runs * tiles.length * rows,
    items: runs * columns * rows,
    scannedTiles: 0,
    reads,
    writes,
  };
}

function readSweep(image: Image, work: number, runs: number): WorkCount {
  const count = noWork(image.banks.length);
  const cost = sweepOf(image, work);
  for (const [bank, words] of cost.reads) addAt(count.reads, bank, words * runs);
  for (const [bank, words] of cost.writes) addAt(count.writes, bank, words * runs);
  return { ...count, runs, tiles: cost.tiles * runs, scannedTiles: cost.scannedTiles * runs };
}

interface SweepCost {
  tiles: number;
  scannedTiles: number;
  readonly reads: Map<number, number>;
  readonly writes: Map<number, number>;
}

/** What one run of a clear or a test counts: see the reference engine. */
function sweepOf(image: Image, work: number): SweepCost {
  const cost: SweepCost = { tiles: 0, scannedTiles: 0, reads: new Map(), writes: new Map() };
  const add = (to: Map<number, number>, bank: number, words: number): void => {
    to.set(bank, (to.get(bank) ?? 0) + words);
  };
  const action = allActions(image).find((candidate) => 'work' in candidate && candidate.work === work);
  if (action?.does === 'clear') {
    const cleared = new Map<number, number>();
    for (const index of action.fields) {
      const field = image.fields[index];
      if (field?.layout !== undefined)
        cleared.set(field.layout, (cleared.get(field.layout) ?? 0) + field.bits);
    }
    for (const [index, bits] of cleared) {
      const layout = image.layouts[index] as Layout;
      const words = layout.rows * layout.wordsPerRow;
      cost.tiles += words;
      add(cost.writes, layout.bank, words);
      if (bits < layout.itemBits && image.banks[layout.bank]?.bitMask === false)
        add(cost.reads, layout.bank, words);
    }
  }
  if (action?.does === 'stop-unless-any') {
    const field = image.fields[action.field];
    if (field !== undefined) {
      const layout = layoutOf(image, field);
      cost.scannedTiles += Math.ceil(field.count / image.core.lanes);
      add(cost.reads, layout.bank, layout.rows * layout.wordsPerRow);
    }
  }
  return cost;
}

function allActions(image: Image) {
  const { sample, tick, spike, previousSpike, named } = image.events;
  const flatten = (actions: Image['events']['tick']): Image['events']['tick'][number][] =>
    actions.flatMap((action) => (action.does === 'group' ? flatten(action.actions) : [action]));
  return flatten([
    ...sample,
    ...tick,
    ...spike.flat(),
    ...previousSpike.flat(),
    ...named.flatMap(({ actions }) => actions),
  ]);
}
