// The test bench of a core: make icarus, or make verilator. bench_widths.svh and bench_banks.svh say what it has to know
// of the core.
//
// It reads stimulus.txt, drives the core with it, and writes what the core does to observed.txt, in the form of
// expected.txt. A line of the stimulus is a command:
//
//   1 flags label steps interval  begin a sample, which learns (flag 1), is presented again (flag 2), or ends batches
//                                 (flags 4 and up, one for each size of a batch)
//   2 n, and n spikes             run a step
//   3                             ask for all words of the banks, and all generators
//   4 n                           the n lines that follow present a sample again: skip them, unless an item is set
//                                 that asks for it
//
// A core that is one of several takes events in place of steps. The bench plays the chip:
//
//   5 event arrives label step interval n, and n neurons
//                                 run an event, once, or for each of n spikes
//   6 n, and n times bank address word
//                                 write what other cores' values change
//   7                             end a step
//
// A programmable core is loaded with 6, and told
//
//   8 bank words                  how many words of a bank 3 asks for
//   9 population bits signed shift input
//                                 of spikes that carry values: how many bits, whether of a sign, and the first one in an
//                                 address; whether it is the input
//   10 bank address words n, and n masks
//                                 the words that ask for a sample again, in rows of n: the bits that do
`timescale 1ns/1ps
module bench;
  // The time after an edge of the clock at which outputs are read and inputs change, a tenth of the period, in ns. A
  // netlist whose cells take their times needs more: iverilog -P bench.SETTLE=50
  parameter SETTLE = 1;
`include "bench_widths.svh"
  reg clk = 0;
  reg rst = 1;
  always #(5 * SETTLE) clk = ~clk;

  // ---- the core
  reg cmd_valid = 0, cmd_step = 0, cmd_learn = 0, cmd_replay = 0, cmd_arrives = 0;
  reg [EVENT_BITS-1:0] cmd_event = 0;
  reg [BATCHES:0] cmd_ends = 0;
  reg signed [LABEL_BITS-1:0] cmd_label = 0;
  reg signed [STEP_BITS-1:0] cmd_number = 0;
  reg [31:0] cmd_steps = 0;
  reg [INTERVAL_BITS-1:0] cmd_interval = 0;
  wire cmd_ready, busy, fault, s_ready, s_again, m_valid;
  wire [POPULATION_BITS-1:0] m_population;
  wire [TILE_BITS-1:0] m_tile;
  wire [LANES-1:0] m_lanes;
  wire [LANES*VALUE_BITS:0] m_values;
  wire [47:0] cycles;
  reg host_valid = 0, host_write = 0;
  reg [HOST_BANK_BITS-1:0] host_bank = 0;
  reg [HOST_ADDRESS_BITS-1:0] host_address = 0;
  reg [HOST_BITS-1:0] host_in = 0;
  wire [HOST_BITS-1:0] host_out;

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

  // spikes that enter, and how many of them have entered
  reg [23:0] spikes [0:2**20-1];
  integer spike_count = 0, spike_next = 0;
  wire [31:0] cmd_spikes = spike_count;
  reg stepping = 0;
  wire s_valid = stepping & spike_next < spike_count;
  wire [23:0] s_spike = spikes[spike_next];
  // where in an address the value is that a spike carries: of each population, and of the input
  integer carried_bits [0:15], carried_shift [0:15];
  integer input_bits = 24, input_shift = INPUT_SHIFT;
  reg input_signed = 0;
  reg [23:0] neuron_mask = NEURON_MASK;
  wire [NEURON_BITS-1:0] s_neuron = NEURON_BITS'(s_spike & neuron_mask);
  wire [31:0] s_upper = 32'(s_spike >> input_shift) << (32 - input_bits);
  wire signed [31:0] s_signed = $signed(s_upper) >>> (32 - input_bits);
  wire [31:0] s_carried = input_signed ? s_signed : s_upper >> (32 - input_bits);

  plasticore_core core (
    .clk(clk), .rst(rst),
`ifdef PLACED
    .cmd_event(cmd_event), .cmd_arrives(cmd_arrives), .cmd_number(cmd_number),
`else
    .cmd_step(cmd_step), .cmd_learn(cmd_learn), .cmd_replay(cmd_replay), .cmd_steps(cmd_steps),
`endif
`ifdef ENDS_BATCHES
    .cmd_ends(cmd_ends[BATCHES-1:0]),
`endif
`ifdef INPUT_VALUES
    .s_value(VALUE_BITS'(s_carried)),
`endif
`ifdef VALUES
    .m_values(m_values[LANES*VALUE_BITS-1:0]),
`endif
    .cmd_valid(cmd_valid), .cmd_ready(cmd_ready),
    .cmd_label(cmd_label), .cmd_interval(cmd_interval), .cmd_spikes(cmd_spikes),
    .s_valid(s_valid), .s_ready(s_ready), .s_again(s_again), .s_neuron(s_neuron),
    .m_valid(m_valid), .m_ready(m_ready), .m_population(m_population), .m_tile(m_tile), .m_lanes(m_lanes),
    .host_valid(host_valid), .host_write(host_write), .host_bank(host_bank), .host_address(host_address),
    .host_in(host_in), .host_out(host_out),
    .busy(busy), .cycles(cycles), .fault(fault)
  );

  integer stimulus, observed, code, command, value, i, l;
  integer carried, is_signed;
  integer words [0:BANKS];
  // lines that present a sample again are skipped if nothing asks for that
  integer skip = 0;
  integer replay_bank = REPLAY_BANK, replay_first = REPLAY_FIRST, replay_words = REPLAY_WORDS, replay_row = REPLAY_ROW;
  reg [HOST_BITS-1:0] replay_masks [0:1023];
  reg is_set, skipped;
  reg [47:0] cycles_before;

  always @(posedge clk) begin
    if (s_again) spike_next <= 0;
    else if (s_valid & s_ready) spike_next <= spike_next + 1;
    if (m_valid & cmd_step)
      for (l = 0; l < LANES; l = l + 1)
        if (m_lanes[l]) begin
          // a spike that carries a value has it in its address, above the neuron
          carried = 0;
`ifdef VALUES
          carried = 32'(m_values[l * VALUE_BITS +: VALUE_BITS]) & ~(32'hffffffff << carried_bits[32'(m_population)]);
          carried = carried << carried_shift[32'(m_population)];
`endif
          $fwrite(observed, "spike %0d %0d\n", m_population, m_tile * LANES + l + carried);
        end
  end

  // ---- no unknown value may reach a port of the core, or of a bank; a simulator of two states finds none
  function automatic isUnknown(input parity);
    isUnknown = parity === 1'bx;
  endfunction
  task unknown(input string what);
    begin
      $display("unknown after the reset: %0s", what);
      $fwrite(observed, "unknown %0s\n", what);
      $fclose(observed);
      $finish;
    end
  endtask
  always @(posedge clk) if (~rst) begin
    if (isUnknown(^{cmd_ready, busy, fault, s_ready, s_again, m_valid, cycles})) unknown("an output of the core");
    if (m_valid && isUnknown(^{m_population, m_tile, m_lanes})) unknown("a spike of the core");
    check_banks;
  end

`include "bench_banks.svh"

  // ---- what the commands of the stimulus do
  task run;
    begin
      cmd_valid = 1;
      #SETTLE while (~cmd_ready) begin @(posedge clk); #SETTLE; end
      @(posedge clk); #SETTLE;
      cmd_valid = 0;
      while (busy) begin @(posedge clk); #SETTLE; end
      stepping = 0;
      if (fault) begin
        $display("the FIFO was full while a kernel pushed, and too many wait already");
        $fwrite(observed, "fault\n");
        $fclose(observed);
        $finish;
      end
    end
  endtask

  task end_step;
    begin
      $fwrite(observed, "step %0d\n", cycles - cycles_before);
      cycles_before = cycles;
    end
  endtask

  task read_spikes;
    begin
      code = $fscanf(stimulus, "%d", value); spike_count = value;
      for (i = 0; i < spike_count; i = i + 1) begin
        code = $fscanf(stimulus, "%d", value);
        spikes[i] = value[23:0];
      end
    end
  endtask

  task start_spikes;
    begin
      spike_next = 0;
      stepping = 1;
      cmd_step = 1;
    end
  endtask

  // a word of a bank, or a generator, which follow the banks
  task read_word(input integer bank, input integer address);
    begin
      host_valid = 1;
      host_bank = HOST_BANK_BITS'(bank);
      host_address = HOST_ADDRESS_BITS'(address);
      @(posedge clk); #SETTLE;
      host_valid = 0;
`ifdef LATE_HOST
      @(posedge clk); #1;
`endif
    end
  endtask

  task write_words(input integer bank);
    begin
      for (i = 0; i < words[bank]; i = i + 1) begin
        read_word(bank, i);
        write_word(bank, i);
      end
    end
  endtask

  initial begin
    stimulus = $fopen("stimulus.txt", "r");
    observed = $fopen("observed.txt", "w");
    for (i = 0; i <= BANKS; i = i + 1) words[i] = WORDS[32 * i +: 32];
    for (i = 0; i < REPLAY_ROW; i = i + 1) replay_masks[i] = HOST_BITS'(REPLAY_MASKS >> (HOST_BITS * i));
    for (i = 0; i < 16; i = i + 1) begin
      carried_bits[i] = VALUE_BITS;
      carried_shift[i] = 32'(SHIFTS >> (32 * i));
    end
    repeat (3) @(posedge clk);
    #SETTLE rst = 0;
    cycles_before = cycles;
    code = $fscanf(stimulus, "%d", command);
    while (code == 1) begin
      skipped = skip > 0;
      if (skipped) skip = skip - 1;
      case (command)
        1: begin
          code = $fscanf(stimulus, "%d", value);
          cmd_learn = value[0];
          cmd_replay = value[1];
          cmd_ends = (BATCHES + 1)'(value >> 2);
          code = $fscanf(stimulus, "%d", value); cmd_label = LABEL_BITS'(value);
          code = $fscanf(stimulus, "%d", value); cmd_steps = value;
          code = $fscanf(stimulus, "%d", value); cmd_interval = INTERVAL_BITS'(value);
          cmd_step = 0;
          if (~skipped) begin
            if (cmd_replay) $fwrite(observed, "again\n");
            else $fwrite(observed, "sample\n");
`ifndef PLACED
            run;
`endif
          end
        end
        2: begin
          read_spikes;
          if (~skipped) begin
            start_spikes;
            run;
            end_step;
          end
        end
        4: begin
          code = $fscanf(stimulus, "%d", value);
          is_set = 0;
          for (i = 0; i < replay_words; i = i + 1) begin
            read_word(replay_bank, replay_first + i);
            if ((host_out & replay_masks[i % replay_row]) != 0) is_set = 1;
          end
          if (~is_set) skip = value;
        end
        5: begin
          code = $fscanf(stimulus, "%d", value); cmd_event = EVENT_BITS'(value);
          code = $fscanf(stimulus, "%d", value); cmd_arrives = value[0];
          code = $fscanf(stimulus, "%d", value); cmd_label = LABEL_BITS'(value);
          code = $fscanf(stimulus, "%d", value); cmd_number = STEP_BITS'(value);
          code = $fscanf(stimulus, "%d", value); cmd_interval = INTERVAL_BITS'(value);
          read_spikes;
          start_spikes;
          run;
        end
        6: begin
          code = $fscanf(stimulus, "%d", value);
          for (i = value; i > 0; i = i - 1) begin
            code = $fscanf(stimulus, "%d", value); host_bank = HOST_BANK_BITS'(value);
            code = $fscanf(stimulus, "%d", value); host_address = HOST_ADDRESS_BITS'(value);
            code = $fscanf(stimulus, "%h", host_in);
            host_valid = 1;
            host_write = 1;
            @(posedge clk); #SETTLE;
          end
          host_valid = 0;
          host_write = 0;
        end
        7: end_step;
        8: begin
          code = $fscanf(stimulus, "%d", value);
          code = $fscanf(stimulus, "%d", words[value]);
        end
        9: begin
          code = $fscanf(stimulus, "%d", value);
          code = $fscanf(stimulus, "%d", carried_bits[value]);
          code = $fscanf(stimulus, "%d", is_signed);
          code = $fscanf(stimulus, "%d", carried_shift[value]);
          code = $fscanf(stimulus, "%d", i);
          if (i == 1) begin
            input_bits = carried_bits[value];
            input_shift = carried_shift[value];
            input_signed = is_signed[0];
            neuron_mask = ~(24'hffffff << input_shift);
          end
        end
        10: begin
          code = $fscanf(stimulus, "%d", replay_bank);
          code = $fscanf(stimulus, "%d", replay_first);
          code = $fscanf(stimulus, "%d", replay_words);
          code = $fscanf(stimulus, "%d", replay_row);
          for (i = 0; i < replay_row; i = i + 1) code = $fscanf(stimulus, "%h", replay_masks[i]);
        end
        default: for (value = 0; value <= BANKS; value = value + 1) write_words(value);
      endcase
      code = $fscanf(stimulus, "%d", command);
    end
    $fwrite(observed, "end\n");
    $fclose(observed);
    $finish;
  end
endmodule
