import { at } from '../../arrays/index.ts';
import type { HwModel } from '../../hardware/index.ts';
import {
  type Action,
  allLists,
  type BoundKernel,
  type Condition,
  type CoreImage,
  indexLayoutOf,
  isDense,
  kernelsIn,
  type Projection,
  plainActions,
} from '../../image/index.ts';
import { domainNamed } from '../../isa/index.ts';
import { columnsOf, type KernelSchedule, pipelineDemand, scheduleOf } from '../../schedule/index.ts';
import type { CorePlan, KernelPlan, List, PlacedPlan, Step, TargetList } from './core-plan.ts';
import { pipelinesOf } from './pipelines.ts';
import { refuseCore, refuseKernel } from './refuse.ts';
import { type SegmentTable, segmentTableOf } from './segments.ts';

/**
 * Plans a core.
 *
 * @param number that of the core on its chip, if it is one of several
 * @throws PlasticoreError `fit` for what is not written as hardware, with the kernel and the line
 */
export function planCore(image: CoreImage, hw: HwModel, number?: number): CorePlan {
  refuseCore(image, hw);
  const { events, populations } = image;
  const conditions: Condition[] = [];
  let steps = 0;
  const stepsOf = (actions: readonly Action[], holding: readonly number[]): Step[] =>
    actions.flatMap((action) => {
      if (action.does === 'deliver-delayed')
        return at(events.delayed, action.delayed).lists.map((_, waited) => ({
          number: steps++,
          action,
          conditions: holding,
          waited,
        }));
      if (action.does !== 'group') return [{ number: steps++, action, conditions: holding }];
      conditions.push(action.condition);
      const group = stepsOf(action.actions, [...holding, conditions.length - 1]);
      const afterFailing = steps;
      return group.map((step) => (step.action.does === 'stop-unless-any' ? { afterFailing, ...step } : step));
    });
  const list = (name: string, actions: readonly Action[]): List => ({ name, steps: stepsOf(actions, []) });
  const nameOf = (population: number): string => at(populations, population).name;
  const sample = list('the start of a sample', events.sample);
  const tick = list('a step', events.tick);
  const spike = events.spike.map((actions, index) => list(`a spike of ${nameOf(index)}`, actions));
  const previousSpike = events.previousSpike.map((actions, index) =>
    list(`a spike of ${nameOf(index)} in the step before`, actions),
  );
  const delayedSpike = events.delayed.map(({ population, lists }) =>
    lists.map(({ delay, actions }) => list(`a spike of ${nameOf(population)} after ${delay} steps`, actions)),
  );
  const placed = number === undefined ? undefined : placedPlan(events, number, list);
  const used = new Set(allLists(events).flatMap(kernelsIn));
  const tables: SegmentTable[] = [];
  const kernels = image.kernels.flatMap((kernel, index) =>
    used.has(index) ? [planKernel(kernel, index, image, hw, tables)] : [],
  );
  const tested = allLists(events)
    .flatMap(plainActions)
    .flatMap((action) => (action.does === 'stop-unless-any' ? [action.field] : []));
  const gated = kernels.flatMap(({ kernel }) => [kernel.rowGate ?? [], kernel.columnGate ?? []].flat());
  const gates = [...new Set([...gated, ...tested])].sort((a, b) => a - b);
  return {
    image,
    hw,
    kernels,
    pipelines: pipelinesOf(kernels, image, gates),
    tables,
    conditions,
    sample,
    tick,
    spike,
    previousSpike,
    delayedSpike,
    placed,
    gates,
  };
}

/** The input of a core that is one of several is what arrives there. */
const arrivals: Action = { does: 'deliver', population: -1, spikes: 'emitted' };

/** The lists of a core that is one of several: those of its named events. */
function placedPlan(
  { named }: CoreImage['events'],
  number: number,
  list: (name: string, actions: readonly Action[]) => List,
): PlacedPlan {
  return {
    number,
    events: named.map(({ name, actions }, event) => list(`event ${event}, of ${name}`, actions)),
    arrivals: list('spikes that arrive', [arrivals]),
  };
}

/** @param tables takes the table of its segments, if it is not there yet */
function planKernel(
  kernel: BoundKernel,
  index: number,
  image: CoreImage,
  hw: HwModel,
  tables: SegmentTable[],
): KernelPlan {
  const schedule = scheduleOf(pipelineDemand(kernel, image, hw.lanes), hw);
  const { intervalCycles, passCycles } = at(image.costs.work, index);
  const name = at(image.work, index);
  const walksRows = domainNamed(kernel.domain).roles.includes('pre');
  const beforeTiles =
    (walksRows ? hw.overheads.rowCycles : 0) + schedule.lookupCycles + schedule.rowLoadCycles;
  const drainCycles = passCycles - beforeTiles;
  const projection = image.projections[kernel.projection ?? -1];
  const isCut = walksRows && projection !== undefined && !isDense(image, projection);
  const table = isCut ? tableIn(tables, segmentTableOf(kernel, image)) : undefined;
  const isOverWeights = kernel.domain === 'weights';
  const plan = {
    index,
    kernel,
    name,
    schedule,
    intervalCycles,
    drainCycles,
    walks: walkOf(kernel),
    columns: isOverWeights ? (projection?.weightRowLength ?? 0) : columnsOf(kernel, image),
    rows: isOverWeights ? (projection?.weightRows ?? 0) : (kernel.rows ?? rowsOf(projection)),
    table,
    list: targetListOf(kernel, image, schedule),
  };
  refuseKernel(plan, image, hw);
  return plan;
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

/** The rows of a kernel's projection; 1 for a kernel over neurons. */
function rowsOf(projection: Projection | undefined): number {
  return projection === undefined ? 1 : projection.segments.rowStart.length - 1;
}
