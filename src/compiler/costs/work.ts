import {
  type CostTable,
  coreArea,
  type HwModel,
  type StatedCost,
  type WorkCost,
} from '../../hardware/index.ts';
import {
  allLists,
  type BoundKernel,
  factsOf,
  isDense,
  type ProgramView,
  plainActions,
  rangesOfKernel,
} from '../../image/index.ts';
import { domainNamed } from '../../isa/index.ts';
import { type PipelineDemand, type PipelineView, pipelineDemand, scheduleOf } from '../../schedule/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import {
  controlCost,
  type Demand,
  demandsOf,
  fetchCost,
  type InstructionDemand,
  instructionDemand,
  priced,
  pricedTogether,
  registersCost,
  scanDemands,
  slotControlCost,
  tileControlCost,
  treeDemands,
} from './operations.ts';

/**
 * The prices of all the work of a program on a core, those of a chip's network apart.
 *
 * @throws PlasticoreError `fit` if the core lacks a unit
 */
export function deriveCosts({ kernels, scans }: CostBasis, hw: HwModel): CostTable {
  return {
    clockMhz: hw.clockMhz,
    lanes: hw.lanes,
    work: [
      ...kernels.map((kernel) => kernelCost(kernel, hw)),
      ...scans.map((demands) => passCost(demands, hw)),
    ],
    banks: hw.banks.map(({ name, readPj, writePj, leakUw, sources, wires }) => ({
      name,
      readPj,
      writePj,
      // What an FPGA takes at rest is its static power.
      leakUw: hw.fpga?.overhead === undefined ? leakUw : 0,
      sources: {
        readPj: sources.readPj.name,
        writePj: sources.writePj.name,
        leakUw: sources.leakUw.name,
      },
      ...(wires && { wires: { ...wires, source: wires.source.name } }),
    })),
    router: {
      pushPj: hw.router.pushPj,
      popPj: hw.router.popPj,
      sources: { pushPj: hw.router.sources.pushPj.name, popPj: hw.router.sources.popPj.name },
    },
    area: coreArea(hw),
    eventCycles: hw.overheads.eventCycles,
    staticPower: { powerUw: hw.staticPower.powerUw, source: hw.staticPower.source.name },
    ...(hw.clockPower && {
      clockPower: { uwPerMhz: hw.clockPower.uwPerMhz, source: hw.clockPower.source.name },
    }),
    ...(hw.fpga?.overhead && {
      overhead: { times: hw.fpga.overhead.times, source: hw.fpga.overhead.source.name },
    }),
    ...(hw.activity && { activity: hw.activity }),
    ...hw.figures,
    ...(hw.timeInterval && { timeInterval: hw.timeInterval }),
    ...(hw.stepPeriodUs !== undefined && { stepNs: 1000 * hw.stepPeriodUs }),
    ...(hw.clockRemarks.length > 0 && { clockRemarks: hw.clockRemarks }),
    ...(hw.otherShapes.length > 0 && { otherShapes: hw.otherShapes }),
  };
}

function kernelCost(kernel: KernelDemand, hw: HwModel): WorkCost {
  const stated = hw.kernels[kernel.name] ?? hw.otherKernels[kernel.domain];
  if (stated !== undefined) return statedCost(stated, hw);
  refuseWithoutUnits(kernel.name, hw);
  const perSlot = pricedTogether(kernel.perSlot, hw);
  const { intervalCycles, boundBy, busy, ...schedule } = scheduleOf(kernel.pipeline, hw);
  const { rowCycles, kernelCycles, scanCycles = 1 } = hw.overheads;
  // A fixed fill is that of the tiles alone.
  const fillCycles =
    hw.overheads.fillCycles === undefined
      ? schedule.fillCycles
      : hw.overheads.fillCycles + schedule.rowStoreCycles;
  // Where looking up a row is free, so is its place in an index.
  const lookupCycles = kernel.walksRows && rowCycles > 0 ? rowCycles + schedule.lookupCycles : 0;
  const perTile = [...fetchCost(kernel.instructions, hw), ...tileControlCost(intervalCycles, hw)];
  // Rows that overlap fill the pipeline once, whether or not one of them is open.
  const { overlapsRows } = schedule;
  const passCycles = lookupCycles + schedule.rowLoadCycles + (overlapsRows ? 0 : fillCycles);
  const runCycles = kernelCycles + (overlapsRows ? fillCycles : 0);
  return {
    intervalCycles,
    boundBy,
    utilisation: Object.fromEntries(
      Object.entries(busy).map(([name, cycles]) => [name, cycles / intervalCycles]),
    ),
    runCycles,
    ...ofScans(hw),
    passCycles,
    ...(kernel.looksUp && { closed: closedCost(lookupCycles, hw) }),
    ...(kernel.emits &&
      hw.router.whenFull === 'stall' &&
      hw.controller === undefined && {
        suspended: { cycles: fillCycles, perTile: controlCost(fillCycles, hw) },
      }),
    spendsBy: hw.columnGate === 'clock' ? 'items' : 'slots',
    perSlot: [...perSlot, ...registersCost(kernel.instructions, hw)],
    ...(perTile.length > 0 && { perTile }),
    perRun: controlCost(runCycles, hw),
    perPass: [...kernel.perPass.map((demand) => priced(demand, hw)), ...controlCost(passCycles, hw)],
    perScannedTile: [
      ...kernel.perScannedTile.map((demand) => priced(demand, hw)),
      ...slotControlCost(scanCycles, hw),
    ],
  };
}

/**
 * A core without any unit runs no microcode: it has the kernels whose costs it states.
 *
 * @throws PlasticoreError `fit`
 */
function refuseWithoutUnits(kernel: string, { name, operations, kernels }: HwModel): void {
  if (Object.keys({ ...operations.integer, ...operations.float32 }).length > 0) return;
  throw new PlasticoreError(
    'fit',
    `hw-model '${name}' has no units for microcode, and no kernel '${kernel}'`,
    {
      hint: `it has ${Object.keys(kernels).join(', ')}`,
    },
  );
}

/** A row in which no tile is open, and a closed tile, which takes a cycle where looking up its row takes any. */
function closedCost(rowCycles: number, hw: HwModel): NonNullable<WorkCost['closed']> {
  const tileCycles = Math.min(1, rowCycles);
  return {
    rowCycles,
    tileCycles,
    perRow: controlCost(rowCycles, hw),
    perTile: controlCost(tileCycles, hw),
  };
}

/** A cost stated in the hw-model replaces everything except the kernel's bank accesses. */
function statedCost({ source, ...stated }: StatedCost, hw: HwModel): WorkCost {
  return {
    intervalCycles: stated.cyclesPerTile + stated.cyclesPerItem * hw.lanes,
    boundBy: 'stated',
    utilisation: {},
    runCycles: hw.overheads.kernelCycles,
    ...ofScans(hw),
    passCycles: 0,
    spendsBy: 'items',
    perSlot: [],
    perRun: [],
    perPass: [],
    perScannedTile: [],
    stated: { ...stated, source: source.name },
  };
}

/** A clear writes word after word, kept spikes take one time for each word, and a test scans its field like a gate. */
function passCost(scanned: readonly Demand[], hw: HwModel): WorkCost {
  const { scanCycles = 1 } = hw.overheads;
  return {
    intervalCycles: scanCycles,
    boundBy: 'issue',
    utilisation: {},
    runCycles: hw.overheads.kernelCycles,
    ...ofScans(hw),
    passCycles: 0,
    spendsBy: 'slots',
    perSlot: [],
    perRun: controlCost(hw.overheads.kernelCycles, hw),
    perPass: [],
    perScannedTile: [...scanned.map((demand) => priced(demand, hw)), ...slotControlCost(scanCycles, hw)],
  };
}

function ofScans({ overheads: { scanCycles } }: HwModel): Pick<WorkCost, 'scanCycles'> {
  return scanCycles === undefined ? {} : { scanCycles };
}

/** The facts of a kernel that prices need: its code, and the width of each of its instructions. */
interface AnalysedCode {
  readonly bound: BoundKernel;
  readonly widths: readonly number[];
}

/** The function of a kernel, whatever it costs. */
interface KernelDemand {
  readonly name: string;
  /** Its population or projection. */
  readonly domain: string;
  readonly walksRows: boolean;
  /** Whether it looks up rows of segments, in which no tile may be open. */
  readonly looksUp: boolean;
  /** Whether it emits spikes. */
  readonly emits: boolean;
  readonly perSlot: readonly Demand[];
  readonly perPass: readonly Demand[];
  readonly perScannedTile: readonly Demand[];
  readonly instructions: InstructionDemand;
  readonly pipeline: PipelineDemand;
}

/**
 * The sources of an image's prices, besides an hw-model. Worked out once, it serves many models that do the same
 * at other costs.
 */
export interface CostBasis {
  readonly kernels: readonly KernelDemand[];
  /** For each pass over words of fields: what a tile costs that it scans as a gate does. */
  readonly scans: readonly (readonly Demand[])[];
}

/** The work of a program on a core with so many lanes. */
export interface AnalysedProgram {
  readonly kernels: readonly AnalysedCode[];
  /** For each pass over words of fields: the fields that it scans as a gate does. */
  readonly scans: readonly (readonly number[])[];
  readonly memory: PipelineView;
  readonly lanes: number;
}

export function basisOf({ kernels, scans, memory, lanes }: AnalysedProgram): CostBasis {
  const { fields } = memory;
  return {
    kernels: kernels.map(
      ({ bound, widths }): KernelDemand => ({
        name: bound.name,
        domain: bound.domain,
        walksRows: domainNamed(bound.domain).roles.includes('pre'),
        looksUp: looksUpSegments(bound, memory),
        emits: factsOf(bound).emits,
        perSlot: demandsOf(bound, widths, fields),
        perPass: treeDemands(bound, widths),
        perScannedTile: scanDemands([bound.rowGate, bound.columnGate], fields, lanes),
        instructions: instructionDemand(bound, widths),
        pipeline: pipelineDemand(bound, memory, lanes),
      }),
    ),
    scans: scans.map((scanned) => scanDemands(scanned, fields, lanes)),
  };
}

function looksUpSegments({ domain, projection: index }: BoundKernel, memory: PipelineView): boolean {
  const projection = memory.projections[index ?? -1];
  const walksRows = domain === 'row' || domain === 'synapses';
  return walksRows && projection !== undefined && !isDense(memory, projection);
}

/** That of a compiled image. */
export function costBasis(image: ProgramView): CostBasis {
  const { kernels, fields, layouts, projections, banks, populations, work } = image;
  const scans = work.slice(kernels.length).map((): readonly number[] => []);
  for (const action of allLists(image.events).flatMap(plainActions)) {
    if (action.does === 'stop-unless-any') scans[action.work - kernels.length] = [action.field];
  }
  return basisOf({
    kernels: kernels.map((bound) => ({
      bound,
      widths: rangesOfKernel(bound, image).map(({ widthBits }) => widthBits),
    })),
    scans,
    memory: { fields, layouts, projections, banks, populations },
    lanes: image.core.lanes,
  });
}
