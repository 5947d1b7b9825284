// A bank: a memory of words with a port that reads and one that writes the bits of a mask.
module micro_bank #(parameter WIDTH = 256, parameter WORDS = 256, parameter ADDRESS = 8) (
  input wire clk,
  input wire r_en,
  input wire [ADDRESS-1:0] r_addr,
  output reg [WIDTH-1:0] r_data,
  input wire w_en,
  input wire [ADDRESS-1:0] w_addr,
  input wire [WIDTH-1:0] w_data,
  input wire [WIDTH-1:0] w_mask
);
  reg [WIDTH-1:0] mem [0:WORDS-1];
  always @(posedge clk) begin
    if (r_en) r_data <= mem[r_addr];
    if (w_en) mem[w_addr] <= mem[w_addr] & ~w_mask | w_data & w_mask;
  end
endmodule
