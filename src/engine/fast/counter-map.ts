import type { Counters, WorkCount } from '../../hardware/index.ts';
import { type BoundKernel, type Image, type Layout, layoutOf, loadsOf, storesOf } from '../../image/index.ts';
import { operationNamed, type Role } from '../../microcode/index.ts';
import { populationColumns } from './columns.ts';
import { type Count, type Measure, mapSegmentCounters, type SegmentCounters } from './segment-counters.ts';
import { segmentationOf } from './segments.ts';

/** What a kernel touches of one layout, and the counter of its predicated loads. */
export interface CountedAccess {
  readonly layout: number;
  readonly bank: number;
  readonly itemsPerWord: number;
  readonly ofPre: boolean;
  readonly ofSyn: boolean;
  /** Under which its words are counted in a walk over segments. */
  readonly measure: Measure;
  readonly isWrite: boolean;
  /** Slot of the words that were read or written where predicates held; undefined when every visit does. */
  readonly predicated: number | undefined;
}

/** Where a module counts a kernel's work, and what follows from those counts. */
export interface KernelCounters {
  readonly runs: number;
  /** Slots that exist only where the counts depend on gates. */
  readonly passes: number | undefined;
  readonly gated:
    | {
        readonly tiles: number;
        readonly items: number;
        /** For each number of items to a word: the slot of the words touched. */
        readonly words: ReadonlyMap<number, number>;
      }
    | undefined;
  readonly accesses: readonly CountedAccess[];
  /** Columns of a row that no gate shortens, and how many rows a pass has. */
  readonly columns: number;
  readonly rowsOfPass: number;
  /** Passes of a run that no gate shortens. */
  readonly rows: number;
  /** Where the rows of the projection are cut into segments. */
  readonly segments: SegmentCounters | undefined;
}

/** Slots of the 64-bit counters in the linear memory, in the order in which they lie there. */
export interface CounterMap {
  readonly slots: number;
  readonly pushes: number;
  readonly pops: number;
  readonly drops: number;
  readonly stalls: number;
  readonly samples: number;
  readonly steps: number;
  readonly spikes: readonly number[];
  readonly kernels: readonly KernelCounters[];
  /** Runs of clears and tests, by piece of work less the number of kernels. */
  readonly sweeps: readonly number[];
}

export function mapCounters(image: Image): CounterMap {
  let next = 0;
  const slot = (): number => next++;
  const map = {
    pushes: slot(),
    pops: slot(),
    drops: slot(),
    stalls: slot(),
    samples: slot(),
    steps: slot(),
    spikes: image.populations.map(slot),
    kernels: image.kernels.map((kernel) => mapKernel(kernel, image, slot)),
    sweeps: image.work.slice(image.kernels.length).map(slot),
  };
  return { ...map, slots: next };
}

function mapKernel(kernel: BoundKernel, image: Image, slot: () => number): KernelCounters {
  const accesses: CountedAccess[] = [];
  const describe = (layout: number, role: Role) => {
    const { bank, itemsPerWord } = image.layouts[layout] as Layout;
    const measure: Measure = `${role === 'syn' ? 'syn' : 'post'} ${itemsPerWord}`;
    return { layout, bank, itemsPerWord, measure, ofPre: role === 'pre', ofSyn: role === 'syn' };
  };
  for (const { role, layout } of loadsOf(kernel, image.fields)) {
    const predicated = isAlways('load', kernel, image, role, layout) ? undefined : slot();
    accesses.push({ ...describe(layout, role), isWrite: false, predicated });
  }
  for (const { role, layout, readsFirst } of storesOf(kernel, image)) {
    const predicated = isAlways('store', kernel, image, role, layout) ? undefined : slot();
    const access = { ...describe(layout, role), predicated };
    accesses.push({ ...access, isWrite: true });
    // What is read first is counted as it is written.
    if (readsFirst) accesses.push({ ...access, isWrite: false });
  }
  const isGated = kernel.columnGate !== undefined;
  const perItem = accesses.filter(({ ofPre }) => !ofPre);
  const runs = slot();
  const segmentation = segmentationOf(kernel, image);
  if (segmentation !== undefined) {
    const rows = kernel.domain === 'row' ? 'one' : kernel.rowGate === undefined ? 'all' : 'some';
    const walk = { segmentation, lanes: image.machine.lanes, isGated, rows } as const;
    const words = perItem.map(({ measure }) => measure);
    const segments = mapSegmentCounters(walk, words, runs, slot);
    const { passes } = segments;
    return { runs, passes, gated: undefined, accesses, rows: 0, columns: 0, rowsOfPass: 0, segments };
  }
  const widths = [...new Set(perItem.map(({ itemsPerWord }) => itemsPerWord))];
  return {
    runs,
    passes: isGated || kernel.rowGate !== undefined ? slot() : undefined,
    gated: isGated
      ? { tiles: slot(), items: slot(), words: new Map(widths.map((itemsPerWord) => [itemsPerWord, slot()])) }
      : undefined,
    accesses,
    ...extentOf(kernel, image),
    segments: undefined,
  };
}

/** How many passes a run has that no gate shortens, of how many rows and columns; by columns, all rows and columns. */
function extentOf(
  kernel: BoundKernel,
  image: Image,
): Pick<KernelCounters, 'rows' | 'rowsOfPass' | 'columns'> {
  const columns = populationColumns(kernel, image);
  const projection = image.projections[kernel.projection ?? -1];
  switch (kernel.domain) {
    case 'neuron':
    case 'synapse':
      return { rows: 1, rowsOfPass: 1, columns: 1 };
    case 'neurons':
    case 'row':
      return { rows: 1, rowsOfPass: 1, columns };
    case 'synapses':
      return {
        rows: kernel.rows ?? image.populations[projection?.source ?? -1]?.size ?? 0,
        rowsOfPass: 1,
        columns,
      };
    case 'weights': {
      const { weightRows = 0, weightRowLength = 0 } = projection ?? {};
      return { rows: weightRows > 0 ? 1 : 0, rowsOfPass: weightRows, columns: weightRowLength };
    }
  }
}

/** Whether some load (or store, or reduce) of a layout has no predicate, so that every visit touches it. */
function isAlways(
  does: 'load' | 'store',
  kernel: BoundKernel,
  image: Image,
  role: string,
  layout: number,
): boolean {
  return kernel.code.some(({ mnemonic, operands }) => {
    const operand = operands[1];
    const { effect } = operationNamed(mnemonic);
    const isSuch =
      does === 'store' && effect.does === 'reduce' ? true : effect.does === does && !effect.predicated;
    if (!isSuch || operand?.is !== 'field' || operand.role !== role) return false;
    const field = image.fields[operand.field];
    const stored = field?.layout === undefined ? image.fields[field?.view?.of ?? -1] : field;
    const view = does === 'store' ? image.fields[field?.storedView ?? -1] : undefined;
    return stored?.layout === layout || view?.layout === layout;
  });
}

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
    pushes: at(map.pushes),
    pops: at(map.pops),
    drops: at(map.drops),
    stalls: at(map.stalls),
    samples: at(map.samples),
    steps: at(map.steps),
  };
}

function readKernel(
  image: Image,
  counters: KernelCounters,
  kernel: BoundKernel,
  at: (slot: number) => number,
): WorkCount {
  const { lanes } = image.machine;
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
  const { lanes } = image.machine;
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
  const reads = image.banks.map(() => 0);
  const writes = image.banks.map(() => 0);
  const cost = sweepOf(image, work);
  for (const [bank, words] of cost.reads) reads[bank] = (reads[bank] ?? 0) + words * runs;
  for (const [bank, words] of cost.writes) writes[bank] = (writes[bank] ?? 0) + words * runs;
  return {
    runs,
    passes: 0,
    tiles: cost.tiles * runs,
    items: 0,
    scannedTiles: cost.scannedTiles * runs,
    reads,
    writes,
  };
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
      cost.scannedTiles += Math.ceil(field.count / image.machine.lanes);
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
