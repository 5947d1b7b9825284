import {
  type Bounds,
  bankUnit,
  type CostTable,
  networkEvents,
  restsOnActivity,
  type SourceKind,
  totalInterval,
  type WorkCost,
  wiresUnit,
} from '../hardware/index.ts';
import { sum, tableOf } from '../text/index.ts';
import type { Counters, WorkCount, WorkCounterName } from './counters.ts';

/** Time and energy of a run. */
export interface Price {
  readonly cycles: number;
  readonly latencyNs: number;
  /** Of which the longer is the latency: the time that the work takes, and the period of all steps (0 without one). */
  readonly busyNs: number;
  readonly periodNs: number;
  /** Cycles by piece of work. */
  readonly workCycles: readonly number[];
  /** What the figures of the hw-model come to: 0 where it states none, so that nobody knows it. */
  readonly energyPj: {
    readonly total: number;
    /** By unit: classes of operations, banks, wires, router, clock, leakage and static power. */
    readonly byUnit: Readonly<Record<string, number>>;
    /** Dynamic energy of each piece of work: its operations and its bank accesses. */
    readonly byWork: readonly number[];
    /** How much of the total rests on the figures of each source, by its name. */
    readonly bySource: Readonly<Record<string, number>>;
    /** How much of the total rests on each kind of figure. */
    readonly bySourceKind: Readonly<Partial<Record<SourceKind, number>>>;
  };
}

/**
 * Computes cycles, time and energy of a run from its counts. This is the only function that prices, for both engines.
 *
 * cycles = sum over work of runs x runCycles + passes x passCycles + tiles x interval + scanned tiles at what a scan
 * takes + closed rows and tiles at what looking them up takes + suspensions x the fill, plus pops x eventCycles,
 * unless a controller has counted the cycles that passed. On a chip of many cores, the time is that of its steps. If
 * the hw-model states the cost of a kernel, its items and tiles take the stated cycles and energy. Leakage, static
 * and clock power are charged for the time that these cycles take (1 uW x 1 ns = 1e-3 pJ); where steps have a period,
 * leakage and static power for that, if it is longer. An FPGA takes a multiple of all else beside what a chip takes.
 */
export function price(counters: Counters, costs: CostTable): Price {
  const byUnit = tableOf<number>();
  const bySource = tableOf<number>();
  const draw = (unit: string, energyPj: number, source: string): number => {
    byUnit[unit] = (byUnit[unit] ?? 0) + energyPj;
    bySource[source] = (bySource[source] ?? 0) + energyPj;
    return energyPj;
  };
  /** Dynamic energy, on an FPGA with what it takes beside a chip: a multiple rests on the figure that it multiplies. */
  const times = 1 + (costs.overhead?.times ?? 0);
  const spend = (unit: string, energyPj: number, source: string): number =>
    draw(unit, energyPj * times, source);

  const workCycles = cyclesOfWork(counters, costs);
  const byWork: number[] = [];
  for (const [index, cost] of costs.work.entries()) {
    const count = counters.work[index];
    if (count === undefined) throw new Error(`no counts for piece of work ${index}`);
    const { stated } = cost;
    let energyPj = 0;
    if (stated !== undefined) {
      const statedPj = count.items * stated.energyPjPerItem + count.tiles * stated.energyPjPerTile;
      energyPj += spend('kernels', statedPj, stated.source);
    }
    const slots = cost.spendsBy === 'slots' ? count.tiles * costs.lanes : count.items;
    const scannedSlots = count.scannedTiles * costs.lanes;
    for (const [operations, times] of [
      [cost.perSlot, slots],
      [cost.perTile ?? [], count.tiles],
      [cost.perRun, count.runs],
      [cost.perPass, count.passes],
      [cost.perScannedTile, scannedSlots],
      [cost.closed?.perRow ?? [], count.closedRows],
      [cost.closed?.perTile ?? [], count.closedTiles],
      [cost.suspended?.perTile ?? [], count.suspensions],
    ] as const) {
      for (const operation of operations) {
        energyPj += spend(operation.class, operation.count * operation.energyPj * times, operation.source);
      }
    }
    for (const [bank, { name, readPj, writePj, sources, wires }] of costs.banks.entries()) {
      const words = [count.reads[bank] ?? 0, count.writes[bank] ?? 0] as const;
      const [reads, writes] = [words[0] * readPj, words[1] * writePj];
      if (reads > 0) energyPj += spend(bankUnit(name), reads, sources.readPj);
      if (writes > 0) energyPj += spend(bankUnit(name), writes, sources.writePj);
      const carried = wires === undefined ? 0 : words[0] * wires.readPj + words[1] * wires.writePj;
      if (wires !== undefined && carried > 0) energyPj += spend(wiresUnit, carried, wires.source);
    }
    byWork.push(energyPj);
  }

  const { router, staticPower } = costs;
  spend('router', counters.pushes * router.pushPj, router.sources.pushPj);
  spend('router', counters.pops * router.popPj, router.sources.popPj);
  const { network } = counters;
  const cycles =
    network === undefined
      ? (counters.cycles ?? busyCycles(counters, costs))
      : (network.timePs * costs.clockMhz) / 1e6;
  const busyNs = network === undefined ? (cycles * 1000) / costs.clockMhz : network.timePs / 1000;
  const periodNs = counters.steps * (costs.stepNs ?? 0);
  const latencyNs = Math.max(busyNs, periodNs);
  if (network !== undefined && costs.network !== undefined) {
    for (const event of networkEvents) {
      const { energyPj, source } = costs.network.events[event];
      spend('network', network[event] * energyPj, source);
    }
  }
  // All cores leak for as long as the slowest one works, or until the next step.
  const cores = network === undefined ? 1 : (costs.network?.cores ?? 1);
  const coreNs = latencyNs * cores;
  for (const { leakUw, sources } of costs.banks) draw('leakage', leakUw * coreNs * 1e-3, sources.leakUw);
  draw('static', staticPower.powerUw * coreNs * 1e-3, staticPower.source);
  if (costs.clockPower !== undefined) {
    const powerUw = costs.clockPower.uwPerMhz * costs.clockMhz;
    spend('clock', powerUw * busyNs * cores * 1e-3, costs.clockPower.source);
  }
  const total = sum(Object.values(byUnit));
  const energyPj = { total, byUnit, byWork, bySource, bySourceKind: byKind(bySource, costs) };
  return { cycles, latencyNs, busyNs, periodNs, workCycles, energyPj };
}

/**
 * The bounds of an energy: those of its figures, of the toggles that these assume, of the time that it lasts, and of
 * the multiple that an FPGA takes.
 */
export function energyBounds(priced: Times & Pick<Price, 'energyPj'>, costs: CostTable): Bounds {
  const { byUnit, bySource } = priced.energyPj;
  const also = [restsOnActivity(byUnit, costs), restsOnTime(priced, costs), restsOnOverhead(byUnit, costs)];
  return totalInterval(
    bySource,
    costs.intervals,
    also.filter((rests) => rests !== undefined),
  );
}

/** What an FPGA takes beside a chip: a part of all but static power, which is its own. */
function restsOnOverhead(byUnit: Price['energyPj']['byUnit'], { overhead, intervals }: CostTable) {
  if (overhead === undefined) return undefined;
  const interval = intervals[overhead.source];
  if (interval === undefined) return undefined;
  const { static: still = 0, ...dynamic } = byUnit;
  const part = (sum(Object.values(dynamic)) * overhead.times) / (1 + overhead.times);
  return { part, interval };
}

/** What of an energy lasts: the clock's as long as the work, that of leakage and static power as long as the run. */
function restsOnTime(priced: Times & Pick<Price, 'energyPj'>, costs: CostTable) {
  const { timeInterval } = costs;
  if (timeInterval === undefined) return undefined;
  const { leakage = 0, static: still = 0, clock = 0 } = priced.energyPj.byUnit;
  const part = leakage + still + clock;
  if (priced.periodNs === 0 || part === 0) return { part, interval: timeInterval };
  const { low, high } = timeBounds(priced, costs) ?? { low: priced.latencyNs, high: priced.latencyNs };
  const factor = (ns: number, ofWork: number): number =>
    ((leakage + still) * (ns / priced.latencyNs) + clock * ofWork) / part;
  return { part, interval: { low: factor(low, timeInterval.low), high: factor(high, timeInterval.high) } };
}

type Times = Pick<Price, 'latencyNs' | 'busyNs' | 'periodNs'>;

/** The bounds of a time; undefined where it is exact, as where a period is longer than the work can take. */
export function timeBounds({ latencyNs, busyNs, periodNs }: Times, costs: CostTable): Bounds | undefined {
  const { timeInterval } = costs;
  if (timeInterval === undefined) return undefined;
  const low = Math.max(periodNs, busyNs * timeInterval.low);
  const high = Math.max(periodNs, busyNs * timeInterval.high);
  return periodNs > 0 && low === latencyNs && high === latencyNs ? undefined : { low, high };
}

function byKind(
  bySource: Readonly<Record<string, number>>,
  { kinds }: CostTable,
): Partial<Record<SourceKind, number>> {
  const parts: Partial<Record<SourceKind, number>> = {};
  for (const [source, energyPj] of Object.entries(bySource)) {
    const kind = kinds[source];
    if (kind === undefined) throw new Error(`a source that the costs do not list: ${source}`);
    parts[kind] = (parts[kind] ?? 0) + energyPj;
  }
  return parts;
}

/** The cycles of a core's work: of all pieces of work, and of the events taken from its FIFO. */
export function busyCycles(counters: Counters, costs: CostTable): number {
  return sum(cyclesOfWork(counters, costs)) + counters.pops * costs.eventCycles;
}

/** The cycles of each piece of work. */
function cyclesOfWork(counters: Counters, costs: CostTable): number[] {
  return costs.work.map((cost, index) => {
    const count = counters.work[index];
    if (count === undefined) throw new Error(`no counts for piece of work ${index}`);
    return workCycles(count, cost);
  });
}

/** The cycles of one piece of work. */
export function workCycles(
  {
    runs,
    passes,
    tiles,
    items,
    scannedTiles,
    closedRows,
    closedTiles,
    suspensions,
  }: Pick<WorkCount, WorkCounterName>,
  { runCycles, passCycles, intervalCycles, scanCycles = 1, stated, closed, suspended }: WorkCost,
): number {
  const ofTiles =
    stated === undefined
      ? tiles * intervalCycles
      : items * stated.cyclesPerItem + tiles * stated.cyclesPerTile;
  const ofClosed = closed === undefined ? 0 : closedRows * closed.rowCycles + closedTiles * closed.tileCycles;
  const ofSuspended = suspensions * (suspended?.cycles ?? 0);
  const ofScans = scannedTiles * scanCycles;
  return runs * runCycles + passes * passCycles + ofTiles + ofScans + ofClosed + ofSuspended;
}
