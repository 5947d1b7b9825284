import { indexBits } from './text.ts';

/**
 * The registers that belong to a run of a list. Where kernels may wait for the FIFO, what is served meanwhile is a run
 * within a run: `NAME` belongs to the present one, and `NAME_kept` holds those of the runs that wait, one for each
 * level below. So nothing that the walker asks in a cycle passes through a choice of levels.
 */
export class RunRegisters {
  /** How many runs may be under way; 1 where none waits. */
  readonly #levels: number;
  readonly #names = new Set<string>();

  constructor(levels: number) {
    this.#levels = levels;
  }

  /** Declares registers of one shape; that of a bit is empty. A run that waits has its own until it goes on. */
  declare(shape: string, ...names: readonly string[]): string[] {
    const of = shape === '' ? '' : `${shape} `;
    for (const name of names) this.#names.add(name);
    return names.flatMap((name) => [
      `reg ${of}${name};`,
      ...(this.#levels === 1
        ? []
        : [
            `reg ${of}${name}_kept${this.#levels === 2 ? '' : ` [0:${this.#levels - 2}]`};`,
            `always @(posedge clk) if (suspended) ${this.#kept(name)} <= ${name};`,
          ]),
    ]);
  }

  /**
   * The value that a register had when the run waited that goes on now. It may have begun to wait a cycle ago. What is
   * no such register is the same for all runs.
   */
  before(name: string): string {
    if (!this.#names.has(name)) return name;
    return `(suspended ? ${name} : ${this.#kept(name)})`;
  }

  /** The end of a block that writes the registers: a run that goes on finds them as they were. */
  resume(...names: readonly string[]): string[] {
    if (this.#levels === 1) return [];
    return [`if (resumes) begin ${names.map((name) => `${name} <= ${this.before(name)};`).join(' ')} end`];
  }

  /** Declares a list of so many items, which each level has. */
  declareList(shape: string, name: string, size: number): string {
    return `reg ${shape} ${name} [0:${this.#levels * (this.#levels === 1 ? size : 2 ** indexBits(size)) - 1}];`;
  }

  /** An item of such a list, whose index has no more bits than it needs. */
  item(name: string, index: string): string {
    return `${name}[${this.place(index, 'level')}]`;
  }

  /** The place of an item of a list, of the run at a level. */
  place(index: string, level: 'level' | 'level_below'): string {
    return this.#levels === 1 ? index : `{${level}, ${index}}`;
  }

  /** Bits of such a place. */
  placeBits(size: number): number {
    return indexBits(size) + (this.#levels === 1 ? 0 : indexBits(this.#levels));
  }

  #kept(name: string): string {
    return this.#levels === 2 ? `${name}_kept` : `${name}_kept[level_below]`;
  }
}
