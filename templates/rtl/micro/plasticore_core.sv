// The core of an hw-model: its lanes, and its banks.
module plasticore_core (
  input wire clk,
  input wire rst,
  input wire cmd_valid,
  output wire cmd_ready,
  input wire cmd_step,
  input wire cmd_learn,
  input wire cmd_replay,
  input wire [7:0] cmd_ends,
  input wire signed [31:0] cmd_label,
  input wire [31:0] cmd_steps,
  // the host writes what changes with the epochs
  input wire [0:0] cmd_interval,
  input wire [31:0] cmd_spikes,
  input wire s_valid,
  output wire s_ready,
  output wire s_again,
  input wire [15:0] s_neuron,
  input wire [@last_value@:0] s_value,
  output wire m_valid,
  input wire m_ready,
  output wire [3:0] m_population,
  output wire [8:0] m_tile,
  output wire [@last_lane@:0] m_lanes,
  output wire [@last_values@:0] m_values,
  input wire host_valid,
  input wire host_write,
  input wire [3:0] host_bank,
  input wire [15:0] host_address,
  input wire [@last_host@:0] host_in,
  output wire [@last_host@:0] host_out,
  output wire busy,
  output wire [47:0] cycles,
  output wire fault
);
  wire [@last_bank@:0] r_en, w_en;
  wire [@last_address@:0] r_addr, w_addr, w_next;
  wire [@last_word@:0] r_data, w_data, w_mask;
  micro_core #(
    .LANES(@lanes@), .BANKS(@banks@), .HOST_BITS(@host@), .FIFO_DEPTH(@fifo@), .VALUE(@value@), .WIDTHS({@widths@})
  ) core (
    .clk(clk), .rst(rst), .cmd_valid(cmd_valid), .cmd_ready(cmd_ready), .cmd_step(cmd_step), .cmd_learn(cmd_learn),
    .cmd_replay(cmd_replay), .cmd_ends(cmd_ends), .cmd_label(cmd_label), .cmd_steps(cmd_steps), .cmd_spikes(cmd_spikes),
    .busy(busy), .cycles(cycles), .fault(fault),
    .s_valid(s_valid), .s_ready(s_ready), .s_again(s_again), .s_neuron(s_neuron), .s_value(s_value),
    .m_valid(m_valid), .m_ready(m_ready), .m_population(m_population), .m_tile(m_tile), .m_lanes(m_lanes), .m_values(m_values),
    .host_valid(host_valid), .host_write(host_write), .host_bank(host_bank), .host_address(host_address),
    .host_in(host_in), .host_out(host_out),
    .r_en(r_en), .r_addr(r_addr), .r_data(r_data),
    .w_next(w_next), .w_en(w_en), .w_addr(w_addr), .w_data(w_data), .w_mask(w_mask)
  );
  micro_banks banks (
    .clk(clk), .r_en(r_en), .r_addr(r_addr), .r_data(r_data),
    .w_next(w_next), .w_en(w_en), .w_addr(w_addr), .w_data(w_data), .w_mask(w_mask)
  );
endmodule
