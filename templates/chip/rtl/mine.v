// The chip `mine`: 49 inputs, 10 leaky neurons, one neuron in each cycle.
//
// An operation is accepted in a cycle in which `ready` is high. `clear` is done then; `learn` takes one more cycle,
// `input` and `tick` one more for each neuron. A neuron spikes in the cycle in which a tick serves it.
`timescale 1ns / 1ps

module mine #(
    parameter INPUTS = 49,
    parameter NEURONS = 10,
    parameter signed [11:0] THRESHOLD = 64
) (
    input wire clk,
    input wire reset,
    input wire valid,
    input wire [1:0] operation,
    input wire [5:0] in_input,
    input wire [3:0] in_neuron,
    input wire signed [1:0] in_change,
    output wire ready,
    output wire spike,
    output wire [3:0] spike_neuron
);
  localparam [1:0] CLEAR = 0, INPUT = 1, TICK = 2, LEARN = 3;

  reg signed [5:0] w[0:INPUTS*NEURONS-1];
  reg signed [11:0] v[0:NEURONS-1];

  reg busy;
  reg [1:0] doing;
  reg [5:0] row;
  reg [3:0] neuron;
  reg signed [1:0] change;

  wire [8:0] address = row * NEURONS + neuron;
  wire signed [12:0] sum = v[neuron] + w[address];
  wire signed [6:0] changed = w[address] + change;
  wire at_threshold = v[neuron] >= THRESHOLD;

  assign ready = !busy;
  assign spike = busy && doing == TICK && at_threshold;
  assign spike_neuron = neuron;

  function signed [11:0] saturated12(input signed [12:0] value);
    saturated12 = value > 2047 ? 2047 : value < -2048 ? -2048 : value;
  endfunction

  function signed [5:0] saturated6(input signed [6:0] value);
    saturated6 = value > 31 ? 31 : value < -32 ? -32 : value;
  endfunction

  integer n;
  always @(posedge clk) begin
    if (reset) begin
      busy <= 0;
      for (n = 0; n < NEURONS; n = n + 1) v[n] <= 0;
    end else if (!busy) begin
      if (valid) begin
        doing <= operation;
        row <= in_input;
        change <= in_change;
        neuron <= operation == LEARN ? in_neuron : 0;
        busy <= operation != CLEAR;
        if (operation == CLEAR) for (n = 0; n < NEURONS; n = n + 1) v[n] <= 0;
      end
    end else begin
      case (doing)
        INPUT: v[neuron] <= saturated12(sum);
        TICK: v[neuron] <= at_threshold ? 0 : v[neuron] - (v[neuron] >>> 3);
        LEARN: w[address] <= saturated6(changed);
        default: ;
      endcase
      neuron <= neuron + 1;
      busy <= doing != LEARN && neuron != NEURONS - 1;
    end
  end
endmodule
