import { at } from '../../arrays/index.ts';
import { factsOf } from '../../image/index.ts';
import { tableOf } from '../../text/index.ts';
import { type KernelPlan, type Step, walksSegments } from '../plan/core-plan.ts';
import { passWords } from '../plan/pass-words.ts';
import { memberBits } from '../plan/pipelines.ts';
import { allSteps, type CoreContext, kernelNumber } from './context.ts';
import { waitFacts, waitingKernels } from './stall-text.ts';
import { commentLine, indented, literal, vector } from './text.ts';

/** A fact that the walker knows of a step: the name of a register, its bits, and its value. */
type Fact = readonly [name: string, bits: number, value: number | bigint];

/**
 * Facts that follow from the step that runs. The walker needs most of it after the step has started, and finds it in
 * registers then; where a start leads is looked up while it lasts.
 */
export function factsText(context: CoreContext): string[] {
  const { stepBits, run } = context;
  const defaults = passFacts(context, 1);
  const steps = allSteps(context).map(({ step }) => {
    const kernel = kernelOf(context, step);
    const facts =
      kernel === undefined
        ? passFacts(context, passWords(context.image, step))
        : kernelFacts(context, kernel);
    return { step, kernel, own: facts.filter(([, , value], index) => value !== at(defaults, index)[2]) };
  });
  const changing = new Set(steps.flatMap(({ own }) => own.map(([name]) => name)));
  const most = new Map<string, bigint>();
  for (const [name, , value] of [...defaults, ...steps.flatMap(({ own }) => own)])
    most.set(
      name,
      [most.get(name) ?? 0n, BigInt(value)].reduce((a, b) => (a > b ? a : b)),
    );
  /** Bits of the largest value. */
  const lowBits = (name: string): number => Math.max(1, (most.get(name) ?? 0n).toString(2).length);
  const kept = defaults.filter(([name]) => changing.has(name));
  const declared = defaults.flatMap(([name, bits, value]) =>
    changing.has(name)
      ? run.declareLow(name, bits, lowBits(name))
      : [`wire ${bits === 1 ? '' : `${vector(bits)} `}${name} = ${literal(value, bits)};`],
  );
  const cases = steps.flatMap(({ step, kernel, own }) => {
    const text = own.map(([name, , value]) => run.assign(name, value, lowBits(name))).join(' ');
    const comment = kernel === undefined ? '' : ` ${commentLine(kernel.name)}`;
    return text === '' ? [] : [`      ${literal(step.number, stepBits)}: begin ${text} end${comment}`];
  });
  return [
    '// ---- the walker',
    '// what it knows of the step that runs, from its start on',
    ...declared,
    'always @(posedge clk) begin',
    '  if (state == START) begin',
    ...kept.map(([name, , value]) => `    ${run.assign(name, value, lowBits(name))}`),
    '    case (pc)',
    ...cases,
    '      default: ;',
    '    endcase',
    '  end',
    ...indented(run.resume(...kept.map(([name]) => name))),
    'end',
    ...startText(context),
  ];
}

function kernelOf({ plan }: CoreContext, { action }: Step): KernelPlan | undefined {
  return action.does === 'run' ? plan.kernels.find(({ index }) => index === action.kernel) : undefined;
}

/** The facts of a pass over so many words or tiles. */
function passFacts(context: CoreContext, words: number): Fact[] {
  const { plan, widths, counters, kernelBits } = context;
  const all = (1n << BigInt(widths.lanes)) - 1n;
  const cuts = plan.kernels.some(walksSegments);
  const stores = plan.kernels.some(({ schedule }) => schedule.rowStoreCycles > 0);
  return [
    // none of them, where no kernel runs
    ['kernel', kernelBits, plan.kernels.length],
    ...(memberBits(plan) > 0 ? ([['member', memberBits(plan), 0]] as const) : []),
    ['has_columns', 1, 0],
    ['has_rows', 1, 0],
    ...(cuts ? ([['walks_segments', 1, 0]] as const) : []),
    ['walks_rows', 1, 0],
    ['walks_one', 1, 0],
    ['all_rows', 1, 0],
    ['by_columns', 1, 0],
    ['last_tile', widths.tile, 0],
    ['tail', widths.lanes, all],
    ['rows_last_tile', counters.cycle, 0],
    ['rows_tail', widths.lanes, all],
    ['rows_last', widths.neuron, 0],
    ['tiles_last', counters.tile, 0],
    ['interval_last', counters.phase, 0],
    ['drain_last', counters.cycle, 0],
    ['row_last', counters.cycle, 0],
    ['row_loads', counters.cycle, 0],
    ...(stores ? ([['row_store_from', counters.cycle, 0]] as const) : []),
    // the last cycle of a scan of columns, of a test, or of a pass over words
    ['scan_last', counters.cycle, words - 1],
    ['rows_scan_last', counters.cycle, 0],
    ...waitFacts(context, undefined),
  ];
}

function kernelFacts(context: CoreContext, plan: KernelPlan): Fact[] {
  const { image, widths } = context;
  const { lanes } = widths;
  const { walks, columns, rows, intervalCycles, drainCycles, schedule, kernel } = plan;
  const { rowGate, columnGate } = kernel;
  const { rowLoadCycles, rowStoreCycles, lookupCycles } = schedule;
  const { rowCycles } = context.plan.hw.overheads;
  const tiles = walks === 'neuron' ? 1 : Math.ceil(columns / lanes);
  const isByColumns = walks === 'columns';
  const walkedRows = isByColumns ? tiles : rows;
  const walksAll = walks === 'rows' || isByColumns;
  const isCut = walksSegments(plan);
  const scanned = (gate: number | undefined): number =>
    gate === undefined ? 0 : Math.ceil(at(image.fields, gate).count / lanes) - 1;
  const values = tableOf<number | bigint>({
    kernel: context.plan.kernels.indexOf(plan),
    member: Math.max(...context.plan.pipelines.map(({ kernels }) => kernels.indexOf(plan))),
    has_columns: columnGate === undefined ? 0 : 1,
    has_rows: rowGate === undefined ? 0 : 1,
    walks_segments: isCut ? 1 : 0,
    walks_rows: walks === 'row' || walksAll ? 1 : 0,
    walks_one: walks === 'neuron' ? 1 : 0,
    all_rows: walksAll ? 1 : 0,
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
    row_last: rowCycles - 1 + (isCut ? lookupCycles : rowLoadCycles),
    row_loads: rowLoadCycles,
    row_store_from: rowStoreCycles === 0 ? 0 : drainCycles - rowStoreCycles,
    scan_last: scanned(columnGate),
    rows_scan_last: scanned(rowGate),
    ...Object.fromEntries(waitFacts(context, plan).map(([name, , value]) => [name, value])),
  });
  return passFacts(context, 1).map(([name, bits]) => [name, bits, values[name] ?? missing(name)]);
}

function missing(name: string): never {
  throw new Error(`no ${name} of a kernel`);
}

/** The lanes of the last tile that hold an item. */
function lanesTo(items: number, lanes: number): bigint {
  return (1n << BigInt(items % lanes === 0 ? lanes : items % lanes)) - 1n;
}

/** The state that follows the start of each step, and what is needed in that cycle already. */
function startText(context: CoreContext): string[] {
  const { stepBits, kernelBits, widths } = context;
  const { lanes } = widths;
  const isNamed = isNamedAtStart(context);
  const cases = allSteps(context).flatMap(({ step }) => {
    const kernel = kernelOf(context, step);
    const { does } = step.action;
    const own = literal(step.number, stepBits);
    if (does === 'clear' || does === 'keep') return [`    ${own}: start_state = CLEAR;`];
    if (does === 'stop-unless-any') return [`    ${own}: start_state = TEST;`];
    if (kernel === undefined) return [];
    const { walks } = kernel;
    const { columnGate, rowGate } = kernel.kernel;
    const isByRows = walks === 'row' || walks === 'rows' || walks === 'columns';
    const gated = columnGate !== undefined ? 'SCAN_COLUMNS' : rowGate !== undefined ? 'SCAN_ROWS' : undefined;
    const state = gated ?? (isByRows ? 'ROW' : 'TILES');
    const all = walks === 'rows' || walks === 'columns' ? " start_all_rows = 1'b1;" : '';
    const first = firstLanes(context, kernel);
    const emits = factsOf(kernel.kernel).emits ? " start_emits = 1'b1;" : '';
    const number = isNamed ? ` start_kernel = ${kernelNumber(context, kernel.index)};` : '';
    return [`    ${own}: begin start_state = ${state};${all}${first}${emits}${number} end`];
  });
  return [
    'reg [3:0] start_state;',
    'reg start_all_rows, start_emits;',
    `reg ${vector(lanes)} start_within;`,
    ...(isNamed ? [`reg ${vector(kernelBits)} start_kernel;`] : []),
    'always_comb begin',
    "  start_state = TILES; start_all_rows = 1'b0; start_emits = 1'b0;",
    `  start_within = {${lanes}{1'b1}};`,
    ...(isNamed ? [`  start_kernel = ${literal(0, kernelBits)};`] : []),
    '  case (pc)',
    ...cases,
    '    default: ;',
    '  endcase',
    'end',
  ];
}

/** The lanes of the first tile that is scanned, if they are not all: of columns, or of rows that are scanned alone. */
function firstLanes(context: CoreContext, plan: KernelPlan): string {
  const { lanes } = context.widths;
  const named = (name: string) => kernelFacts(context, plan).find(([fact]) => fact === name)?.[2];
  const isOfRows = plan.kernel.columnGate === undefined;
  const isOne = named(isOfRows ? 'rows_last_tile' : 'last_tile') === 0;
  const tail = named(isOfRows ? 'rows_tail' : 'tail');
  if (!isOne || tail === undefined || tail === lanesTo(0, lanes)) return '';
  return ` start_within = ${literal(tail, lanes)};`;
}

/** Whether the kernel has to be known while it starts: stored weights are walked from then on, and sums cleared. */
function isNamedAtStart(context: CoreContext): boolean {
  const waiting = waitingKernels(context);
  return (
    context.plan.kernels.some(({ walks }) => walks === 'weights') ||
    context.modules.some(
      ({ kernels, ports }) =>
        kernels.some((kernel) => waiting.includes(kernel)) &&
        ports.some(({ meaning }) => meaning.does === 'pass-start'),
    )
  );
}
