import type { CoreImage } from '../../image/index.ts';
import type { CorePlan, KernelPlan, OpenList, Pipeline, WaitingPlan } from '../plan/core-plan.ts';
import { indexBits, type Widths } from '../plan/widths.ts';
import type { KernelModule } from './kernel-body.ts';
import { literal, onClock, reg, type Verilog, when, wire } from './verilog.ts';

/** The plan of a core, and what its text is made of. */
export interface CoreContext {
  readonly plan: CorePlan;
  readonly image: CoreImage;
  readonly widths: Widths;
  readonly modules: readonly KernelModule[];
  readonly run: RunRegisters;
}

/** The number of a kernel, as the core counts those that it has. */
export function kernelNumber({ widths }: Pick<CorePlan, 'widths'>, { number }: KernelPlan): string {
  return literal(number, widths.kernel);
}

/** Whether one of the kernels runs that share a module's pipeline. */
export function runsText(core: Pick<CorePlan, 'widths'>, { kernels }: Pipeline, running = 'kernel'): string {
  const terms = kernels.map((kernel) => `${running} == ${kernelNumber(core, kernel)}`);
  return terms.length === 1 ? (terms[0] ?? '') : `(${terms.join(' | ')})`;
}

/** What some of the kernels that wait need of the walker when they go on. All need what is not here. */
const needs: readonly (readonly [names: RegExp, isNeeded: (waiting: WaitingPlan) => boolean])[] = [
  // The spike that is served is of use to the kernels that serve it.
  [/^event_/, ({ levels }) => levels > 2],
  [/^(row|more_rows|rows_last(_low)?)$/, ({ rows }) => rows],
  // Requests of scans beside the lists are of no use after them.
  [/^(rows_|row_left$|row_tile$|opening_row_)/, ({ rowGates }) => rowGates],
  [/^(tiles_(list|count|any)$|opening_)/, ({ columnGates }) => columnGates],
  [/^(segment|list_|row_loaded$|pass_opened$)/, ({ segments }) => segments],
];

/** A register of which only the low bits are ever set. */
interface LowBits {
  readonly bits: number;
  readonly register: string;
}

/**
 * The registers that belong to a run of a list. Where kernels may wait for the FIFO, what is served meanwhile is a run
 * within a run: `NAME` belongs to the present one, and `NAME_kept` holds those of the runs that wait, one for each
 * level below. So nothing that the walker asks in a cycle passes through a choice of levels.
 */
export class RunRegisters {
  readonly #waiting: WaitingPlan;
  /** Those that a run finds again. */
  readonly #kept = new Set<string>();
  readonly #low = new Map<string, LowBits>();

  constructor(waiting: WaitingPlan) {
    this.#waiting = waiting;
  }

  /** How many runs may be under way; 1 where none waits. */
  get #levels(): number {
    return this.#waiting.levels;
  }

  /** Whether a kernel that waits needs a register of the walker, or a list, when it goes on. */
  #isNeeded(name: string): boolean {
    const [, isNeeded] = needs.find(([names]) => names.test(name)) ?? [];
    return isNeeded === undefined || isNeeded(this.#waiting);
  }

  /** Declares registers of so many bits. A run that waits finds again those that it needs. */
  declare(bits: number | undefined, ...names: readonly string[]): Verilog {
    return names.map((name) => {
      if (this.#levels === 1 || !this.#isNeeded(name)) return reg(bits, name);
      this.#kept.add(name);
      const copies = this.#levels === 2 ? '' : ` [0:${this.#levels - 2}]`;
      return [
        reg(bits, name),
        reg(bits, `${name}_kept${copies}`),
        onClock(`if (suspended) ${this.#keptAs(name)} <= ${name};`),
      ];
    });
  }

  /** Declares a value of so many bits, of which a register holds the low ones: no others are ever set. */
  declareLow(name: string, bits: number, low: number): Verilog {
    const shape = (of: number): number | undefined => (of === 1 ? undefined : of);
    if (low >= bits) return this.declare(shape(bits), name);
    const register = `${name}_low`;
    this.#low.set(name, { bits, register });
    return [this.declare(shape(low), register), wire(bits, name, `${bits}'(${register})`)];
  }

  /** Assigns a number to a register, or to the low bits that it has. */
  assign(name: string, value: number | bigint, bits: number): string {
    return `${this.#low.get(name)?.register ?? name} <= ${literal(value, bits)};`;
  }

  /**
   * The value that a register had when the run waited that goes on now. It may have begun to wait a cycle ago. What is
   * not kept is the same for all runs, or of no use to those that wait.
   */
  before(name: string): string {
    const low = this.#low.get(name);
    if (low !== undefined) return `${low.bits}'${this.before(low.register)}`;
    return this.#kept.has(name) ? `(suspended ? ${name} : ${this.#keptAs(name)})` : `(${name})`;
  }

  /** The end of a block that writes the registers: a run that goes on finds them as they were. */
  resume(...names: readonly string[]): Verilog {
    const kept = names
      .map((name) => this.#low.get(name)?.register ?? name)
      .filter((name) => this.#kept.has(name));
    if (kept.length === 0) return [];
    return when(
      'resumes',
      kept.map((name) => `${name} <= ${this.before(name)};`),
    );
  }

  /** The words of a list of so many items, which each level has whose run needs it again. */
  listWords(name: string, size: number): number {
    return this.#hasLevels(name) ? this.#levels * 2 ** indexBits(size) : size;
  }

  /** The place of an item of a list, of the run at a level; its number has no more bits than it needs. */
  place(name: string, index: string, level: 'level' | 'level_below'): string {
    return this.#hasLevels(name) ? `{${level}, ${index}}` : index;
  }

  #hasLevels(list: string): boolean {
    return this.#levels > 1 && this.#isNeeded(list);
  }

  #keptAs(name: string): string {
    if (this.#levels === 2) return `${name}_kept`;
    // None is kept of the deepest level, so that a number of a level may have a bit too many.
    const bits = indexBits(this.#levels - 1);
    const level = bits < indexBits(this.#levels) ? `level_below[${bits - 1}:0]` : 'level_below';
    return `${name}_kept[${level}]`;
  }
}

/** The list of tiles, or of rows; undefined where no kernel has a gate for them. */
export function openList(
  { openLists }: Pick<CorePlan, 'openLists'>,
  of: OpenList['of'],
): OpenList | undefined {
  return openLists.find((list) => list.of === of);
}

/** The bits of the number of entries that a list has. */
export function countBits(plan: Pick<CorePlan, 'openLists'>, of: OpenList['of']): number {
  return indexBits((openList(plan, of)?.entries ?? 1) + 1);
}

/** The bits of the place of an entry in a list. */
export function placeBits(plan: Pick<CorePlan, 'openLists'>, of: OpenList['of']): number {
  return indexBits(openList(plan, of)?.entries ?? 2);
}
