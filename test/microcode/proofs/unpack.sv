// Items of a tile in a word, against the word shifted to the place of the tile: all words, tiles, widths and signs.
module harness #(parameter WIDTH = 128, parameter LANES = 4) (input clk, input [WIDTH-1:0] word, input [7:0] part, input [2:0] stride, input is_signed,
  output ok);
`include "micro.svh"
`include "micro_controls.svh"
  localparam WIDEST = $clog2(WIDTH / LANES);
  // a word of so many tiles
  wire [3:0] parts = 4'(WIDEST) - 4'(stride);
  wire [32*LANES-1:0] items;
  micro_unpack #(.WIDTH(WIDTH), .LANES(LANES)) unpack (.word(word), .halves(halves(part, parts)), .stride(stride), .is_signed(is_signed), .items(items));
  wire [WIDTH-1:0] shifted = word >> (32'(part) * LANES << stride);
  reg [LANES-1:0] equal;
  integer l;
  reg [31:0] item;
  always @*
    for (l = 0; l < LANES; l = l + 1) begin
      item = 32'(shifted >> (l << stride));
      item = stride == 5 ? item : item & ((32'd1 << (32'd1 << stride)) - 1);
      if (is_signed & stride != 5 & item[(32'd1 << stride) - 1]) item = item | (32'hffffffff << (32'd1 << stride));
      equal[l] = item == items[32*l +: 32];
    end
  wire given = stride <= WIDEST & stride <= 5 & (part >> parts) == 0;
  assign ok = ~given | &equal;
endmodule
