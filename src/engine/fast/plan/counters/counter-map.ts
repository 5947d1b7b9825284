import {
  addRuns,
  allLists,
  type BoundKernel,
  byCoreCounter,
  type CoreCounterName,
  type CoreImage,
  type Counters,
  countOfPass,
  type FieldPass,
  factsOf,
  layoutOf,
  loadedField,
  loadsOf,
  mostWordsOfTile,
  noWork,
  plainActions,
  type StoredAccess,
  storesOf,
  takesOf,
  type WorkCount,
} from '../../../../image/index.ts';
import { operationNamed } from '../../../../isa/index.ts';
import { addAt, at } from '../../../../text/index.ts';
import { populationColumns } from '../analysis/columns.ts';
import { type Segmentation, segmentationOf } from '../analysis/segments.ts';
import {
  countedParts,
  type Measure,
  mapTileCounters,
  readWork,
  totalsOfSegments,
  totalsOfTiles,
  type WordMeasure,
  type WorkCounters,
} from './work-counters.ts';

/** A kernel's reads or writes of one layout. */
export interface CountedAccess {
  readonly bank: number;
  /** The measure of its words. */
  readonly measure: Measure;
  /** How often it takes them: of a field with positions, once for each. */
  readonly times: number;
  readonly isWrite: boolean;
  /** Undefined where every visit touches it. */
  readonly predicated: PredicatedAccess | undefined;
}

/** Reads or writes that happen only where the predicate of one of some lines holds. */
export interface PredicatedAccess {
  readonly lines: readonly number[];
  /** The first of the slots of visits where one holds; with a column gate, the slot of the words touched there. */
  readonly slot: number;
}

/** The places where a module counts a kernel's work, and how its counters follow from them. */
export interface KernelCounters {
  readonly runs: number;
  /** Undefined where no tile waits for the FIFO. */
  readonly suspensions: number | undefined;
  readonly accesses: readonly CountedAccess[];
  readonly work: WorkCounters;
}

/** Slots of the 64-bit counters in the linear memory, in the order in which they lie there. */
export interface CounterMap extends Readonly<Record<CoreCounterName, number>> {
  readonly slots: number;
  readonly spikes: readonly number[];
  readonly kernels: readonly KernelCounters[];
  /** Runs of clears and tests, by piece of work less the number of kernels. */
  readonly fieldPasses: readonly number[];
}

export function mapCounters(
  image: CoreImage,
  segmentations: readonly (Segmentation | undefined)[],
): CounterMap {
  let next = 0;
  const take = (slots: number): number => {
    next += slots;
    return next - slots;
  };
  const slot = (): number => take(1);
  const map = {
    ...byCoreCounter(slot),
    spikes: image.populations.map(slot),
    kernels: image.kernels.map((kernel) => mapKernel(kernel, image, segmentations, take)),
    fieldPasses: image.work.slice(image.kernels.length).map(slot),
  };
  return { ...map, slots: next };
}

function mapKernel(
  kernel: BoundKernel,
  image: CoreImage,
  segmentations: readonly (Segmentation | undefined)[],
  take: (slots: number) => number,
): KernelCounters {
  const { lanes } = image.core;
  const segmentation = segmentationOf(kernel, segmentations);
  const isGated = kernel.columnGate !== undefined;
  const isSparse = segmentation?.index !== undefined;
  const byColumns = kernel.order === 'columns';
  const extent = extentOf(kernel, image);
  const tiles = byColumns ? Math.ceil(extent.columns / lanes) : 1;
  const places = isGated || isSparse ? 1 : (segmentation?.rows ?? tiles);
  const measures = new Map<string, WordMeasure>();
  const wordsOf = (of: WordMeasure['of'], itemsPerWord: number): WordMeasure => {
    const key = `${of} ${itemsPerWord}`;
    const measure = measures.get(key) ?? { of, itemsPerWord };
    measures.set(key, measure);
    return measure;
  };
  const accessOf = (does: 'load' | 'store', access: StoredAccess) => {
    const { role, layout, takes } = access;
    const { bank, itemsPerWord, rows } = at(image.layouts, layout);
    if (takes === 'own')
      return { bank, measure: 'items', times: 1, isWrite: does === 'store', predicated: undefined } as const;
    if (takes === 'all' && role !== 'pre') {
      const times = rows * mostWordsOfTile(kernel, at(image.layouts, layout), lanes);
      return { bank, measure: 'tiles', times, isWrite: false, predicated: undefined } as const;
    }
    const times = takes === 'all' ? rows : 1;
    const lines = linesOn(does, kernel, image, access);
    const isAlways = lines.some(({ isPredicated }) => !isPredicated);
    const predicated = isAlways ? undefined : { lines: lines.map(({ line }) => line), slot: take(places) };
    // In whole rows, words of weights are as many as those of columns; so they are where a predicate holds in a tile.
    const isOfWeights = role === 'syn' && (segmentation !== undefined || (byColumns && isAlways));
    const ofRows = (): Measure => (byColumns ? wordsOf('rows', itemsPerWord) : 'passes');
    const measure = role === 'pre' ? ofRows() : wordsOf(isOfWeights ? 'weights' : 'columns', itemsPerWord);
    return { bank, measure, times, isWrite: does === 'store', predicated };
  };
  const accesses: CountedAccess[] = loadsOf(kernel, image.fields).map((load) => accessOf('load', load));
  for (const store of storesOf(kernel, image)) {
    const access = accessOf('store', store);
    accesses.push(access);
    // A read before a write is counted with the write.
    if (store.readsFirst) accesses.push({ ...access, isWrite: false });
  }
  if (segmentation?.index !== undefined) {
    const { bank, itemsPerWord } = segmentation.index;
    const measure = wordsOf('targets', itemsPerWord);
    accesses.push({ bank, measure, times: 1, isWrite: false, predicated: undefined });
  }
  const runs = take(1);
  const { whenFull, controller } = image.core;
  const mayWait = whenFull === 'stall' && controller === undefined && factsOf(kernel).emits;
  const suspensions = mayWait ? take(1) : undefined;
  const words = [...measures.values()];
  if (isGated || isSparse) {
    const rowsOfRun = kernel.domain === 'row' ? 1 : kernel.rowGate === undefined ? extent.passes : undefined;
    return {
      runs,
      suspensions,
      accesses,
      work: mapTileCounters(segmentation, isGated, rowsOfRun, lanes, words, take),
    };
  }
  const isEachVisited =
    kernel.rowGate === undefined && (segmentation === undefined || kernel.domain !== 'row');
  const totalsOf = (measure: Measure): ArrayLike<number> => {
    if (segmentation !== undefined) return totalsOfSegments(measure, segmentation, lanes);
    const { rows, columns } = extent;
    if (byColumns) return totalsOfTiles(measure, extent.passes, columns, lanes);
    if (measure === 'passes') return [1];
    if (measure === 'closedRows' || measure === 'closedTiles') return [0];
    const units = { tiles: lanes, items: 1 };
    return [
      rows * Math.ceil(columns / (typeof measure === 'string' ? units[measure] : measure.itemsPerWord)),
    ];
  };
  const all = ['passes', 'tiles', 'items', 'closedRows', 'closedTiles', ...words] as const;
  const work = {
    by: 'visits',
    visits: isEachVisited ? undefined : take(places),
    visitsOfRun: segmentation !== undefined || byColumns ? 1 : extent.passes,
    totals: new Map(all.map((measure) => [measure, totalsOf(measure)])),
  } as const;
  return { runs, suspensions, accesses, work };
}

/** How many passes a run has that no gate shortens, of how many rows and columns. */
function extentOf(
  kernel: BoundKernel,
  image: CoreImage,
): { readonly passes: number; readonly rows: number; readonly columns: number } {
  const columns = populationColumns(kernel, image);
  const projection = image.projections[kernel.projection ?? -1];
  const { weightRows = 0, weightRowLength = 0, source = -1 } = projection ?? {};
  switch (kernel.domain) {
    case 'neuron':
    case 'synapse':
      return { passes: 1, rows: 1, columns: 1 };
    case 'neurons':
    case 'row':
      return { passes: 1, rows: 1, columns };
    case 'synapses':
      return { passes: kernel.rows ?? image.populations[source]?.size ?? 0, rows: 1, columns };
    case 'weights':
      // A core may hold no weight of a projection: then there is no tile, and no pass.
      return {
        passes: Math.min(1, weightRows * weightRowLength),
        rows: weightRows,
        columns: weightRowLength,
      };
  }
}

/** The lines that load (or store, or reduce) of a layout, and whether each has a predicate. */
function linesOn(
  does: 'load' | 'store',
  { code }: BoundKernel,
  { fields }: CoreImage,
  { role, layout, takes }: StoredAccess,
): { readonly line: number; readonly isPredicated: boolean }[] {
  return code.flatMap(({ mnemonic, operands: [, operand] }, line) => {
    const operation = operationNamed(mnemonic);
    const { effect } = operation;
    if (takesOf(operation) !== takes) return [];
    if (takes === 'all') return [{ line, isPredicated: false }];
    const isSuch = effect.does === does || (does === 'store' && effect.does === 'reduce');
    if (!isSuch || operand?.is !== 'field' || operand.role !== role) return [];
    const view = does === 'store' ? fields[fields[operand.field]?.storedView ?? -1] : undefined;
    if (loadedField(fields, operand.field).layout !== layout && view?.layout !== layout) return [];
    return [{ line, isPredicated: 'predicated' in effect && effect.predicated }];
  });
}

/** Makes the counters of a run from the slots. Counts that gates do not change follow from the number of runs. */
export function readCounters(image: CoreImage, map: CounterMap, slots: BigInt64Array): Counters {
  const countAt = (slot: number): number => Number(slots[slot] ?? 0n);
  return {
    work: [
      ...map.kernels.map((kernel, index) => readKernel(image, kernel, at(image.kernels, index), countAt)),
      ...readPasses(image, map, countAt),
    ],
    spikes: map.spikes.map(countAt),
    ...byCoreCounter((name) => countAt(map[name])),
  };
}

/** By piece of work: the meaning of a single count in each slot from which more than words follow. */
export function unitsOfWork(
  image: CoreImage,
  map: CounterMap,
): readonly (readonly (readonly [slot: number, count: WorkCount])[])[] {
  const kernels = map.kernels.map((counters, index) => {
    const { runs, suspensions } = counters;
    const ofWaits = suspensions === undefined ? [] : [[suspensions, counters.work] as const];
    const parts = [[runs, counters.work] as const, ...ofWaits, ...countedParts(counters.work)];
    return parts.map(([slot, work]) => {
      const countAt = (other: number): number => Number(other === slot);
      const count = readKernel(image, { ...counters, work }, at(image.kernels, index), countAt);
      return [slot, count] as const;
    });
  });
  const passes = readPasses(image, map, () => 1);
  return [...kernels, ...map.fieldPasses.map((slot, index) => [[slot, at(passes, index)] as const])];
}

function readKernel(
  image: CoreImage,
  counters: KernelCounters,
  kernel: BoundKernel,
  countAt: (slot: number) => number,
): WorkCount {
  const { lanes } = image.core;
  const { accesses, work } = counters;
  const runs = countAt(counters.runs);
  const measured = readWork(work, runs, countAt);
  const reads = image.banks.map(() => 0);
  const writes = image.banks.map(() => 0);
  for (const { bank, measure, times, isWrite, predicated } of accesses) {
    const counts = isWrite ? writes : reads;
    addAt(counts, bank, times * measured(measure, predicated?.slot));
  }
  let scannedTiles = 0;
  for (const gate of [kernel.rowGate, kernel.columnGate]) {
    const field = gate === undefined ? undefined : image.fields[gate];
    if (field === undefined) continue;
    const layout = layoutOf(image, field);
    scannedTiles += runs * Math.ceil(field.count / lanes);
    addAt(reads, layout.bank, runs * layout.rows * layout.wordsPerRow);
  }
  const [passes, tiles, items] = [measured('passes'), measured('tiles'), measured('items')];
  const [closedRows, closedTiles] = [measured('closedRows'), measured('closedTiles')];
  const suspensions = counters.suspensions === undefined ? 0 : countAt(counters.suspensions);
  return { runs, passes, tiles, items, closedRows, closedTiles, suspensions, scannedTiles, reads, writes };
}

/** Counts of clears and tests, by piece of work after those of the kernels. */
function readPasses(
  image: CoreImage,
  { fieldPasses }: CounterMap,
  countAt: (slot: number) => number,
): WorkCount[] {
  const passes = plainActions(allLists(image.events).flat());
  return fieldPasses.map((slot, index) => {
    const count = noWork(image.banks.length);
    const work = image.kernels.length + index;
    const pass = passes.find((action): action is FieldPass => 'work' in action && action.work === work);
    if (pass !== undefined) addRuns(count, countOfPass(image, pass), countAt(slot));
    return count;
  });
}
