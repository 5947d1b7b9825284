import type { CoreImage } from '../../image/index.ts';
import { at } from '../../text/index.ts';
import type { CorePlan, KernelPlan, Step, StepStart, WaitingPlan } from './core-plan.ts';

/*
 * What the walker and the sequencer know of the steps of lists, and of kernels that wait for the FIFO.
 *
 * A push into the full FIFO suspends its kernel: tiles that are younger are dropped, and the heads of the FIFO are
 * served until all spikes of the tile have entered. What is served may be suspended in turn.
 */

export function planWaiting(
  image: CoreImage,
  kernels: readonly KernelPlan[],
  { served: lists, arrivals }: Pick<CorePlan, 'served' | 'arrivals'>,
): WaitingPlan {
  const emitting = kernels.filter(({ emits }) => emits !== undefined);
  // Spikes to other cores leave at once.
  const waiting = image.core.whenFull === 'stall' && arrivals === undefined ? emitting : [];
  const served = lists.flatMap(({ steps }) => steps.flatMap(({ kernel }) => kernel ?? []));
  const some = (is: (kernel: KernelPlan) => boolean): boolean => waiting.some(is);
  // Each run that waits has taken an event of the full FIFO.
  const nested = served.some((kernel) => waiting.includes(kernel)) ? image.core.fifoDepth + 2 : 2;
  return {
    kernels: waiting,
    levels: waiting.length === 0 ? 1 : nested,
    servedEmits: served.some(({ emits }) => emits !== undefined),
    rows: some(({ walks }) => walks !== 'neurons'),
    rowGates: some(({ kernel }) => kernel.rowGate !== undefined),
    columnGates: some(({ kernel }) => kernel.columnGate !== undefined),
    segments: some(({ walksSegments }) => walksSegments),
  };
}

/**
 * The most tiles of spikes that leave a core after `m_ready` has fallen: those of a pass, since a pass that has begun
 * comes to its end. Kernels that wait for the FIFO go on with their pass after that of a spike that was served, and a
 * spike that waited may leave before each of them.
 */
export function tilesAfterReady(
  { core }: CoreImage,
  kernels: readonly KernelPlan[],
  waiting: WaitingPlan,
): number {
  const most = kernels.reduce((largest, { emits, walks, columns, rows, table }) => {
    if (emits === undefined) return largest;
    const isByItem = table !== undefined || walks === 'columns';
    return Math.max(largest, isByItem ? Math.max(columns, rows) : Math.ceil(columns / core.lanes));
  }, 1);
  return waiting.kernels.length === 0 ? most : 2 * (most + 1);
}

/** A name, its bits, and its value. */
type Fact = readonly [name: string, bits: number, value: number | bigint];

type FactParts = Pick<
  CorePlan,
  'image' | 'hw' | 'widths' | 'kernels' | 'pipelines' | 'memberBits' | 'steps' | 'gates' | 'waiting'
>;

/** What the walker knows of each step. */
export function walkerFacts(parts: FactParts): Pick<CorePlan, 'facts' | 'starts'> {
  const defaults = passFacts(parts, 1);
  const starts = parts.steps.map((step): StepStart => {
    const { kernel, passes, action } = step;
    const all = kernel === undefined ? passFacts(parts, passes) : kernelFacts(parts, kernel);
    const facts = all.flatMap(([name, , value], index) =>
      value === at(defaults, index)[2] ? [] : [[name, value] as const],
    );
    const own = { step, facts, scans: scansOf(step, parts.gates), allRows: false, within: undefined };
    if (kernel !== undefined) return { ...own, ...startOf(kernel, all, parts.widths.lanes) };
    if (action.does === 'stop-unless-any') return { ...own, state: 'TEST' };
    return { ...own, state: action.does === 'clear' || action.does === 'keep' ? 'CLEAR' : undefined };
  });
  const facts = defaults.map(([name, bits, value]) => {
    const others = starts.flatMap((start) => start.facts.flatMap(([own, is]) => (own === name ? [is] : [])));
    const lowBits = Math.max(...[value, ...others].map((one) => one.toString(2).length));
    return { name, bits, value, lowBits, changes: others.length > 0 };
  });
  return { facts, starts };
}

function scansOf({ kernel, action }: Step, gates: CorePlan['gates']): StepStart['scans'] {
  const { rowGate, columnGate } = kernel?.kernel ?? {};
  const tested = action.does === 'stop-unless-any' ? action.field : undefined;
  const of = (field: number | undefined, isOfRows: boolean) =>
    gates.flatMap(({ index, number }) => (index === field ? [{ gate: number, isOfRows }] : []));
  return [...of(tested ?? columnGate ?? rowGate, false), ...of(rowGate, true)];
}

/** The facts of a pass over so many words or tiles. */
function passFacts({ kernels, widths, memberBits, waiting }: FactParts, words: number): Fact[] {
  const { lanes, cycle } = widths;
  const all = (1n << BigInt(lanes)) - 1n;
  const cuts = kernels.some(({ walksSegments }) => walksSegments);
  const stores = kernels.some(({ schedule }) => schedule.rowStoreCycles > 0);
  return [
    // none of them, where no kernel runs
    ['kernel', widths.kernel, kernels.length],
    ...(memberBits > 0 ? ([['member', memberBits, 0]] as const) : []),
    ['has_columns', 1, 0],
    ['has_rows', 1, 0],
    ...(cuts ? ([['walks_segments', 1, 0]] as const) : []),
    ['walks_rows', 1, 0],
    ['walks_one', 1, 0],
    ['all_rows', 1, 0],
    ['overlaps', 1, 0],
    ['by_columns', 1, 0],
    ['last_tile', widths.tile, 0],
    ['tail', lanes, all],
    ['rows_last_tile', cycle, 0],
    ['rows_tail', lanes, all],
    ['rows_last', widths.neuron, 0],
    ['tiles_last', widths.tileCount, 0],
    ['interval_last', widths.phase, 0],
    ['drain_last', cycle, 0],
    ['row_last', cycle, 0],
    ['row_loads', cycle, 0],
    ...(stores ? ([['row_store_from', cycle, 0]] as const) : []),
    // the last cycle of a scan of columns, of a test, or of a pass over words
    ['scan_last', cycle, words - 1],
    ['rows_scan_last', cycle, 0],
    ...waitFacts(waiting, undefined, cycle),
  ];
}

function kernelFacts(parts: FactParts, plan: KernelPlan): Fact[] {
  const { image, hw, widths, pipelines, waiting } = parts;
  const { lanes, cycle } = widths;
  const { walks, columns, tiles, rows, intervalCycles, drainCycles, schedule, kernel } = plan;
  const { rowGate, columnGate } = kernel;
  const { rowLoadCycles, rowStoreCycles, lookupCycles } = schedule;
  const isByColumns = walks === 'columns';
  const walkedRows = isByColumns ? tiles : rows;
  const walksAll = walks === 'rows' || isByColumns;
  const scanned = (gate: number | undefined): number =>
    gate === undefined ? 0 : Math.ceil(at(image.fields, gate).count / lanes) - 1;
  const values: ReadonlyMap<string, number | bigint> = new Map(
    Object.entries({
      kernel: plan.number,
      member: Math.max(...pipelines.map(({ kernels }) => kernels.indexOf(plan))),
      has_columns: columnGate === undefined ? 0 : 1,
      has_rows: rowGate === undefined ? 0 : 1,
      walks_segments: plan.walksSegments ? 1 : 0,
      walks_rows: walks === 'row' || walksAll ? 1 : 0,
      walks_one: walks === 'neuron' ? 1 : 0,
      all_rows: walksAll ? 1 : 0,
      overlaps: schedule.overlapsRows ? 1 : 0,
      by_columns: isByColumns ? 1 : 0,
      last_tile: tiles - 1,
      tail: lanesTo(columns, lanes),
      rows_last_tile: rowGate === undefined ? 0 : Math.ceil(walkedRows / lanes) - 1,
      rows_tail: lanesTo(rowGate === undefined ? 0 : walkedRows, lanes),
      rows_last: walksAll ? walkedRows - 1 : 0,
      tiles_last: (isByColumns ? rows : tiles) - 1,
      interval_last: intervalCycles - 1,
      drain_last: drainCycles - 1,
      // a row of segments loads before the first one that is open
      row_last: hw.overheads.rowCycles - 1 + (plan.walksSegments ? lookupCycles : rowLoadCycles),
      row_loads: rowLoadCycles,
      row_store_from: rowStoreCycles === 0 ? 0 : drainCycles - rowStoreCycles,
      scan_last: scanned(columnGate),
      rows_scan_last: scanned(rowGate),
      ...Object.fromEntries(waitFacts(waiting, plan, cycle).map(([name, , value]) => [name, value])),
    }),
  );
  return passFacts(parts, 1).map(([name, bits]) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`no ${name} of a kernel`);
    return [name, bits, value];
  });
}

/**
 * The walker's facts of a kernel that waits: when its spikes come, whether younger tiles have entered by then, how
 * far it goes back, and what is left of the drain; of others, zeros.
 */
function waitFacts({ kernels }: WaitingPlan, kernel: KernelPlan | undefined, cycle: number): Fact[] {
  if (kernels.length === 0) return [];
  const own = kernel !== undefined && kernels.includes(kernel) ? kernel : undefined;
  const delay = own === undefined ? 0 : 2 + own.schedule.phases;
  const after = own === undefined ? -1 : delay - own.intervalCycles;
  const left = own === undefined ? 0 : own.drainCycles - 1 - after;
  return [
    ['emits', 1, own === undefined ? 0 : 1],
    ['emits_early', 1, after >= 0 ? 1 : 0],
    ['emit_delay', cycle, delay],
    ['back', cycle, Math.max(0, after)],
    ['suspend_cycles', cycle, after >= 0 ? left : 0],
  ];
}

/** The lanes of the last tile that hold an item. */
function lanesTo(items: number, lanes: number): bigint {
  return (1n << BigInt(items % lanes === 0 ? lanes : items % lanes)) - 1n;
}

/** Where the start of a kernel leads. Of rows that are scanned alone, the first tile is one of rows. */
function startOf(
  { walks, kernel: { columnGate, rowGate } }: KernelPlan,
  facts: readonly Fact[],
  lanes: number,
): Pick<StepStart, 'state' | 'allRows' | 'within'> {
  const named = (name: string) => facts.find(([fact]) => fact === name)?.[2];
  const gated = columnGate !== undefined ? 'SCAN_COLUMNS' : rowGate !== undefined ? 'SCAN_ROWS' : undefined;
  const allRows = walks === 'rows' || walks === 'columns';
  const rows = columnGate === undefined ? 'rows_' : '';
  const tail = BigInt(named(`${rows}tail`) ?? 0);
  const isWhole = named(`${rows}last_tile`) !== 0 || tail === lanesTo(0, lanes);
  return {
    state: gated ?? (walks === 'row' || allRows ? 'ROW' : 'TILES'),
    allRows,
    within: isWhole ? undefined : tail,
  };
}
