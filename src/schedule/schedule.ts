import type { Bank, HwModel } from '../hardware/index.ts';
import { at, tableOf } from '../text/index.ts';
import type { DrawSource, PipelineDemand, PortDemand } from './demand.ts';
import { UnitPlaces } from './units.ts';

/** The words of a layout that each tile of a kernel moves through a role, or each row for those of `pre`. */
export interface PortAccess extends PortDemand {
  /**
   * The cycle of each word. Of a load: from 0, the first cycle of the tile. Of a store: from 0, the first cycle after
   * the last phase. Of what a row loads: from its first cycle that reads.
   */
  readonly slots: readonly number[];
}

/**
 * The pipeline of a kernel. A tile enters every `intervalCycles`. In its first cycles it presents the addresses of its
 * words; the word of slot s is in the lanes in phase s. In phase p, operations compute; values cross from one phase
 * to a later one in registers. After the last phase come the cycles that write.
 *
 * A pass of n tiles takes n x `intervalCycles` + `fillCycles`; where it is a row, `lookupCycles` + `rowLoadCycles`
 * before them. Where rows overlap, the pipeline fills once for all of them.
 */
export interface KernelSchedule {
  readonly intervalCycles: number;
  /**
   * What sets the interval: `issue` (one tile a cycle), a class of units, a bank's ports; the `returns` of rows to what
   * they have stored in a bank, or the `order of draws`.
   */
  readonly boundBy: string;
  /** For each resource, the cycles of a tile in which it is busy. */
  readonly busy: Readonly<Record<string, number>>;
  /** Phases, at least 1. */
  readonly phases: number;
  /** Cycles after the last phase until everything is written, at least 1. */
  readonly writeCycles: number;
  /** Cycles after the last tile's interval, at least 1, until its last word and the row's sums have been written. */
  readonly fillCycles: number;
  /** Whether a row enters while the one before is still in the pipeline. */
  readonly overlapsRows: boolean;
  /** For each line of the kernel, the phase in which its result is there. */
  readonly lines: readonly number[];
  readonly loads: readonly PortAccess[];
  /** The loads of a row from its pre-synaptic neuron, before its tiles. */
  readonly rowLoads: readonly PortAccess[];
  readonly stores: readonly PortAccess[];
  /**
   * What the row stores of its pre-synaptic neuron, its sums: slots from the cycle after the last tile has been
   * written.
   */
  readonly rowStores: readonly PortAccess[];
  /**
   * Cycles before the tiles of a row in which words of its neuron are read, and after them in which its sums are
   * written.
   */
  readonly rowLoadCycles: number;
  readonly rowStoreCycles: number;
  /** Cycles before a row's first tile in which its place in an index is read; 0 where its targets are not listed. */
  readonly lookupCycles: number;
  /** The cycle of a tile in which the next word of the index may be read; undefined where targets are not listed. */
  readonly indexSlot: number | undefined;
}

type Machine = Pick<HwModel, 'operations' | 'banks' | 'router' | 'controller' | 'overheads'>;

/**
 * Schedules a kernel on the units and ports of a core: the smallest interval that they and the order of tiles allow,
 * and in it the earliest phase for each line, in the order of the text.
 */
export function scheduleOf(demand: PipelineDemand, hw: Machine): KernelSchedule {
  const busy = busyCycles(demand, hw);
  const [unit, most] = largestOf(busy);
  const least = Math.ceil(most);
  let boundBy = unit;
  for (let intervalCycles = least; ; intervalCycles++) {
    const placed = scheduledAt(intervalCycles, demand, hw);
    const [reason, needed] = largestOf(orderCycles(placed, demand, hw));
    if (needed > intervalCycles) {
      boundBy = reason;
      continue;
    }
    const isByOrder = intervalCycles > least;
    return {
      intervalCycles,
      boundBy,
      busy: isByOrder ? { ...busy, [boundBy]: intervalCycles } : busy,
      overlapsRows: overlapsRows(demand, placed, intervalCycles, hw),
      ...placed,
    };
  }
}

/** Cycles after a pass's last tile: those of the schedule, or those that an hw-model fixes for the tiles alone. */
export function fillOf(
  schedule: Pick<KernelSchedule, 'fillCycles' | 'rowStoreCycles'>,
  { fillCycles }: HwModel['overheads'],
): number {
  return fillCycles === undefined ? schedule.fillCycles : fillCycles + schedule.rowStoreCycles;
}

function largestOf(cycles: Readonly<Record<string, number>>): readonly [name: string, cycles: number] {
  return Object.entries(cycles).reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0]);
}

type SlotPlan = Omit<KernelSchedule, 'intervalCycles' | 'boundBy' | 'busy' | 'overlapsRows'>;

/**
 * Whether rows that never meet may overlap: the last tile of a row has been written when the items of the next row
 * arrive, which are in its lanes two cycles after they were asked for, and no store takes a port from a load. A kernel
 * that emits may have to wait in its row.
 */
function overlapsRows(
  { rowsAreApart, emits }: PipelineDemand,
  { phases, writeCycles, stores }: SlotPlan,
  intervalCycles: number,
  { banks, overheads: { rowCycles, fillCycles } }: Machine,
): boolean {
  const ownPorts = stores.every(({ bank }) => !('shared' in at(banks, bank).ports));
  const isLookedUp = rowCycles > 0 && fillCycles === undefined;
  return (
    rowsAreApart && !emits && isLookedUp && ownPorts && phases + writeCycles <= intervalCycles + rowCycles
  );
}

/** Phases and slots within an interval, whatever order tiles need. */
function scheduledAt(intervalCycles: number, demand: PipelineDemand, hw: Machine): SlotPlan {
  const reads = new Slots(hw.banks, 'read');
  const loads = demand.loads.map((access) => ({ ...access, slots: reads.take(access) }));
  const indexSlot =
    demand.indexBank === undefined ? undefined : reads.take({ bank: demand.indexBank, words: 1 })[0];
  const rowReads = new Slots(hw.banks, 'read');
  const rowLoads = demand.rowLoads.map((access) => ({ ...access, slots: rowReads.take(access) }));
  const lines = phasesWithin(intervalCycles, demand, (earliest) =>
    phasesOf(demand, loads, { units: new UnitPlaces(hw.operations, intervalCycles), earliest }),
  );
  const phases = 1 + Math.max(0, ...lines);
  const writes = new Slots(hw.banks, 'write', reads, { from: 2 + phases, intervalCycles });
  const stores = demand.stores.map((access) => ({ ...access, slots: writes.take(access) }));
  const rowWrites = new Slots(hw.banks, 'write');
  const rowStores = demand.rowStores.map((access) => ({ ...access, slots: rowWrites.take(access) }));
  const writeCycles = 1 + Math.max(0, ...stores.flatMap(({ slots }) => slots));
  const rowStoreCycles = 1 + Math.max(-1, ...rowStores.flatMap(({ slots }) => slots));
  return {
    phases,
    writeCycles,
    fillCycles: Math.max(1, 2 + phases + writeCycles + rowStoreCycles - intervalCycles),
    lines,
    loads,
    rowLoads,
    stores,
    rowStores,
    rowLoadCycles: 1 + Math.max(-1, ...rowLoads.flatMap(({ slots }) => slots)),
    rowStoreCycles,
    lookupCycles: demand.indexBank === undefined ? 0 : 1,
    indexSlot,
  };
}

/**
 * The interval that keeps tiles in order, by reason: all draws of a tile come before those of the next one, and a tile
 * that comes back to what an older one of its row stores loads it in the cycle after, or later.
 */
function orderCycles(
  { lines, phases, loads, stores }: SlotPlan,
  demand: PipelineDemand,
  { banks, router, controller }: Machine,
): Record<string, number> {
  const order: Record<string, number> = tableOf({});
  const spread = latestDraws(lines, demand).map((latest, line) => latest - at(lines, line));
  // A tile that finds no room has the younger ones fetched again: they may not have drawn yet.
  const mayWait = demand.emits && router.whenFull === 'stall' && controller === undefined;
  const ahead = lines.flatMap((phase, line) =>
    mayWait && at(demand.lines, line).drawsFrom !== undefined ? [phases - phase] : [],
  );
  order['order of draws'] = Math.max(0, ...ahead, ...spread.map((phasesApart) => phasesApart + 1));
  for (const { role, layout, tiles } of demand.returns) {
    const isSame = (access: PortAccess): boolean => access.role === role && access.layout === layout;
    const [load, store] = [loads.find(isSame), stores.find(isSame)];
    if (load === undefined || store === undefined) continue;
    const stored = 2 + phases + Math.max(...store.slots);
    const name = `${at(banks, store.bank).name} bank returns`;
    const own = (stored + 1 - Math.min(...load.slots)) / tiles;
    order[name] = Math.max(order[name] ?? 0, own);
  }
  return order;
}

/** For how many cycles of a tile each resource is busy: the sequencer, units, and ports with its whole words. */
function busyCycles({ lines, loads, stores, indexBank }: PipelineDemand, hw: Machine) {
  const busy: Record<string, number> = tableOf({ issue: 1 });
  for (const { class: kind, arithmetic, count } of lines.flatMap(({ units }) => units)) {
    const name = `${arithmetic} ${kind}`;
    busy[name] = (busy[name] ?? 0) + count / (hw.operations[arithmetic][kind]?.unitsPerLane ?? 1);
  }
  for (const [bank, { name, ports }] of hw.banks.entries()) {
    const wordsOf = (accesses: readonly PortDemand[]): number =>
      accesses.reduce((sum, access) => sum + (access.bank === bank ? access.words : 0), 0);
    const reads = wordsOf(loads) + (indexBank === bank ? 1 : 0);
    const writes = wordsOf(stores);
    if (reads + writes === 0) continue;
    if ('shared' in ports) busy[`${name} bank ports`] = (reads + writes) / ports.shared;
    else {
      busy[`${name} bank read ports`] = reads / ports.read;
      busy[`${name} bank write ports`] = writes / ports.write;
    }
  }
  return busy;
}

/** The cycles of each bank's ports, given out in the order of the accesses. */
class Slots {
  readonly #banks: readonly Bank[];
  readonly #does: 'read' | 'write';
  /** By bank, how often each cycle is taken. */
  readonly #taken: number[][];
  /** Where a port reads and writes, a write takes a cycle, modulo the interval, that no read takes. */
  readonly #reads: Slots | undefined;
  readonly #from: number;
  readonly #interval: number;

  constructor(
    banks: readonly Bank[],
    does: 'read' | 'write',
    reads?: Slots,
    { from, intervalCycles }: { readonly from: number; readonly intervalCycles: number } = {
      from: 0,
      intervalCycles: Number.POSITIVE_INFINITY,
    },
  ) {
    this.#banks = banks;
    this.#does = does;
    this.#taken = banks.map(() => []);
    this.#reads = reads;
    this.#from = from;
    this.#interval = intervalCycles;
  }

  take({ bank, words }: Pick<PortDemand, 'bank' | 'words'>): number[] {
    const { ports } = at(this.#banks, bank);
    const most = 'shared' in ports ? ports.shared : ports[this.#does];
    const taken = at(this.#taken, bank);
    const slots: number[] = [];
    for (let slot = 0; slots.length < words; slot++) {
      const cycle = (this.#from + slot) % this.#interval;
      const others = 'shared' in ports ? (this.#reads?.takenAt(bank, cycle) ?? 0) : 0;
      const own = this.#reads === undefined ? slot : cycle;
      for (let free = most - others - (taken[own] ?? 0); free > 0 && slots.length < words; free--) {
        taken[own] = (taken[own] ?? 0) + 1;
        slots.push(slot);
      }
    }
    return slots;
  }

  takenAt(bank: number, slot: number): number {
    return this.#taken[bank]?.[slot] ?? 0;
  }
}

/** Of each line that draws, the last phase that draws from its generator; of others, 0. */
function latestDraws(phases: readonly number[], { lines }: PipelineDemand): number[] {
  return lines.map(({ drawsFrom }) =>
    drawsFrom === undefined
      ? 0
      : Math.max(...phases.filter((_, line) => at(lines, line).drawsFrom === drawsFrom)),
  );
}

/**
 * Phases in which the draws of a tile lie within an interval, so that the next tile draws after them: earlier draws
 * wait for later ones, if any such phases are found.
 *
 * @param phasesFrom the phase of each line, none of which is before its earliest one
 */
function phasesWithin(
  intervalCycles: number,
  demand: PipelineDemand,
  phasesFrom: (earliest: readonly number[]) => number[],
): number[] {
  const first = phasesFrom(demand.lines.map(() => 0));
  let phases = first;
  // A draw that depends on an earlier one follows it, and may never come closer.
  for (let attempt = 0; attempt < demand.lines.length; attempt++) {
    const earliest = latestDraws(phases, demand).map((latest) => Math.max(0, latest - intervalCycles + 1));
    if (earliest.every((phase, line) => phase <= at(phases, line))) return phases;
    phases = phasesFrom(earliest);
  }
  return first;
}

interface Placing {
  readonly units: UnitPlaces;
  /** Of each line, the first phase that it may take. */
  readonly earliest: readonly number[];
}

/** The phase of each line: not before its operands, in the earliest places that its units have. */
function phasesOf(
  { lines }: PipelineDemand,
  loads: readonly PortAccess[],
  { units, earliest }: Placing,
): number[] {
  const phases: number[] = [];
  // Draws from a generator follow one another in the order of the text.
  const drawn = new Map<DrawSource, number>();
  for (const [line, { units: asked, sources, drawsFrom, loads: loaded, streams }] of lines.entries()) {
    const slots = loaded.flatMap((load) => at(loads, load).slots);
    const ready = Math.max(
      at(earliest, line),
      drawsFrom === undefined ? 0 : (drawn.get(drawsFrom) ?? 0),
      ...sources.map((source) => at(phases, source)),
      // What takes one position after the other begins with the first.
      ...(streams ? slots.slice(0, 1) : slots),
    );
    const phase = Math.max(units.place(asked, ready), ...slots);
    if (drawsFrom !== undefined) drawn.set(drawsFrom, phase);
    phases.push(phase);
  }
  return phases;
}
