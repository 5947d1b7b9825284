import { type CostTable, networkEvents, type OperationCost, type WorkCost } from '../hardware/index.ts';
import type { Price } from '../image/index.ts';

/*
 * An energy that nobody knows is null, and no 0: in reports, in figures of designs, and wherever one is shown.
 */

/** Whether the hw-model of a core states any energy or power. No core works for nothing: without one, none is known. */
export function hasEnergies({ work, banks, router, network, staticPower, clockPower }: CostTable): boolean {
  return (
    work.some(takesEnergy) ||
    banks.some(
      ({ readPj, writePj, leakUw, wires }) =>
        readPj > 0 || writePj > 0 || leakUw > 0 || (wires !== undefined && wires.readPj + wires.writePj > 0),
    ) ||
    router.pushPj > 0 ||
    router.popPj > 0 ||
    (network !== undefined && networkEvents.some((event) => network.events[event].energyPj > 0)) ||
    staticPower.powerUw > 0 ||
    (clockPower?.uwPerMhz ?? 0) > 0
  );
}

function takesEnergy(cost: WorkCost): boolean {
  const { stated, perSlot, perTile, perRun, perPass, perScannedTile, closed, suspended } = cost;
  const operations: readonly (readonly OperationCost[] | undefined)[] = [
    perSlot,
    perTile,
    perRun,
    perPass,
    perScannedTile,
    closed?.perRow,
    closed?.perTile,
    suspended?.perTile,
  ];
  return (
    (stated !== undefined && stated.energyPjPerItem + stated.energyPjPerTile > 0) ||
    operations.some((some) => some?.some(({ count, energyPj }) => count * energyPj > 0))
  );
}

/** All energy of a price; null where nobody knows it. */
export function knownEnergyPj({ energyPj }: Pick<Price, 'energyPj'>, costs: CostTable): number | null {
  return hasEnergies(costs) ? energyPj.total : null;
}

interface CountedCycles {
  readonly cycles: number;
  readonly network?: unknown;
  readonly byKernel: readonly { readonly cycles: number }[];
}

/**
 * The cycles of which those of kernels are shares: of a sample, or where several work at once, as the cores of a chip
 * or what a controller starts do, of all kernels together.
 */
export function cyclesTogether({ cycles, network, byKernel }: CountedCycles): number {
  const ofKernels = byKernel.reduce((sum, kernel) => sum + kernel.cycles, 0);
  return network === undefined ? Math.max(cycles, ofKernels) : ofKernels;
}

/** A share of an energy that may be unknown: that of one sample among several. */
export function shareOfPj(pj: number | null, by: number): number | null {
  return pj === null ? null : pj / by;
}
