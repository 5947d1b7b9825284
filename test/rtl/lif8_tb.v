// Runs the core on a stimulus and prints what it did, a line a step: the cycles in which it was busy, the mask of the
// neurons that spiked, the word of the membranes.
//
//   vvp lif8 +stimulus=FILE +steps=N
//
// A word of the stimulus is a step: bit 8 is set in the first step of a sample, bits 7:0 are the inputs that spike.
`timescale 1ns / 1ps
module lif8_tb;
  reg clock = 0, reset = 1, start = 0, first = 0;
  reg [7:0] inputs = 0;
  wire busy, spike;
  wire [7:0] spikes;
  lif8 core (.clock(clock), .reset(reset), .start(start), .first(first), .inputs(inputs),
             .busy(busy), .spike(spike), .spikes(spikes));

  always #5 clock = !clock;

  reg [8:0] stimulus[0:65535];
  reg [8*256-1:0] file;
  integer steps, step, cycles;

  initial begin
    if (!$value$plusargs("stimulus=%s", file) || !$value$plusargs("steps=%d", steps)) begin
      $display("expected +stimulus=FILE +steps=N");
      $finish(0);
    end
    $readmemh(file, stimulus, 0, steps - 1);
    repeat (2) @(negedge clock);
    reset = 0;
    for (step = 0; step < steps; step = step + 1) begin
      {first, inputs} = stimulus[step];
      start = 1;
      @(negedge clock);
      start = 0;
      cycles = 0;
      while (busy) begin
        cycles = cycles + 1;
        @(negedge clock);
      end
      $display("%0d %b %h", cycles, core.fired, core.membranes[0]);
    end
    $finish(0);
  end
endmodule
