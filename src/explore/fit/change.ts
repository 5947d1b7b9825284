import { type CellChoice, joinSettings, noSettings, parseSettings } from '../../experiment/index.ts';

/**
 * Kinds of changes. The first ones cost bits of the network, and nothing of the core; those to the core cost area; a
 * smaller network is the last resort.
 *
 * - `inference`: no memory for what serves learning alone
 * - `sliced`: inference weights are cut from shadow weights as they are read, not stored beside them
 * - `placement`: weights in another bank
 * - `accumulators`: narrower potentials and sums
 * - `precision`: other widths of the weights
 * - `memory`: larger banks
 * - `hw`: another hw-model
 * - `cores`: more cores of the same kind
 * - `neurons`: a smaller population
 */
const changeKinds = [
  'inference',
  'sliced',
  'placement',
  'accumulators',
  'precision',
  'memory',
  'hw',
  'cores',
  'neurons',
] as const;
type ChangeKind = (typeof changeKinds)[number];
const kindsOfCore: ReadonlySet<ChangeKind> = new Set(['memory', 'hw', 'cores']);

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

/** A change, and the area of the chip with it; 0 for an FPGA. */
interface PricedChange {
  readonly change: Change;
  readonly areaUm2: number;
}

/** Orders changes by cost, the cheapest first: those to the core by area, whatever their kind. */
export function byCost(one: PricedChange, other: PricedChange): number {
  const [a, b] = [one.change, other.change];
  const areBothOfCore = kindsOfCore.has(a.kind) && kindsOfCore.has(b.kind);
  const byArea = areBothOfCore ? one.areaUm2 - other.areaUm2 : 0;
  return byArea || changeKinds.indexOf(a.kind) - changeKinds.indexOf(b.kind) || a.rank - b.rank;
}

/** The accuracy that was measured with a change. */
export interface MeasuredChange extends PricedChange {
  /** Share of right answers; undefined if the run failed, or has nothing to score. */
  readonly accuracy: number | undefined;
  /** Answers that were scored. */
  readonly scored: number;
}

/**
 * Orders changes by what they keep, then by cost. What lies within two standard errors of the best is as good as it; so
 * few answers decide nothing. Runs that failed come last.
 */
export function byAccuracy<Measured extends MeasuredChange>(changes: readonly Measured[]): Measured[] {
  const best = Math.max(0, ...changes.map(({ accuracy }) => accuracy ?? 0));
  const lost = ({ accuracy, scored }: Measured): number => {
    if (accuracy === undefined) return Number.POSITIVE_INFINITY;
    const error = Math.sqrt((best * (1 - best)) / Math.max(1, scored));
    return best - accuracy <= 2 * error ? 0 : best - accuracy;
  };
  return [...changes].sort((one, other) => {
    const [a, b] = [lost(one), lost(other)];
    return a === b ? byCost(one, other) : a - b;
  });
}
