import { i32, increase, type Local, min, type Value, whileBelow } from '../../../../wasm/index.ts';
import { fieldsNamed } from '../../plan/analysis/columns.ts';
import type { Segmentation } from '../../plan/analysis/segments.ts';
import type { TileCounters, WordMeasure } from '../../plan/counters/work-counters.ts';
import { together } from '../../plan/memory/scratch-map.ts';
import { firstWeightOffset, type SegmentAddresses } from '../../plan/memory/segment-map.ts';
import { countInSlot, type KernelContext } from '../body/context.ts';
import { countPredicated, WordCount } from '../body/gates.ts';
import { itemAddress } from '../body/ports.ts';
import type { Row } from '../body/position.ts';

/** The number of words, or tiles, of a given size that the items from `first` to before `end` touch. */
export function unitsOf(first: Local<'i32'>, end: Value<'i32'>, items: number): Value<'i32'> {
  return end.minus(1).dividedBy(items).minus(first.dividedBy(items)).plus(1);
}

/**
 * Counts the visited rows of a sparse projection in variables, and adds them to the counters when the run ends. Rows
 * are many and differ, so that a counter for each would take more memory than the synapses.
 */
export class RowTally {
  readonly #k: KernelContext;
  readonly #segmentation: Segmentation;
  readonly #table: SegmentAddresses;
  readonly #counters: TileCounters;
  readonly #passes: Local<'i32'>;
  readonly #tiles: Local<'i32'>;
  readonly #items: Local<'i32'>;
  /** Rows without a segment, where they do not follow from the other counts. */
  readonly #empty: Local<'i32'> | undefined;
  readonly #words: ReadonlyMap<WordMeasure, Local<'i32'>>;
  /** Tiles, items and words of the current row that have to be counted segment by segment. */
  readonly #grown = new Map<'tiles' | 'items' | WordMeasure, Local<'i32'>>();
  /** Of these, words of weights that stand among those of other delays. */
  readonly #scattered = new Map<WordMeasure, WordCount>();
  /** The first segment of the row. */
  readonly #first: Local<'i32'>;

  /** A run begins: nothing is counted. */
  constructor(k: KernelContext, segmentation: Segmentation, table: SegmentAddresses, counters: TileCounters) {
    const { f } = k;
    const zero = (): Local<'i32'> => f.keep(i32.const(0));
    this.#k = k;
    this.#segmentation = segmentation;
    this.#table = table;
    this.#counters = counters;
    [this.#passes, this.#tiles, this.#items] = [zero(), zero(), zero()];
    this.#empty = counters.closed?.in === 'slots' ? zero() : undefined;
    this.#words = new Map([...counters.words.keys()].map((measure) => [measure, zero()]));
    this.#first = f.local('i32');
    const { columns, index } = segmentation;
    const measures = [...counters.words.keys()];
    const ofColumns = measures.filter(({ of }) => of === 'columns');
    if (columns === undefined) this.#grown.set('items', f.local('i32'));
    if (columns !== 1)
      for (const what of ['tiles', ...ofColumns] as const) this.#grown.set(what, f.local('i32'));
    if (index?.hasOffsets !== true) return;
    for (const measure of measures.filter(({ of }) => of === 'weights')) {
      const words = f.local('i32');
      this.#grown.set(measure, words);
      this.#scattered.set(measure, new WordCount(f, words));
    }
  }

  startRow(segment: Local<'i32'>): void {
    this.#k.f.set(this.#first, segment);
    for (const local of this.#grown.values()) this.#k.f.set(local, 0);
    for (const words of this.#scattered.values()) words.restart();
  }

  /** Counts a segment, given its first column and weight: the tiles and words that it lies in. */
  countSegment(first: Local<'i32'>, weight: Local<'i32'>, length: Value<'i32'> | number): void {
    if (this.#grown.size === 0) return;
    const { f, module } = this.#k;
    const columns = f.keep(typeof length === 'number' ? i32.const(length) : length);
    for (const [{ itemsPerWord }, words] of this.#scattered)
      words.add(weight.dividedBy(itemsPerWord), weight.plus(columns).minus(1).dividedBy(itemsPerWord));
    for (const [what, local] of this.#grown) {
      if (typeof what === 'object' && what.of === 'weights') continue;
      const unit = what === 'tiles' ? module.image.core.lanes : what === 'items' ? 1 : what.itemsPerWord;
      increase(f, local, what === 'items' ? columns : unitsOf(first, first.plus(columns), unit));
    }
  }

  /** Counts a row whose segments end at `end`. */
  endRow({ holds }: Row, end: Local<'i32'>): void {
    const { f } = this.#k;
    const { segmentBytes, segments, firstWeight } = this.#table;
    const number = (segment: Local<'i32'>): Value<'i32'> => segment.minus(segments).dividedBy(segmentBytes);
    const before = f.keep(number(this.#first));
    const past = f.keep(number(end));
    const { columns = 1 } = this.#segmentation;
    const segmentsOfRow = f.keep(past.minus(before));
    const items = this.#grown.get('items') ?? f.keep(segmentsOfRow.times(columns));
    const weight =
      firstWeight === 'running' ? before.times(columns) : i32.load(this.#first, firstWeightOffset);
    const first = f.keep(weight);
    const amountOf = (measure: WordMeasure): Value<'i32'> => {
      const { of, itemsPerWord } = measure;
      if (of === 'targets') return unitsOf(before, past, itemsPerWord);
      const grown = this.#grown.get(measure);
      if (grown !== undefined) return grown;
      return of === 'weights' ? unitsOf(first, first.plus(items), itemsPerWord) : segmentsOfRow;
    };
    increase(f, this.#passes, 1);
    increase(f, this.#tiles, this.#grown.get('tiles') ?? segmentsOfRow);
    increase(f, this.#items, items);
    for (const [measure, words] of this.#words) increase(f, words, amountOf(measure));
    countPredicated(this.#k, holds, (slot, measure) =>
      countInSlot(this.#k, slot, measure === undefined ? 1 : amountOf(measure)),
    );
  }

  /** Counts a row without a segment. */
  countEmpty(): void {
    if (this.#empty !== undefined) increase(this.#k.f, this.#empty, 1);
  }

  endRun(): void {
    countRun(this.#k, this.#counters, {
      passes: this.#passes,
      tiles: this.#tiles,
      items: this.#items,
      closedRows: this.#empty,
      closedTiles: () => this.#empty,
      wordsOf: (measure) => this.#words.get(measure),
    });
  }
}

/** What a run over segments has counted in variables. */
interface RunSums extends Readonly<Record<'passes' | 'tiles' | 'items', Local<'i32'>>> {
  /** Undefined where they follow from the other counts. */
  readonly closedRows: Local<'i32'> | undefined;
  readonly closedTiles: () => Value<'i32'> | undefined;
  readonly wordsOf: (measure: WordMeasure) => Local<'i32'> | undefined;
}

/** A run has ended: adds what it has counted to the counters. */
export function countRun(
  k: KernelContext,
  { passes, tiles, items, words, closed }: TileCounters,
  { closedRows, closedTiles, wordsOf, ...sums }: RunSums,
): void {
  countInSlot(k, passes, sums.passes);
  countInSlot(k, tiles, sums.tiles);
  countInSlot(k, items, sums.items);
  if (closed?.in === 'slots' && closedRows !== undefined) {
    countInSlot(k, closed.rows, closedRows);
    countInSlot(k, closed.tiles, closedTiles() ?? 0);
  }
  for (const [measure, slot] of words) countInSlot(k, slot, wordsOf(measure) ?? 0);
}

/** A list of neurons in the linear memory, u32 each. */
export interface NeuronList {
  readonly first: Local<'i32'>;
  readonly count: Local<'i32'>;
}

/** Values written to address 0 are never read. */
const nowhere = 0;

/**
 * Goes through the spikes of a batch, some at a time: the beginnings of their rows are read first, then the rows are
 * visited. The rows of a sparse projection lie anywhere in memory, so that each would be waited for; loads that do not
 * depend on each other are in flight at once.
 *
 * @param columns of each segment, if all have the same
 * @param take takes the neuron out of what names a spike
 */
export function forEachTouched(
  k: KernelContext,
  { first, count }: NeuronList,
  table: SegmentAddresses,
  columns: number | undefined,
  neuron: Local<'i32'>,
  take: (spike: Value<'i32'>) => void,
  body: () => void,
): void {
  const { f } = k;
  const next = f.keep(first);
  const end = f.keep(next.plus(count.shiftLeft(2)));
  const touched = f.keep(i32.const(0));
  f.if(next.isBelow(end), () => {
    f.loop((again) => {
      const past = f.keep(min(next.plus(4 * together), end));
      const ahead = f.keep(next);
      whileBelow(f, ahead, past, 4, () => {
        take(i32.load(ahead));
        const segment = f.keep(i32.load(neuron.shiftLeft(2), table.rowStart));
        for (const value of beginningsOf(k, table, columns, segment)) increase(f, touched, value);
      });
      whileBelow(f, next, past, 4, () => {
        take(i32.load(next));
        body();
      });
      f.brIf(again, next.isBelow(end));
    });
  });
  // Without a use of the values, a compiler could leave the loads out.
  f.do(i32.store(nowhere, touched));
}

/** The first segment of a row and, where that follows from its number, its first item in each synaptic field. */
function beginningsOf(
  k: KernelContext,
  { segments, segmentBytes, firstWeight }: SegmentAddresses,
  columns: number | undefined,
  segment: Local<'i32'>,
): Value<'i32'>[] {
  const { f, plan } = k;
  if (columns === undefined || firstWeight !== 'running') return [i32.load8_u(segment)];
  const weight = f.keep(segment.minus(segments).dividedBy(segmentBytes).times(columns));
  return [
    i32.load8_u(segment),
    ...fieldsNamed(plan.kernel, 'syn').map((field) => {
      const { base, offset } = itemAddress(k, field, weight);
      return i32.load8_u(base, offset);
    }),
  ];
}
