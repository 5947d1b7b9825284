`timescale 1ns / 1ps
// Eight inputs on eight leaky integrate-and-fire neurons that excite and inhibit each other: a small core, with its
// description in lif8.yaml (what it computes), lif8.uc (how) and lif8-core.yaml (in which words and cycles).
//
// A step begins with `start`, and the mask of the inputs that spike in it. The core serves them from the lowest, fires
// its neurons, and serves those that spiked. Where no more than one spike of each waits, a mask is a FIFO.
//
//   state   cycles  does
//   CLEAR        1  writes zero to the membranes, in the first step of a sample
//   POP          1  takes the next spike from its mask                         \  for each spike
//   READ         1  reads its row of weights and the membranes                  |
//   ADD          1  adds them, saturating at 10 bits                            |
//   WRITE        1  writes the membranes                                       /
//   LOAD         1  reads the membranes                                        \  once a step
//   FIRE         1  compares, resets, leaks                                     |
//   STORE        1  writes the membranes, and the spikes into their mask       /
module lif8 #(
    parameter THRESHOLD = 200,
    parameter LEAK = 3,
    parameter WEIGHTS = "weight.memh",
    parameter MEMBRANES = "membrane.memh"
) (
    input wire clock,
    input wire reset,
    input wire start,
    input wire first,          // with start: the step is the first of a sample
    input wire [7:0] inputs,   // with start
    output wire busy,
    output reg spike,          // in the cycle STORE, and the mask of the neurons that do
    output reg [7:0] spikes
);
  localparam IDLE = 0, CLEAR = 1, POP = 2, READ = 3, ADD = 4, WRITE = 5, LOAD = 6, FIRE = 7, STORE = 8;

  reg [63:0] weights[0:15];
  reg [79:0] membranes[0:0];
  initial begin
    $readmemh(WEIGHTS, weights);
    $readmemh(MEMBRANES, membranes);
  end

  reg [3:0] state;
  reg [7:0] waiting;       // inputs, then neurons, whose spikes are not served yet
  reg hasFired;            // whether they are neurons
  reg [3:0] row;
  reg [63:0] weight;
  reg [79:0] membrane;
  reg [7:0] fired;

  assign busy = state != IDLE;

  function [2:0] lowest(input [7:0] mask);
    integer i;
    begin
      lowest = 0;
      for (i = 7; i >= 0; i = i - 1) if (mask[i]) lowest = i[2:0];
    end
  endfunction

  // A membrane of 10 bits and a weight of 8; the sum has 11.
  function [9:0] add(input signed [9:0] v, input signed [7:0] w);
    reg signed [10:0] sum;
    begin
      sum = v + w;
      add = sum > 511 ? 10'sd511 : sum < -512 ? -10'sd512 : sum[9:0];
    end
  endfunction

  function [9:0] leaked(input signed [9:0] v);
    reg signed [9:0] rest;
    begin
      rest = v >= THRESHOLD ? v - THRESHOLD : v;
      leaked = rest - (rest >>> LEAK);
    end
  endfunction

  // Where the core goes when it is done with a spike, or has none to begin with.
  function [3:0] next(input [7:0] left, input isAfterFiring);
    next = left != 0 ? POP : isAfterFiring ? IDLE : LOAD;
  endfunction

  integer n;
  always @(posedge clock) begin
    spike <= 0;
    if (reset) begin
      state <= IDLE;
      waiting <= 0;
      hasFired <= 0;
    end else
      case (state)
        IDLE:
        if (start) begin
          waiting <= inputs;
          hasFired <= 0;
          state <= first ? CLEAR : next(inputs, 0);
        end
        CLEAR: begin
          membranes[0] <= 0;
          state <= next(waiting, 0);
        end
        POP: begin
          row <= {hasFired, lowest(waiting)};
          waiting[lowest(waiting)] <= 0;
          state <= READ;
        end
        READ: begin
          weight <= weights[row];
          membrane <= membranes[0];
          state <= ADD;
        end
        ADD: begin
          for (n = 0; n < 8; n = n + 1)
            membrane[10*n+:10] <= add(membrane[10*n+:10], weight[8*n+:8]);
          state <= WRITE;
        end
        WRITE: begin
          membranes[0] <= membrane;
          state <= next(waiting, hasFired);
        end
        LOAD: begin
          membrane <= membranes[0];
          state <= FIRE;
        end
        FIRE: begin
          for (n = 0; n < 8; n = n + 1) begin
            fired[n] <= $signed(membrane[10*n+:10]) >= THRESHOLD;
            membrane[10*n+:10] <= leaked(membrane[10*n+:10]);
          end
          state <= STORE;
        end
        STORE: begin
          membranes[0] <= membrane;
          waiting <= fired;
          hasFired <= 1;
          spike <= 1;
          spikes <= fired;
          state <= next(fired, 1);
        end
        default: state <= IDLE;
      endcase
  end
endmodule
