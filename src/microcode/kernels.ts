import { type BoundKernel, emittingPopulation, factsOf, type ProgramView } from '../image/index.ts';
import { operationNamed } from '../isa/index.ts';
import { columnsOf, projectionInSegments } from '../schedule/index.ts';
import { at } from '../text/index.ts';
import { keptSources } from './kept.ts';
import { type Access, saturationOf } from './operation.ts';
import {
  kernelParts,
  mostRows,
  mostTiles,
  numberNamed,
  packRecord,
  saturationValues,
  walks,
} from './records.ts';
import { refuseWhole } from './refuse.ts';
import { type MicrocodeSchedule, walkerWaits } from './schedule.ts';
import { type PartValues, rowWords, synapsesOf, type Tables } from './tables.ts';

/** Cycles from the entry of a tile to its first operation, from spikes to the FIFO, and from a start to a tile. */
const suspendedCycles = 8;

/** The record of a kernel, whose words begin at `base`. */
export function kernelRecord(
  tables: Tables,
  kernel: BoundKernel,
  schedule: MicrocodeSchedule,
  base: number,
): bigint {
  const { image } = tables;
  const { core, populations, projections } = image;
  const { domain, columnGate, rowGate } = kernel;
  const facts = factsOf(kernel);
  const projection = projections[kernel.projection ?? -1];
  const walk = walkOf(kernel);
  if (core.columnGate !== 'skip-tile') refuseWhole(kernel, 'closed tiles are visited, not skipped');
  if (Math.log2(core.lanes) % 1 !== 0) refuseWhole(kernel, `${core.lanes} lanes; expected a power of two`);
  if (kernel.order === 'columns') refuseWhole(kernel, 'goes tile by tile over the columns');
  const columns = domain === 'weights' ? (projection?.weightRowLength ?? 0) : columnsOf(kernel, image);
  const tiles = Math.ceil(columns / core.lanes);
  const ofProjection = projection === undefined ? 1 : at(populations, projection.source).size;
  const rows = domain === 'weights' ? (projection?.weightRows ?? 0) : (kernel.rows ?? ofProjection);
  if (tiles > mostTiles) refuseWhole(kernel, `has ${tiles} tiles; at most ${mostTiles} fit`);
  if (rows > mostRows) refuseWhole(kernel, `has ${rows} rows; at most ${mostRows} fit`);
  const population = emittingPopulation(image, kernel);
  if ((at(populations, population).first ?? 0) !== 0) refuseWhole(kernel, 'is over a part of a population');
  if (columnGate !== undefined && kernel.columns !== undefined)
    refuseWhole(kernel, 'gates some of its columns');
  if (rowGate !== undefined && kernel.rows !== undefined) refuseWhole(kernel, 'gates some of its rows');
  const { intervalCycles, drainCycles, drainsRows, operations, spikesAt } = schedule;
  const [sum, other] = operations.flatMap((operation) => operation.sum ?? []);
  if (other !== undefined) refuseWhole(kernel, 'joins its rows on several lines');
  return packRecord(kernelParts(), {
    walk: numberNamed(walks, walk),
    ...gate(tables, 'column', kernel, columnGate, projection === undefined ? 'self' : 'post'),
    ...gate(tables, 'row', kernel, rowGate, 'pre'),
    tiles,
    tail: (columns - 1) % core.lanes,
    rows: walk === 'rows' ? rows : 1,
    interval: intervalCycles,
    base,
    gap: drainsRows ? drainCycles : intervalCycles,
    ...walkerWaits(kernel, schedule),
    suspend: spikesAt === undefined ? 0 : drainCycles - spikesAt - suspendedCycles,
    ...Object.fromEntries([...rowWords(image, schedule)].map(([bank, words]) => [`row_words${bank}`, words])),
    ...cutRows(tables, kernel, schedule),
    ...(sum === undefined ? {} : sumOf(tables, kernel, sum)),
    population: facts.emits ? population : 0,
    ...(facts.emits ? keepsOf(image, population) : {}),
  });
}

/** Where the spikes of a population are kept, if they are. */
function keepsOf(image: ProgramView, population: number): PartValues {
  const kept = keptSources(image).sources.get(`previous ${population}`);
  return kept === undefined ? {} : { keeps: 1, ...kept };
}

/** The parts of a gate: where it is scanned. */
export function gate(
  tables: Tables,
  name: 'column' | 'row',
  kernel: Pick<BoundKernel, 'name'>,
  field: number | undefined,
  role: Access['role'],
): PartValues {
  if (field === undefined) return {};
  // Gates are read tile by tile, of rows, too.
  const access = tables.access(kernel, { field, role: role === 'pre' ? 'self' : role });
  if (tables.isWide(field))
    refuseWhole(kernel, `tiles of its gate ${at(tables.image.fields, field).name} are two words each`);
  const tiles = Math.ceil(at(tables.image.fields, field).count / tables.image.core.lanes);
  return {
    [`${name}_gate`]: 1,
    [`${name}_access`]: access,
    [`${name}_bank`]: tables.bank(field),
    [`${name}_scan`]: tiles,
  };
}

/** Where the rows of segments are that it walks. */
function cutRows(tables: Tables, kernel: BoundKernel, schedule: MicrocodeSchedule): PartValues {
  const { image } = tables;
  const projection = projectionInSegments(kernel, image);
  if (projection === undefined) return {};
  const { name, index } = projection;
  if (index !== undefined) refuseWhole(kernel, `the targets of ${name} are listed in a bank`);
  const { first, turns } = tables.cutRows.of(projection, columnsOf(kernel, image));
  const wide = synapsesOf(schedule).find(({ field }) => tables.isWide(field));
  if (wide !== undefined && turns)
    refuseWhole(
      kernel,
      `tiles of ${at(image.fields, wide.field).name} are two words each, and segments of ${name} begin in any lane`,
    );
  return { cut: 1, cut_rows: first };
}

/** Whether what it joins of a row is the largest value. */
function takesLargest({ code }: BoundKernel): boolean {
  return code.some(({ mnemonic }) => {
    const { effect } = operationNamed(mnemonic);
    return effect.does === 'reduce' && effect.joins === 'largest';
  });
}

function sumOf(tables: Tables, kernel: BoundKernel, sum: Access): PartValues {
  const field = at(tables.image.fields, sum.field);
  return {
    sum_access: tables.access(kernel, sum),
    sum_bank: tables.bank(sum.field),
    sum_largest: Number(takesLargest(kernel)),
    ...saturationValues('sum', field.overflow === 'wrap' ? undefined : saturationOf(field)),
  };
}

function walkOf(kernel: BoundKernel): (typeof walks)[number] {
  switch (kernel.domain) {
    case 'neurons':
    case 'neuron':
    case 'row':
      return kernel.domain;
    case 'synapses':
    case 'weights':
      return 'rows';
    case 'synapse':
      return refuseWhole(kernel, 'is over one synapse');
  }
}
