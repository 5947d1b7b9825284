// Rotator, five roundings and saturation, against floor((x + addend) / 2^amount): all numbers, amounts, modes, words of
// the generator and fields. The multiplier is left out: it multiplies by what `*` is.
module harness (input clk, input [31:0] a, word, input random, left, unsigned_, step, seed, input [4:0] amount, input [2:0] rounding,
  input [1:0] to, input [5:0] bits, output ok);
`include "micro.svh"
`include "micro_controls.svh"
  wire [31:0] result;
  micro_lane lane (.clk(clk), .p_in(1'b0), .a_kind(KIND_BANK0[2:0]), .b_kind(KIND_BANK1[2:0]), .a_register(4'd0), .b_register(4'd0), .p_register(4'd0),
    .p_kept(1'b0), .a_scalar(32'd0), .b_scalar(32'd0), .index(32'd0), .items({64'd0, a}), .keep(1'b0), .keep_register(4'd0), .keep_item(32'd0),
    .x_operation(4'd0), .x_unsigned(1'b0), .x_invert(1'b0), .m_multiply(1'b0), .m_random(random), .m_step(step), .s_rotate(rotation(amount, left)),
    .t_keep(kept_bits(amount, left)), .t_left(left), .t_unsigned(unsigned_), .t_rounding(rounding), .f_long(1'b1), .f_to(to), .f_high(high_bits(to, bits)),
    .f_write(1'b0), .f_register(4'd0), .seed(seed), .seed_word(word), .generator(), .result(result), .nonzero(), .holds());
  wire [31:0] source = random ? word : a;
  wire signed [67:0] x = unsigned_ ? $signed({36'd0, source}) : $signed({{36{source[31]}}, source});
  wire signed [67:0] one = 68'sd1;
  wire signed [67:0] drawn = $signed({36'd0, word}) >>> (7'd32 - amount);
  reg signed [67:0] addend;
  always @*
    case (rounding)
      ROUND_NEAREST: addend = (one <<< amount) >>> 1;
      ROUND_UP: addend = (one <<< amount) - one;
      ROUND_ZERO: addend = x < 0 ? (one <<< amount) - one : 68'sd0;
      ROUND_STOCHASTIC: addend = drawn;
      default: addend = 68'sd0;
    endcase
  wire signed [67:0] shifted = left ? x <<< amount : (x + (amount == 0 ? 68'sd0 : addend)) >>> amount;
  wire signed [67:0] exact = $signed(shifted[31:0]);
  wire signed [67:0] highest = to == FIT_UNSIGNED ? (one <<< bits) - one : (one <<< (bits - 6'd1)) - one;
  wire signed [67:0] lowest = to == FIT_UNSIGNED ? 68'sd0 : to == FIT_SYMMETRIC ? -highest : -highest - one;
  wire signed [67:0] fitted = to == FIT_NONE ? exact : exact < lowest ? lowest : exact > highest ? highest : exact;
  wire given = rounding <= ROUND_STOCHASTIC & ~(unsigned_ & rounding != ROUND_FLOOR) & bits != 0 & bits <= 6'd32 &
    ~(to == FIT_UNSIGNED & bits == 6'd32) & ~(to == FIT_SYMMETRIC & bits == 6'd1);
  assign ok = ~given | result == fitted[31:0];
endmodule
