// Drives the chip with random operations, and writes what it did as a golden trace:
//
//   iverilog -g2012 -o mine_tb mine.v mine_tb.v && vvp mine_tb +trace=../golden.json
`timescale 1ns / 1ps

module mine_tb;
  localparam INPUTS = 49, NEURONS = 10, OPERATIONS = 600;

  reg clk = 0, reset = 1, valid = 0;
  reg [1:0] operation = 0;
  reg [5:0] in_input = 0;
  reg [3:0] in_neuron = 0;
  reg signed [1:0] in_change = 0;
  wire ready, spike;
  wire [3:0] spike_neuron;

  mine chip (
      .clk(clk),
      .reset(reset),
      .valid(valid),
      .operation(operation),
      .in_input(in_input),
      .in_neuron(in_neuron),
      .in_change(in_change),
      .ready(ready),
      .spike(spike),
      .spike_neuron(spike_neuron)
  );

  // Cycle 0 is the first in which an operation is accepted.
  integer cycle = 0, done = 0, spikes = 0;
  integer spike_cycle[0:65535], spike_of[0:65535];

  // A generator of our own: $random is not the same in all simulators.
  reg [31:0] state = 32'h2545f491;
  function automatic [31:0] shifted(input [31:0] s);
    reg [31:0] a, b;
    begin
      a = s ^ (s << 13);
      b = a ^ (a >> 17);
      shifted = b ^ (b << 5);
    end
  endfunction

  integer file, i, j;
  reg [8*256-1:0] path;

  task comma(input integer index);
    if (index > 0) $fwrite(file, ", ");
  endtask

  task write_weights;
    for (i = 0; i < INPUTS; i = i + 1) begin
      if (i > 0) $fwrite(file, ",");
      $fwrite(file, "\n      [");
      for (j = 0; j < NEURONS; j = j + 1) begin
        comma(j);
        $fwrite(file, "%0d", $signed(chip.w[i*NEURONS+j]));
      end
      $fwrite(file, "]");
    end
  endtask

  task write_operation;
    begin
      if (done > 0) $fwrite(file, ",");
      $fwrite(file, "\n    [");
      case (operation)
        0: $fwrite(file, "\"clear\"");
        1: $fwrite(file, "\"input\"");
        2: $fwrite(file, "\"tick\"");
        default: $fwrite(file, "\"learn\"");
      endcase
      $fwrite(file, ", %0d, %0d, %0d]", in_input, in_neuron, in_change);
    end
  endtask

  // Mostly inputs; a tick in eight operations, learning in four, and rarely a clear.
  task choose;
    begin
      state = shifted(state);
      in_input = state[13:8] % INPUTS;
      in_neuron = state[19:16] % NEURONS;
      in_change = state[20] ? 1 : -1;
      operation = state[5:0] == 0 ? 0 : state[2:0] == 1 ? 2 : state[1:0] == 2 ? 3 : 1;
    end
  endtask

  always #5 clk = !clk;

  initial begin
    if (!$value$plusargs("trace=%s", path)) path = "golden.json";
    file = $fopen(path, "w");
    // Weights that pull up more than they pull down, so that neurons spike.
    for (i = 0; i < INPUTS * NEURONS; i = i + 1) begin
      state = shifted(state);
      chip.w[i] = $signed(state[11:7]) + 8;
    end
    $fwrite(file, "{\n  \"format\": \"mine-golden/1\",\n  \"weights\": [");
    write_weights;
    $fwrite(file, "],\n  \"stimulus\": [");
    repeat (2) @(negedge clk);
    reset = 0;
    valid = 1;
    while (done < OPERATIONS || !ready) begin
      if (ready) begin
        choose;
        write_operation;
        done = done + 1;
      end
      #1;
      if (spike) begin
        spike_cycle[spikes] = cycle;
        spike_of[spikes] = spike_neuron;
        spikes = spikes + 1;
      end
      @(negedge clk);
      cycle = cycle + 1;
    end
    $fwrite(file, "\n  ],\n  \"expected\": {\n    \"cycles\": %0d,\n    \"spikes\": [", cycle);
    for (i = 0; i < spikes; i = i + 1) begin
      comma(i);
      $fwrite(file, "[%0d, %0d]", spike_cycle[i], spike_of[i]);
    end
    $fwrite(file, "],\n    \"potentials\": [");
    for (i = 0; i < NEURONS; i = i + 1) begin
      comma(i);
      $fwrite(file, "%0d", $signed(chip.v[i]));
    end
    $fwrite(file, "],\n    \"weights\": [");
    write_weights;
    $fwrite(file, "]\n  }\n}\n");
    $fclose(file);
    $finish;
  end
endmodule
