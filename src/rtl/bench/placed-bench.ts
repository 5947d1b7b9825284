import type { CoreDeed } from '../../engine/index.ts';
import { commentLine, vector } from '../emit/text.ts';
import type { CorePlan } from '../plan/core-plan.ts';
import { endText, wordsTask } from './bench-text.ts';

/**
 * The test bench of a core that is one of several. It plays the chip: from `stimulus.txt` come the events that the chip
 * asks of the core, with the spikes that arrive, and the words that other cores' values change.
 *
 * A line of the stimulus is `1` for a sample, `2 event arrives label step interval n` and n neurons for an event, `3`
 * for all words of the banks and all generators, `4 n` and n times `bank address word` for what others write, `5` for
 * the end of a step.
 */
export function placedBenchText({ image, widths }: CorePlan): string {
  const { host: hostBits, hostAddress: addressBits, hostBank: bankBits } = widths;
  const { event: eventBits, label: labelBits, stepScalar: numberBits, interval: intervalBits } = widths;
  return `${commentLine(`The test bench of a core of ${image.program}: make icarus, or make verilator.`)}
\`timescale 1ns/1ps
module bench;
  reg clk = 0;
  reg rst = 1;
  always #5 clk = ~clk;

  reg cmd_valid = 0, cmd_arrives = 0;
  reg ${vector(eventBits)} cmd_event = 0;
  reg signed ${vector(labelBits)} cmd_label = 0;
  reg signed ${vector(numberBits)} cmd_number = 0;
  reg ${vector(intervalBits)} cmd_interval = 0;
  wire cmd_ready, busy, fault, s_ready, s_again, m_valid;
  wire ${vector(widths.population)} m_population;
  wire ${vector(widths.tile)} m_tile;
  wire ${vector(widths.lanes)} m_lanes;
  wire [47:0] cycles;
  reg host_valid = 0, host_write = 0;
  reg ${vector(bankBits)} host_bank = 0;
  reg ${vector(addressBits)} host_address = 0;
  reg ${vector(hostBits)} host_in = 0;
  wire ${vector(hostBits)} host_out;

  // spikes that arrive, and how many of them have entered
  reg [23:0] spikes [0:${2 ** 20 - 1}];
  integer spike_count = 0, spike_next = 0;
  wire s_valid = spike_next < spike_count;
  wire [23:0] s_spike = spikes[spike_next];

  plasticore_core core (
    .clk(clk), .rst(rst),
    .cmd_valid(cmd_valid), .cmd_ready(cmd_ready), .cmd_event(cmd_event), .cmd_arrives(cmd_arrives),
    .cmd_label(cmd_label), .cmd_number(cmd_number), .cmd_spikes(spike_count), .cmd_interval(cmd_interval),
    .s_valid(s_valid), .s_ready(s_ready), .s_again(s_again), .s_neuron(s_spike[${widths.neuron - 1}:0]),
    .m_valid(m_valid), .m_ready(1'b1), .m_population(m_population), .m_tile(m_tile), .m_lanes(m_lanes),
    .host_valid(host_valid), .host_write(host_write), .host_bank(host_bank), .host_address(host_address),
    .host_in(host_in), .host_out(host_out),
    .busy(busy), .cycles(cycles), .fault(fault)
  );

  integer stimulus, observed, code, command, value, i, l;
  reg [47:0] cycles_before;

  always @(posedge clk) begin
    if (s_again) spike_next <= 0;
    else if (s_valid & s_ready) spike_next <= spike_next + 1;
    if (m_valid)
      for (l = 0; l < ${widths.lanes}; l = l + 1)
        if (m_lanes[l]) $fwrite(observed, "spike %0d %0d\\n", m_population, m_tile * ${widths.lanes} + l);
  end

${wordsTask(image, bankBits, addressBits)}
  initial begin
    stimulus = $fopen("stimulus.txt", "r");
    observed = $fopen("observed.txt", "w");
    repeat (3) @(posedge clk);
    #1 rst = 0;
    cycles_before = cycles;
    code = $fscanf(stimulus, "%d", command);
    while (code == 1) begin
      case (command)
        1: $fwrite(observed, "sample\\n");
        2: begin
          code = $fscanf(stimulus, "%d", value); cmd_event = value[${eventBits - 1}:0];
          code = $fscanf(stimulus, "%d", value); cmd_arrives = value[0];
          code = $fscanf(stimulus, "%d", value); cmd_label = value[${labelBits - 1}:0];
          code = $fscanf(stimulus, "%d", value); cmd_number = value[${numberBits - 1}:0];
          code = $fscanf(stimulus, "%d", value); cmd_interval = value[${intervalBits - 1}:0];
          code = $fscanf(stimulus, "%d", value); spike_count = value;
          for (i = 0; i < spike_count; i = i + 1) begin
            code = $fscanf(stimulus, "%d", value);
            spikes[i] = value[23:0];
          end
          spike_next = 0;
          cmd_valid = 1;
          #1 while (~cmd_ready) begin @(posedge clk); #1; end
          @(posedge clk); #1;
          cmd_valid = 0;
          while (busy) begin @(posedge clk); #1; end
        end
        4: begin
          code = $fscanf(stimulus, "%d", value);
          for (i = value; i > 0; i = i - 1) begin
            code = $fscanf(stimulus, "%d", value); host_bank = ${bankBits}'(value);
            code = $fscanf(stimulus, "%d", value); host_address = ${addressBits}'(value);
            code = $fscanf(stimulus, "%h", host_in);
            host_valid = 1;
            host_write = 1;
            @(posedge clk); #1;
          end
          host_valid = 0;
          host_write = 0;
        end
        5: begin
          $fwrite(observed, "step %0d\\n", cycles - cycles_before);
          cycles_before = cycles;
        end
${endText(image)}`;
}

/** The line of a stimulus for what a core is asked to do. */
export function placedStimulus(deed: CoreDeed, interval: number): string {
  if (deed.does === 'write') {
    const words = deed.words.map(({ bank, address, bits }) => `${bank} ${address} ${bits}`);
    return ['4', deed.words.length, ...words].join(' ');
  }
  const { event, arrives, label, step, neurons } = deed;
  return ['2', event, arrives ? 1 : 0, label, step, interval, neurons.length, ...neurons].join(' ');
}
