import { at } from '../../arrays/index.ts';
import { factsOf } from '../../image/index.ts';
import type { KernelPlan } from '../plan/core-plan.ts';
import type { CoreContext } from './context.ts';
import { roomText } from './room-text.ts';
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

/** Whether a kernel that serves a spike emits. */
function servedEmits({ plan, image }: CoreContext): boolean {
  return [...plan.spike, ...plan.previousSpike, ...plan.delayedSpike.flat()].some(({ steps }) =>
    steps.some(({ action }) => action.does === 'run' && factsOf(at(image.kernels, action.kernel)).emits),
  );
}

/** Where the walker is in a row: it goes back there where tiles are dropped. */
const places = ['segment_now', 'segments_left', 'segment_goes_on', 'segment_next_tile', 'segment_next_place'];

/**
 * What the walker knows of a kernel that waits: when its spikes come, whether younger tiles have entered by then, how
 * far it goes back, and what is left of the drain; of others, zeros.
 */
export function waitFacts(
  context: CoreContext,
  kernel: KernelPlan | undefined,
): (readonly [name: string, bits: number, value: number])[] {
  const waiting = waitingKernels(context);
  if (waiting.length === 0) return [];
  const { cycle } = context.counters;
  const own = kernel !== undefined && waiting.includes(kernel) ? kernel : undefined;
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
  const { cycle, room } = context.counters;
  const none = literal(0, cycle);
  const isRoomLate = servedEmits(context);
  const number = 'wait_number[level_below]';
  const ranks = Array.from({ length: lanes }, (_, lane) => `wait_below_${lane}`);
  return [
    '// ---- kernels that wait for room',
    'assign suspends = push_valid & push_overflows & emits;',
    '// younger tiles have entered, or the tile is still in its interval',
    'assign suspends_early = suspends & emits_early;',
    'assign suspends_late = (suspending | (suspends & ~emits_early)) & tile_ends;',
    `reg ${vector(cycle)} suspend_last;`,
    `assign suspend_ends = (suspends_early & suspend_cycles == ${none}) | (state == SUSPEND & count == suspend_last);`,
    `reg ${vector(deepest)} last_seen;`,
    `wire ${vector(deepest + 1)} last_history = {last_seen, tile_last};`,
    `wire ${vector(levelBits)} level_below = level - ${literal(1, levelBits)};`,
    `reg waits_last ${copies};`,
    `reg ${vector(populationBits)} wait_population ${copies};`,
    `reg ${vector(tile)} wait_tile ${copies};`,
    `reg ${vector(lanes)} wait_lanes ${copies};`,
    ...(value === 0 ? [] : [`reg ${vector(lanes * value)} wait_values ${copies};`]),
    `wire ${vector(lanes)} wait_left = wait_lanes[level_below];`,
    // Where no kernel that serves a spike emits, nothing enters the FIFO in the cycle in which one that waits goes on.
    `wire ${vector(room)} wait_room = ${isRoomLate ? 'fifo_room' : `fifo_free + ${room}'(pop_end)`};`,
    '// how many lanes wait below each of them, and in all',
    `reg ${vector(room)} ${[...ranks, 'wait_number'].map((rank) => `${rank} ${copies}`).join(', ')};`,
    ...roomText({
      name: 'wait',
      asking: 'wait_left',
      lanes,
      below: (lane) => `wait_below_${lane}[level_below]`,
      number,
      bits: room,
      tells: true,
      // What a spike that is served leaves free is known last.
      ...(isRoomLate ? { room: 'wait_room' } : { room: 'fifo_free', more: 'pop_end' }),
    }),
    `wire ${vector(lanes)} wait_rest = wait_left & ~wait_kept;`,
    'assign wait_resumes = ~wait_overflows;',
    'assign suspended_last = waits_last[level_below];',
    `assign waits_too_deep = suspend_ends & level == ${literal(levels - 1, levelBits)};`,
    'always @(posedge clk) begin',
    `  last_seen <= last_history[${deepest - 1}:0];`,
    '  if (rst) begin',
    `    level <= ${literal(0, levelBits)};`,
    "    suspending <= 1'b0;",
    '  end else begin',
    "    if (suspends & ~emits_early & ~tile_ends) suspending <= 1'b1;",
    "    if (suspends_late) suspending <= 1'b0;",
    '    if (suspends_early) begin',
    `      suspend_last <= suspend_cycles - ${literal(1, cycle)};`,
    `      waits_last[level] <= last_history[${indexBits(deepest + 1)}'(emit_delay)];`,
    '    end',
    '    if (suspends_late) begin',
    '      suspend_last <= drain_last;',
    '      waits_last[level] <= tile_last;',
    '    end',
    '    if (suspends) begin',
    '      wait_population[level] <= push_population;',
    '      wait_tile[level] <= push_tile;',
    '      wait_lanes[level] <= push_lanes & ~push_kept;',
    ...ranks.map((rank, lane) => `      ${rank}[level] <= push_below_${lane} - fifo_free;`),
    '      wait_number[level] <= push_number - fifo_free;',
    ...(value === 0 ? [] : ['      wait_values[level] <= push_values;']),
    '    end',
    '    if (suspend_ends) begin',
    `      level <= level + ${literal(1, levelBits)};`,
    '    end else if (decides & wakes) begin',
    '      wait_lanes[level_below] <= wait_rest;',
    ...ranks.map((rank) => `      ${rank}[level_below] <= ${rank}[level_below] - wait_room;`),
    '      wait_number[level_below] <= wait_number[level_below] - wait_room;',
    '      if (wait_resumes) level <= level_below;',
    '    end',
    '  end',
    'end',
  ];
}

/** A register that shows where the walker was, and the text that takes it there. */
export function backText(context: CoreContext, name: string, shape: string): string[] {
  const { cycle } = context.counters;
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
    `wire ${shape} ${name}_back = back == ${literal(0, cycle)} ? ${name} : ${name}_was[${indexBits(most)}'(back - ${literal(1, cycle)})];`,
  ];
}

/** The places of the walker in segments, where it goes back. */
export function placesBack({ run }: CoreContext): string {
  return places.map((name) => `${run.set(name)} <= ${name}_back;`).join(' ');
}

/** Whether the walker goes on with a run that has waited; others have read the memories of segments meanwhile. */
export const resumes = 'decides & wakes & wait_resumes';
