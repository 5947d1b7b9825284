import { spikingPopulation } from '../../../../image/index.ts';
import { eventScalars } from '../../../../isa/index.ts';
import { at, known } from '../../../../text/index.ts';
import { type FunctionBuilder, i32, type Local, type Value, whileBelow } from '../../../../wasm/index.ts';
import type { Version } from '../../plan/kernel-plan.ts';
import { elementBytes } from '../../plan/memory/memory-map.ts';
import { countInSlot, type KernelContext, kernelContext, type ModuleContext } from '../body/context.ts';
import { copyPositions, listFlags } from '../body/correlations.ts';
import { countPass, listVisited } from '../body/gates.ts';
import { moveGenerators, stepIdle } from '../body/generators.ts';
import { writeLines } from '../body/lines.ts';
import { areaOf, loadItems, storeItems } from '../body/ports.ts';
import { type GatedColumns, type Row, runAsRow, startBlock, startRow } from '../body/position.ts';
import { finishReduces, startReduces } from '../body/reduces.ts';
import { Values } from '../body/values.ts';
import { writeGathered } from './gather.ts';
import { forEachTouched } from './row-tally.ts';
import { writeSegmentLoops } from './segments.ts';
import { forBlocks, forEachRow, writeBlock, writeColumns, writeTiles } from './tiles.ts';

/** Neurons whose spikes are served together: the address of the first, u32 each, and how many. */
export interface Batch {
  readonly first: Local<'i32'>;
  readonly count: Local<'i32'>;
}

/**
 * Writes the code of one run of a kernel.
 *
 * @param event the neuron that the event names, for kernels that need one, with the value that its spike carries
 */
export function writeKernel(
  f: FunctionBuilder,
  index: number,
  module: ModuleContext,
  event: Local<'i32'>,
): void {
  forEachPiece(f, index, module, (k) => {
    if (countsRuns(k)) countInSlot(k, k.counters.runs, 1);
    const neuron = isGraded(k) ? f.local('i32') : event;
    takeSpike(k, neuron, event);
    writeRun(k, neuron);
  });
}

/** Whether the spikes that run a kernel carry a value. */
function isGraded({ module: { image }, plan: { kernel } }: KernelContext): boolean {
  return spikingPopulation(image, kernel).payload !== undefined;
}

/** Extracts the neuron, and the value if the kernel reads it, from a spike's address. */
function takeSpike(k: KernelContext, neuron: Local<'i32'>, event: Value<'i32'>): void {
  const { f, value } = k;
  const { payload } = spikingPopulation(k.module.image, k.plan.kernel);
  if (payload === undefined) {
    if (event !== neuron) f.set(neuron, event);
    return;
  }
  const { bits, signed, shift } = payload;
  const spike = f.keep(event);
  f.set(neuron, spike.and(2 ** shift - 1));
  if (value === undefined) return;
  const upper = spike.shiftLeft(32 - shift - bits);
  f.set(value, signed ? i32.shr_s(upper, 32 - bits) : upper.shiftRight(32 - bits));
}

/** Writes the code of the runs of a kernel for all spikes of a batch. */
export function writeKernelBatch(
  f: FunctionBuilder,
  index: number,
  module: ModuleContext,
  batch: Batch,
): void {
  forEachPiece(f, index, module, (k) => {
    if (countsRuns(k)) countInSlot(k, k.counters.runs, batch.count);
    const neuron = f.local('i32');
    const forEachSpike = (body: () => void): void => {
      const next = f.keep(batch.first);
      const end = f.keep(next.plus(batch.count.shiftLeft(2)));
      whileBelow(f, next, end, 4, () => {
        takeSpike(k, neuron, i32.load(next));
        body();
      });
    };
    const { resident, gathering, columns } = k.plan;
    const take = (spike: Value<'i32'>): void => takeSpike(k, neuron, spike);
    if (columns.visits === 'segments' && gathering !== undefined) {
      writeGathered(k, columns, gathering, batch, neuron, take);
    } else if (columns.visits === 'segments') {
      const table = at(module.map.segments, k.plan.kernel.projection ?? -1);
      const forEachRow = (body: () => void): void =>
        forEachTouched(k, batch, table, columns.segmentation.columns, neuron, take, body);
      // Other kernels that the same spikes run visit no row of their neurons.
      const visitsRows = columns.segmentation.index !== undefined && k.plan.kernel.domain === 'row';
      writeSegmentLoops(k, columns, neuron, visitsRows ? forEachRow : forEachSpike);
    } else if (resident === undefined) forEachSpike(() => writeRun(k, neuron));
    else writeResident(k, resident, neuron, forEachSpike);
  });
}

/** Writes the code of each piece of a kernel's columns, in each of its versions. */
function forEachPiece(
  f: FunctionBuilder,
  index: number,
  module: ModuleContext,
  write: (k: KernelContext) => void,
): void {
  const plan = at(module.kernels, index);
  const writeVersions = ([version, ...others]: readonly Version[]): void => {
    if (version === undefined) return;
    const writePieces = (): void => {
      const { suspensions } = at(module.counters.kernels, plan.index);
      const suspended = suspensions === undefined ? undefined : f.local('i32');
      for (const piece of plan.pieces) write(kernelContext(f, module, plan, piece, version, suspended));
    };
    if (others.length === 0) writePieces();
    else f.if(hasValues(module, version), writePieces, () => writeVersions(others));
  };
  writeVersions(plan.versions);
}

/** Whether the scheduled parameters have the values of a version. */
function hasValues({ map }: ModuleContext, version: Version): Value<'i32'> {
  const differ = [...version].map(([parameter, value]) =>
    i32.load(0, map.parameters + 4 * parameter).differsFrom(value),
  );
  return differ.reduce<Value<'i32'>>((any, one) => any.or(one), i32.const(0)).isZero();
}

/** The first piece of a kernel's columns counts for all of them. */
function countsRuns({ piece }: KernelContext): boolean {
  return piece.from === 0;
}

/** One run, which the caller counts. */
function writeRun(k: KernelContext, neuron: Local<'i32'>): void {
  const { columns } = k.plan;
  moveGenerators(k, 'variables');
  if (columns.visits === 'tiles') writeTiles(k, runAsRow(neuron, undefined));
  else if (columns.visits === 'segments') writeSegmentLoops(k, columns, neuron);
  else if (columns.visits === 'gated tiles') {
    const visited = listVisited(k, columns.gate);
    k.f.if(visited.tiles, () => writeRows(k, neuron, visited));
  } else writeRows(k, neuron, undefined);
  moveGenerators(k, 'memory');
}

/** All rows of a run, each with its visited columns. */
function writeRows(k: KernelContext, neuron: Local<'i32'>, visited: GatedColumns | undefined): void {
  const run = runAsRow(neuron, visited);
  const ofRun = new Values();
  listFlags(k);
  // A kernel over weights passes over all of its rows at once.
  const isOnePass = k.plan.kernel.domain === 'weights';
  writeLines(k, { row: run, values: ofRun, item: undefined }, 'run');
  forEachRow(k, neuron, (pre) => {
    const row = startRow(k, pre, run.holds, visited);
    const values = new Values(ofRun);
    copyPositions(k, pre);
    startReduces(k, row);
    writeLines(k, { row, values, item: undefined }, 'row');
    if (k.plan.columns.visits === 'item') writeItem(k, row, values);
    else writeColumns(k, row, values);
    finishReduces(k, row);
    if (!isOnePass && countsRuns(k)) countPass(k, row);
  });
  if (isOnePass) countPass(k, run);
}

/** One item: a neuron, or the synapse onto the post-synaptic neuron that the named event gives. */
function writeItem(k: KernelContext, row: Row, values: Values): void {
  const { map, image } = k.module;
  const isSynapse = k.plan.kernel.domain === 'synapse';
  const column = isSynapse ? k.f.keep(i32.load(0, map.event + 4 * eventScalars.indexOf('post'))) : row.pre;
  writeBlock(k, row, values, startBlock(k, { column, vectors: 1 }));
  // The item's own lane has stepped.
  stepIdle(k, (lane) => lane.differsFrom(column.modulo(image.core.lanes)));
}

/** The most vectors of post-synaptic fields that stay in the processor's registers beside a kernel's values. */
const mostResident = 8;

/** A row kernel that takes all spikes for some columns, whose post-synaptic fields it keeps in variables. */
function writeResident(
  k: KernelContext,
  fields: readonly number[],
  neuron: Local<'i32'>,
  forEachSpike: (body: () => void) => void,
): void {
  const { f, plan, piece } = k;
  let most = mostResident;
  while (most * fields.length > mostResident && most * piece.vector > piece.block) most /= 2;
  forBlocks(k, most, (column, vectors) => {
    const resident = new Map(
      fields.map((field) => [field, Array.from({ length: vectors }, () => f.local('v128'))] as const),
    );
    const block = startBlock(k, { column, vectors, resident });
    const addressOf = (field: number, vector: number) => {
      const { address, element } = areaOf(k, field);
      const bytes = elementBytes[element];
      return { base: known(block.scaled, bytes), offset: address + vector * piece.vector * bytes };
    };
    for (const [field, kept] of resident) {
      for (const [vector, local] of kept.entries())
        f.set(local, loadItems(k, piece.lanes, field, addressOf(field, vector)).as('v128'));
    }
    forEachSpike(() => {
      const row = startRow(k, neuron, new Map(), undefined);
      const values = new Values();
      writeLines(k, { row, values, item: undefined }, 'row');
      writeBlock(k, row, values, block);
    });
    for (const [field, kept] of resident) {
      if (!plan.stored.has(field)) continue;
      for (const [vector, local] of kept.entries())
        f.do(storeItems(k, piece.lanes, field, addressOf(field, vector), local));
    }
  });
}
