import { at } from '../../text/index.ts';
import type { CorePlan, DeliverySource } from '../plan/core-plan.ts';
import { indexBits } from '../plan/widths.ts';
import type { CoreContext } from './context.ts';
import { chosen, commentLine, literal, lowest, reg, type Verilog, vector } from './verilog.ts';

/** The name of a vector with a bit for each neuron of a source that spikes. */
function sourceName(source: Exclude<DeliverySource, { is: 'input' }>): string {
  return source.is === 'previous'
    ? `previous_${source.population}`
    : `waited_${source.delayed}_${source.list}`;
}

/** The number of spikes that a source has in the cycle in which its delivery begins. */
export function sourceTotal(source: DeliverySource | undefined): string {
  if (source === undefined) return "32'd0";
  return source.is === 'input' ? 'input_soon' : `${sourceName(source)}_soon`;
}

/** The number of spikes that a source has once the command has been accepted. */
export function sourceCount(source: DeliverySource): string {
  return source.is === 'input' ? 'input_count' : `${sourceName(source)}_count`;
}

/** The number of spikes that a source will have in the step that a command asks for. */
export function countOfStep(source: DeliverySource): string {
  if (source.is === 'input') return 'cmd_spikes';
  return source.is === 'previous' ? `now_${source.population}_count` : sourceCount(source);
}

/** Where spikes wait that a list delivers: the stream of the input, and those of the step before. */
export function sourcesText(context: CoreContext): Verilog {
  return [
    '// ---- spikes that lists deliver',
    context.plan.keptPopulations.map((population) => previousText(context, population)),
    runText(context),
    '',
  ];
}

/** The spikes of a population, of this step and of the step before, where a neuron that spikes again counts once. */
function previousText({ image, widths }: CoreContext, population: number): Verilog {
  const { lanes, value, population: populationBits } = widths;
  const { size, payload, name } = at(image.populations, population);
  const all = Math.ceil(size / lanes) * lanes;
  const now = `now_${population}`;
  const before = `previous_${population}`;
  const own = `32'(spoken_tile) * 32'd${lanes}`;
  const bits = payload?.bits ?? 0;
  return [
    commentLine(`spikes of ${name}: of this step, and of the one before`),
    `reg ${vector(all)} ${now}, ${before};`,
    `reg [31:0] ${now}_count, ${before}_count;`,
    `wire [31:0] ${before}_soon = accept ? (cmd_step ? ${now}_count : 32'd0) : ${before}_count;`,
    `wire ${now}_push = spoken_valid & spoken_population == ${literal(population, populationBits)};`,
    `wire ${vector(lanes)} ${now}_fresh = spoken_lanes & ~${now}[${own} +: ${lanes}];`,
    `wire [31:0] ${now}_number = ${Array.from({ length: lanes }, (_, lane) => `32'(${now}_fresh[${lane}])`).join(' + ')};`,
    'always @(posedge clk)',
    `  if (rst | (accept & ~cmd_step)) begin ${now} <= ${all}'d0; ${before} <= ${all}'d0; ${now}_count <= 32'd0; ${before}_count <= 32'd0; end`,
    `  else if (accept) begin ${before} <= ${now}; ${now} <= ${all}'d0; ${before}_count <= ${now}_count; ${now}_count <= 32'd0; end`,
    `  else if (${now}_push) begin ${now}[${own} +: ${lanes}] <= ${now}[${own} +: ${lanes}] | spoken_lanes; ${now}_count <= ${now}_count + ${now}_number; end`,
    bits > 0 && [
      reg(all * bits, `${now}_values`, `${before}_values`),
      `integer ${now}_j;`,
      'always @(posedge clk)',
      `  if (accept) ${before}_values <= ${now}_values;`,
      `  else if (${now}_push)`,
      `    for (${now}_j = 0; ${now}_j < ${lanes}; ${now}_j = ${now}_j + 1)`,
      `      if (spoken_lanes[${now}_j]) ${now}_values[(${own} + 32'(${now}_j)) * ${bits} +: ${bits}] <= spoken_values[${now}_j * ${value} +: ${bits}];`,
    ],
  ];
}

/**
 * The run that a delivery pushes: as many spikes of its source as find room. Those that are left follow as spikes are
 * served.
 */
function runText(context: CoreContext): Verilog {
  const { plan, image, widths } = context;
  const { value, neuron, room, step: stepBits } = widths;
  const vectors = plan.steps.flatMap(({ number, source }) =>
    source === undefined || source.is === 'input' ? [] : [{ number, source, ...shapeOf(source, plan) }],
  );
  const inputs = plan.steps.flatMap(({ number, source }) => (source?.is === 'input' ? [number] : []));
  const isInput = (what: string): string =>
    inputs.map((number) => `${what} == ${literal(number, stepBits)}`).join(' | ') || "1'b0";
  const size = Math.max(1, ...vectors.map((of) => of.size));
  const cursorBits = indexBits(size + 1);
  const takesValue = image.populations[image.input]?.payload !== undefined;
  const inputNeuron = inputs.length === 0 ? literal(0, neuron) : 's_neuron';
  const runs = vectors.map(({ number, source, size: own, bits, shift }) => {
    const name = sourceName(source);
    const values = {
      run_lanes: `${size}'(${name}${own === 0 ? '' : `[${own - 1}:0]`})`,
      run_shift: `32'd${shift}`,
      ...(bits > 0 && { run_values: `${size * value}'(${spreadValues(name, own, bits, value)})` }),
    };
    return [literal(number, stepBits), values] as const;
  });
  return [
    'reg [31:0] input_count, input_left, run_rest;',
    "wire [31:0] input_soon = accept ? (cmd_step ? cmd_spikes : 32'd0) : input_count;",
    `assign head_is_input = head_is_run & (${isInput('delivering')});`,
    'wire input_taken = s_ready & s_valid;',
    'assign s_ready = (pop_ends & head_is_input & ~pop_waits_for_room) | state == FLUSH;',
    '// another delivery of the input begins: its source starts anew',
    `assign s_again = delivery_begins & (${isInput('target')});`,
    "wire [31:0] input_left_now = accept ? input_soon : input_left - 32'(input_taken);",
    "assign input_rests = accept ? input_soon != 32'd0 : input_left != 32'd0 & ~(input_taken & input_left == 32'd1);",
    '// what finds room enters in the cycle after; what is left then follows as spikes are served',
    `wire ${vector(room)} run_enters = run_exceeds ? fifo_free : ${room}'(run_rest);`,
    `wire ${vector(room)} run_enters_less = run_exceeds ? fifo_free - ${literal(1, room)} : ${room}'(run_rest) - ${literal(1, room)};`,
    "wire [31:0] run_left = run_rest - 32'(late_run);",
    // A number that was so large a cycle ago exceeds the room still: no more have entered than the FIFO holds.
    '// whether any is left is known with their number, and whether they are far more than the FIFO holds',
    'reg run_any, run_many;',
    `assign run_exceeds = run_many | run_rest[${room}:0] > ${room + 1}'(fifo_free);`,
    'assign run_rests = late_delivers ? run_exceeds : run_any;',
    'wire run_wanted = delivery_begins ? target_has : run_rests;',
    `reg ${vector(cursorBits)} run_cursor;`,
    chosen(
      'delivering',
      { run_lanes: size, run_shift: 32, ...(value > 0 && { run_values: size * value }) },
      runs,
    ),
    lowest(
      'run_first',
      cursorBits,
      size,
      (neuron) => `run_lanes[${neuron}] & ${cursorBits}'(${neuron}) >= run_cursor`,
    ),
    `wire ${vector(neuron)} run_neuron = head_is_input ? ${inputNeuron} : ${neuron}'(32'(run_first) + run_shift);`,
    value > 0 &&
      `wire ${vector(value)} run_value = head_is_input ? ${takesValue && inputs.length > 0 ? 's_value' : literal(0, value)} : run_values[32'(run_first) * ${value} +: ${value}];`,
    'always @(posedge clk) begin',
    '  if (accept) input_count <= input_soon;',
    '  input_left <= s_again ? input_soon : input_left_now;',
    '  run_rest <= delivery_begins ? target_total : run_left;',
    '  run_any <= delivery_begins ? target_has : run_rests;',
    `  run_many <= delivery_begins ? target_many : |run_rest[31:${room + 1}];`,
    `  if (delivery_begins) run_cursor <= ${literal(0, cursorBits)};`,
    `  else if (pop_end & head_is_run) run_cursor <= run_first + ${literal(1, cursorBits)};`,
    'end',
  ];
}

/** The values of a source, each in as many bits as the widest value has. */
function spreadValues(name: string, size: number, bits: number, value: number): string {
  if (bits === value) return `${name}_values[${size * bits - 1}:0]`;
  const items = Array.from(
    { length: size },
    (_, item) => `${value}'(${name}_values[${item * bits} +: ${bits}])`,
  );
  return `{${items.reverse().join(', ')}}`;
}

/** Of a source: its neurons, the bits of their values, and the number of the first one. */
function shapeOf(source: Exclude<DeliverySource, { is: 'input' }>, { image, rings }: CorePlan) {
  if (source.is === 'previous') {
    const { size, payload } = at(image.populations, source.population);
    return { size, bits: payload?.bits ?? 0, shift: 0 };
  }
  const { items, valueBits, lists } = at(rings, source.delayed);
  return { size: items, bits: valueBits, shift: at(lists, source.list).shift ?? 0 };
}
