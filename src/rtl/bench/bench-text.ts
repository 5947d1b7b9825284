import { at } from '../../arrays/index.ts';
import type { SpikeTrain } from '../../data/index.ts';
import {
  allLists,
  batchSizes,
  type CoreImage,
  endsBatch,
  layoutOf,
  neuronMask,
  type PlaceInPass,
} from '../../image/index.ts';
import { valueInAddress } from '../emit/outgoing-text.ts';
import { commentLine, vector } from '../emit/text.ts';
import type { CorePlan } from '../plan/core-plan.ts';
import { unknownText } from './unknown-text.ts';

/**
 * The test bench: it reads `stimulus.txt`, drives the core with it, and writes what the core does to `observed.txt`, in
 * the form of `expected.txt`.
 *
 * A stimulus has a line for each command: `1 flags label steps interval` starts a sample, which learns (flag 1), is
 * presented again (flag 2) or ends batches (flags 4 and up, one for each size of a batch), `2 n` and n spikes a step,
 * `3` asks for all words of the banks and all generators. `4 n` is before n lines that present a sample again: they are
 * skipped unless an item of the image's `replay` is set.
 */
export function benchText(plan: CorePlan): string {
  const { image, widths } = plan;
  const { populations } = image;
  const { host: hostBits, hostAddress: addressBits, hostBank: bankBits, label: labelBits } = widths;
  const { length: batches } = plan.batches;
  const { payload } = populations[image.input] ?? {};
  // A spike that carries a value has it in its address, above the neuron.
  const value = `m_values[l * ${widths.value} +: ${widths.value}]`;
  const values = widths.value === 0 ? '' : ` + ${valueInAddress(image, 'm_population', value)}`;
  return `${commentLine(`The test bench of ${image.program}: make icarus, or make verilator.`)}
\`timescale 1ns/1ps
module bench;
  reg clk = 0;
  reg rst = 1;
  always #5 clk = ~clk;

  reg cmd_valid = 0, cmd_step = 0, cmd_learn = 0, cmd_replay = 0;
${batches === 0 ? '' : `  reg ${vector(batches)} cmd_ends = 0;\n`}  reg signed ${vector(labelBits)} cmd_label = 0;
  reg [31:0] cmd_steps = 0;
  wire [31:0] cmd_spikes = spike_count;
  reg ${vector(widths.interval)} cmd_interval = 0;
  wire cmd_ready, busy, fault, s_ready, s_again, m_valid;
  wire ${vector(widths.population)} m_population;
  wire ${vector(widths.tile)} m_tile;
  wire ${vector(widths.lanes)} m_lanes;
${widths.value === 0 ? '' : `  wire ${vector(widths.lanes * widths.value)} m_values;\n`}  wire [47:0] cycles;
  reg host_valid = 0;
  reg ${vector(bankBits)} host_bank = 0;
  reg ${vector(addressBits)} host_address = 0;
  wire ${vector(hostBits)} host_out;

  // room outside comes and goes: cycles do not depend on it
  reg m_ready = 1;
  reg [15:0] dice = 16'hace1;
  reg [4:0] room_left = 0;
  always @(posedge clk) begin
    dice <= {dice[14:0], dice[15] ^ dice[13] ^ dice[12] ^ dice[10]};
    room_left <= room_left - 5'd1;
    if (room_left == 0) begin
      m_ready <= ~m_ready;
      room_left <= dice[4:0];
    end
  end

  // input spikes, and how many of the step have entered
  reg [23:0] spikes [0:${2 ** 16 - 1}];
  integer spike_count = 0, spike_next = 0;
  reg stepping = 0;
  wire s_valid = stepping & spike_next < spike_count;
  wire [23:0] s_spike = spikes[spike_next];
${
  payload === undefined
    ? `  wire ${vector(widths.neuron)} s_neuron = s_spike[${widths.neuron - 1}:0];`
    : `  wire ${vector(widths.neuron)} s_neuron = ${widths.neuron}'(s_spike & 24'd${neuronMask({ payload })});
  wire ${vector(widths.value)} s_value = ${widths.value}'(s_spike >> ${payload.shift});`
}

  plasticore_core core (
    .clk(clk), .rst(rst),
    .cmd_valid(cmd_valid), .cmd_ready(cmd_ready), .cmd_step(cmd_step), .cmd_learn(cmd_learn),
    .cmd_label(cmd_label), .cmd_steps(cmd_steps), .cmd_interval(cmd_interval),
    .cmd_replay(cmd_replay), .cmd_spikes(cmd_spikes),${batches === 0 ? '' : ' .cmd_ends(cmd_ends),'}
    .s_valid(s_valid), .s_ready(s_ready), .s_again(s_again), .s_neuron(s_neuron),
${payload === undefined ? '' : '    .s_value(s_value),\n'}    .m_valid(m_valid), .m_ready(m_ready), .m_population(m_population), .m_tile(m_tile), .m_lanes(m_lanes),
${widths.value === 0 ? '' : '    .m_values(m_values),\n'}
    .host_valid(host_valid), .host_write(1'b0), .host_bank(host_bank), .host_address(host_address),
    .host_in(${hostBits}'d0), .host_out(host_out),
    .busy(busy), .cycles(cycles), .fault(fault)
  );

  integer stimulus, observed, code, command, value, i, l;
  // lines that present a sample again are skipped if nothing asks for that
  integer skip = 0;
  reg is_set, skipped;
  reg [47:0] cycles_before;

  always @(posedge clk) begin
    if (s_again) spike_next <= 0;
    else if (s_valid & s_ready) spike_next <= spike_next + 1;
    if (m_valid & cmd_step)
      for (l = 0; l < ${widths.lanes}; l = l + 1)
        if (m_lanes[l]) $fwrite(observed, "spike %0d %0d\\n", m_population, m_tile * ${widths.lanes} + l${values});
  end

${unknownText(plan)}
  task run(input steps);
    begin
      cmd_valid = 1;
      #1 while (~cmd_ready) begin @(posedge clk); #1; end
      @(posedge clk); #1;
      cmd_valid = 0;
      while (busy) begin @(posedge clk); #1; end
      if (steps) begin
        $fwrite(observed, "step %0d\\n", cycles - cycles_before);
        cycles_before = cycles;
      end
      if (fault) begin
        $display("the FIFO was full while a kernel pushed, and too many wait already");
        $fwrite(observed, "fault\\n");
        $fclose(observed);
        $finish;
      end
    end
  endtask

${wordsTask(image, bankBits, addressBits)}
  initial begin
    stimulus = $fopen("stimulus.txt", "r");
    observed = $fopen("observed.txt", "w");
    repeat (3) @(posedge clk);
    #1 rst = 0;
    cycles_before = cycles;
    code = $fscanf(stimulus, "%d", command);
    while (code == 1) begin
      skipped = skip > 0;
      if (skipped) skip = skip - 1;
      case (command)
        1: begin
          code = $fscanf(stimulus, "%d", value); cmd_learn = value[0]; cmd_replay = value[1];${batches === 0 ? '' : ` cmd_ends = value[${1 + batches}:2];`}
          code = $fscanf(stimulus, "%d", value); cmd_label = value[${labelBits - 1}:0];
          code = $fscanf(stimulus, "%d", value); cmd_steps = value;
          code = $fscanf(stimulus, "%d", value); cmd_interval = value[${widths.interval - 1}:0];
          cmd_step = 0;
          if (~skipped) begin
            if (cmd_replay) $fwrite(observed, "again\\n");
            else $fwrite(observed, "sample\\n");
            run(0);
          end
        end
        2: begin
          code = $fscanf(stimulus, "%d", value);
          spike_count = value;
          for (i = 0; i < spike_count; i = i + 1) begin
            code = $fscanf(stimulus, "%d", value);
            spikes[i] = value[23:0];
          end
          if (~skipped) begin
            spike_next = 0;
            stepping = 1;
            cmd_step = 1;
            run(1);
            stepping = 0;
          end
        end
        4: begin
          code = $fscanf(stimulus, "%d", value);
${replayText(image, bankBits, addressBits)}        end
${endText(image)}`;
}

/** The end of a bench: the last command, which asks for all words, and what follows the last one of a stimulus. */
export function endText({ banks, core, generators }: CoreImage): string {
  return `        default: begin
${banks.map(({ usedWords }, bank) => `          words(${bank}, ${usedWords});`).join('\n')}
          words(${banks.length}, ${core.lanes + generators.length});
        end
      endcase
      code = $fscanf(stimulus, "%d", command);
    end
    $fwrite(observed, "end\\n");
    $fclose(observed);
    $finish;
  end
endmodule
`;
}

/** The task that asks for the words of a bank, or the generators, which follow the banks. */
export function wordsTask({ banks }: CoreImage, bankBits: number, addressBits: number): string {
  return `  task words(input integer bank, input integer count);
    begin
      for (i = 0; i < count; i = i + 1) begin
        host_valid = 1;
        host_bank = ${bankBits}'(bank);
        host_address = ${addressBits}'(i);
        @(posedge clk); #1;
        case (bank)
${banks.map(({ wordBits }, bank) => `          ${bank}: $fwrite(observed, "word ${bank} %0d %h\\n", i, host_out[${wordBits - 1}:0]);`).join('\n')}
          default: $fwrite(observed, "generator %0d %h\\n", i, host_out[31:0]);
        endcase
      end
      host_valid = 0;
    end
  endtask
`;
}

/** Words of a bank, and in each the bits of a field, by its place in a row. */
export interface FieldWords {
  readonly bank: number;
  readonly firstWord: number;
  readonly words: number;
  readonly masks: readonly bigint[];
}

/** The field whose items ask for a sample again; undefined if nothing does. */
export function replayWords(image: CoreImage): FieldWords | undefined {
  if (image.replay === undefined) return undefined;
  const field = at(image.fields, image.replay);
  const { bank, firstWord, rows, wordsPerRow, rowLength, itemsPerWord, itemBits } = layoutOf(image, field);
  const own = (1n << BigInt(field.bits)) - 1n;
  // Words of a row may have places without an item.
  const masks = Array.from({ length: wordsPerRow }, (_, word) => {
    const items = field.perWord ? 1 : Math.min(itemsPerWord, rowLength - word * itemsPerWord);
    const all = Array.from({ length: items }, (_, item) => own << BigInt(item * itemBits + field.bitOffset));
    return all.reduce((sum, bits) => sum | bits, 0n);
  });
  return { bank, firstWord, words: rows * wordsPerRow, masks };
}

/** Reads the field whose items ask for the sample again; if none is set, the lines that present it are skipped. */
function replayText(image: CoreImage, bankBits: number, addressBits: number): string {
  const replay = replayWords(image);
  if (replay === undefined) return '';
  const { bank, firstWord, words } = replay;
  const { wordBits } = at(image.banks, bank);
  const masks = replay.masks.map((bits) => `${wordBits}'h${bits.toString(16)}`);
  const mask = masks
    .slice(0, -1)
    .reduceRight(
      (others, bits, word) => `i % ${masks.length} == ${word} ? ${bits} : ${others}`,
      masks.at(-1) ?? '',
    );
  return `          is_set = 0;
          for (i = 0; i < ${words}; i = i + 1) begin
            host_valid = 1;
            host_bank = ${bankBits}'d${bank};
            host_address = ${addressBits}'(i + ${firstWord});
            @(posedge clk); #1;
            if ((host_out[${wordBits - 1}:0] & (${mask})) != 0) is_set = 1;
          end
          host_valid = 0;
          if (~is_set) skip = value;
`;
}

/** A sample that a bench presents. */
export interface BenchSample {
  /** Which values of scheduled parameters hold. */
  readonly interval: number;
  readonly learn: boolean;
  readonly label: number;
  /** Its place in a pass over the data; absent if it is presented alone. */
  readonly place?: PlaceInPass | undefined;
  /** By step, the spikes of the input: their neurons, with values where they carry any. */
  readonly inputs: readonly (readonly number[])[];
}

/** The spikes of a sample, step by step. */
export function spikesByStep({ steps, offsets, indices }: SpikeTrain): number[][] {
  return Array.from({ length: steps }, (_, step) => [
    ...indices.subarray(at(offsets, step), at(offsets, step + 1)),
  ]);
}

/**
 * The stimulus of a bench; `states` tells after which samples it asks for the state. A sample that the core learns may
 * follow once more.
 */
export function stimulusText(
  { replay, events }: Pick<CoreImage, 'replay' | 'events'>,
  samples: readonly BenchSample[],
  states: (sample: number) => boolean,
): string {
  const sizes = batchSizes(allLists(events));
  const lines = samples.flatMap(({ interval, learn, label, place, inputs }, index) => {
    const ends = sizes.reduce((bits, size, bit) => bits + (endsBatch(size, place) ? 2 ** bit : 0), 0);
    const presented = (again: boolean): string[] => [
      `1 ${(learn ? 1 : 0) + (again ? 2 : 0) + 4 * ends} ${label} ${inputs.length} ${interval}`,
      ...inputs.map((spikes) => ['2', spikes.length, ...spikes].join(' ')),
    ];
    const again = learn && replay !== undefined ? presented(true) : [];
    return [
      ...presented(false),
      ...(again.length === 0 ? [] : [`4 ${again.length}`, ...again]),
      ...(states(index) ? ['3'] : []),
    ];
  });
  return `${lines.join('\n')}\n`;
}
