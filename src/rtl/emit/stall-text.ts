import { factsOf } from '../../image/index.ts';
import type { KernelPlan } from '../plan/core-plan.ts';
import { type CoreContext, kernelNumber } from './context.ts';
import { indexBits, literal, vector } from './text.ts';

/*
 * A push into the full FIFO suspends its kernel: tiles that are younger are dropped, and the heads of the FIFO are
 * served until all spikes of the tile have entered. What is served may be suspended in turn.
 */

/** The kernels that may wait for the FIFO. */
export function waitingKernels({ plan, image }: Pick<CoreContext, 'plan' | 'image'>): KernelPlan[] {
  // Spikes to other cores leave at once.
  return image.core.whenFull === 'stall' && plan.placed === undefined
    ? plan.kernels.filter(({ kernel }) => factsOf(kernel).emits)
    : [];
}

/** How many runs may be under way: that of the step, and those that spikes trigger while others wait. */
export function levelsOf({ plan, image }: Pick<CoreContext, 'plan' | 'image'>): number {
  const waiting = new Set(waitingKernels({ plan, image }).map(({ index }) => index));
  if (waiting.size === 0) return 1;
  const served = [...plan.spike, ...plan.previousSpike, ...plan.delayedSpike.flat()];
  const isNested = served.some(({ steps }) =>
    steps.some(({ action }) => action.does === 'run' && waiting.has(action.kernel)),
  );
  // Each run that waits has taken an event of the full FIFO.
  return isNested ? image.core.fifoDepth + 2 : 2;
}

/** Where the walker is in a row: it goes back there where tiles are dropped. */
const places = ['segment_now', 'segments_left', 'segment_goes_on', 'segment_next_tile', 'segment_next_place'];

/** What the sequencer needs of waiting kernels before it. */
export function stallFacts(context: CoreContext): string[] {
  const waiting = waitingKernels(context);
  if (waiting.length === 0) return ["wire suspends_early = 1'b0;", "wire wakes = 1'b0;"];
  return [
    `reg ${vector(indexBits(levelsOf(context)))} level;`,
    'wire suspends, suspends_early, suspends_late, suspend_ends, wait_resumes, waits_too_deep;',
    'wire suspended_last;',
    'reg suspending;',
  ];
}

/** How kernels wait for room in the FIFO. */
export function stallText(context: CoreContext): string[] {
  const { widths, populationBits } = context;
  const { lanes, tile, value } = widths;
  const waiting = waitingKernels(context);
  if (waiting.length === 0) return [];
  const levels = levelsOf(context);
  const levelBits = indexBits(levels);
  const copies = `[0:${levels - 1}]`;
  const deepest = Math.max(...waiting.map(({ schedule }) => 2 + schedule.phases));
  const facts = waiting.map(
    ({ index, schedule }) => `    ${kernelNumber(context, index)}: emit_delay = 32'd${2 + schedule.phases};`,
  );
  return [
    '// ---- kernels that wait for room',
    'reg [31:0] emit_delay;',
    'always_comb',
    '  case (kernel)',
    ...facts,
    "    default: emit_delay = 32'd0;",
    '  endcase',
    "assign suspends = push_valid & push_kept != push_lanes & emit_delay != 32'd0;",
    '// younger tiles have entered, or the tile is still in its interval',
    'assign suspends_early = suspends & emit_delay >= interval;',
    'assign suspends_late = (suspending | (suspends & ~suspends_early)) & tile_ends;',
    "wire [31:0] suspend_cycles = interval + drain - 32'd1 - emit_delay;",
    'reg [31:0] suspend_length;',
    "assign suspend_ends = (suspends_early & suspend_cycles == 32'd0) | (state == SUSPEND & count == suspend_length - 32'd1);",
    `reg ${vector(deepest)} last_seen;`,
    `wire ${vector(deepest + 1)} last_history = {last_seen, tile_last};`,
    'wire [31:0] back = emit_delay - interval;',
    `wire ${vector(levelBits)} level_below = level - ${literal(1, levelBits)};`,
    `reg waits_last ${copies};`,
    `reg ${vector(populationBits)} wait_population ${copies};`,
    `reg ${vector(tile)} wait_tile ${copies};`,
    `reg ${vector(lanes)} wait_lanes ${copies};`,
    ...(value === 0 ? [] : [`reg ${vector(lanes * value)} wait_values ${copies};`]),
    `wire ${vector(lanes)} wait_left = wait_lanes[level_below];`,
    `reg ${vector(lanes)} wait_kept;`,
    'reg [31:0] wait_spikes;',
    'integer wait_i;',
    'always_comb begin',
    `  wait_kept = ${literal(0n, lanes)};`,
    "  wait_spikes = 32'd0;",
    `  for (wait_i = 0; wait_i < ${lanes}; wait_i = wait_i + 1)`,
    '    if (wait_left[wait_i] & wait_spikes < fifo_room) begin',
    "      wait_kept[wait_i] = 1'b1;",
    "      wait_spikes = wait_spikes + 32'd1;",
    '    end',
    'end',
    `wire ${vector(lanes)} wait_rest = wait_left & ~wait_kept;`,
    `assign wait_resumes = wait_rest == ${literal(0n, lanes)};`,
    'assign suspended_last = waits_last[level_below];',
    `assign waits_too_deep = suspend_ends & level == ${literal(levels - 1, levelBits)};`,
    'always @(posedge clk) begin',
    `  last_seen <= last_history[${deepest - 1}:0];`,
    '  if (rst) begin',
    `    level <= ${literal(0, levelBits)};`,
    "    suspending <= 1'b0;",
    '  end else begin',
    "    if (suspends & ~suspends_early & ~tile_ends) suspending <= 1'b1;",
    "    if (suspends_late) suspending <= 1'b0;",
    '    if (suspends_early) begin',
    '      suspend_length <= suspend_cycles;',
    '      waits_last[level] <= last_history[emit_delay];',
    '    end',
    '    if (suspends_late) begin',
    '      suspend_length <= drain;',
    '      waits_last[level] <= tile_last;',
    '    end',
    '    if (suspends) begin',
    '      wait_population[level] <= push_population;',
    '      wait_tile[level] <= push_tile;',
    '      wait_lanes[level] <= push_lanes & ~push_kept;',
    ...(value === 0 ? [] : ['      wait_values[level] <= push_values;']),
    '    end',
    '    if (suspend_ends) begin',
    `      level <= level + ${literal(1, levelBits)};`,
    '    end else if (decide & wakes) begin',
    '      wait_lanes[level_below] <= wait_rest;',
    '      if (wait_resumes) level <= level_below;',
    '    end',
    '  end',
    'end',
  ];
}

/** A register that shows where the walker was, and the text that takes it there. */
export function backText(context: CoreContext, name: string, shape: string): string[] {
  const waiting = waitingKernels(context);
  if (waiting.length === 0) return [];
  const most = Math.max(
    1,
    ...waiting.map(({ schedule, intervalCycles }) => 2 + schedule.phases - intervalCycles),
  );
  return [
    `reg ${shape} ${name}_was [0:${most - 1}];`,
    `integer ${name}_w;`,
    'always @(posedge clk) begin',
    `  ${name}_was[0] <= ${name};`,
    `  for (${name}_w = 1; ${name}_w < ${most}; ${name}_w = ${name}_w + 1) ${name}_was[${name}_w] <= ${name}_was[${name}_w - 1];`,
    'end',
    `wire ${shape} ${name}_back = back == 32'd0 ? ${name} : ${name}_was[back - 32'd1];`,
  ];
}

/** The places of the walker in segments, where it goes back. */
export function placesBack({ run }: CoreContext): string {
  return places.map((name) => `${run.set(name)} <= ${name}_back;`).join(' ');
}

/** Whether the walker goes on with a run that has waited; others have read the memories of segments meanwhile. */
export const resumes = 'decide & wakes & wait_resumes';
