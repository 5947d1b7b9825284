// A bank: a memory of words with a port that reads and one that writes the bits of a mask. Simulators take it as it is;
// synthesis makes it of memories that are written as a whole, as blocks of FPGAs are.
module micro_bank #(parameter WIDTH = 256, parameter WORDS = 256, parameter ADDRESS = 8) (
  input wire clk,
  input wire r_en,
  input wire [ADDRESS-1:0] r_addr,
  output reg [WIDTH-1:0] r_data,
  // the address of what is written in the next cycle
  input wire [ADDRESS-1:0] w_next,
  input wire w_en,
  input wire [ADDRESS-1:0] w_addr,
  input wire [WIDTH-1:0] w_data,
  input wire [WIDTH-1:0] w_mask
);
`ifdef SYNTHESIS
  genvar s;
  generate
    // so deep that a block is one bit wide, or nearly: two copies would take more of them
    if (WORDS > 4096) begin : of_bits
      for (s = 0; s < WIDTH; s = s + 1) begin : slice
        (* no_rw_check *) reg mem [0:WORDS-1];
        always @(posedge clk) begin
          if (r_en) r_data[s] <= mem[r_addr];
          if (w_en & w_mask[s]) mem[w_addr] <= w_data[s];
        end
      end
    end else begin : of_words
      // the second one has the word as it was
      (* no_rw_check *) reg [WIDTH-1:0] mem [0:WORDS-1];
      (* no_rw_check *) reg [WIDTH-1:0] copy [0:WORDS-1];
      reg [WIDTH-1:0] old, last;
      reg is_last;
      wire [WIDTH-1:0] word = (is_last ? last : old) & ~w_mask | w_data & w_mask;
      always @(posedge clk) begin
        if (r_en) r_data <= mem[r_addr];
        old <= copy[w_next];
        last <= word;
        is_last <= w_en & w_addr == w_next;
        if (w_en) mem[w_addr] <= word;
        if (w_en) copy[w_addr] <= word;
      end
    end
  endgenerate
`else
  reg [WIDTH-1:0] mem [0:WORDS-1];
  always @(posedge clk) begin
    if (r_en) r_data <= mem[r_addr];
    if (w_en) mem[w_addr] <= mem[w_addr] & ~w_mask | w_data & w_mask;
  end
`endif
endmodule
