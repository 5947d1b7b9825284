// The generator, against xorshift32 bit by bit: the word ahead is that of the state, and a step takes it.
module harness (input clk, input step, seed, input [31:0] word, output ok, output [31:0] next);
`include "micro.svh"
  wire [31:0] state;
  micro_lane lane (.clk(clk), .p_in(1'b0), .a_kind(3'd0), .b_kind(3'd0), .a_register(4'd0), .b_register(4'd0), .p_register(4'd0),
    .p_kept(1'b0), .a_scalar(32'd0), .b_scalar(32'd0), .index(32'd0), .items(96'd0), .keep(1'b0), .keep_register(4'd0), .keep_item(32'd0),
    .x_operation(4'd0), .x_unsigned(1'b0), .x_invert(1'b0), .m_multiply(1'b0), .m_random(1'b1), .m_step(step), .s_rotate(5'd0),
    .t_keep(32'hffffffff), .t_left(1'b0), .t_unsigned(1'b0), .t_rounding(3'd0), .f_long(1'b1), .f_to(2'd0), .f_high(33'd0),
    .f_write(1'b0), .f_register(4'd0), .seed(seed), .seed_word(word), .generator(state), .result(), .nonzero(), .holds());
  // xorshift32, by the bits of a word
  wire [31:0] y = {state[31] ^ state[18], state[30] ^ state[17], state[29:0]};
  function automatic [31:0] after(input [31:0] s);
    integer i;
    reg [31:0] one, two;
    begin
      for (i = 0; i < 32; i = i + 1) one[i] = s[i] ^ (i >= 13 ? s[i - 13] : 1'b0);
      for (i = 0; i < 32; i = i + 1) two[i] = one[i] ^ (i < 15 ? one[i + 17] : 1'b0);
      for (i = 0; i < 32; i = i + 1) after[i] = two[i] ^ (i >= 5 ? two[i - 5] : 1'b0);
    end
  endfunction
  assign next = after(state);
  reg [31:0] before, put;
  reg stepped, seeded, runs = 0;
  always @(posedge clk) begin
    before <= state;
    put <= word;
    stepped <= step;
    seeded <= seed;
    runs <= 1;
  end
  // what a cycle does
  assign ok = ~runs | state == (seeded ? put : stepped ? after(before) : before);
endmodule
