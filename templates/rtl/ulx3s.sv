`default_nettype none
// @program@ on a ULX3S (v2 and v3): the serial line of its USB socket US1 carries the streams, 1000000 baud, 8N1.
module ulx3s (
  input wire clk_25mhz,
  // named from the USB chip: this one receives
  input wire ftdi_txd,
  output wire ftdi_rxd,
  input wire fire1,
  output wire [7:0] led,
  // high, or the board's other processor takes over
  output wire wifi_gpio0
);
  assign wifi_gpio0 = 1'b1;

  // reset: at power-up, while FIRE1 is pressed, and where the host holds the line low
  reg [3:0] awake = 4'd0;
  reg [1:0] pressed = 2'd0;
  reg rst = 1'b1;
  wire asks_reset;
  always @(posedge clk_25mhz) begin
    if (~awake[3]) awake <= awake + 4'd1;
    pressed <= {pressed[0], fire1};
    rst <= ~awake[3] | pressed[1] | asks_reset;
  end

  wire in_valid, in_ready, out_valid, out_ready, line_lost, busy, fault, lost, refused;
  wire [31:0] in_word, out_word;
  uart #(.CLOCKS(25), .ROOM(@room@)) serial (
    .clk(clk_25mhz), .rst(rst), .rxd(ftdi_txd), .txd(ftdi_rxd), .asks_reset(asks_reset), .lost(line_lost),
    .m_axis_tvalid(in_valid), .m_axis_tready(in_ready), .m_axis_tdata(in_word),
    .s_axis_tvalid(out_valid), .s_axis_tready(out_ready), .s_axis_tdata(out_word)
  );
  wire out_last;
  wire unused_last = &{1'b0, out_last};
  top_stream core (
    .clk(clk_25mhz), .rst(rst), .s_lost(line_lost), .busy(busy), .fault(fault), .lost(lost), .refused(refused),
    .s_axis_tvalid(in_valid), .s_axis_tready(in_ready), .s_axis_tdata(in_word),
    .m_axis_tvalid(out_valid), .m_axis_tready(out_ready), .m_axis_tdata(out_word), .m_axis_tlast(out_last)
  );

  // a tenth of a second of light for what is short
  reg [21:0] busy_for, rx_for, tx_for;
  localparam [21:0] TENTH = 22'd2500000;
  always @(posedge clk_25mhz) begin
    busy_for <= rst ? 22'd0 : busy ? TENTH : busy_for == 0 ? 22'd0 : busy_for - 22'd1;
    rx_for <= rst ? 22'd0 : in_valid ? TENTH : rx_for == 0 ? 22'd0 : rx_for - 22'd1;
    tx_for <= rst ? 22'd0 : out_valid ? TENTH : tx_for == 0 ? 22'd0 : tx_for - 22'd1;
  end
  assign led = {~rst, 1'b0, tx_for != 0, rx_for != 0, refused, lost, fault, busy_for != 0};
endmodule
`default_nettype wire
