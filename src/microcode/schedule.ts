import { type BoundKernel, loadsOf, type StoredAccess, storesOf } from '../image/index.ts';
import { domainNamed } from '../isa/index.ts';
import { rowsAreApart } from '../schedule/index.ts';
import { lowerKernel, type MicrocodeView } from './lower.ts';
import type { LoweredKernel } from './operation.ts';
import { bankOf, type Placed, placedAt } from './placing.ts';
import { refuseWhole } from './refuse.ts';
import type { MicrocodeUnit } from './unit.ts';

/**
 * A kernel in words of microcode. A tile enters every `intervalCycles`, which is the number of words: the word of phase
 * p has, of each tile in flight, what it does in the cycles p, p + interval, and so on, after its entry.
 */
export interface MicrocodeSchedule extends Placed {
  readonly intervalCycles: number;
  /** What sets it: `issue`, the reads of a bank, or what no shorter interval had room for. */
  readonly boundBy: string;
  /** Whether a row waits until all that the one before it does is done. */
  readonly drainsRows: boolean;
}

/**
 * Schedules a kernel: the shortest interval in which all its operations, loads and registers have room, and in it the
 * earliest cycle for each operation, in the order of the text.
 *
 * @throws PlasticoreError `fit` with the kernel, and the line if it is one, that no word does or has room for
 */
export function scheduleMicrocode(
  kernel: BoundKernel,
  program: MicrocodeView,
  unit: MicrocodeUnit,
): MicrocodeSchedule {
  const lowered = lowerKernel(kernel, program);
  const [reason, least] = leastInterval(lowered, program);
  let boundBy = reason;
  for (let interval = least; interval <= unit.kernelWords; interval++) {
    const placed = placedAt(interval, lowered, program, unit, isOfRowOf(kernel));
    if (typeof placed === 'string') {
      boundBy = placed;
      continue;
    }
    return { intervalCycles: interval, boundBy, drainsRows: drainsRows(kernel, program), ...placed };
  }
  return refuseWhole(
    kernel,
    `${lowered.operations.length} operations have no room in ${unit.kernelWords} words: ${boundBy}`,
    'split it into several kernels',
  );
}

/** Whether the items of a role are those of the row's neuron. */
function isOfRowOf({ domain }: BoundKernel): (role: string) => boolean {
  const { roles } = domainNamed(domain);
  return (role) => role === 'pre' && roles.includes('pre');
}

function leastInterval(
  { operations, loads }: LoweredKernel,
  program: MicrocodeView,
): readonly [string, number] {
  let longest: readonly [string, number] = ['issue', Math.max(1, operations.length)];
  for (const [bank, { name }] of program.banks.entries()) {
    const words = loads.filter(({ field }) => bankOf(program, field) === bank).length;
    if (words > longest[1]) longest = [`reads of ${name}`, words];
  }
  return longest;
}

/** Whether a row waits for the one before it: what it loads of its neurons may be what that one stores. */
function drainsRows(kernel: BoundKernel, program: MicrocodeView): boolean {
  const { domain, projection } = kernel;
  if (projection === undefined || domain === 'row' || domain === 'synapse') return false;
  const loaded = new Set(loadsOf(kernel, program.fields).map(({ layout }) => layout));
  const meets = ({ role, layout }: StoredAccess): boolean => role !== 'syn' && loaded.has(layout);
  return !rowsAreApart(kernel, storesOf(kernel, program), program, meets);
}

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
