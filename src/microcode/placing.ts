import { at } from '../text/index.ts';
import type { MicrocodeView } from './lower.ts';
import {
  type Access,
  draws,
  isLong,
  type LoweredKernel,
  type MicroOperation,
  type PlacedLoad,
  type PlacedOperation,
  sourcesOf,
  type ValueSource,
} from './operation.ts';
import { RotatingRegisters } from './registers.ts';
import { type PortClaim, readPort, Taken, writePort } from './resources.ts';
import { returnsTooSoon } from './returns.ts';
import type { MicrocodeUnit } from './unit.ts';

/** The places of a kernel's operations and loads. */
export interface Placed {
  /** Cycles from the entry of a tile until all that it does is done. */
  readonly drainCycles: number;
  /** The cycle of a tile in which its spikes are known; undefined where it has none. */
  readonly spikesAt: number | undefined;
  readonly operations: readonly PlacedOperation[];
  readonly loads: readonly PlacedLoad[];
}

/** A load, and what it takes. */
interface TakenLoad {
  readonly cycle: number;
  readonly isKept: boolean;
  readonly claims: readonly PortClaim[];
}

/** An operation that takes its place some cycles later than it could, so that others find one. */
interface Late {
  readonly operation: number;
  readonly cycles: number;
}

/** The most places that are tried of an operation that is late. */
const mostTries = 1024;

/**
 * Places at an interval: as early as each operation can, or with one that is late.
 *
 * @returns why there is no room, if there is none
 */
export function placedAt(
  interval: number,
  lowered: LoweredKernel,
  program: MicrocodeView,
  unit: MicrocodeUnit,
  isOfRow: (role: string) => boolean,
): Placed | string {
  const { operations } = lowered;
  const place = (late?: Late) => new Placing(lowered, program, unit, interval, isOfRow).place(late);
  const first = place();
  // Of long kernels, a longer interval is found sooner, and costs little.
  if (typeof first !== 'string' || operations.length * interval > mostTries) return first;
  for (const operation of operations.keys())
    for (let cycles = 1; cycles < interval; cycles++) {
      const placed = place({ operation, cycles });
      if (typeof placed !== 'string') return placed;
    }
  return first;
}

export function bankOf(program: MicrocodeView, field: number): number {
  const { layout } = at(program.fields, field);
  if (layout === undefined) throw new Error('a field that is not stored');
  return at(program.layouts, layout).bank;
}

/** Places for the operations and loads of a kernel at one interval. */
class Placing {
  readonly #kernel: LoweredKernel;
  readonly #program: MicrocodeView;
  readonly #unit: MicrocodeUnit;
  readonly #interval: number;
  readonly #isOfRow: (role: string) => boolean;
  /** Loads that are kept in registers, whoever reads them. */
  readonly #kept: Set<number>;
  readonly #taken: Taken;
  readonly #cycles: number[] = [];
  #loads = new Map<number, TakenLoad>();
  #lastDraw = 0;
  #firstDraw: number | undefined;

  constructor(
    kernel: LoweredKernel,
    program: MicrocodeView,
    unit: MicrocodeUnit,
    interval: number,
    isOfRow: (role: string) => boolean,
  ) {
    this.#kernel = kernel;
    this.#program = program;
    this.#unit = unit;
    this.#interval = interval;
    this.#isOfRow = isOfRow;
    this.#kept = new Set([...kernel.loads.keys()].filter((load) => this.#isReadAfterStore(load)));
    this.#taken = new Taken(interval, unit);
    // The targets of a row are listed, and the next one is read while a tile is on its way.
    const { indexBank } = kernel.order;
    if (indexBank !== undefined) this.#taken.take([[readPort(this.#unit, indexBank), 0]]);
  }

  /** Whether it is read by an operation after one that stores into its field: it comes too late then. */
  #isReadAfterStore(load: number): boolean {
    const { operations, loads } = this.#kernel;
    const first = operations.findIndex(({ store }) => store?.field === at(loads, load).field);
    const reads = (source: ValueSource): boolean => source.is === 'load' && source.load === load;
    return first >= 0 && operations.slice(first + 1).some((operation) => sourcesOf(operation).some(reads));
  }

  /** @returns why there is no room, if there is none */
  place(late?: Late): Placed | string {
    for (const [index, operation] of this.#kernel.operations.entries()) {
      const refused = this.#operation(operation, late?.operation === index ? late.cycles : 0);
      if (refused !== undefined) return refused;
    }
    return this.#registered();
  }

  #operation(operation: MicroOperation, late: number): string | undefined {
    const kept = new Set(this.#loadsOf(operation).filter((load) => this.#readers(load) > 1));
    for (const load of kept) if (!this.#keep(load, Number.POSITIVE_INFINITY)) return 'kept loads';
    const earliest = this.#earliest(operation) + late;
    let why = 'issue';
    for (let cycle = earliest; cycle < earliest + this.#interval; cycle++) {
      const refused = this.#at(operation, cycle);
      if (refused === undefined) return undefined;
      why = refused;
    }
    return why;
  }

  /** Takes a cycle for an operation, if it is free. */
  #at(operation: MicroOperation, cycle: number): string | undefined {
    const lasts = this.#latency(operation);
    const isDraw = draws(operation);
    if (isDraw && this.#firstDraw !== undefined && cycle >= this.#firstDraw + this.#interval)
      return 'order of draws';
    const wanted: PortClaim[] = [
      ['issue', cycle],
      ['result', cycle + lasts],
      ...this.#writes(operation, cycle + lasts),
    ];
    if (!this.#taken.take(wanted)) return 'issue';
    const before = new Map(this.#loads);
    for (const load of this.#loadsOf(operation)) {
      if (this.#loads.has(load) || this.#direct(load, cycle) || this.#keep(load, cycle)) continue;
      for (const [index, { claims }] of this.#loads) if (!before.has(index)) this.#taken.release(claims);
      this.#loads = before;
      this.#taken.release(wanted);
      return 'loads';
    }
    if (isDraw) {
      this.#firstDraw ??= cycle;
      this.#lastDraw = cycle;
    }
    this.#cycles.push(cycle);
    return undefined;
  }

  /** The ports of banks that it takes: those of its sum come later than those of what it stores. */
  #writes({ store, sum }: MicroOperation, result: number): PortClaim[] {
    const { store: stored, sum: summed } = this.#unit;
    const claims = ({ field, words, readsFirst }: Access, first: number): PortClaim[] => {
      const bank = bankOf(this.#program, field);
      const cycles = Array.from({ length: words }, (_, word) => first + word);
      return [
        ...cycles.map((cycle): PortClaim => [writePort(this.#unit, bank), cycle]),
        ...(readsFirst ? cycles.map((cycle): PortClaim => [readPort(this.#unit, bank), cycle - stored]) : []),
      ];
    };
    return [
      ...(store === undefined ? [] : claims(store, result + stored)),
      ...(sum === undefined ? [] : claims(sum, result + summed)),
    ];
  }

  #latency(operation: MicroOperation): number {
    return isLong(operation) ? this.#unit.long : this.#unit.short;
  }

  #loadsOf(operation: MicroOperation): number[] {
    const { predicate } = operation;
    const loads = sourcesOf(operation).flatMap((source) => (source.is === 'load' ? source.load : []));
    // A predicate is read from a register.
    if (predicate?.is === 'load' && !this.#loads.has(predicate.load)) this.#kept.add(predicate.load);
    return [...new Set(loads)];
  }

  /** How often a load is read; more than once where it has to be kept. */
  #readers(load: number): number {
    if (this.#kept.has(load)) return 2;
    const reads = (source: ValueSource): boolean => source.is === 'load' && source.load === load;
    return this.#kernel.operations.flatMap(sourcesOf).filter(reads).length;
  }

  #earliest(operation: MicroOperation): number {
    const { predicate: extra } = this.#unit;
    const ready = sourcesOf(operation).map((source) => {
      const late = source === operation.predicate ? extra : 0;
      if (source.is === 'result') {
        const { operation: made } = source;
        return at(this.#cycles, made) + this.#latency(at(this.#kernel.operations, made)) + late;
      }
      if (source.is !== 'load') return 0;
      const placed = this.#loads.get(source.load);
      return placed === undefined ? this.#wait(source.load) : this.#readyAt(source.load, placed) + late;
    });
    return Math.max(0, draws(operation) ? this.#lastDraw : 0, ...ready);
  }

  /** Cycles from the issue of a load until its last word is there. */
  #wait(load: number): number {
    const { role, words } = at(this.#kernel.loads, load);
    return words - 1 + this.#unit.load + (this.#isOfRow(role) ? this.#unit.broadcast : 0);
  }

  #readyAt(load: number, { cycle, isKept }: Pick<TakenLoad, 'cycle' | 'isKept'>): number {
    return cycle + this.#wait(load) + (isKept ? this.#unit.keep : 0);
  }

  #port(load: number, first: number): PortClaim[] {
    const { field, role, words } = at(this.#kernel.loads, load);
    const port = readPort(this.#unit, bankOf(this.#program, field));
    const row: PortClaim[] = this.#isOfRow(role) ? [['row', first]] : [];
    return [...Array.from({ length: words }, (_, word): PortClaim => [port, first + word]), ...row];
  }

  /** Lets an operation take a load as it comes. */
  #direct(load: number, cycle: number): boolean {
    const issued = cycle - this.#wait(load);
    return issued >= 0 && this.#take(load, issued, false);
  }

  /** Keeps a load in a register, in time for an operation. */
  #keep(load: number, cycle: number): boolean {
    if (this.#loads.has(load)) return true;
    const last = Math.min(this.#interval - 1, cycle - this.#wait(load) - this.#unit.keep);
    for (let issued = 0; issued <= last; issued++) if (this.#take(load, issued, true)) return true;
    return false;
  }

  #take(load: number, cycle: number, isKept: boolean): boolean {
    const claims = this.#port(load, cycle);
    if (isKept) claims.push(['keep', cycle + this.#wait(load)]);
    if (!this.#taken.take(claims)) return false;
    this.#loads.set(load, { cycle, isKept, claims });
    return true;
  }

  /** The cycle in which an operation has done all that it does. */
  #doneAt(operation: MicroOperation, cycle: number): number {
    const { store, sum, emit } = this.#unit;
    const after = operation.emits ? emit : operation.sum === undefined ? store : sum;
    return cycle + this.#latency(operation) + after + (operation.store?.words ?? 1) - 1;
  }

  #loadAt(load: number): TakenLoad {
    const found = this.#loads.get(load);
    if (found === undefined) throw new Error(`no place for load ${load}`);
    return found;
  }

  #spikesAt(): number | undefined {
    const found = this.#kernel.operations.findIndex(({ emits }) => emits);
    if (found < 0) return undefined;
    return at(this.#cycles, found) + this.#latency(at(this.#kernel.operations, found));
  }

  /**
   * Whether a tile changes something before a cycle. If the spikes of a tile have to wait, those behind it are dropped
   * and enter again: until these spikes are known, they must not have stored anything, nor drawn.
   */
  #changesBefore(cycle: number): boolean {
    return this.#kernel.operations.some((operation, index) => {
      const issued = at(this.#cycles, index);
      const stores = operation.store !== undefined && issued + this.#latency(operation) <= cycle;
      return stores || (draws(operation) && issued + this.#unit.draw <= cycle);
    });
  }

  #registered(): Placed | string {
    const { operations, loads } = this.#kernel;
    const { registers, stages } = this.#unit;
    const drainCycles = Math.max(
      this.#interval,
      ...operations.map((operation, index) => this.#doneAt(operation, at(this.#cycles, index))),
    );
    if (drainCycles >= stages * this.#interval) return `more than ${stages} tiles in flight`;
    for (const [index, { field }] of loads.entries())
      for (const [other, operation] of operations.entries())
        if (
          operation.store?.field === field &&
          this.#loadAt(index).cycle >= at(this.#cycles, other) + this.#latency(operation)
        )
          return 'loads that come after a store';
    const returns = returnsTooSoon(this.#kernel, this.#program, this.#interval, {
      loaded: (load) => this.#loadAt(load).cycle,
      stored: (operation) => this.#doneAt(at(operations, operation), at(this.#cycles, operation)),
    });
    if (returns !== undefined) return returns;
    const spikesAt = this.#spikesAt();
    if (spikesAt !== undefined && this.#changesBefore(spikesAt - this.#interval)) return 'spikes that wait';
    const lastRead = (isRead: (source: ValueSource) => boolean): number =>
      Math.max(
        -1,
        ...operations.map((operation, index) =>
          sourcesOf(operation).some(isRead) ? at(this.#cycles, index) : -1,
        ),
      );
    const results = new RotatingRegisters(registers, this.#interval);
    const kept = new RotatingRegisters(registers, this.#interval);
    const placedOperations: PlacedOperation[] = [];
    for (const [index, operation] of operations.entries()) {
      const cycle = at(this.#cycles, index);
      const last = lastRead((source) => source.is === 'result' && source.operation === index);
      const register = last < 0 ? undefined : results.take(cycle + this.#latency(operation), last);
      if (register === 'none') return 'registers';
      placedOperations.push({ ...operation, cycle, register });
    }
    const placedLoads: PlacedLoad[] = [];
    for (const [index, load] of loads.entries()) {
      const placed = this.#loadAt(index);
      const last = lastRead((source) => source.is === 'load' && source.load === index);
      const register = placed.isKept ? kept.take(this.#readyAt(index, placed), last) : undefined;
      if (register === 'none') return 'registers for loads';
      const isOfRow = this.#isOfRow(load.role);
      placedLoads.push({
        ...load,
        bank: bankOf(this.#program, load.field),
        cycle: placed.cycle,
        isOfRow,
        register,
      });
    }
    return { drainCycles, spikesAt, operations: placedOperations, loads: placedLoads };
  }
}
