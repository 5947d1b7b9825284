// The bench of a programmable core: it does what stimulus.txt asks, and writes what the core does to observed.txt.
// A line is a command:
//
//   w memory address word   writes a word of a memory, of a bank or of the program
//   k kernel neuron         runs a kernel; its spikes and its cycles are written down
//   r memory address        reads a word, and writes it down
`timescale 1ns/1ps
module bench;
`include "bench_micro.svh"
  reg clk = 0, rst = 1;
  always #5 clk = ~clk;
  reg start = 0, host_valid = 0, host_write = 0;
  reg [4:0] start_kernel = 0;
  reg [15:0] start_neuron = 0, host_address = 0;
  reg [3:0] host_memory = 0;
  reg [HOST_BITS-1:0] host_in = 0;
  wire ready, m_valid;
  wire [3:0] m_population;
  wire [8:0] m_tile;
  wire [LANES-1:0] m_lanes;
  wire [HOST_BITS-1:0] host_out;
  plasticore_core core (
    .clk(clk), .rst(rst), .start(start), .start_kernel(start_kernel), .start_neuron(start_neuron), .ready(ready),
    .m_valid(m_valid), .m_population(m_population), .m_tile(m_tile), .m_lanes(m_lanes),
    .host_valid(host_valid), .host_write(host_write), .host_memory(host_memory), .host_address(host_address),
    .host_in(host_in), .host_out(host_out)
  );
  integer stimulus, observed, code, command, first, second, cycles, l;
  always @(posedge clk) if (m_valid)
    for (l = 0; l < LANES; l = l + 1) if (m_lanes[l]) $fwrite(observed, "spike %0d %0d\n", m_population, m_tile * LANES + l);
  initial begin
    stimulus = $fopen("stimulus.txt", "r");
    observed = $fopen("observed.txt", "w");
    repeat (3) @(posedge clk);
    #1 rst = 0;
    command = $fgetc(stimulus);
    while (command != -1) begin
      code = $fscanf(stimulus, "%d %d", first, second);
      if (command == "k") begin
        start = 1; start_kernel = 5'(first); start_neuron = 16'(second);
        @(posedge clk); #1;
        start = 0;
        cycles = 1;
        while (~ready) begin @(posedge clk); #1; cycles = cycles + 1; end
        // what the lanes still have to write
        repeat (8) @(posedge clk);
        #1 $fwrite(observed, "ran %0d %0d\n", first, cycles);
      end else begin
        host_memory = 4'(first); host_address = 16'(second);
        host_valid = 1; host_write = command == "w";
        if (command == "w") code = $fscanf(stimulus, "%h", host_in);
        @(posedge clk); #1;
        host_valid = 0;
        if (command == "r") begin
          @(posedge clk); #1;
          $fwrite(observed, "word %0d %0d %0h\n", first, second, host_out);
        end
      end
      code = $fgetc(stimulus);
      command = $fgetc(stimulus);
    end
    $fwrite(observed, "end\n");
    $fclose(observed);
    $finish;
  end
endmodule
