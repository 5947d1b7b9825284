import { type NumberKind, registerCount, type ValueRange } from '../../../src/isa/index.ts';
import type { Dice } from './dice.ts';

/** The contents of a register. */
export interface Held {
  readonly register: number;
  readonly kind: NumberKind;
  /** Undefined for floats. */
  readonly range: ValueRange | undefined;
  /** Whether all items of a row have the same value; or at least, by columns, all of a tile. */
  readonly isUniform: boolean;
  readonly isOfTile?: boolean;
  /** Whether it may differ from row to row. */
  readonly isOfRow?: boolean;
}

/** The registers of a kernel while it is written. */
export class Registers {
  readonly #dice: Dice;
  /** The latest definition comes last. */
  held: readonly Held[] = [];

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  /** A register to write: mostly one of a few, so that registers are written again. */
  target(): number {
    return this.#dice.whole(0, this.#dice.chance(0.8) ? 5 : registerCount - 1);
  }

  define(held: Held): void {
    this.held = [...this.held.filter(({ register }) => register !== held.register), held];
  }

  /** Nothing reads a register until it is written again. */
  forget(register: number): void {
    this.held = this.held.filter((held) => held.register !== register);
  }

  /** A value of some sort, mostly one of the latest; undefined if no register holds one. */
  pick(isWanted: (held: Held) => boolean): Held | undefined {
    const fitting = this.held.filter(isWanted);
    return fitting.length === 0 ? undefined : this.#dice.pick(fitting.slice(this.#dice.chance(0.7) ? -2 : 0));
  }
}
