import {
  type CoreImage,
  type Field,
  heldRange,
  isSparse,
  type Layout,
  layoutOf,
  type Memory,
  valuesFor,
} from '../../../../image/index.ts';
import { hostScalars } from '../../../../isa/index.ts';
import { at } from '../../../../text/index.ts';
import { roomForSpikes } from '../../../spike-address.ts';
import { paddedColumns } from '../analysis/columns.ts';
import type { Segmentation } from '../analysis/segments.ts';
import { type DeclaredMap, mapDeclared, mapPrevious, type PreviousSpikes } from './declared-memory.ts';
import { mapSegments, type SegmentAddresses } from './segment-map.ts';

/** How the fast engine keeps an item: unpacked, in the narrowest element that holds the field. */
export type Element = 'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'f32';

export const elementBytes: Readonly<Record<Element, 1 | 2 | 4>> = {
  i8: 1,
  u8: 1,
  i16: 2,
  u16: 2,
  i32: 4,
  f32: 4,
};

/** Where a stored field lies in the linear memory. */
export interface FieldArea {
  readonly address: number;
  readonly element: Element;
  /** Elements from one row to the next; rows end in padding, so that vectors may run past their last item. */
  readonly rowStride: number;
  readonly layout: Layout;
  /**
   * Where cells of its bank are stuck: beside each item, how far behind it, the bits that a store keeps, and those that
   * are always one, in bytes.
   */
  readonly stuck?: { readonly kept: number; readonly ones: number };
  /** Where cells of its bank flip: how far behind each item the bits lie that a load flips, in bytes. */
  readonly flipped?: number;
}

/** Where a core lies in a linear memory. */
export interface MemoryPlace {
  /** Address of its first byte. */
  readonly base: number;
  /** By field: the address of one that lies elsewhere, since another core works on it as well. */
  readonly fields: ReadonlyMap<number, number>;
}

/** The place of a core that has a memory to itself. */
export const ownPlace: MemoryPlace = { base: 0, fields: new Map() };

/** The linear memory of a module: everything that an image's run needs, and nothing that grows. */
export interface MemoryMap {
  /** The scheduled parameters, one i32 each. */
  readonly parameters: number;
  /** The host's scalars, one i32 each. */
  readonly host: number;
  /** The lanes' generators, one u32 each. */
  readonly generators: number;
  /** The generators that the hw-model declares. */
  readonly declared: DeclaredMap;
  /** The ring of the event FIFO: `trigger << 24 | neuron`, one u32 each; the position of its head, and its length. */
  readonly fifo: number;
  readonly fifoHead: number;
  readonly fifoWaiting: number;
  /** How many kernels wait for a place in the FIFO. */
  readonly suspended: number;
  /** The scalars of the named event under way, one i32 each. */
  readonly event: number;
  /** Spikes that the latest step or trigger has emitted: their number, and their addresses, u32 each. */
  readonly emittedCount: number;
  readonly emitted: number;
  /** Neurons whose spikes are served as a batch, one u32 each. */
  readonly batch: number;
  /**
   * Properties of the sample that conditions test: whether it is learned, its number of steps, whether it is a replay,
   * its interval of epochs, its index in the pass over the data, and whether it is the last of it; an i32 each.
   */
  readonly sample: number;
  /** The input's spikes of the current step: their address (u32 each), and their number, an i32 each. */
  readonly input: number;
  /** For each population, its spikes of the previous step, where they are needed. */
  readonly previous: readonly (PreviousSpikes | undefined)[];
  /** The neurons whose spikes have waited for a delay, one u32 each. */
  readonly due: number;
  /** For each population, 0 or -1 for each column: whether it exists, as 16-bit and as 32-bit elements. */
  readonly columns16: readonly number[];
  readonly columns32: readonly number[];
  /** For each projection, likewise, for each item of a row of weights; nothing where no kernel runs over weights. */
  readonly weights16: readonly number[];
  readonly weights32: readonly number[];
  /** For each projection, the tables of its segments; undefined where every row is one segment onto all columns. */
  readonly segments: readonly (SegmentAddresses | undefined)[];
  /** Counters, i64 each. */
  readonly counters: number;
  readonly fields: readonly (FieldArea | undefined)[];
  /** Where it ends. */
  readonly size: number;
}

/** Lays out the linear memory of an image whose kernels keep `counters` counters. */
export function mapMemory(
  image: CoreImage,
  counters: number,
  segmentations: readonly (Segmentation | undefined)[],
  place: MemoryPlace,
): MemoryMap {
  const { lanes, fifoDepth } = image.core;
  let next = place.base + 16;
  const take = (bytes: number): number => {
    const address = next;
    next = Math.ceil((next + bytes) / 16) * 16;
    return address;
  };
  const padded = image.populations.map(({ size }) => paddedColumns(size, lanes));
  const { projections } = image;
  const weights = projections.map(({ weightRowLength }) => paddedColumns(weightRowLength, lanes));
  // The single row of a sparse projection's weights is passed by one kernel, whose vectors stay within its padding.
  const ofRows = weights.filter((_, index) => !isSparse(at(projections, index), projections));
  const widest = Math.max(...padded, ...ofRows);
  const masked = weights.map((items, index) =>
    image.kernels.some(({ domain, projection }) => domain === 'weights' && projection === index) ? items : 0,
  );
  const map = {
    parameters: take(4 * image.parameters.length),
    host: take(4 * hostScalars.length),
    generators: take(4 * lanes),
    declared: mapDeclared(image.generators, image.kernels, take),
    fifo: take(4 * fifoDepth),
    fifoHead: take(4),
    fifoWaiting: take(4),
    suspended: take(4),
    event: take(4 * image.eventScalars.length),
    emittedCount: take(4),
    emitted: take(4 * roomForSpikes(image)),
    batch: take(4 * fifoDepth),
    sample: take(24),
    input: take(8),
    previous: mapPrevious(image, take),
    due: take(
      4 *
        Math.max(
          0,
          ...image.events.delayed.map(({ population }) => image.populations[population]?.size ?? 0),
        ),
    ),
    columns16: padded.map((columns) => take(2 * columns)),
    columns32: padded.map((columns) => take(4 * columns)),
    weights16: masked.map((items) => take(2 * items)),
    weights32: masked.map((items) => take(4 * items)),
    segments: mapSegments(segmentations, weights, take),
    counters: take(8 * counters),
    fields: image.fields.map((field, index) => {
      if (field.layout === undefined || field.fixed === true) return undefined;
      const layout = layoutOf(image, field);
      const element = elementOf(field);
      const rowStride = paddedColumns(layout.rowLength, lanes);
      const address = place.fields.get(index) ?? take(layout.rows * rowStride * elementBytes[element]);
      return { address, element, rowStride, layout };
    }),
  };
  return {
    ...map,
    fields: map.fields.map((area, index) => area && withFailing(image, index, area, take)),
    // Vectors of the last row may be read past their items.
    size: next + 4 * widest,
  };
}

/** Gives a field whose cells fail room for what they do to its items. */
function withFailing(
  { fields, faults }: CoreImage,
  index: number,
  area: FieldArea,
  take: (bytes: number) => number,
): FieldArea {
  if (at(fields, index).faulty !== true || faults === undefined) return area;
  const bytes = area.layout.rows * area.rowStride * elementBytes[area.element];
  const behind = (): number => take(bytes) - area.address;
  return faults.errors === 'stuck'
    ? { ...area, stuck: { kept: behind(), ones: behind() } }
    : { ...area, flipped: behind() };
}

function elementOf(field: Field): Element {
  if (field.storage === 'float32') return 'f32';
  const { low, high } = heldRange(field);
  const fits = elementRanges.find(([, least, most]) => least <= low && high <= most);
  return fits?.[0] ?? 'i32';
}

const elementRanges: readonly (readonly [Element, number, number])[] = [
  ['u8', 0, 2 ** 8 - 1],
  ['i8', -(2 ** 7), 2 ** 7 - 1],
  ['u16', 0, 2 ** 16 - 1],
  ['i16', -(2 ** 15), 2 ** 15 - 1],
];

const arrays = {
  i8: Int8Array,
  u8: Uint8Array,
  i16: Int16Array,
  u16: Uint16Array,
  i32: Int32Array,
  f32: Float32Array,
} as const;

/** The elements of a field in the linear memory. */
export function memoryElementsOf(
  buffer: ArrayBuffer,
  { address, element, rowStride, layout }: FieldArea,
): InstanceType<(typeof arrays)[Element]> {
  return new arrays[element](buffer, address, layout.rows * rowStride);
}

type Items = ReturnType<typeof valuesFor> | Float64Array | InstanceType<(typeof arrays)[Element]>;

/** Visits the rows of a field: the number of the first item, its element, and how many there are. */
function forEachRow(
  { layout: { rowLength }, rowStride }: FieldArea,
  count: number,
  visit: (item: number, element: number, length: number) => void,
): void {
  for (let item = 0, element = 0; item < count; item += rowLength, element += rowStride)
    visit(item, element, Math.min(rowLength, count - item));
}

/** Takes items of a field out of the linear memory. */
export function readItems<Into extends Items>(buffer: ArrayBuffer, area: FieldArea, items: Into): Into {
  const elements = memoryElementsOf(buffer, area);
  forEachRow(area, items.length, (item, element, length) =>
    items.set(elements.subarray(element, element + length), item),
  );
  return items;
}

/** Puts items of a field into the linear memory. */
export function writeItems(buffer: ArrayBuffer, area: FieldArea, items: Items): void {
  const elements = memoryElementsOf(buffer, area);
  forEachRow(area, items.length, (item, element, length) =>
    elements.set(items.subarray(item, item + length), element),
  );
}

/** What lies so many bytes behind the items of a field: the bits that fail there. */
export function areaBehind(area: FieldArea, bytes: number): FieldArea {
  return { ...area, address: area.address + bytes };
}

/** Copies every stored field between the packed banks and the linear memory. */
export function transfer(
  image: CoreImage,
  map: MemoryMap,
  packed: Memory,
  buffer: ArrayBuffer,
  to: 'packed' | 'linear',
): void {
  for (const [index, field] of image.fields.entries()) {
    const area = map.fields[index];
    if (area === undefined) continue;
    const access = packed.access(image, field);
    if (to === 'linear') writeItems(buffer, area, access.readAll());
    else access.writeAll(readItems(buffer, area, valuesFor(field, field.count)));
  }
}
