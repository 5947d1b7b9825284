// Words that a tile writes, bit by bit: all items, lanes, tiles and widths.
module harness #(parameter WIDTH = 128, parameter LANES = 4) (input clk, input [32*LANES-1:0] items, input [LANES-1:0] lanes, input [7:0] part, input [2:0] stride,
  output ok);
  localparam WIDEST = $clog2(WIDTH / LANES);
  wire [WIDTH-1:0] data, mask;
  micro_pack #(.WIDTH(WIDTH), .LANES(LANES)) pack (.items(items), .lanes(lanes), .part(part), .stride(stride), .data(data), .mask(mask));
  // bit b of a word is bit b mod 2^s of item floor(b / 2^s), which is of lane l of tile p where it is LANES p + l
  reg [WIDTH-1:0] equal;
  integer b, s, item;
  always @* begin
    equal = 0;
    for (b = 0; b < WIDTH; b = b + 1)
      for (s = 0; s <= WIDEST & s <= 5; s = s + 1) if (stride == s) begin
        item = b >> s;
        equal[b] = mask[b] == (lanes[item % LANES] & part == item / LANES) & (~mask[b] | data[b] == items[32 * (item % LANES) + b % (1 << s)]);
      end
  end
  assign ok = stride > WIDEST | stride > 5 | &equal;
endmodule
