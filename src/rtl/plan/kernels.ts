import type { HwModel } from '../../hardware/index.ts';
import {
  type BoundKernel,
  type CoreImage,
  emittingPopulation,
  factsOf,
  indexLayoutOf,
  isDense,
} from '../../image/index.ts';
import { domainNamed } from '../../isa/index.ts';
import { rowsOf } from '../../program/index.ts';
import { columnsOf, fillOf, type KernelSchedule, pipelineDemand, scheduleOf } from '../../schedule/index.ts';
import { at } from '../../text/index.ts';
import type { KernelPlan, SegmentTable, TargetList } from './core-plan.ts';
import { refuseKernelOfProgram } from './refuse.ts';
import { segmentTableOf } from './segments.ts';

/**
 * Plans the kernels of a core.
 *
 * @param used tells which kernels of the image its lists run
 * @param refuse throws for a kernel that does not suit the figures of the core
 * @throws PlasticoreError `fit` for one that is not written as hardware, with the kernel and the line
 */
export function planKernels(
  image: CoreImage,
  hw: HwModel,
  used: ReadonlySet<number>,
  refuse: (kernel: KernelPlan) => void,
): { readonly kernels: KernelPlan[]; readonly tables: SegmentTable[] } {
  const tables: SegmentTable[] = [];
  const kernels: KernelPlan[] = [];
  for (const [index, kernel] of image.kernels.entries()) {
    if (!used.has(index)) continue;
    const plan = planKernel(kernel, { index, number: kernels.length }, image, hw, tables);
    refuseKernelOfProgram(plan, image);
    refuse(plan);
    kernels.push(plan);
  }
  return { kernels, tables };
}

/** @param tables takes the table of its segments, if it is not there yet */
function planKernel(
  kernel: BoundKernel,
  { index, number }: Pick<KernelPlan, 'index' | 'number'>,
  image: CoreImage,
  hw: HwModel,
  tables: SegmentTable[],
): KernelPlan {
  const schedule = scheduleOf(pipelineDemand(kernel, image, hw.lanes), hw);
  const walksRows = domainNamed(kernel.domain).roles.includes('pre');
  const projection = image.projections[kernel.projection ?? -1];
  const isCut = walksRows && projection !== undefined && !isDense(image, projection);
  const table = isCut ? tableIn(tables, segmentTableOf(kernel, image)) : undefined;
  const isOverWeights = kernel.domain === 'weights';
  const walks = walkOf(kernel);
  const columns = isOverWeights ? (projection?.weightRowLength ?? 0) : columnsOf(kernel, image);
  return {
    index,
    number,
    kernel,
    name: at(image.work, index),
    schedule,
    intervalCycles: schedule.intervalCycles,
    drainCycles: schedule.overlapsRows ? schedule.fillCycles : fillOf(schedule, hw.overheads),
    walks,
    columns,
    tiles: walks === 'neuron' ? 1 : Math.ceil(columns / image.core.lanes),
    rows: isOverWeights
      ? (projection?.weightRows ?? 0)
      : (kernel.rows ?? (projection === undefined ? 1 : rowsOf(projection.segments))),
    table,
    list: targetListOf(kernel, image, schedule),
    walksSegments: isCut || isOverWeights,
    emits: factsOf(kernel).emits ? emittingPopulation(image, kernel) : undefined,
  };
}
/** The index that lists a kernel's targets, and the port through which the walker reads it. */
function targetListOf(
  kernel: BoundKernel,
  { projections, layouts, fields }: CoreImage,
  { loads, indexSlot }: KernelSchedule,
): TargetList | undefined {
  const { index, segments } = projections[kernel.projection ?? -1] ?? {};
  const layout = layouts[indexLayoutOf(kernel, { projections, fields }) ?? -1];
  if (index === undefined || layout === undefined || indexSlot === undefined) return undefined;
  const taken = loads.flatMap(({ bank, slots }) => (bank === layout.bank ? slots : []));
  return {
    layout,
    slot: indexSlot,
    port: taken.filter((slot) => slot === indexSlot).length,
    target: at(fields, index.target),
    count: fields[index.count ?? -1],
    length: segments?.length[0] ?? 1,
    offset: fields[index.offset ?? -1],
  };
}

function walkOf({ domain, order }: BoundKernel): KernelPlan['walks'] {
  switch (domain) {
    case 'neurons':
    case 'neuron':
    case 'weights':
      return domain;
    case 'synapses':
      return order === 'columns' ? 'columns' : 'rows';
    default:
      return 'row';
  }
}

/** The index of a table among those that are there; kernels that visit the same columns share one. */
function tableIn(tables: SegmentTable[], table: SegmentTable): number {
  const known = tables.findIndex(({ name }) => name === table.name);
  return known < 0 ? tables.push(table) - 1 : known;
}
