import type { CellChoice } from '../../experiment/index.ts';
import { withSettings } from './attempt.ts';

/**
 * What a change does, from what costs least to the last resort.
 *
 * - `inference`: what serves learning alone takes no memory
 * - `sliced`: inference weights are cut from shadow weights as they are read, not stored beside them
 * - `precision`: other widths of the weights
 * - `cores`: more cores of the same kind
 * - `memory`: larger banks
 * - `hw`: another hw-model
 * - `neurons`: a smaller population
 */
export const changeKinds = ['inference', 'sliced', 'precision', 'cores', 'memory', 'hw', 'neurons'] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** A change to a cell that a command line can make. */
export interface Change {
  readonly kind: ChangeKind;
  readonly precision?: string | undefined;
  readonly inference?: true;
  readonly hw?: string | undefined;
  /** Settings as `path=value`. */
  readonly set?: readonly string[] | undefined;
  /** What is given up or spent for it, in words. */
  readonly costs: string;
  /** Less is better, among changes of the same kind. */
  readonly rank: number;
}

/** The options of a command line that make a change. */
export function changeOptions({ hw, precision, inference, set = [] }: Change): string[] {
  return [
    ...(hw === undefined ? [] : ['--hw', hw]),
    ...(precision === undefined ? [] : ['--precision', precision]),
    ...(inference ? ['--inference'] : []),
    ...set.flatMap((setting) => ['--set', setting]),
  ];
}

/** The choice of a cell with a change made to it. */
export function changed(choice: CellChoice, { hw, precision, inference, set = [] }: Change): CellChoice {
  return {
    ...withSettings(choice, set),
    ...(hw !== undefined && { hw }),
    ...(precision !== undefined && { precision }),
    ...(inference && { inference }),
  };
}

/** From what costs least on. */
export function byCost(one: Change, other: Change): number {
  return changeKinds.indexOf(one.kind) - changeKinds.indexOf(other.kind) || one.rank - other.rank;
}
