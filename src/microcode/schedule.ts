import { type BoundKernel, loadsOf, type StoredAccess, storesOf } from '../image/index.ts';
import { domainNamed } from '../isa/index.ts';
import { pipelineDemand, projectionInSegments, rowsAreApart } from '../schedule/index.ts';
import { tableOf } from '../text/index.ts';
import { lowerKernel, type MicrocodeView } from './lower.ts';
import type { Access, LoweredKernel } from './operation.ts';
import { bankOf, type Placed, placedAt } from './placing.ts';
import { refuseLine, refuseWhole } from './refuse.ts';
import { portsOfBank } from './resources.ts';
import type { MicrocodeUnit } from './unit.ts';

/**
 * A kernel in words of microcode. A tile enters every `intervalCycles`, which is the number of words: the word of phase
 * p has, of each tile in flight, what it does in the cycles p, p + interval, and so on, after its entry.
 */
export interface MicrocodeSchedule extends Placed {
  readonly intervalCycles: number;
  /** What sets it: `issue`, the ports of a bank, or what no shorter interval had room for. */
  readonly boundBy: string;
  /** For each resource, the cycles of a tile in which it is busy. */
  readonly busyCycles: Readonly<Record<string, number>>;
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
  const demand = pipelineDemand(kernel, program, program.core.lanes);
  const lowered = lowerKernel(kernel, program, demand);
  const [refused] = lowered.refusals;
  if (refused !== undefined) refuseLine(kernel, refused.line, refused.what);
  return scheduleLowered(kernel, lowered, program, unit);
}

/**
 * The same of a lowered kernel, whether or not a lane has operations for all that it does.
 *
 * @throws PlasticoreError `fit` with the kernel for which there is no room
 */
export function scheduleLowered(
  kernel: BoundKernel,
  lowered: LoweredKernel,
  program: MicrocodeView,
  unit: MicrocodeUnit,
): MicrocodeSchedule {
  const busyCycles = busyCyclesOf(lowered, program, unit);
  let [boundBy, least] = Object.entries(busyCycles).reduce((a, b) => (b[1] > a[1] ? b : a));
  for (let interval = Math.ceil(Math.max(1, least)); interval <= unit.kernelWords; interval++) {
    const placed = placedAt(interval, lowered, program, unit, isOfRowOf(kernel));
    if (typeof placed === 'string') {
      boundBy = placed;
      continue;
    }
    return {
      intervalCycles: interval,
      boundBy,
      busyCycles,
      drainsRows: drainsRows(kernel, program),
      ...placed,
    };
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

/** For how many cycles of a tile issue, and the ports of each bank, are busy. */
function busyCyclesOf(
  { operations, loads, order }: LoweredKernel,
  program: MicrocodeView,
  unit: MicrocodeUnit,
): Record<string, number> {
  const busy: Record<string, number> = tableOf({ issue: operations.length / unit.issue });
  const stores = operations.flatMap(({ store, sum }) => [...(store ? [store] : []), ...(sum ? [sum] : [])]);
  for (const [bank, { name }] of program.banks.entries()) {
    const wordsOf = (accesses: readonly Access[]): number =>
      accesses.reduce((sum, { field, words }) => sum + (bankOf(program, field) === bank ? words : 0), 0);
    const first = stores.filter(({ readsFirst }) => readsFirst);
    const reads = wordsOf(loads) + wordsOf(first) + Number(order.indexBank === bank);
    const writes = wordsOf(stores);
    const ports = portsOfBank(unit, bank);
    if (reads + writes === 0) continue;
    if ('shared' in ports) busy[`${name} bank ports`] = (reads + writes) / ports.shared;
    else {
      busy[`${name} bank read ports`] = reads / ports.read;
      busy[`${name} bank write ports`] = writes / ports.write;
    }
  }
  return busy;
}

/** Whether a row waits for the one before it: what it loads of its neurons may be what that one stores. */
function drainsRows(kernel: BoundKernel, program: MicrocodeView): boolean {
  const { domain, projection } = kernel;
  // What a row of segments takes after its last tile, it takes if one was open.
  if (projectionInSegments(kernel, program) !== undefined) return true;
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
