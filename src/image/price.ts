import type { CostTable, SourceKind } from '../hardware/index.ts';
import type { Counters } from './counters.ts';

/** Time and energy of a run. */
export interface Price {
  readonly cycles: number;
  readonly latencyNs: number;
  /** Cycles by piece of work. */
  readonly workCycles: readonly number[];
  readonly energyPj: {
    readonly total: number;
    /** By unit: classes of operations, banks, router, leakage and static power. */
    readonly byUnit: Readonly<Record<string, number>>;
    /** Dynamic energy of each piece of work: its operations and its bank accesses. */
    readonly byWork: readonly number[];
    /** How much of the total rests on each kind of figure. */
    readonly bySourceKind: Readonly<Partial<Record<SourceKind, number>>>;
  };
}

/**
 * Computes cycles, time and energy of a run from its counts. This is the only function that prices, for both engines.
 *
 * cycles = sum over work of runs x runCycles + passes x passCycles + tiles x interval + scanned tiles, plus pops x
 * eventCycles, unless a controller has counted the cycles that passed. If the hw-model states the cost of a kernel, its
 * items and tiles take the stated cycles and energy. Leakage, static and clock power are charged for the time that
 * these cycles take (1 uW x 1 ns = 1e-3 pJ).
 */
export function price(counters: Counters, costs: CostTable): Price {
  const byUnit: Record<string, number> = {};
  const bySourceKind: Partial<Record<SourceKind, number>> = {};
  const spend = (unit: string, energyPj: number, kind: SourceKind): number => {
    byUnit[unit] = (byUnit[unit] ?? 0) + energyPj;
    bySourceKind[kind] = (bySourceKind[kind] ?? 0) + energyPj;
    return energyPj;
  };

  const workCycles: number[] = [];
  const byWork: number[] = [];
  for (const [index, cost] of costs.work.entries()) {
    const count = counters.work[index];
    if (count === undefined) throw new Error(`no counts for piece of work ${index}`);
    const { stated } = cost;
    workCycles.push(
      count.runs * cost.runCycles +
        count.passes * cost.passCycles +
        (stated === undefined
          ? count.tiles * cost.intervalCycles
          : count.items * stated.cyclesPerItem + count.tiles * stated.cyclesPerTile) +
        count.scannedTiles,
    );
    let energyPj = 0;
    if (stated !== undefined) {
      const statedPj = count.items * stated.energyPjPerItem + count.tiles * stated.energyPjPerTile;
      energyPj += spend('kernels', statedPj, stated.sourceKind);
    }
    const slots = cost.spendsBy === 'slots' ? count.tiles * costs.lanes : count.items;
    const scannedSlots = count.scannedTiles * costs.lanes;
    for (const [operations, times] of [
      [cost.perSlot, slots],
      [cost.perPass, count.passes],
      [cost.perScannedTile, scannedSlots],
    ] as const) {
      for (const operation of operations) {
        energyPj += spend(
          operation.class,
          operation.count * operation.energyPj * times,
          operation.sourceKind,
        );
      }
    }
    for (const [bank, { name, readPj, writePj, sourceKind }] of costs.banks.entries()) {
      const accessPj = (count.reads[bank] ?? 0) * readPj + (count.writes[bank] ?? 0) * writePj;
      if (accessPj > 0) energyPj += spend(`${name} bank`, accessPj, sourceKind);
    }
    byWork.push(energyPj);
  }

  const { router, staticPower } = costs;
  spend('router', counters.pushes * router.pushPj + counters.pops * router.popPj, router.sourceKind);
  const busyCycles = workCycles.reduce((sum, value) => sum + value, 0) + counters.pops * costs.eventCycles;
  const cycles = counters.cycles ?? busyCycles;
  const latencyNs = (cycles * 1000) / costs.clockMhz;
  for (const { leakUw, sourceKind } of costs.banks) spend('leakage', leakUw * latencyNs * 1e-3, sourceKind);
  spend('static', staticPower.powerUw * latencyNs * 1e-3, staticPower.sourceKind);
  if (costs.clockPower !== undefined) {
    const powerUw = costs.clockPower.uwPerMhz * costs.clockMhz;
    spend('clock', powerUw * latencyNs * 1e-3, costs.clockPower.sourceKind);
  }
  const total = Object.values(byUnit).reduce((sum, value) => sum + value, 0);
  return { cycles, latencyNs, workCycles, energyPj: { total, byUnit, byWork, bySourceKind } };
}
