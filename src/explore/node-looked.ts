import { describeSettings, joinSettings } from '../experiment/index.ts';
import { exact, type HwModel, type Interval } from '../hardware/index.ts';
import { type ExploredDesign, noFigures, spread } from '../report/index.ts';
import { PlasticoreError } from '../text/index.ts';
import { reasonOf } from './compare.ts';
import type { Functions, SharedFunction } from './node-functions.ts';
import type { SpaceDesign } from './space/index.ts';
import type { PricedDesign } from './study/index.ts';

/** A design that a search has asked for. */
export interface Looked {
  readonly design: SpaceDesign;
  /** What it shares with others; undefined if it cannot be loaded. */
  readonly shared: SharedFunction | undefined;
  /** Until it is priced: thousands of models would fill the memory. */
  hw: HwModel | undefined;
  readonly intervals: Readonly<Record<string, Interval>>;
  result: PricedDesign | PlasticoreError | undefined;
  missed: string | undefined;
}

/** What is wrong with every design is wrong with the space. */
export function throwFaultOfAll(looked: readonly Looked[]): void {
  const faults = looked.flatMap(({ result }) =>
    result instanceof PlasticoreError && result.code !== 'fit' ? [result] : [],
  );
  if (faults[0] !== undefined && faults.length === looked.length) throw faults[0];
}

/** Loads a design. One that cannot be loaded has its error as its result. */
export function lookedAt(design: SpaceDesign, functions: Functions): Looked {
  const found = attempt(() => functions.load(design));
  const common = { design, missed: undefined };
  if (found instanceof PlasticoreError)
    return { ...common, shared: undefined, hw: undefined, intervals: {}, result: found };
  const { shared, hw } = found;
  return { ...common, shared, hw, intervals: hw.figures.intervals, result: undefined };
}

/** A design as the result of a search lists it; whether it is on the front is not known yet. */
export function exploredDesign({ design, shared, result, missed }: Looked): ExploredDesign {
  const { name, precision, values, settings } = design;
  const common = { name, precision, values, settings: describeSettings(joinSettings(settings)) };
  const notYet = { onFront: false, frontShare: null };
  if (result === undefined || result instanceof PlasticoreError) {
    return {
      ...common,
      status: result?.code === 'fit' ? 'misfit' : 'failed',
      reason: result === undefined ? 'not finished' : placedReason(result),
      run: null,
      figures: noFigures,
      accuracySpread: spread([]),
      parts: null,
      remarks: [],
      ...notYet,
    };
  }
  const { figures, accuracySpread, parts, remarks } = result;
  return {
    ...common,
    status: missed === undefined ? 'done' : 'outside',
    reason: missed === undefined ? null : `misses ${missed}`,
    run: shared?.name ?? null,
    figures,
    accuracySpread,
    parts,
    remarks,
    ...notYet,
  };
}

/** Why a design has no figures, with the place of a fault in a file. */
function placedReason(error: PlasticoreError): string {
  const { file, line, column, code } = error;
  if (code === 'fit' || file === undefined) return reasonOf(error);
  return `${[file, ...(line === undefined ? [] : [line, column])].join(':')}: ${reasonOf(error)}`;
}

/** Of all sources whose figures any design uses, those that are not exact. */
export function intervalsOf(looked: readonly Looked[]): Record<string, Interval> {
  const all = looked.flatMap(({ intervals }) => Object.entries(intervals));
  const sorted = [...new Map(all)].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.filter(([, { low, high }]) => low !== exact.low || high !== exact.high));
}

/** The result of an action, or the error that it throws. */
export function attempt<T>(action: () => T): T | PlasticoreError {
  try {
    return action();
  } catch (error) {
    if (error instanceof PlasticoreError) return error;
    throw error;
  }
}
