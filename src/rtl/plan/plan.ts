import type { HwModel } from '../../hardware/index.ts';
import {
  allLists,
  batchSizes,
  type CoreImage,
  hostRange,
  kernelsIn,
  plainActions,
} from '../../image/index.ts';
import { eventScalars, hostScalars, type ValueRange, valueRange } from '../../isa/index.ts';
import { at } from '../../text/index.ts';
import type { CorePlan, KernelPlan } from './core-plan.ts';
import { planKernels } from './kernels.ts';
import { keptPopulations, planLists, planRings } from './lists.ts';
import { planBanks, planGates, planOpenLists } from './memories.ts';
import { planPipelines } from './pipelines.ts';
import { refuseCore, refuseKernel, refuseProgram } from './refuse.ts';
import { segmentBitsOf } from './segments.ts';
import { planWaiting, tilesAfterReady, walkerFacts } from './walker.ts';
import { indexBits, signedBits, type Widths } from './widths.ts';

/**
 * Plans a core.
 *
 * @param number that of the core on its chip
 * @throws PlasticoreError `fit` for what is not written as hardware, with the kernel and the line
 */
export function planCore(image: CoreImage, hw: HwModel, number = 0): CorePlan {
  refuseProgram(image);
  refuseCore(image, hw);
  return planOf(image, hw, number, (kernel) => refuseKernel(kernel, image, hw));
}

/**
 * Plans a core, whatever its figures are: its memories are those of its image alone, but not its cycles.
 *
 * @throws PlasticoreError `fit` for a program that is not written as hardware
 */
export function planMemories(image: CoreImage, hw: HwModel): CorePlan {
  refuseProgram(image);
  return planOf(image, hw, 0, () => {});
}

function planOf(
  image: CoreImage,
  hw: HwModel,
  number: number,
  refuse: (kernel: KernelPlan) => void,
): CorePlan {
  const actions = allLists(image.events);
  const { kernels, tables } = planKernels(image, hw, new Set(actions.flatMap(kernelsIn)), refuse);
  const tested = actions
    .flatMap(plainActions)
    .flatMap((action) => (action.does === 'stop-unless-any' ? [action.field] : []));
  const gated = kernels.flatMap(({ kernel }) => [kernel.rowGate ?? [], kernel.columnGate ?? []].flat());
  const fields = [...new Set([...gated, ...tested])].sort((a, b) => a - b);
  const { pipelines, memberBits } = planPipelines(kernels, image, fields);
  const rings = planRings(image);
  const lists = planLists(image, kernels, rings);
  const batches = batchSizes(actions);
  const gates = planGates(fields, image, pipelines, lists.steps);
  const openLists = planOpenLists(kernels, gates);
  const waiting = planWaiting(image, kernels, lists);
  const scalars = hostScalars.map((_, scalar) => scalarRange(image, scalar));
  const widths = widthsOf(image, { hw, scalars, kernels, steps: lists.steps, gates, openLists });
  return {
    image,
    hw,
    number,
    scalars,
    widths,
    banks: planBanks(image, hw, lists.steps),
    kernels,
    pipelines,
    memberBits,
    tables,
    segmentBits: segmentBitsOf({ image, kernels, tables, widths }),
    ...lists,
    batches,
    rings,
    keptPopulations: keptPopulations(lists.steps, rings),
    gates,
    openLists,
    waiting,
    ...walkerFacts({ image, hw, widths, kernels, pipelines, memberBits, steps: lists.steps, gates, waiting }),
    tilesAfterReady: tilesAfterReady(image, kernels, waiting),
  };
}

/** The range of a scalar that the host writes; a core that is one of several takes it with its events. */
function scalarRange(image: CoreImage, scalar: number): ValueRange {
  const given = image.eventScalars[eventScalars.length + scalar];
  return given === undefined ? hostRange(image, scalar) : valueRange(given.low, given.high);
}

function widthsOf(
  image: CoreImage,
  {
    hw,
    scalars,
    kernels,
    steps,
    gates,
    openLists,
  }: Pick<CorePlan, 'hw' | 'scalars' | 'kernels' | 'steps' | 'gates' | 'openLists'>,
): Widths {
  const { core, populations, projections, banks, epochs, events, generators } = image;
  const largest = Math.max(1, ...populations.map(({ size }) => size));
  // Kernels over stored weights have as many columns as a row of them.
  const overWeights = image.kernels.flatMap(({ domain, projection }) =>
    domain === 'weights' ? (projections[projection ?? -1]?.weightRowLength ?? 0) : [],
  );
  const weightRows = Math.max(1, ...projections.map((projection) => projection.weightRows));
  const address = banks.map(({ usedWords }) => indexBits(usedWords));
  const { kernelCycles, rowCycles, eventCycles } = hw.overheads;
  const most = (...values: readonly number[]): number => Math.max(1, ...values);
  const scanned = gates.map(({ tiles }) => tiles);
  const cycles = kernels.flatMap(({ schedule, intervalCycles, drainCycles }) => [
    rowCycles + schedule.lookupCycles + schedule.rowLoadCycles,
    drainCycles + intervalCycles,
  ]);
  return {
    lanes: core.lanes,
    tile: indexBits(Math.ceil(Math.max(largest, ...overWeights) / core.lanes)),
    neuron: indexBits(largest),
    population: indexBits(Math.max(2, populations.length)),
    value: Math.max(0, ...populations.map(({ payload }) => payload?.bits ?? 0)),
    weightRow: indexBits(Math.max(largest, weightRows)),
    place: indexBits(most(...projections.map(({ weightRowLength }) => weightRowLength))),
    address,
    bank: indexBits(Math.max(2, banks.length)),
    step: indexBits(steps.length + 1),
    kernel: indexBits(kernels.length + 1),
    gate: indexBits(gates.length + 1),
    label: signedBits(at(scalars, hostScalars.indexOf('label'))),
    stepScalar: signedBits(at(scalars, hostScalars.indexOf('step'))),
    interval: indexBits(Math.max(2, epochs.length)),
    event: indexBits(Math.max(2, events.named.length)),
    host: Math.max(32, ...banks.flatMap(({ wordBits, usedWords }) => (usedWords === 0 ? [] : [wordBits]))),
    hostAddress: Math.max(indexBits(core.lanes + generators.length), ...address),
    hostBank: indexBits(banks.length + 1),
    cycle: indexBits(
      most(kernelCycles, eventCycles, ...scanned, ...cycles, ...steps.map(({ passes }) => passes)) + 1,
    ),
    tileCount: indexBits(
      most(
        ...openLists.flatMap(({ of, entries }) => (of === 'tiles' ? [entries] : [])),
        ...kernels.flatMap(({ walks, rows, columns }) => [
          Math.ceil(columns / core.lanes),
          walks === 'columns' ? rows : 1,
        ]),
      ),
    ),
    phase: indexBits(most(...kernels.map(({ intervalCycles }) => intervalCycles))),
    room: indexBits(Math.max(core.fifoDepth, core.lanes) + 1),
  };
}
