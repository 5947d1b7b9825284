import type { BoundKernel } from '../image/index.ts';
import type { MicrocodeSchedule } from './schedule.ts';

/** The cycles of a kernel on a programmable core: of a start, a pass and a tile; a scanned tile takes one. */
export interface MicrocodeCycles {
  readonly runCycles: number;
  readonly passCycles: number;
  readonly intervalCycles: number;
}

/** Cycles before gates are scanned, until what an earlier kernel has stored is in its bank; and after each scan. */
const settleCycles = 3;
const scanEndCycles = 5;
/** Cycles in which the next kernel is looked up, while the last tiles of this one drain. */
const lookupCycles = 2;

/**
 * The law of the walker in `templates/rtl/micro`. The next kernel is looked up while the last tiles drain, so that a
 * start takes no cycle of its own; nor does a row, if it need not wait for the one before it.
 */
export function microcodeCycles(
  { rowGate, columnGate }: Pick<BoundKernel, 'rowGate' | 'columnGate'>,
  { intervalCycles, drainCycles, drainsRows }: MicrocodeSchedule,
): MicrocodeCycles {
  const gates = Number(rowGate !== undefined) + Number(columnGate !== undefined);
  const scans = gates === 0 ? 0 : settleCycles + gates * scanEndCycles;
  const fill = drainCycles - intervalCycles;
  return {
    runCycles: scans + (drainsRows ? (gates === 0 ? 0 : lookupCycles) : fill),
    passCycles: drainsRows ? fill : 0,
    intervalCycles,
  };
}

/** Cycles for which the walker waits after the last tile, and where nothing is open: both keep to the law. */
export function walkerWaits(
  kernel: Pick<BoundKernel, 'rowGate' | 'columnGate'>,
  schedule: MicrocodeSchedule,
): { readonly drain: number; readonly closed: number } {
  const isGated = kernel.rowGate !== undefined || kernel.columnGate !== undefined;
  const { intervalCycles, drainCycles, drainsRows } = schedule;
  return {
    drain: drainCycles + (drainsRows && isGated ? lookupCycles : 0),
    closed: drainsRows ? 0 : drainCycles - intervalCycles - lookupCycles,
  };
}
