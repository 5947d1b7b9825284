import type { CoreImage } from '../../image/index.ts';
import { at } from '../../text/index.ts';
import { literal, vector } from '../emit/text.ts';
import type { CorePlan } from '../plan/core-plan.ts';
import type { Widths } from '../plan/widths.ts';
import { commandBits, streamCommands } from './protocol.ts';

/** Words of 32 bits that a word of a bank takes, by bank; the generators are one bank more. */
export function beatsOf({ banks }: CoreImage): number[] {
  return [...banks.map(({ wordBits }) => Math.ceil(wordBits / 32)), 1];
}

/** Words of a bank that the host reaches, by bank. */
function wordsOf({ banks, core, generators }: CoreImage): number[] {
  return [...banks.map(({ usedWords }) => usedWords), core.lanes + generators.length];
}

/** The facts that the parts of the text share. */
export interface StreamContext {
  readonly plan: CorePlan;
  readonly image: CoreImage;
  readonly widths: Widths;
  /** Words of 32 bits of the widest bank. */
  readonly beats: number;
  /** Tiles of spikes for which there is room. */
  readonly room: number;
  /** Spikes of a step that are kept, if the core asks for them several times; else 0: the core takes the stream's. */
  readonly kept: number;
}

const states = [
  'HEAD',
  'FIRST',
  'SECOND',
  'KEEP',
  'ISSUE',
  'RUN',
  'SPIKES',
  'WRITE',
  'STORE',
  'READ',
  'TAKE',
  'SEND',
  'END_HIGH',
  'END_LOW',
] as const;

/** The states: those of a command that is read, carried out, and answered. */
export function statesText({ plan, image, widths, kept }: StreamContext): string[] {
  const { length: batches } = plan.batches;
  const { begin, step, write, read } = streamCommands;
  const is = (command: { readonly number: number }): string => `op == 4'd${command.number}`;
  const banks = image.banks.length + 1;
  const table = (values: readonly number[]): string =>
    values
      .slice(0, -1)
      .reduceRight(
        (others, value, bank) => `bank == ${literal(bank, 8)} ? 32'd${value} : ${others}`,
        `32'd${at(values, banks - 1)}`,
      );
  return [
    ...(kept > 0 ? states : states.filter((state) => state !== 'KEEP')).map(
      (state, index) => `localparam [3:0] ${state} = 4'd${index};`,
    ),
    'reg [3:0] state, op;',
    'reg learn, replay;',
    ...(batches === 0 ? [] : [`reg ${vector(batches)} batches;`]),
    'reg [7:0] bank;',
    `reg ${vector(widths.interval)} interval;`,
    '// the two words that follow; addresses and what is left are counted in them',
    'reg [31:0] first, second;',
    'wire take = s_axis_tvalid & s_axis_tready;',
    `wire [3:0] op_now = s_axis_tdata[3:0];`,
    `wire known = op_now == 4'd${begin.number} | op_now == 4'd${step.number} | ((op_now == 4'd${write.number} | op_now == 4'd${read.number}) & s_axis_tdata[15:8] < ${literal(banks, 8)});`,
    `wire [31:0] bank_words = ${table(wordsOf(image))};`,
    `wire [31:0] word_beats = ${table(beatsOf(image))};`,
    'wire reachable = first < bank_words;',
    'reg [31:0] beat;',
    "wire last_beat = beat == word_beats - 32'd1;",
    "wire last_word = second == 32'd1;",
    'wire core_ready, spikes_rest;',
    'always @(posedge clk)',
    '  if (rst) begin',
    '    state <= HEAD;',
    "    op <= 4'd0;",
    "    refused <= 1'b0;",
    `    interval <= ${literal(0, widths.interval)};`,
    '  end else',
    '    case (state)',
    '      HEAD: if (take) begin',
    '        op <= op_now;',
    '        refused <= ~known;',
    '        bank <= s_axis_tdata[15:8];',
    `        if (op_now == 4'd${begin.number}) begin`,
    `          learn <= s_axis_tdata[${commandBits.learn}];`,
    `          replay <= s_axis_tdata[${commandBits.replay}];`,
    ...(batches === 0
      ? []
      : [`          batches <= s_axis_tdata[${commandBits.ends + batches - 1}:${commandBits.ends}];`]),
    `          interval <= s_axis_tdata[${commandBits.interval + widths.interval - 1}:${commandBits.interval}];`,
    '        end',
    '        state <= known ? FIRST : END_HIGH;',
    '      end',
    '      FIRST: if (take) begin',
    '        first <= s_axis_tdata;',
    `        state <= ${is(step)} ? ${kept > 0 ? 'KEEP' : 'ISSUE'} : SECOND;`,
    '      end',
    '      SECOND: if (take) begin',
    '        second <= s_axis_tdata;',
    "        beat <= 32'd0;",
    `        state <= ${is(begin)} ? ISSUE : s_axis_tdata == 32'd0 ? END_HIGH : ${is(write)} ? WRITE : READ;`,
    '      end',
    ...(kept > 0 ? ['      KEEP: if (keep_end) begin', ...keptStates(kept), '      end'] : []),
    '      ISSUE: if (core_ready) state <= RUN;',
    '      RUN: if (~busy) state <= SPIKES;',
    '      SPIKES: if (~spikes_rest) state <= END_HIGH;',
    '      WRITE: if (take) begin',
    "        beat <= last_beat ? 32'd0 : beat + 32'd1;",
    '        if (last_beat) state <= STORE;',
    '      end',
    '      STORE: begin',
    "        if (~reachable) refused <= 1'b1;",
    "        first <= first + 32'd1;",
    "        second <= second - 32'd1;",
    '        state <= last_word ? END_HIGH : WRITE;',
    '      end',
    '      READ: state <= TAKE;',
    '      TAKE: begin',
    "        if (~reachable) refused <= 1'b1;",
    '        state <= SEND;',
    '      end',
    '      SEND: if (m_axis_tready) begin',
    "        beat <= last_beat ? 32'd0 : beat + 32'd1;",
    '        if (last_beat) begin',
    "          first <= first + 32'd1;",
    "          second <= second - 32'd1;",
    '          state <= last_word ? END_HIGH : READ;',
    '        end',
    '      end',
    '      END_HIGH: if (m_axis_tready) state <= END_LOW;',
    '      END_LOW: if (m_axis_tready) state <= HEAD;',
    '      default: state <= HEAD;',
    '    endcase',
  ];
}

/** A step whose spikes are kept is refused if they are too many. */
function keptStates(kept: number): string[] {
  return [
    `        refused <= first > 32'd${kept};`,
    `        state <= first > 32'd${kept} ? END_HIGH : ISSUE;`,
  ];
}
