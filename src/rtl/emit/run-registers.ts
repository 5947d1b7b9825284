import { indexBits } from './text.ts';

/**
 * The registers that belong to a run of a list. Where kernels may wait for the FIFO, what is served meanwhile is a run
 * within a run: each level has a copy of them, `NAME_of`, and `NAME` is that of the present level.
 */
export class RunRegisters {
  /** How many runs may be under way; 1 where none waits. */
  readonly #levels: number;

  constructor(levels: number) {
    this.#levels = levels;
  }

  /** Declares registers of one shape; that of a bit is empty. */
  declare(shape: string, ...names: readonly string[]): string[] {
    const of = shape === '' ? '' : `${shape} `;
    if (this.#levels === 1) return names.map((name) => `reg ${of}${name};`);
    return names.flatMap((name) => [
      `${this.#levels === 2 ? '(* ram_style = "registers" *) ' : ''}reg ${of}${name}_of [0:${this.#levels - 1}];`,
      `wire ${of}${name} = ${name}_of[level];`,
    ]);
  }

  /** What is assigned to. */
  set(name: string): string {
    return this.#levels === 1 ? name : `${name}_of[level]`;
  }

  /** Declares a list of so many items. */
  declareList(shape: string, name: string, size: number): string {
    return `reg ${shape} ${name} [0:${this.#levels * (this.#levels === 1 ? size : 2 ** indexBits(size)) - 1}];`;
  }

  /** An item of such a list, whose index has no more bits than it needs. */
  item(name: string, index: string, level = 'level'): string {
    return this.#levels === 1 ? `${name}[${index}]` : `${name}[{${level}, ${index}}]`;
  }
}
