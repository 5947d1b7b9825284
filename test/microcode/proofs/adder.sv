// Adder, comparisons, selection and logic with saturation, against exact sums: all operands, operations and fields.
module harness (input clk, input [31:0] a, b, input p, input [3:0] op, input [1:0] to, input [5:0] bits, input unsigned_, invert,
  output ok);
`include "micro.svh"
`include "micro_controls.svh"
  wire [31:0] result;
  micro_lane lane (.clk(clk), .p_in(p), .a_kind(KIND_BANK0[2:0]), .b_kind(KIND_BANK1[2:0]), .a_register(4'd0), .b_register(4'd0), .p_register(4'd0),
    .p_kept(1'b0), .a_scalar(32'd0), .b_scalar(32'd0), .index(32'd0), .items({32'd0, b, a}), .keep(1'b0), .keep_register(4'd0), .keep_item(32'd0),
    .x_operation(op), .x_unsigned(unsigned_), .x_invert(invert), .m_multiply(1'b0), .m_random(1'b0), .m_step(1'b0), .s_rotate(5'd0),
    .t_keep(32'd0), .t_left(1'b0), .t_unsigned(1'b0), .t_rounding(3'd0), .f_long(1'b0), .f_to(to), .f_high(high_bits(to, bits)), .f_write(1'b0), .f_register(4'd0),
    .seed(1'b0), .seed_word(32'd0), .generator(), .result(result), .nonzero(), .holds());
  // ---- exact
  wire signed [35:0] x = $signed(a), y = $signed(b), ux = {4'd0, a}, uy = {4'd0, b};
  wire less = unsigned_ ? ux < uy : x < y;
  reg signed [35:0] exact;
  always @*
    case (op)
      OP_PASS: exact = x;
      OP_ADD: exact = x + y;
      OP_SUB: exact = x - y;
      OP_ABS: exact = x < 0 ? -x : x;
      OP_MIN: exact = x < y ? x : y;
      OP_MAX: exact = x < y ? y : x;
      OP_LESS: exact = less ^ invert;
      OP_EQUAL: exact = (x == y) ^ invert;
      OP_AND: exact = x & y;
      OP_OR: exact = x | y;
      OP_XOR: exact = x ^ y;
      default: exact = p ? x : y;
    endcase
  wire signed [35:0] one = 36'sd1;
  wire signed [35:0] highest = to == FIT_UNSIGNED ? (one <<< bits) - one : (one <<< (bits - 6'd1)) - one;
  wire signed [35:0] lowest = to == FIT_UNSIGNED ? 36'sd0 : to == FIT_SYMMETRIC ? -highest : -highest - one;
  wire signed [35:0] fitted = to == FIT_NONE ? exact : exact < lowest ? lowest : exact > highest ? highest : exact;
  wire given = op <= OP_SELECT & (op == OP_LESS | ~unsigned_) & bits != 0 & bits <= 6'd32 & ~(to == FIT_UNSIGNED & bits == 6'd32) & ~(to == FIT_SYMMETRIC & bits == 6'd1);
  assign ok = ~given | result == fitted[31:0];
endmodule
