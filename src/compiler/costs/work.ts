import {
  type CostTable,
  coreArea,
  type HwModel,
  type StatedCost,
  type WorkCost,
} from '../../hardware/index.ts';
import { scheduleOf } from '../../schedule/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import type { CostBasis, KernelDemand } from './basis.ts';
import { controlCost, instructionCost, tileControlCost } from './instructions.ts';
import { type Demand, priced, pricedTogether } from './operations.ts';

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
      leakUw,
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
    ...(hw.activity && { activity: hw.activity }),
    ...hw.figures,
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
  const passCycles = lookupCycles + schedule.rowLoadCycles + fillCycles;
  return {
    intervalCycles,
    boundBy,
    utilisation: Object.fromEntries(
      Object.entries(busy).map(([name, cycles]) => [name, cycles / intervalCycles]),
    ),
    runCycles: kernelCycles,
    ...ofScans(hw),
    passCycles,
    ...(kernel.looksUp && { closed: closedCost(lookupCycles, hw) }),
    ...(kernel.emits &&
      hw.router.whenFull === 'stall' &&
      hw.controller === undefined && {
        suspended: { cycles: fillCycles, perTile: controlCost(fillCycles, hw) },
      }),
    spendsBy: hw.columnGate === 'clock' ? 'items' : 'slots',
    perSlot: [
      ...perSlot,
      ...instructionCost(kernel.instructions, hw),
      ...tileControlCost(intervalCycles, hw),
    ],
    perRun: controlCost(kernelCycles, hw),
    perPass: [...kernel.perPass.map((demand) => priced(demand, hw)), ...controlCost(passCycles, hw)],
    perScannedTile: [
      ...kernel.perScannedTile.map((demand) => priced(demand, hw)),
      ...tileControlCost(scanCycles, hw),
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
    perScannedTile: [...scanned.map((demand) => priced(demand, hw)), ...tileControlCost(scanCycles, hw)],
  };
}

function ofScans({ overheads: { scanCycles } }: HwModel): Pick<WorkCost, 'scanCycles'> {
  return scanCycles === undefined ? {} : { scanCycles };
}
