import {
  allLists,
  type BoundKernel,
  type CoreImage,
  type Field,
  factsOf,
  layoutOf,
  type PlacedCore,
  plainActions,
} from '../../../image/index.ts';
import { does } from '../../../isa/index.ts';
import { denseSegments } from '../../../program/index.ts';
import { at } from '../../../text/index.ts';
import { residentFields } from '../plan/analysis/batch.ts';
import { fieldsNamed, paddedColumns } from '../plan/analysis/columns.ts';
import { planSegments, type Segmentation } from '../plan/analysis/segments.ts';

/*
 * Cores that run the same kernel for the same spikes may be carried out as one: a joint core, whose columns are those
 * of all of them. A spike visits one long row there, in place of a short one on each core, which lies apart in memory.
 */

/** A core's part: the kernel that its event runs, and how the rows of its projection are cut; undefined for dense. */
export interface JointPart {
  readonly image: CoreImage;
  readonly kernel: BoundKernel;
  readonly index: number;
  readonly segmentation: Segmentation | undefined;
  /** The kernel's fields, those of one part in the order of those of another. */
  readonly post: readonly number[];
  readonly syn: readonly number[];
}

export interface JointPlan {
  readonly parts: readonly JointPart[];
  /** What the joint core runs: the first part, whose fields it has, with the columns of all. It has no contents. */
  readonly image: CoreImage;
  /** By part: its first column. */
  readonly firstColumns: readonly number[];
  /** Rows of synapses. */
  readonly rows: number;
}

/** The most synapses of a row on a core, so that its counts fit a byte. */
const mostOfRow = 255;
/** More synapses take too long to copy when a machine is created. */
const mostSynapses = 2 ** 22;
/** Neurons of a spike's address. */
const mostColumns = 2 ** 24;

/**
 * Plans the joint core of some cores, each with the event that it runs for every spike; undefined where there is none:
 * it has to give the same, item by item, and spikes have to reach most of the cores.
 */
export function planJoint(
  cores: readonly (Pick<PlacedCore, 'image' | 'fields'> & { readonly event: number })[],
): JointPlan | undefined {
  const parts: JointPart[] = [];
  let likeness: string | undefined;
  for (const { image, fields, event } of cores) {
    const part = partOf(image, event);
    const own = part && likenessOf(part, (field) => fields[field]?.field);
    if (part === undefined || own === undefined || own !== (likeness ?? own)) return undefined;
    likeness = own;
    parts.push(part);
  }
  const [first] = parts;
  const event = cores[0]?.event;
  if (first === undefined || event === undefined || parts.length === 1) return undefined;
  const { source, target } = projectionOf(first);
  const rows = at(first.image.populations, source).size;
  if (first.segmentation !== undefined && !reachMost(parts, rows)) return undefined;
  const firstColumns: number[] = [];
  let columns = 0;
  for (const part of parts) {
    firstColumns.push(columns);
    const { size } = at(part.image.populations, projectionOf(part).target);
    columns += paddedColumns(size, part.image.core.lanes);
  }
  if (columns > mostColumns) return undefined;
  const segments =
    first.segmentation === undefined ? denseSegments(rows, columns) : joined(parts, firstColumns, rows);
  const synapses = first.segmentation === undefined ? rows * columns : segments.length.length;
  const image = wideImage(first, event, columns, (own) => ({
    ...own,
    segments,
    weightRows: first.segmentation === undefined ? rows : 1,
    weightRowLength: first.segmentation === undefined ? columns : synapses,
  }));
  return image.populations[target] && { parts, image, firstColumns, rows };
}

function projectionOf({ image, kernel }: JointPart): CoreImage['projections'][number] {
  return at(image.projections, kernel.projection ?? -1);
}

/** A core's part in a joint core, if its event does nothing but visit rows of synapses that stay as they are. */
function partOf(image: CoreImage, event: number): JointPart | undefined {
  // A copy of synapses would have cells of its own.
  if (image.faults !== undefined) return undefined;
  const [action, ...others] = at(image.events.named, event).actions;
  const kernel = action?.does === 'run' ? image.kernels[action.kernel] : undefined;
  const projection = image.projections[kernel?.projection ?? -1];
  if (action?.does !== 'run' || kernel === undefined || projection === undefined || others.length > 0)
    return undefined;
  const { draws, drawsFrom, emits } = factsOf(kernel);
  const isPlain = kernel.rowGate === undefined && kernel.columns === undefined && kernel.order === 'rows';
  if (!isPlain || draws > 0 || drawsFrom.length > 0 || emits) return undefined;
  if (residentFields(image, kernel) === undefined || projection.source === projection.target)
    return undefined;
  const [post, syn] = [fieldsNamed(kernel, 'post'), fieldsNamed(kernel, 'syn')];
  const { size } = at(image.populations, projection.target);
  const isRow = ({ rows, rowLength }: { rows: number; rowLength: number }): boolean =>
    rows === 1 && rowLength === size;
  if (fieldsNamed(kernel, 'pre').length > 0 || projection.partOf !== undefined || !areConstant(image, syn))
    return undefined;
  if (!post.every((field) => isRow(layoutOf(image, at(image.fields, field))))) return undefined;
  const segmentation = planSegments(image)[kernel.projection ?? -1];
  const isListed = segmentation?.index !== undefined && segmentation.columns === 1;
  if (segmentation !== undefined && !isListed) return undefined;
  return { image, kernel, index: action.kernel, segmentation, post, syn };
}

/** Whether fields are integers, stored, and written by nothing that the core runs. */
function areConstant(image: CoreImage, fields: readonly number[]): boolean {
  const written = new Set([
    ...image.kernels.flatMap(({ code }) =>
      code
        .filter((line) => !does(line, 'load'))
        .flatMap(({ operands }) => operands.flatMap((one) => (one.is === 'field' ? [one.field] : []))),
    ),
    ...plainActions(allLists(image.events).flat()).flatMap((action) =>
      'fields' in action ? action.fields : [],
    ),
  ]);
  return fields.every((field) => {
    const { storage, layout, view, storedView } = at(image.fields, field);
    const isStored = layout !== undefined && view === undefined && storedView === undefined;
    return isStored && storage === 'integer' && !written.has(field);
  });
}

/** Equal for cores that compute the same; undefined where what they compute may depend on the core. */
function likenessOf(
  { image, kernel, segmentation }: JointPart,
  wholeOf: (field: number) => number | undefined,
): string | undefined {
  const operands = kernel.code.flatMap((line) => line.operands);
  const isKnown = operands.every((operand) => {
    if (operand.is === 'field') return wholeOf(operand.field) !== undefined;
    if (operand.is === 'parameter') return new Set(at(image.parameters, operand.parameter).values).size === 1;
    return operand.is === 'register' || operand.is === 'number' || operand.is === 'payload';
  });
  if (!isKnown) return undefined;
  const code = kernel.code.map((line) => ({
    ...line,
    operands: line.operands.map((operand) => {
      if (operand.is === 'parameter') return at(image.parameters, operand.parameter).values[0];
      if (operand.is !== 'field') return operand;
      const { bits, signed, overflow, storage } = at(image.fields, operand.field);
      return [operand.role, wholeOf(operand.field), bits, signed, overflow, storage];
    }),
  }));
  const { size, payload } = at(image.populations, at(image.projections, kernel.projection ?? -1).source);
  return JSON.stringify([code, size, payload, segmentation === undefined, image.core.lanes]);
}

/** Whether spikes reach most cores, none with more synapses than a byte counts, and synapses are not too many. */
function reachMost(parts: readonly JointPart[], rows: number): boolean {
  if (parts.reduce((sum, { segmentation }) => sum + (segmentation?.length.length ?? 0), 0) > mostSynapses)
    return false;
  let reached = 0;
  for (const { segmentation } of parts)
    for (let row = 0; row < rows; row++) {
      const synapses = synapsesOf(segmentation, row);
      if (synapses > mostOfRow) return false;
      if (synapses > 0) reached += 1;
    }
  return 2 * reached > rows * parts.length;
}

function synapsesOf(segmentation: Segmentation | undefined, row: number): number {
  if (segmentation === undefined) return 0;
  return at(segmentation.rowStart, row + 1) - at(segmentation.rowStart, row);
}

/** Visits the rows of a joint core's parts in its order: of each part, the synapses that are listed for the row. */
export function eachListedRow(
  parts: readonly JointPart[],
  rows: number,
  visit: (part: number, first: number, end: number) => void,
): void {
  const starts = parts.map(({ segmentation }) => segmentation?.rowStart ?? new Uint32Array(rows + 1));
  for (let row = 0; row < rows; row++)
    for (const [part, start] of starts.entries()) visit(part, start[row] ?? 0, start[row + 1] ?? 0);
}

type Segments = CoreImage['projections'][number]['segments'];

function joined(parts: readonly JointPart[], firstColumns: readonly number[], rows: number): Segments {
  const synapses = parts.reduce((sum, { segmentation }) => sum + (segmentation?.length.length ?? 0), 0);
  const firstPost = new Uint32Array(synapses);
  const firstWeight = new Uint32Array(synapses);
  const posts = parts.map(({ segmentation }) => segmentation?.firstPost ?? new Uint32Array());
  let next = 0;
  eachListedRow(parts, rows, (part, first, end) => {
    const own = at(posts, part);
    const firstColumn = at(firstColumns, part);
    for (let synapse = first; synapse < end; synapse++, next++) {
      firstPost[next] = firstColumn + (own[synapse] ?? 0);
      firstWeight[next] = next;
    }
  });
  return {
    rowStart: Uint32Array.from({ length: rows + 1 }, (_, row) =>
      parts.reduce((sum, { segmentation }) => sum + (segmentation?.rowStart[row] ?? 0), 0),
    ),
    firstWeight,
    firstPost,
    length: new Uint32Array(synapses).fill(1),
  };
}

/** The image of a core with more columns that runs one event, and whose projection is another. */
function wideImage(
  { image, kernel, post, syn }: JointPart,
  event: number,
  columns: number,
  widen: (projection: CoreImage['projections'][number]) => CoreImage['projections'][number],
): CoreImage {
  const index = kernel.projection ?? -1;
  const projection = widen(at(image.projections, index));
  const layouts = [...image.layouts];
  const stretch = (field: Field, rows: number, rowLength: number): Field => {
    const layout = layoutOf(image, field);
    layouts.push({ ...layout, rows, rowLength, wordsPerRow: Math.ceil(rowLength / layout.itemsPerWord) });
    return { ...field, layout: layouts.length - 1, count: rows * rowLength };
  };
  const { weightRows, weightRowLength } = projection;
  const nothing = image.populations.map(() => []);
  return {
    ...image,
    populations: image.populations.map((own, population) =>
      population === projection.target ? { ...own, size: columns } : own,
    ),
    layouts,
    fields: image.fields.map((field, place) => {
      if (post.includes(place)) return stretch(field, 1, columns);
      return syn.includes(place) ? stretch(field, weightRows, weightRowLength) : field;
    }),
    projections: image.projections.map((own, place) => (place === index ? projection : own)),
    input: -1,
    events: {
      sample: [],
      tick: [],
      spike: nothing,
      previousSpike: nothing,
      delayed: [],
      named: [at(image.events.named, event)],
    },
    contents: [],
  };
}
