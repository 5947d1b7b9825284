// Items of a tile in a word, against the word shifted to the place of the tile: all words, tiles, places, widths and
// signs. A word of half a tile has the same items in both halves of the lanes.
module harness #(parameter WIDTH = 64, parameter LANES = 4) (input clk, input [WIDTH-1:0] word, input [7:0] part, input [2:0] stride, input [4:0] last,
  input is_signed, output ok);
`include "micro.svh"
`include "micro_controls.svh"
  localparam WIDEST = $clog2(WIDTH / LANES);
  // a word of so many tiles
  wire is_half = stride == WIDEST + 1;
  wire [3:0] parts = is_half ? 4'd0 : 4'(WIDEST) - 4'(stride);
  wire [32*LANES-1:0] items;
  micro_unpack #(.WIDTH(WIDTH), .LANES(LANES)) unpack (.word(word), .halves(halves(part, parts)), .stride(stride), .last(last), .is_signed(is_signed), .items(items));
  wire [WIDTH-1:0] shifted = word >> (32'(part) * LANES << stride);
  reg [LANES-1:0] equal;
  integer l;
  reg [31:0] item;
  always @*
    for (l = 0; l < LANES; l = l + 1) begin
      item = 32'(shifted >> ((is_half ? l % (LANES / 2) : l) << stride)) & (32'hffffffff >> (5'd31 - last));
      if (is_signed & item[last]) item = item | (32'hffffffff << last);
      equal[l] = item == items[32*l +: 32];
    end
  // bits above those of an item are zero, where there are any
  wire [31:0] within = 32'hffffffff >> (5'd31 - last);
  reg [LANES-1:0] cut;
  always @*
    for (l = 0; l < LANES; l = l + 1) begin
      item = 32'(shifted >> ((is_half ? l % (LANES / 2) : l) << stride)) & (stride == 5 ? 32'hffffffff : (32'd1 << (32'd1 << stride)) - 1);
      cut[l] = (item & ~within) == 0;
    end
  wire given = stride <= WIDEST + 1 & stride <= 5 & last < (6'd1 << stride) & (part >> parts) == 0 & &cut;
  assign ok = ~given | &equal;
endmodule
