// The banks, the only place to exchange for macros. A word is there in the cycle after its address.
module micro_banks (
  input wire clk,
  input wire [@last_bank@:0] r_en,
  input wire [@last_address@:0] r_addr,
  output wire [@last_word@:0] r_data,
  input wire [@last_address@:0] w_next,
  input wire [@last_bank@:0] w_en,
  input wire [@last_address@:0] w_addr,
  input wire [@last_word@:0] w_data,
  input wire [@last_word@:0] w_mask
);
@instances@
endmodule
