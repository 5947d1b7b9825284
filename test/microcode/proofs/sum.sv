// The sum of a row of one tile, or its largest value, and its saturation to the field: all items, open lanes and fields.
module harness #(parameter LANES = 4) (input clk, input [32*LANES-1:0] items, input [LANES-1:0] lanes, input largest,
  input [1:0] to, input [5:0] bits, output ok);
`include "micro.svh"
  wire [31:0] word;
  micro_sum #(.LANES(LANES)) sum (.clk(clk), .rst(1'b0), .valid(1'b1), .first(1'b1), .last(1'b1), .lanes(lanes), .items(items), .row(13'd0),
    .bank(2'd0), .access(26'd0), .to(to), .bits(bits), .takes_largest(largest), .write(), .write_bank(), .write_access(), .write_row(),
    .write_word(word));
  // of no lane, the sum is zero, and the largest value the least of all
  reg [31:0] joined;
  integer l;
  always @* begin
    joined = largest ? 32'h80000000 : 32'd0;
    for (l = 0; l < LANES; l = l + 1)
      if (lanes[l]) joined = ~largest ? joined + items[32*l +: 32] : $signed(items[32*l +: 32]) > $signed(joined) ? items[32*l +: 32] : joined;
  end
  wire signed [35:0] x = $signed(joined);
  wire signed [35:0] one = 36'sd1;
  wire signed [35:0] highest = to == FIT_UNSIGNED ? (one <<< bits) - one : (one <<< (bits - 6'd1)) - one;
  wire signed [35:0] lowest = to == FIT_UNSIGNED ? 36'sd0 : to == FIT_SYMMETRIC ? -highest : -highest - one;
  wire signed [35:0] fitted = to == FIT_NONE ? x : x < lowest ? lowest : x > highest ? highest : x;
  wire given = bits != 0 & bits <= 6'd32 & ~(to == FIT_UNSIGNED & bits == 6'd32) & ~(to == FIT_SYMMETRIC & bits == 6'd1);
  assign ok = ~given | word == fitted[31:0];
endmodule
