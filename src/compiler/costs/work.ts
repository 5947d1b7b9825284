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
  layoutOf,
  type ProgramView,
  passedWords,
  plainActions,
  rangesOfKernel,
} from '../../image/index.ts';
import { domainNamed } from '../../isa/index.ts';
import {
  microcodeEventCycles,
  microcodePassCycles,
  microcodeUnitOf,
  type PassedOver,
} from '../../microcode/index.ts';
import { pipelineDemand, projectionInSegments } from '../../schedule/index.ts';
import { at, PlasticoreError } from '../../text/index.ts';
import { cyclesOfPipeline, cyclesOfWords, type KernelCycles, type TimedKernel, wordsOf } from './cycles.ts';
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
export function deriveCosts({ kernels, passes }: CostBasis, hw: HwModel): CostTable {
  return {
    clockMhz: hw.clockMhz,
    lanes: hw.lanes,
    work: [...kernels.map((kernel) => kernelCost(kernel, hw)), ...passes.map((pass) => passCost(pass, hw))],
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
    eventCycles: hw.microcode === undefined ? hw.overheads.eventCycles : microcodeEventCycles,
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
  const cycles = hw.microcode === undefined ? cyclesOfPipeline(kernel, hw) : cyclesOfWords(kernel, hw);
  const { intervalCycles, boundBy, busyCycles, fillCycles, passCycles, runCycles } = cycles;
  const { scanCycles = 1 } = hw.overheads;
  const perTile = [...fetchCost(kernel.instructions, hw), ...tileControlCost(intervalCycles, hw)];
  return {
    intervalCycles,
    boundBy,
    utilisation: Object.fromEntries(
      Object.entries(busyCycles).map(([name, cycles]) => [name, cycles / intervalCycles]),
    ),
    runCycles,
    ...ofScans(hw),
    passCycles,
    ...(kernel.looksUp && { closed: closedCost(cycles, hw) }),
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

/** A row in which no tile is open, and a closed tile. */
function closedCost(
  { lookupCycles, closedCycles }: KernelCycles,
  hw: HwModel,
): NonNullable<WorkCost['closed']> {
  return {
    rowCycles: lookupCycles,
    tileCycles: closedCycles,
    perRow: controlCost(lookupCycles, hw),
    perTile: controlCost(closedCycles, hw),
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
function passCost({ perScannedTile, over }: PassDemand, hw: HwModel): WorkCost {
  const { scanCycles = 1, kernelCycles } = hw.overheads;
  const { runCycles, intervalCycles } =
    hw.microcode === undefined
      ? { runCycles: kernelCycles, intervalCycles: scanCycles }
      : microcodePassCycles(over, microcodeUnitOf(hw));
  return {
    intervalCycles,
    boundBy: 'issue',
    utilisation: {},
    runCycles,
    ...ofScans(hw),
    passCycles: 0,
    spendsBy: 'slots',
    perSlot: [],
    perRun: controlCost(runCycles, hw),
    perPass: [],
    perScannedTile: [
      ...perScannedTile.map((demand) => priced(demand, hw)),
      ...slotControlCost(scanCycles, hw),
    ],
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
interface KernelDemand extends TimedKernel {
  readonly name: string;
  /** Its population or projection. */
  readonly domain: string;
  /** Whether it emits spikes. */
  readonly emits: boolean;
  readonly perSlot: readonly Demand[];
  readonly perPass: readonly Demand[];
  readonly perScannedTile: readonly Demand[];
  readonly instructions: InstructionDemand;
}

/**
 * The sources of an image's prices, besides an hw-model. Worked out once, it serves many models that do the same
 * at other costs.
 */
export interface CostBasis {
  readonly kernels: readonly KernelDemand[];
  readonly passes: readonly PassDemand[];
}

/** A pass over words of fields. */
interface PassDemand {
  /** What a tile costs that it scans as a gate does. */
  readonly perScannedTile: readonly Demand[];
  readonly over: PassedOver;
}

/** The basis of an image, with the widths of each kernel's instructions. */
export function basisOf(
  kernels: readonly AnalysedCode[],
  image: Omit<ProgramView, 'costs' | 'provenance'>,
): CostBasis {
  const { fields } = image;
  const { lanes } = image.core;
  const passes = image.work.slice(kernels.length).map((): PassDemand => ({ perScannedTile: [], over: 0 }));
  for (const action of allLists(image.events).flatMap(plainActions)) {
    if (action.does === 'stop-unless-any')
      passes[action.work - kernels.length] = {
        perScannedTile: scanDemands([action.field], fields, lanes),
        over: 'test',
      };
    if (action.does === 'clear')
      passes[action.work - kernels.length] = {
        perScannedTile: [],
        over: passedWords(image, action).length,
      };
    if (action.does === 'keep') {
      const { field, lists } = at(image.events.delayed, action.delayed);
      const { itemsPerWord } = layoutOf(image, at(fields, field));
      passes[action.work - kernels.length] = {
        perScannedTile: [],
        over: { lists: lists.length, tilesPerWord: Math.ceil(itemsPerWord / lanes) },
      };
    }
  }
  return {
    kernels: kernels.map(({ bound, widths }): KernelDemand => {
      const pipeline = pipelineDemand(bound, image, lanes);
      return {
        name: bound.name,
        domain: bound.domain,
        walksRows: domainNamed(bound.domain).roles.includes('pre'),
        looksUp: projectionInSegments(bound, image) !== undefined,
        emits: factsOf(bound).emits,
        perSlot: demandsOf(bound, widths, fields),
        perPass: treeDemands(bound, widths),
        perScannedTile: scanDemands([bound.rowGate, bound.columnGate], fields, lanes),
        instructions: instructionDemand(bound, widths),
        pipeline,
        bound,
        words: wordsOf(bound, image, pipeline),
      };
    }),
    passes,
  };
}

/** That of a compiled image. */
export function costBasis(image: ProgramView): CostBasis {
  return basisOf(
    image.kernels.map((bound) => ({
      bound,
      widths: rangesOfKernel(bound, image).map(({ widthBits }) => widthBits),
    })),
    image,
  );
}
