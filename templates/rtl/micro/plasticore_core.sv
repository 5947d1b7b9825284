// The core of an hw-model: its lanes, and its banks.
module plasticore_core (
  input wire clk,
  input wire rst,
  input wire start,
  input wire [4:0] start_kernel,
  input wire [15:0] start_neuron,
  output wire ready,
  output wire m_valid,
  output wire [3:0] m_population,
  output wire [8:0] m_tile,
  output wire [@last_lane@:0] m_lanes,
  input wire host_valid,
  input wire host_write,
  input wire [3:0] host_memory,
  input wire [15:0] host_address,
  input wire [@last_host@:0] host_in,
  output wire [@last_host@:0] host_out
);
  wire [@last_bank@:0] r_en, w_en;
  wire [@last_address@:0] r_addr, w_addr;
  wire [@last_word@:0] r_data, w_data, w_mask;
  micro_core #(.LANES(@lanes@), .BANKS(@banks@), .HOST_BITS(@host@), .WIDTHS({@widths@})) core (
    .clk(clk), .rst(rst), .start(start), .start_kernel(start_kernel), .start_neuron(start_neuron), .ready(ready),
    .m_valid(m_valid), .m_population(m_population), .m_tile(m_tile), .m_lanes(m_lanes),
    .host_valid(host_valid), .host_write(host_write), .host_memory(host_memory), .host_address(host_address),
    .host_in(host_in), .host_out(host_out),
    .r_en(r_en), .r_addr(r_addr), .r_data(r_data), .w_en(w_en), .w_addr(w_addr), .w_data(w_data), .w_mask(w_mask)
  );
  micro_banks banks (
    .clk(clk), .r_en(r_en), .r_addr(r_addr), .r_data(r_data),
    .w_en(w_en), .w_addr(w_addr), .w_data(w_data), .w_mask(w_mask)
  );
endmodule
