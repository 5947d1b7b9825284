import type { Field, Layout } from '../../image/index.ts';

/** The bits of a gated field, and what changes them. */
export interface Gate {
  readonly index: number;
  readonly field: Field;
  readonly layout: Layout;
  /** The names of what is declared begin with it. */
  readonly name: string;
  readonly size: number;
  /** The conditions under which all bits are cleared. */
  readonly clears: readonly string[];
  readonly writes: readonly GateWrite[];
}

/** The writes of a kernel: lanes of a tile that it stores, or the item of a row whose sum it has. */
export interface GateWrite {
  readonly runs: string;
  readonly of: 'tile' | 'row';
  /** The ports of its module begin with it. */
  readonly ports: string;
}

/** How many tiles a word of the host has. */
export function partsOf({ layout }: Pick<Gate, 'layout'>, lanes: number): number {
  return Math.max(1, layout.itemsPerWord / lanes);
}

/** How many tiles each of the memories of a gate has, of which there is one for each tile of a word. */
export function depthOf(gate: Pick<Gate, 'layout'>, lanes: number): number {
  const { wordsPerRow, itemsPerWord } = gate.layout;
  return Math.max(2, Math.ceil((wordsPerRow * itemsPerWord) / (lanes * partsOf(gate, lanes))));
}
