import { type List, listsIn, type Step } from '../plan/core-plan.ts';
import { stepWords } from '../plan/step-words.ts';
import { allSteps, type CoreContext } from './context.ts';
import { ringOf } from './delay-text.ts';
import { passesText } from './passes-text.ts';
import { firstOfEvent } from './placed-text.ts';
import { deliveriesOf, sourceTotal } from './source-text.ts';
import { stallFacts, waitingKernels } from './stall-text.ts';
import { literal, vector } from './text.ts';

/** The states of the core. */
const states = [
  'IDLE',
  'START',
  'SCAN_COLUMNS',
  'SCAN_ROWS',
  'ROW',
  'TILES',
  'DRAIN',
  'CLEAR',
  'TEST',
  'POP',
  'FLUSH',
] as const;

/**
 * The sequencer: from the end of each step of a list, wires lead to the next one whose conditions hold, so that no
 * cycle passes between them.
 */
export function sequencerText(context: CoreContext): string[] {
  const { plan, stepBits, populationBits, image, run } = context;
  const end = literal(allSteps(context).length, stepBits);
  const first = (list: List | undefined): string => numberOf(list?.steps[0], end);
  const { eventCycles } = plan.hw.overheads;
  const lists = listsIn(plan);
  const failing = lists.flatMap((list) =>
    list.steps.flatMap(({ number: own, afterFailing }) => {
      const next = numberOf(
        list.steps.find((step) => step.number === afterFailing),
        end,
      );
      return next === end ? [] : [`pc == ${literal(own, stepBits)} ? ${next} : `];
    }),
  );
  const deliveries = deliveriesOf(context);
  const waits = waitingKernels(context).length > 0;
  const rings = image.events.delayed.flatMap(({ lists: waiting }, delayed) =>
    waiting.flatMap((_, list) =>
      Array.from(
        { length: ringOf(image, delayed).layout.wordsPerRow },
        (_, word) => `waited_${delayed}_${list}_read_${word}`,
      ),
    ),
  );
  const { placed } = plan;
  const commanded =
    placed === undefined
      ? `(cmd_step ? ${first(plan.tick)} : ${first(plan.sample)})`
      : `(cmd_spikes == 32'd0 ? ${firstOfEvent('cmd_event', placed, first, end)} : ${first(placed.arrivals)})`;
  return [
    '// ---- the sequencer',
    ...(waits ? [...states, 'SUSPEND'] : states).map(
      (state, index) => `localparam [3:0] ${state} = 4'd${index};`,
    ),
    ...stallFacts(context),
    'reg [3:0] state;',
    ...run.declare(vector(stepBits), 'pc'),
    `reg ${vector(stepBits)} delivering;`,
    ...run.declare('', 'in_event'),
    'reg [31:0] count;',
    '// words of rings that have been read come a cycle later',
    `assign cmd_ready = state == IDLE & ~host_valid${rings.map((ring) => ` & ~${ring}`).join('')};`,
    'assign busy = state != IDLE;',
    'wire fifo_soon, head_is_run, head_is_input, run_rests, input_rests;',
    'wire [31:0] fifo_room;',
    ...deliveries.map(
      ({ step, source }) =>
        `wire pending_${step.number} = fifo_soon${source === undefined ? '' : ` | ${sourceTotal(source)} != 32'd0`};`,
    ),
    ...chainText(context, end),
    ...afterText(context, 'after_pc', 'pc', end),
    ...afterText(context, 'after_delivery', 'delivering', end),
    '// the spike that is served',
    `wire ${vector(populationBits)} head_population;`,
    `reg ${vector(stepBits)} run_served, tile_served;`,
    'always_comb begin',
    '  case (delivering)',
    ...servedText(context, first, end),
    `    default: run_served = ${end};`,
    '  endcase',
    '  case (head_population)',
    ...plan.spike.map(
      (list, population) => `    ${literal(population, populationBits)}: tile_served = ${first(list)};`,
    ),
    `    default: tile_served = ${end};`,
    '  endcase',
    'end',
    `wire pop_ends = state == POP & count == 32'd${eventCycles - 1};`,
    'wire pass_waits, pop_waits_for_room;',
    'wire pop_waits = pop_ends & ((head_is_input & ~s_valid) | pop_waits_for_room);',
    'wire pop_end = pop_ends & ~pop_waits;',
    'wire done, stopped;',
    'wire decide = accept | done | stopped | pop_end;',
    `wire ${vector(stepBits)} wanted = accept ? ${commanded} :`,
    `  pop_end ? (head_is_run ? run_served : tile_served) : stopped ? ${failing.join('')}${end} : after_pc;`,
    'wire serving = ~accept & (in_event | pop_end);',
    `wire returns = serving & wanted == ${end};`,
    '// a delivery goes on until nothing is left of it',
    ...(waits ? ['wire wakes = returns & level != 0;'] : []),
    'wire delivers_on = returns & (fifo_soon | run_rests);',
    `wire ${vector(stepBits)} target = returns ? (delivers_on ? delivering : after_delivery) : wanted;`,
    `wire target_delivers = ${deliveries.map(({ step }) => `target == ${literal(step.number, stepBits)}`).join(' | ') || "1'b0"};`,
    'wire delivers_now = decide & target_delivers & ~wakes;',
    'wire delivery_begins = delivers_now & ~delivers_on;',
    'reg [31:0] target_total;',
    'always_comb',
    '  case (target)',
    ...deliveries.map(
      ({ step, source }) => `    ${literal(step.number, stepBits)}: target_total = ${sourceTotal(source)};`,
    ),
    "    default: target_total = 32'd0;",
    '  endcase',
    ...clockedText(context, end, waits),
    ...passesText(context),
    '',
  ];
}

/** What the spikes of each delivery trigger. */
function servedText(context: CoreContext, first: (list: List | undefined) => string, end: string): string[] {
  const { plan, stepBits, image } = context;
  return deliveriesOf(context).flatMap(({ step, source }) => {
    if (source === undefined) return [];
    const own = literal(step.number, stepBits);
    if (step === plan.placed?.arrivals.steps[0])
      return [`    ${own}: run_served = ${firstOfEvent('event_now', plan.placed, first, end)};`];
    const list =
      source.is === 'input'
        ? plan.spike[image.input]
        : source.is === 'previous'
          ? plan.previousSpike[source.population]
          : plan.delayedSpike[source.delayed]?.[source.list];
    return [`    ${own}: run_served = ${first(list)};`];
  });
}

/** The number of the first step from one on whose conditions hold. */
function numberOf(step: Step | undefined, end: string): string {
  return step === undefined ? end : `from_${step.number}`;
}

/** What follows each step of a list. */
function afterText({ plan, stepBits }: CoreContext, value: string, of: string, end: string): string[] {
  return [
    `reg ${vector(stepBits)} ${value};`,
    'always_comb',
    `  case (${of})`,
    ...listsIn(plan).flatMap((list) =>
      list.steps.map(
        (step, index) =>
          `    ${literal(step.number, stepBits)}: ${value} = ${numberOf(list.steps[index + 1], end)};`,
      ),
    ),
    `    default: ${value} = ${end};`,
    '  endcase',
  ];
}

/** For each step of a list, the first one from it on whose conditions hold. */
function chainText({ plan, image, stepBits }: CoreContext, end: string): string[] {
  return listsIn(plan).flatMap((list) => [
    ...(list.steps.length === 0 ? [] : [`// ${list.name}`]),
    ...[...list.steps].reverse().map((step, index, reversed) => {
      const conditions = step.conditions.map((condition) => `when_${condition}`);
      if (step.action.does.startsWith('deliver')) conditions.push(`pending_${step.number}`);
      const own = literal(step.number, stepBits);
      const next = reversed[index - 1];
      const others = next === undefined ? end : `from_${next.number}`;
      const text = conditions.length === 0 ? own : `${conditions.join(' & ')} ? ${own} : ${others}`;
      return `wire ${vector(stepBits)} from_${step.number} = ${text}; // ${stepWords(step, image)}`;
    }),
  ]);
}

/** What the sequencer keeps from cycle to cycle. */
function clockedText({ plan, run }: CoreContext, end: string, waits: boolean): string[] {
  const { kernelCycles } = plan.hw.overheads;
  return [
    'always @(posedge clk) begin',
    '  if (rst) begin',
    '    state <= IDLE;',
    `    ${run.set('in_event')} <= 1'b0;`,
    "    cycles <= 48'd0;",
    '  end else begin',
    `    if (state != IDLE & state != FLUSH & ~pop_waits & ~pass_waits${plan.placed === undefined ? '' : ' & (state != POP | arrives)'}) cycles <= cycles + 48'd1;`,
    "    if (~pop_waits & ~pass_waits) count <= count + 32'd1;",
    ...(waits
      ? [
          '    if (suspend_ends) begin',
          "      count <= 32'd0;",
          '      state <= POP;',
          "      in_event_of[level + 1'd1] <= 1'b1;",
          "      pc_of[level + 1'd1] <= pc;",
          '    end else if (suspends_early | suspends_late) begin',
          "      count <= 32'd0;",
          '      state <= SUSPEND;',
          '    end else if (decide & wakes) begin',
          "      count <= 32'd0;",
          '      state <= wait_resumes ? (suspended_last ? DRAIN : TILES) : POP;',
          '    end else if (decide) begin',
        ]
      : ['    if (decide) begin']),
    "      count <= 32'd0;",
    `      if (target == ${end}) begin`,
    `        ${run.set('in_event')} <= 1'b0;`,
    '        state <= input_rests ? FLUSH : IDLE;',
    '      end else begin',
    `        ${run.set('pc')} <= target;`,
    '        if (target_delivers) begin',
    `          ${run.set('in_event')} <= 1'b1;`,
    '          delivering <= target;',
    '          state <= POP;',
    '        end else begin',
    `          if (returns | ~serving) ${run.set('in_event')} <= 1'b0;`,
    '          state <= START;',
    '        end',
    '      end',
    '    end else begin',
    '      case (state)',
    `        START: if (count == 32'd${kernelCycles - 1} & ~pass_waits) begin`,
    "          count <= 32'd0;",
    '          state <= op_clears ? CLEAR : op_tests ? TEST : has_columns ? SCAN_COLUMNS : has_rows ? SCAN_ROWS : walks_rows ? ROW : TILES;',
    '        end',
    '        SCAN_COLUMNS: if (scan_end) begin',
    "          count <= 32'd0;",
    '          state <= has_rows ? SCAN_ROWS : walks_rows ? ROW : TILES;',
    '        end',
    '        SCAN_ROWS: if (scan_end) begin',
    "          count <= 32'd0;",
    '          state <= ROW;',
    '        end',
    '        ROW: if (row_end) begin',
    "          count <= 32'd0;",
    '          state <= TILES;',
    '        end',
    '        TILES: if (tiles_end) begin',
    "          count <= 32'd0;",
    '          state <= closed_end ? ROW : DRAIN;',
    '        end',
    '        DRAIN: if (drain_end) begin',
    "          count <= 32'd0;",
    '          state <= ROW;',
    '        end',
    '        FLUSH: if (~input_rests) state <= IDLE;',
    '        default: ;',
    '      endcase',
    '    end',
    '  end',
    'end',
  ];
}
