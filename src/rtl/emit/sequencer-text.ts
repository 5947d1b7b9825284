import { commandText } from './command-text.ts';
import type { CoreContext } from './context.ts';
import { chainText, endOf, hasTests, isDelivery, servedText } from './next-step-text.ts';
import { passesText } from './passes-text.ts';
import { sourceTotal } from './source-text.ts';
import { stallFacts } from './stall-text.ts';
import { cases, chosen, literal, onClock, reg, type Verilog, when, wire } from './verilog.ts';

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
 * cycle passes between them. Where the next step depends on whether the FIFO will hold a spike, which is known last,
 * both answers are there before.
 */
export function sequencerText(context: CoreContext): Verilog {
  const { plan, widths, run } = context;
  const { step: stepBits, population: populationBits, cycle, room } = widths;
  const end = endOf(context);
  const { eventCycles } = plan.hw.overheads;
  const waits = plan.waiting.levels > 1;
  const command = commandText(context);
  /** Whether a number is far more than the FIFO holds. */
  const above = (total: string): string => (total.startsWith("32'd") ? "1'b0" : `|${total}[31:${room + 1}]`);
  return [
    '// ---- the sequencer',
    (waits ? [...states, 'SUSPEND'] : states).map(
      (state, index) => `localparam [3:0] ${state} = 4'd${index};`,
    ),
    stallFacts(context),
    'reg [3:0] state;',
    run.declare(stepBits, 'pc'),
    reg(stepBits, 'delivering'),
    run.declare(undefined, 'in_event'),
    reg(cycle, 'count'),
    '// words of rings that have been read come a cycle later',
    `assign cmd_ready = ${['state == IDLE', '~host_valid', ...ringReads(context).map((ring) => `~${ring}`)].join(' & ')};`,
    '// the host reads and writes in a cycle after one without work',
    'reg rests;',
    onClock('rests <= rst | (state == IDLE & ~accept);'),
    'assign busy = ~rests;',
    'wire fifo_soon, head_is_run, head_is_input, run_rests, input_rests, test_fails;',
    wire(room, 'fifo_room'),
    wire(populationBits, 'head_population'),
    '// the first step of a command',
    'wire fifo_empty;',
    wire(stepBits, 'first', command.first),
    chainText(context),
    servedText(context, 'empty'),
    servedText(context, 'held'),
    `wire pop_ends = state == POP & count == ${literal(eventCycles - 1, cycle)};`,
    'wire pass_waits, pop_waits_for_room;',
    'wire pop_waits = pop_ends & ((head_is_input & ~s_valid) | pop_waits_for_room);',
    'wire pop_end = pop_ends & ~pop_waits;',
    'wire done;',
    'wire decide = accept | done | pop_end;',
    // Registers of the sequencer take a suspension first, so that it need not reach what they would take otherwise.
    'wire decides = decide & ~suspends_early;',
    'wire serving = ~accept & (in_event | state == POP);',
    hasTests(context) && 'wire fails = state == TEST & test_fails;',
    `wire returns = ~accept & (${following(context, 'returns')});`,
    '// a delivery goes on until nothing is left of it',
    waits && ['wire wakes = returns & level != 0;', 'wire resumes = decides & wakes & wait_resumes;'],
    'wire delivers_on = returns & (fifo_soon | run_rests);',
    wire(stepBits, 'target', `accept ? first : ${following(context, 'next')}`),
    `wire target_ends = accept ? first == ${end} : ${following(context, 'ends')};`,
    `wire target_delivers = accept ? ${isDelivery(context, 'first')} : ${following(context, 'delivers')};`,
    'wire delivers_now = decides & target_delivers & ~wakes;',
    'wire delivery_begins = delivers_now & ~delivers_on;',
    // Whether there are any is asked of each source before it is known which one is delivered.
    chosen(
      'target',
      { target_total: 32, target_has: undefined, target_many: undefined },
      plan.steps.flatMap(({ number, delivers, source }) => {
        if (!delivers) return [];
        const total = sourceTotal(source);
        const values = { target_total: total, target_has: `${total} != 32'd0`, target_many: above(total) };
        return [[literal(number, stepBits), values]];
      }),
    ),
    clockedText(context, waits, command.counts),
    passesText(context),
    '',
  ];
}

/** The decision on the next step: it depends on the FIFO, and on whether a test fails. */
function following(context: CoreContext, what: string): string {
  const passes = `fifo_soon ? ${what}_held : ${what}_empty`;
  if (!hasTests(context)) return passes;
  return `fails ? (fifo_soon ? ${what}_held_failing : ${what}_empty_failing) : ${passes}`;
}

/** The words of rings that may still be on their way. */
function ringReads({ plan }: CoreContext): string[] {
  return plan.rings.flatMap(({ lists, layout }, delayed) =>
    lists.flatMap((_, list) =>
      Array.from({ length: layout.wordsPerRow }, (_, word) => `waited_${delayed}_${list}_read_${word}`),
    ),
  );
}

/** The registers of the sequencer. */
function clockedText({ plan, run, widths }: CoreContext, waits: boolean, counts: string): Verilog {
  const { cycle } = widths;
  const none = literal(0, cycle);
  const enters = (state: string): Verilog => [`count <= ${none};`, `state <= ${state};`];
  const starts = `count == ${literal(plan.hw.overheads.kernelCycles - 1, cycle)} & ~pass_waits`;
  const decided = when(
    'decide',
    [
      `count <= ${none};`,
      when(
        'target_ends',
        ["in_event <= 1'b0;", 'state <= input_rests ? FLUSH : IDLE;'],
        [
          'pc <= target;',
          when(
            'target_delivers',
            ["in_event <= 1'b1;", 'delivering <= target;', 'state <= POP;'],
            ["if (returns | ~serving) in_event <= 1'b0;", 'state <= START;'],
          ),
        ],
      ),
    ],
    cases('state', [
      ['START', when(starts, enters('start_state'))],
      [
        'SCAN_COLUMNS',
        when('scan_end', enters('run_closes ? DRAIN : has_rows ? SCAN_ROWS : walks_rows ? ROW : TILES')),
      ],
      ['SCAN_ROWS', when('scan_end', enters('run_closes ? DRAIN : ROW'))],
      ['ROW', when('row_end', enters('TILES'))],
      ['TILES', when('tiles_end', enters('closed_end | row_turns ? ROW : DRAIN'))],
      ['DRAIN', when('drain_end', enters('ROW'))],
      ['FLUSH', 'if (~input_rests) state <= IDLE;'],
    ]),
  );
  const resumes = enters('wait_resumes ? (suspended_last ? DRAIN : TILES) : POP');
  const suspended = [
    "if (suspended) in_event <= 1'b1;",
    when(
      'suspend_ends',
      enters('POP'),
      when('suspends_early | suspends_late', enters('SUSPEND'), when('decide & wakes', resumes, decided)),
    ),
  ];
  return onClock(
    when(
      'rst',
      ['state <= IDLE;', "in_event <= 1'b0;", "cycles <= 48'd0;"],
      [
        `if (state != IDLE & state != FLUSH & ~pop_waits & ~pass_waits${counts}) cycles <= cycles + 48'd1;`,
        `if (~pop_waits & ~pass_waits) count <= count + ${literal(1, cycle)};`,
        waits ? suspended : decided,
      ],
    ),
    run.resume('pc', 'in_event'),
  );
}
