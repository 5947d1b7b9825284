import {
  type BoundKernel,
  byCoreCounter,
  type CoreCounterName,
  type Image,
  type Layout,
  loadsOf,
  storesOf,
} from '../../../../image/index.ts';
import { operationNamed, type Role } from '../../../../isa/index.ts';
import { populationColumns } from '../analysis/columns.ts';
import { type Segmentation, segmentationOf } from '../analysis/segments.ts';
import {
  mapRowCounters,
  mapTileCounters,
  type PassCounters,
  type WordMeasure,
  type WorkCounters,
} from './work-counters.ts';

/** What a kernel touches of one layout, and the counter of its predicated loads. */
export interface CountedAccess {
  readonly layout: number;
  readonly bank: number;
  readonly itemsPerWord: number;
  readonly ofPre: boolean;
  readonly ofSyn: boolean;
  /** Under which its words are counted. Words of weights differ from those of columns only in segments. */
  readonly measure: WordMeasure;
  readonly isWrite: boolean;
  /**
   * Slot of the words that were read or written where predicates held; undefined when every visit does. Of a walk over
   * segments without a column gate: the first of as many slots as there are rows, of visits where they held.
   */
  readonly predicated: number | undefined;
}

/** Where a module counts a kernel's work, and what follows from those counts. */
export interface KernelCounters {
  readonly runs: number;
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

export function mapCounters(image: Image, segmentations: readonly (Segmentation | undefined)[]): CounterMap {
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
  image: Image,
  segmentations: readonly (Segmentation | undefined)[],
  take: (slots: number) => number,
): KernelCounters {
  const segmentation = segmentationOf(kernel, segmentations);
  const isGated = kernel.columnGate !== undefined;
  const slotsOfPredicate = segmentation === undefined || isGated ? 1 : segmentation.rows;

  const accesses: CountedAccess[] = [];
  const measures: WordMeasure[] = [];
  const measureOf = (of: WordMeasure['of'], itemsPerWord: number): WordMeasure => {
    const known = measures.find((one) => one.of === of && one.itemsPerWord === itemsPerWord);
    const measure = known ?? { of, itemsPerWord };
    if (known === undefined) measures.push(measure);
    return measure;
  };
  const describe = (layout: number, role: Role) => {
    const { bank, itemsPerWord } = image.layouts[layout] as Layout;
    const isOfWeights = role === 'syn' && segmentation !== undefined;
    const measure = measureOf(isOfWeights ? 'weights' : 'columns', itemsPerWord);
    return { layout, bank, itemsPerWord, measure, ofPre: role === 'pre', ofSyn: role === 'syn' };
  };
  for (const { role, layout } of loadsOf(kernel, image.fields)) {
    const predicated = isAlways('load', kernel, image, role, layout) ? undefined : take(slotsOfPredicate);
    accesses.push({ ...describe(layout, role), isWrite: false, predicated });
  }
  for (const { role, layout, readsFirst } of storesOf(kernel, image)) {
    const predicated = isAlways('store', kernel, image, role, layout) ? undefined : take(slotsOfPredicate);
    const access = { ...describe(layout, role), predicated };
    accesses.push({ ...access, isWrite: true });
    // What is read first is counted as it is written.
    if (readsFirst) accesses.push({ ...access, isWrite: false });
  }
  const runs = take(1);
  const { lanes } = image.core;
  const words = accesses.filter(({ ofPre }) => !ofPre).map(({ measure }) => measure);
  if (isGated) return { runs, accesses, work: mapTileCounters(segmentation, lanes, words, take) };
  const areAllVisited = kernel.domain !== 'row' && kernel.rowGate === undefined;
  if (segmentation !== undefined)
    return { runs, accesses, work: mapRowCounters(segmentation, lanes, words, areAllVisited, take) };
  const passes = kernel.rowGate === undefined ? undefined : take(1);
  return { runs, accesses, work: { by: 'passes', passes, ...extentOf(kernel, image) } };
}

/** How many passes a run has that no gate shortens, of how many rows and columns. */
function extentOf(kernel: BoundKernel, image: Image): Pick<PassCounters, 'passesOfRun' | 'rows' | 'columns'> {
  const columns = populationColumns(kernel, image);
  const {
    weightRows = 0,
    weightRowLength = 0,
    source = -1,
  } = image.projections[kernel.projection ?? -1] ?? {};
  switch (kernel.domain) {
    case 'neuron':
    case 'synapse':
      return { passesOfRun: 1, rows: 1, columns: 1 };
    case 'neurons':
    case 'row':
      return { passesOfRun: 1, rows: 1, columns };
    case 'synapses': {
      const rows = kernel.rows ?? image.populations[source]?.size ?? 0;
      return kernel.order === 'columns'
        ? { passesOfRun: Math.ceil(columns / image.core.lanes), rows, columns }
        : { passesOfRun: rows, rows: 1, columns };
    }
    case 'weights':
      return { passesOfRun: Math.min(1, weightRows), rows: weightRows, columns: weightRowLength };
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
