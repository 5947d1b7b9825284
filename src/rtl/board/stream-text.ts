import { neuronMask } from '../../image/index.ts';
import { at } from '../../text/index.ts';
import { commentLine, literal, valueInAddress, vector } from '../emit/text.ts';
import type { CorePlan } from '../plan/core-plan.ts';
import { indexBits } from '../plan/widths.ts';
import { endOfAnswer, statusBits, streamCommands } from './protocol.ts';
import { beatsOf, type StreamContext, statesText } from './stream-states-text.ts';

/** A core behind two streams: commands enter by one, answers leave by the other. */
export function streamText(plan: CorePlan): string {
  const { image } = plan;
  const context: StreamContext = {
    plan,
    image,
    widths: plan.widths,
    beats: Math.max(...beatsOf(image)),
    room: 2 ** indexBits(2 * (plan.tilesAfterReady + 2)),
    kept: keptSpikes(plan),
  };
  return [
    commentLine(
      `${image.program}: commands enter by a stream of words of 32 bits, answers leave by another (README.md has them all).`,
    ),
    'module top_stream (',
    '  input wire clk,',
    '  input wire rst,',
    '  input wire s_axis_tvalid,',
    '  output wire s_axis_tready,',
    '  input wire [31:0] s_axis_tdata,',
    '  output wire m_axis_tvalid,',
    '  input wire m_axis_tready,',
    '  output wire [31:0] m_axis_tdata,',
    '  output wire m_axis_tlast,',
    '  // a word has been lost before the stream; answers say so until reset',
    '  input wire s_lost,',
    '  output wire busy,',
    '  output wire fault,',
    '  output reg lost,',
    '  output reg refused',
    ');',
    ...[
      ...statesText(context),
      ...wordText(context),
      ...inputText(context),
      ...spikesText(context),
      ...coreInstance(context),
      ...answersText(),
    ].map((line) => (line === '' ? line : `  ${line}`)),
    'endmodule',
    '',
  ].join('\n');
}

/** Neurons may spike more than once in a step, if an encoder says so: there is room for twice as many. */
function keptSpikes(plan: CorePlan): number {
  const { image, tick } = plan;
  const deliveries = plan.lists.flatMap((list) =>
    list.steps.flatMap(({ action }) =>
      action.does === 'deliver' && action.population === image.input && action.spikes !== 'previous'
        ? [list]
        : [],
    ),
  );
  const isOnce = deliveries.filter((list) => list !== plan.sample).length <= 1;
  if (isOnce && deliveries.every((list) => list === tick || list === plan.sample)) return 0;
  return 2 ** indexBits(2 * at(image.populations, image.input).size);
}

/** A word of a bank, on its way in or out. */
function wordText({ widths, beats }: StreamContext): string[] {
  const bits = 32 * beats;
  const out = widths.host < bits ? `{${bits - widths.host}'d0, host_out}` : 'host_out';
  return [
    '// a word of a bank, its lowest bits first',
    `reg ${vector(bits)} word;`,
    `wire ${vector(widths.host)} host_out;`,
    'integer word_i;',
    'always @(posedge clk)',
    '  if (state == WRITE & take) begin',
    `    for (word_i = 0; word_i < ${beats}; word_i = word_i + 1) if (beat == word_i) word[word_i * 32 +: 32] <= s_axis_tdata;`,
    `  end else if (state == TAKE) word <= reachable ? ${out} : ${literal(0n, bits)};`,
    `  else if (state == SEND & m_axis_tready) word <= word >> 32;`,
    ...(widths.host < bits ? [`wire unused_word = &{1'b0, word[${bits - 1}:${widths.host}]};`] : []),
  ];
}

/** The spikes of the input, from the stream into the core. */
function inputText({ image, widths, kept }: StreamContext): string[] {
  const { payload } = at(image.populations, image.input);
  const spike = kept > 0 ? 'kept_spike' : 's_axis_tdata';
  const values =
    payload === undefined
      ? []
      : [`wire ${vector(widths.value)} s_value = ${widths.value}'(${spike} >> ${payload.shift});`];
  const neuron = payload === undefined ? spike : `(${spike} & 32'd${neuronMask({ payload })})`;
  const kind = streamCommands.step.number;
  return [
    '// spikes of the input',
    'reg [31:0] spikes_taken;',
    'wire s_ready, s_again;',
    `wire stepping = op == 4'd${kind} & (state == ISSUE | state == RUN | state == SPIKES);`,
    `wire s_valid = stepping & spikes_taken != first${kept > 0 ? '' : ' & s_axis_tvalid'};`,
    `wire ${vector(widths.neuron)} s_neuron = ${widths.neuron}'(${neuron});`,
    ...values,
    'always @(posedge clk)',
    `  if (state == HEAD${kept > 0 ? ' | s_again' : ''}) spikes_taken <= 32'd0;`,
    "  else if (s_valid & s_ready) spikes_taken <= spikes_taken + 32'd1;",
    ...(kept > 0
      ? [
          '// the core asks for them more than once',
          `reg [31:0] keeps [0:${kept - 1}];`,
          'reg [31:0] kept_count;',
          `wire [31:0] kept_spike = keeps[spikes_taken[${indexBits(kept) - 1}:0]];`,
          'wire keep_end = state == KEEP & kept_count == first;',
          'wire keep_take = state == KEEP & ~keep_end;',
          'always @(posedge clk) begin',
          "  if (state == HEAD) kept_count <= 32'd0;",
          "  else if (keep_take & s_axis_tvalid) kept_count <= kept_count + 32'd1;",
          `  if (keep_take & s_axis_tvalid) keeps[kept_count[${indexBits(kept) - 1}:0]] <= s_axis_tdata;`,
          'end',
        ]
      : ["wire unused_again = &{1'b0, s_again};"]),
    '// the lower 24 bits are read',
    `assign s_axis_tready = state == HEAD | state == FIRST | state == SECOND | state == WRITE | ${kept > 0 ? 'keep_take' : '(s_valid & s_ready)'};`,
  ];
}

/** The tiles of spikes that leave the core wait here, and leave as single spikes. */
function spikesText({ image, plan, widths, room }: StreamContext): string[] {
  const { lanes, tile, population, value } = widths;
  const bits = population + tile + lanes + lanes * value;
  const places = indexBits(room);
  const laneBits = indexBits(lanes);
  const neuron = `32'(out_tile) * 32'd${lanes} + 32'(out_lane)`;
  const valued =
    value === 0
      ? neuron
      : `${neuron} + ${valueInAddress(image, 'out_population', `out_values[32'(out_lane) * ${value} +: ${value}]`)}`;
  const values = (name: string): string => (value === 0 ? '' : `, ${name}_values`);
  return [
    '// spikes of the core: tiles wait, their spikes leave one by one, the lowest lane first',
    'wire m_valid;',
    `wire ${vector(population)} m_population;`,
    `wire ${vector(tile)} m_tile;`,
    `wire ${vector(lanes)} m_lanes;`,
    ...(value === 0 ? [] : [`wire ${vector(lanes * value)} m_values;`]),
    `reg ${vector(bits)} tiles [0:${room - 1}];`,
    `reg ${vector(places)} tiles_in, tiles_out;`,
    `reg ${vector(places + 1)} tiles_count;`,
    `reg out_valid;`,
    `reg ${vector(population)} out_population;`,
    `reg ${vector(tile)} out_tile;`,
    `reg ${vector(lanes)} out_lanes;`,
    ...(value === 0 ? [] : [`reg ${vector(lanes * value)} out_values;`]),
    `reg ${vector(laneBits)} out_lane;`,
    'integer out_i;',
    'always_comb begin',
    `  out_lane = ${literal(0, laneBits)};`,
    `  for (out_i = ${lanes - 1}; out_i >= 0; out_i = out_i - 1) if (out_lanes[out_i]) out_lane = ${laneBits}'(out_i);`,
    'end',
    `wire ${vector(lanes)} out_left = out_lanes & (out_lanes - ${literal(1n, lanes)});`,
    'wire out_taken = out_valid & m_axis_tready;',
    `wire out_next = (~out_valid | (out_taken & out_left == ${literal(0n, lanes)})) & tiles_count != ${literal(0, places + 1)};`,
    'wire tile_sent = stepping & m_valid;',
    `wire tiles_full = tiles_count == ${literal(room, places + 1)};`,
    'wire tile_enters = tile_sent & ~tiles_full;',
    `assign spikes_rest = out_valid | tiles_count != ${literal(0, places + 1)};`,
    `// a pass that has begun may still send ${plan.tilesAfterReady} tiles`,
    'reg m_ready;',
    'always @(posedge clk) begin',
    `  m_ready <= tiles_count <= ${literal(room - plan.tilesAfterReady - 2, places + 1)};`,
    `  if (tile_enters) tiles[tiles_in] <= {m_population, m_tile, m_lanes${values('m')}};`,
    '  if (rst) begin',
    `    tiles_in <= ${literal(0, places)};`,
    `    tiles_out <= ${literal(0, places)};`,
    `    tiles_count <= ${literal(0, places + 1)};`,
    "    out_valid <= 1'b0;",
    "    lost <= 1'b0;",
    '  end else begin',
    "    if (s_lost | (tile_sent & tiles_full)) lost <= 1'b1;",
    `    if (tile_enters) tiles_in <= tiles_in + ${literal(1, places)};`,
    `    tiles_count <= tiles_count + ${places + 1}'(tile_enters) - ${places + 1}'(out_next);`,
    '    if (out_next) begin',
    `      tiles_out <= tiles_out + ${literal(1, places)};`,
    `      {out_population, out_tile, out_lanes${values('out')}} <= tiles[tiles_out];`,
    "      out_valid <= 1'b1;",
    '    end else if (out_taken) begin',
    '      out_lanes <= out_left;',
    `      if (out_left == ${literal(0n, lanes)}) out_valid <= 1'b0;`,
    '    end',
    '  end',
    'end',
    `wire [31:0] out_spike = {8'(out_population), 24'(${valued})};`,
  ];
}

function coreInstance({ plan, image, widths }: StreamContext): string[] {
  const { payload } = at(image.populations, image.input);
  const { begin, write } = streamCommands;
  return [
    '// ---- the core',
    'wire [47:0] cycles;',
    `wire stores = op == 4'd${write.number} & state == STORE & reachable;`,
    'plasticore_core core (',
    '  .clk(clk), .rst(rst),',
    `  .cmd_valid(state == ISSUE), .cmd_ready(core_ready), .cmd_step(op != 4'd${begin.number}),`,
    `  .cmd_learn(learn), .cmd_replay(replay), .cmd_label(first[${widths.label - 1}:0]),`,
    ...(plan.batches.length === 0 ? [] : ['  .cmd_ends(batches),']),
    '  .cmd_steps(second), .cmd_spikes(first), .cmd_interval(interval),',
    '  .s_valid(s_valid), .s_ready(s_ready), .s_again(s_again), .s_neuron(s_neuron),',
    ...(payload === undefined ? [] : ['  .s_value(s_value),']),
    '  .m_valid(m_valid), .m_ready(m_ready), .m_population(m_population), .m_tile(m_tile), .m_lanes(m_lanes),',
    ...(widths.value === 0 ? [] : ['  .m_values(m_values),']),
    `  .host_valid(stores | state == READ), .host_write(stores), .host_bank(bank[${widths.hostBank - 1}:0]),`,
    `  .host_address(first[${widths.hostAddress - 1}:0]), .host_in(word[${widths.host - 1}:0]), .host_out(host_out),`,
    '  .busy(busy), .cycles(cycles), .fault(fault)',
    ');',
  ];
}

/** The answers on the stream. The status of an answer is above the 48 bits of its cycles. */
function answersText(): string[] {
  const { fault, lost, refused } = statusBits;
  const places = [refused, lost, fault].map(({ bit }) => bit);
  if (places.join() !== '18,17,16') throw new Error('the status has other places');
  return [
    '// ---- answers',
    'wire ends = state == END_HIGH | state == END_LOW;',
    'assign m_axis_tvalid = ends | state == SEND | out_valid;',
    'assign m_axis_tlast = state == END_LOW;',
    `assign m_axis_tdata = state == END_HIGH ? {8'h${endOfAnswer.toString(16)}, 5'd0, refused, lost, fault, cycles[47:32]} :`,
    '  state == END_LOW ? cycles[31:0] : state == SEND ? word[31:0] : out_spike;',
  ];
}
