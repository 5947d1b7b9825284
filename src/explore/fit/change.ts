import { type CellChoice, joinSettings, noSettings, parseSettings } from '../../experiment/index.ts';

/**
 * Kinds of changes, from the cheapest to the last resort.
 *
 * - `inference`: no memory for what serves learning alone
 * - `sliced`: inference weights are cut from shadow weights as they are read, not stored beside them
 * - `precision`: other widths of the weights
 * - `cores`: more cores of the same kind
 * - `memory`: larger banks
 * - `hw`: another hw-model
 * - `neurons`: a smaller population
 */
const changeKinds = ['inference', 'sliced', 'precision', 'cores', 'memory', 'hw', 'neurons'] as const;
type ChangeKind = (typeof changeKinds)[number];

/** A change to a cell that a command line can make. */
export interface Change {
  readonly kind: ChangeKind;
  readonly precision?: string | undefined;
  readonly inference?: true;
  readonly hw?: string | undefined;
  /** Settings as `path=value`. */
  readonly set?: readonly string[] | undefined;
  /** Its price in words: the cores, bits or neurons that it spends or gives up. */
  readonly costs: string;
  /** Less is better, among changes of the same kind. */
  readonly rank: number;
}

/** A choice with settings, as `path=value`, after its own. */
export function withSettings(choice: CellChoice, set: readonly string[]): CellChoice {
  return { ...choice, settings: joinSettings(choice.settings ?? noSettings, parseSettings(set)) };
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

/** Orders changes by cost, the cheapest first. */
export function byCost(one: Change, other: Change): number {
  return changeKinds.indexOf(one.kind) - changeKinds.indexOf(other.kind) || one.rank - other.rank;
}
