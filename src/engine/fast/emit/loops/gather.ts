import { at } from '../../../../text/index.ts';
import { i32, i64, increase, type Local, min, type Value, v128, whileBelow } from '../../../../wasm/index.ts';
import type { Gathering } from '../../plan/analysis/batch.ts';
import { elementBytes } from '../../plan/memory/memory-map.ts';
import { together } from '../../plan/memory/scratch-map.ts';
import type { SegmentAddresses } from '../../plan/memory/segment-map.ts';
import { byteOffset, type KernelContext } from '../body/context.ts';
import { writeLines } from '../body/lines.ts';
import { areaOf } from '../body/ports.ts';
import { runAsRow, startBlock } from '../body/position.ts';
import { Values } from '../body/values.ts';
import { type NeuronList, RowTally } from './row-tally.ts';
import type { SegmentLoop } from './segment-tally.ts';
import { writeBlock } from './tiles.ts';

/** Items that are copied at once. The next row overwrites items copied beyond the end of a row. */
const copied = 8;

/**
 * Goes through the spikes of a batch in groups: it looks up and counts their rows, copies their synapses into one list,
 * and processes it in one loop. If rows lie apart in memory, the loads of each of these loops are in flight at once.
 *
 * @param take extracts the neuron from a spike's address
 */
export function writeGathered(
  k: KernelContext,
  { segmentation }: SegmentLoop,
  gathering: Gathering,
  { first, count }: NeuronList,
  neuron: Local<'i32'>,
  take: (spike: Value<'i32'>) => void,
): void {
  const { f, module, plan, counters, scratch } = k;
  const table = at(module.map.segments, plan.kernel.projection ?? -1);
  if (counters.work.by !== 'tiles') throw new Error('rows of listed targets are counted by tiles');
  const rows = new RowTally(k, segmentation, table, counters.work);
  const run = runAsRow(neuron, undefined);
  const ofRun = new Values();
  writeLines(k, { row: run, values: ofRun, item: undefined }, 'run');
  const next = f.keep(first);
  const end = f.keep(next.plus(count.shiftLeft(2)));
  const items = f.local('i32');
  whileBelow(f, next, end, 0, () => {
    const past = f.keep(min(next.plus(4 * together), end));
    const rowsEnd = f.keep(i32.const(0));
    whileBelow(f, next, past, 4, () => {
      take(i32.load(next));
      const place = byteOffset(f, neuron, 4);
      const segment = f.keep(i32.load(place, table.rowStart));
      const rowEnd = f.keep(i32.load(place, table.rowStart + 4));
      const write = (): void => {
        f.do(i32.store(rowsEnd, segment, scratch.listed));
        f.do(i32.store(rowsEnd, rowEnd, scratch.listed + 4));
        increase(f, rowsEnd, 8);
        rows.startRow(segment);
        rows.endRow(run, rowEnd);
      };
      if (segmentation.emptyRows === 0) write();
      else f.if(segment.differsFrom(rowEnd), write, () => rows.countEmpty());
    });
    f.set(items, 0);
    const row = f.keep(i32.const(0));
    whileBelow(f, row, rowsEnd, 8, () => {
      const segment = f.keep(i32.load(row, scratch.listed));
      const rowEnd = f.keep(i32.load(row, scratch.listed + 4));
      copyRow(k, gathering, table, segment, rowEnd, items);
    });
    writeItems(k, gathering, items, (column, weight) => {
      const block = startBlock(k, { column, segment: { first: column, weight }, vectors: 1 });
      writeBlock(k, run, new Values(ofRun), block);
    });
  });
  rows.endRun();
}

/** Copies the targets and weights of a row behind those of other rows, and adds their number. */
function copyRow(
  k: KernelContext,
  { field }: Gathering,
  { segments, segmentBytes }: SegmentAddresses,
  segment: Local<'i32'>,
  end: Local<'i32'>,
  items: Local<'i32'>,
): void {
  const { f, scratch } = k;
  const count = f.keep(end.minus(segment).dividedBy(segmentBytes));
  const number = f.keep(segment.minus(segments).dividedBy(segmentBytes));
  const from = f.keep(segment);
  const to = f.keep(items);
  const copy = (): void => {
    const targets = byteOffset(f, to, segmentBytes);
    f.do(v128.store(targets, v128.load(from, 0, 2), scratch.targets, 2));
    if (field === undefined) return;
    const { address, element } = areaOf(k, field);
    const bytes = elementBytes[element];
    const [source, target] = [number, to].map((item) => byteOffset(f, item, bytes));
    if (source === undefined || target === undefined) return;
    if (bytes === 1) f.do(i64.store(target, i64.load(source, address, 1), scratch.weights, 1));
    else
      for (let byte = 0; byte < copied * bytes; byte += 16)
        f.do(v128.store(target, v128.load(source, address + byte, bytes), scratch.weights + byte, bytes));
  };
  copy();
  const done = f.keep(i32.const(copied));
  whileBelow(f, done, count, copied, () => {
    increase(f, from, copied * segmentBytes);
    increase(f, number, copied);
    increase(f, to, copied);
    copy();
  });
  increase(f, items, count);
}

/** Writes the body for each copied item, given its column and the element of the field in which its weight would be. */
function writeItems(
  k: KernelContext,
  { field }: Gathering,
  items: Local<'i32'>,
  body: (column: Local<'i32'>, weight: Local<'i32'>) => void,
): void {
  const { f, scratch } = k;
  const area = field === undefined ? undefined : areaOf(k, field);
  const elements = area === undefined ? 0 : (scratch.weights - area.address) / elementBytes[area.element];
  const item = f.keep(i32.const(0));
  whileBelow(f, item, items, 1, () => {
    const column = f.keep(i32.load16_u(item.shiftLeft(1), scratch.targets));
    body(column, f.keep(item.plus(elements)));
  });
}
