// A lane: two files of registers, one way through adder and logic, one through multiplier, rotator and rounding, and a
// generator. An operation issues in cycle 0. Adder and logic: operands in 0, result in 1, saturated in 2. Multiplier and
// rotator: operands in 0, product in 1 and 2, rotated in 3, rounded in 4 and 5, saturated in 6.
module micro_lane (
  input wire clk,
  // ---- issue: where the operands come from; registers by their physical numbers
  input wire [2:0] a_kind,
  input wire [2:0] b_kind,
  input wire [3:0] a_register,
  input wire [3:0] b_register,
  input wire [3:0] p_register,
  input wire p_kept,
  input wire [31:0] a_scalar,
  input wire [31:0] b_scalar,
  input wire [31:0] index,
  input wire [95:0] items,
  // ---- a loaded item that is kept
  input wire keep,
  input wire [3:0] keep_register,
  input wire [31:0] keep_item,
  // ---- cycle 1 of adder and logic
  input wire [3:0] x_operation,
  input wire x_unsigned,
  input wire x_invert,
  // ---- cycles 2, 3 and 4 of multiplier and rotator
  input wire m_multiply,
  input wire m_random,
  input wire m_step,
  input wire [4:0] s_rotate,
  input wire [31:0] t_keep,
  input wire t_left,
  input wire t_unsigned,
  input wire [2:0] t_rounding,
  // ---- the last cycle of both: saturation to the bits below those of `f_high`
  input wire f_long,
  input wire [1:0] f_to,
  input wire [32:0] f_high,
  input wire f_write,
  input wire [3:0] f_register,
  // ---- the state of the generator
  input wire seed,
  input wire [31:0] seed_word,
  output reg [31:0] generator,
  output reg [31:0] result,
  output wire nonzero,
  // whether the predicate of what the adder has given is not zero
  output reg holds
);
`include "micro.svh"
  // ---- registers
  (* ram_style = "distributed" *) reg [31:0] results_a [0:MOST_REGISTERS-1];
  (* ram_style = "distributed" *) reg [31:0] results_b [0:MOST_REGISTERS-1];
  (* ram_style = "distributed" *) reg [31:0] loads_a [0:MOST_REGISTERS-1];
  (* ram_style = "distributed" *) reg [31:0] loads_b [0:MOST_REGISTERS-1];
  (* ram_style = "distributed" *) reg results_set [0:MOST_REGISTERS-1];
  (* ram_style = "distributed" *) reg loads_set [0:MOST_REGISTERS-1];
  reg set_write;
  reg [3:0] set_register;
  wire [31:0] fitted;
  always @(posedge clk) begin
    if (f_write) results_a[f_register[INDEX_OF_REGISTERS-1:0]] <= fitted;
    if (f_write) results_b[f_register[INDEX_OF_REGISTERS-1:0]] <= fitted;
    if (keep) loads_a[keep_register[INDEX_OF_REGISTERS-1:0]] <= keep_item;
    if (keep) loads_b[keep_register[INDEX_OF_REGISTERS-1:0]] <= keep_item;
    if (keep) loads_set[keep_register[INDEX_OF_REGISTERS-1:0]] <= |keep_item;
    if (set_write) results_set[set_register[INDEX_OF_REGISTERS-1:0]] <= nonzero;
    set_write <= f_write;
    set_register <= f_register;
    result <= fitted;
  end
  assign nonzero = |result;

  // ---- operands
  function automatic [31:0] operand(input [2:0] kind, input [31:0] of_results, input [31:0] of_loads,
      input [95:0] of_banks, input [31:0] scalar, input [31:0] number);
    case (kind)
      KIND_RESULT: operand = of_results;
      KIND_LOAD: operand = of_loads;
      KIND_BANK0: operand = of_banks[31:0];
      KIND_BANK1: operand = of_banks[63:32];
      KIND_BANK2: operand = of_banks[95:64];
      KIND_INDEX: operand = number;
      default: operand = scalar;
    endcase
  endfunction
  reg [31:0] a, b;
  reg p, p_then;
  always @(posedge clk) begin
    a <= operand(a_kind, results_a[a_register[INDEX_OF_REGISTERS-1:0]], loads_a[a_register[INDEX_OF_REGISTERS-1:0]], items, a_scalar, index);
    b <= operand(b_kind, results_b[b_register[INDEX_OF_REGISTERS-1:0]], loads_b[b_register[INDEX_OF_REGISTERS-1:0]], items, b_scalar, index);
    p <= p_kept ? loads_set[p_register[INDEX_OF_REGISTERS-1:0]] : results_set[p_register[INDEX_OF_REGISTERS-1:0]];
    p_then <= p;
    holds <= p_then;
  end

  // ---- adder and logic
  wire is_abs = x_operation == OP_ABS;
  wire subtracts = x_operation == OP_SUB | x_operation == OP_MIN | x_operation == OP_MAX | x_operation == OP_LESS | is_abs & a[31];
  wire [32:0] left = is_abs ? 33'd0 : {~x_unsigned & a[31], a};
  wire [32:0] right = is_abs ? {a[31], a} : {~x_unsigned & b[31], b};
  wire [32:0] total = left + (subtracts ? ~right : right) + 33'(subtracts);
  wire less = total[32];
  reg [32:0] x;
  always @(posedge clk)
    case (x_operation)
      OP_ADD, OP_SUB, OP_ABS: x <= total;
      OP_MIN: x <= less ? {a[31], a} : {b[31], b};
      OP_MAX: x <= less ? {b[31], b} : {a[31], a};
      OP_LESS: x <= {32'd0, less ^ x_invert};
      OP_EQUAL: x <= {32'd0, (a == b) ^ x_invert};
      OP_AND: x <= {a[31] & b[31], a & b};
      OP_OR: x <= {a[31] | b[31], a | b};
      OP_XOR: x <= {a[31] ^ b[31], a ^ b};
      OP_SELECT: x <= p ? {a[31], a} : {b[31], b};
      default: x <= {a[31], a};
    endcase

  // ---- generator: the next word is there before it is asked for
  function automatic [31:0] stepped(input [31:0] word);
    reg [31:0] y, z;
    begin
      y = word ^ (word << 13);
      z = y ^ (y >> 17);
      stepped = z ^ (z << 5);
    end
  endfunction
  reg [31:0] ahead, drawn, drawn_then;
  always @(posedge clk) begin
    if (seed) begin
      generator <= seed_word;
      ahead <= stepped(seed_word);
    end else if (m_step) begin
      generator <= ahead;
      ahead <= stepped(ahead);
    end
    drawn <= ahead;
    drawn_then <= drawn;
  end

  // ---- the low 32 bits of the product
  reg [31:0] low, passed, m;
  reg [15:0] cross_a, cross_b;
  always @(posedge clk) begin
    low <= a[15:0] * b[15:0];
    cross_a <= a[31:16] * b[15:0];
    cross_b <= a[15:0] * b[31:16];
    passed <= a;
    m <= m_random ? ahead : m_multiply ? low + {cross_a + cross_b, 16'd0} : passed;
  end

  // ---- rotated to the right, so that the dropped bits are the highest ones; rounded by them
  reg [31:0] rotated, shifted, t;
  reg sign, up;
  wire [63:0] twice = {m, m};
  wire [31:0] dropped = t_left ? 32'd0 : rotated & ~t_keep;
  // what is drawn below the dropped bits carries nothing
  wire [32:0] drawn_in = {1'b0, dropped} + {1'b0, drawn_then};
  always @(posedge clk) begin
    rotated <= 32'(twice >> s_rotate);
    sign <= m[31];
    shifted <= rotated & t_keep | (sign & ~t_unsigned & ~t_left ? ~t_keep : 32'd0);
    case (t_rounding)
      ROUND_NEAREST: up <= dropped[31];
      ROUND_UP: up <= |dropped;
      ROUND_ZERO: up <= sign & ~t_unsigned & |dropped;
      ROUND_STOCHASTIC: up <= drawn_in[32];
      default: up <= 1'b0;
    endcase
    t <= shifted + 32'(up);
  end

  // ---- saturation
  wire [32:0] v = f_long ? {t[31], t} : x;
  wire is_symmetric = f_to == FIT_SYMMETRIC;
  wire is_unsigned = f_to == FIT_UNSIGNED;
  wire is_lowest = is_symmetric & ~|(v & ~f_high);
  wire is_below = v[32] & (is_unsigned | is_lowest | ~&(v | ~f_high));
  wire is_above = ~v[32] & |(v & f_high);
  wire [31:0] lowest = is_unsigned ? 32'd0 : {f_high[31:1], f_high[0] | is_symmetric};
  assign fitted = f_to == FIT_NONE ? v[31:0] : is_below ? lowest : is_above ? ~f_high[31:0] : v[31:0];
endmodule
