// Words that a tile writes, bit by bit: all items, lanes, tiles, places and widths.
module harness #(parameter WIDTH = 64, parameter LANES = 4) (input clk, input [32*LANES-1:0] items, input [LANES-1:0] lanes, input [7:0] part, input upper, input [2:0] stride,
  input [4:0] last, output ok);
  localparam WIDEST = $clog2(WIDTH / LANES);
  wire [WIDTH-1:0] data, mask;
  micro_pack #(.WIDTH(WIDTH), .LANES(LANES)) pack (.items(items), .lanes(lanes), .part(part), .upper(upper), .stride(stride), .last(last), .data(data), .mask(mask));
  // bit b of a word is bit b mod 2^s of item floor(b / 2^s), which is of lane l of tile p where it is LANES p + l; of half a
  // tile, of lane l or LANES / 2 + l
  reg [WIDTH-1:0] equal;
  integer b, s, item;
  reg here, bit_of;
  always @* begin
    equal = 0;
    for (b = 0; b < WIDTH; b = b + 1)
      for (s = 0; s <= WIDEST + 1 & s <= 5; s = s + 1) if (stride == s) begin
        item = b >> s;
        here = s <= WIDEST ? lanes[item % LANES] & part == item / LANES : upper ? lanes[LANES / 2 + item % (LANES / 2)] : lanes[item % (LANES / 2)];
        bit_of = s <= WIDEST ? items[32 * (item % LANES) + b % (1 << s)] :
          upper ? items[32 * (LANES / 2 + item % (LANES / 2)) + b % (1 << s)] : items[32 * (item % (LANES / 2)) + b % (1 << s)];
        equal[b] = mask[b] == here & (~mask[b] | data[b] == (b % (1 << s) <= last & bit_of));
      end
  end
  assign ok = stride > WIDEST + 1 | stride > 5 | last >= (6'd1 << stride) | &equal;
endmodule
