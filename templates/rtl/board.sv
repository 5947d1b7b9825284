`default_nettype none
// @program@ on a board: a serial line carries the streams, 1000000 baud, 8N1. The parameters are those of a ULX3S; the scripts of
// other boards set their own.
module board #(
  // Clocks of the core in a bit of the line, and those of the board in one of the core: a power of two.
  parameter CLOCKS = 25,
  parameter DIVIDE = 1,
  parameter LIGHTS = 9,
  // Whether lights shine, and the button is pressed, where their pins are low.
  parameter LOW = 0
) (
  input wire clk_in,
  input wire rxd,
  output wire txd,
  input wire button,
  output wire [LIGHTS-1:0] led
);
  wire clk;
  generate
    if (DIVIDE == 1) begin : whole
      assign clk = clk_in;
    end else begin : slower
      reg [$clog2(DIVIDE)-1:0] count = 0;
      always @(posedge clk_in) count <= count + 1'b1;
      assign clk = count[$clog2(DIVIDE)-1];
    end
  endgenerate

  // reset: at power-up, while the button is pressed, and where the host holds the line low
  reg [3:0] awake = 4'd0;
  reg [1:0] pressed = 2'd0;
  reg rst = 1'b1;
  wire asks_reset;
  always @(posedge clk) begin
    if (~awake[3]) awake <= awake + 4'd1;
    pressed <= {pressed[0], button ^ (LOW != 0)};
    rst <= ~awake[3] | pressed[1] | asks_reset;
  end

  wire in_valid, in_ready, out_valid, out_ready, line_lost, busy, fault, lost, refused;
  wire [31:0] in_word, out_word;
  uart #(.CLOCKS(CLOCKS), .ROOM(@room@)) serial (
    .clk(clk), .rst(rst), .rxd(rxd), .txd(txd), .asks_reset(asks_reset), .lost(line_lost),
    .m_axis_tvalid(in_valid), .m_axis_tready(in_ready), .m_axis_tdata(in_word),
    .s_axis_tvalid(out_valid), .s_axis_tready(out_ready), .s_axis_tdata(out_word)
  );
  wire out_last;
  wire unused_last = &{1'b0, out_last};
  top_stream core (
    .clk(clk), .rst(rst), .s_lost(line_lost), .busy(busy), .fault(fault), .lost(lost), .refused(refused),
    .s_axis_tvalid(in_valid), .s_axis_tready(in_ready), .s_axis_tdata(in_word),
    .m_axis_tvalid(out_valid), .m_axis_tready(out_ready), .m_axis_tdata(out_word), .m_axis_tlast(out_last)
  );

  // a tenth of a second of light for what is short
  reg [21:0] busy_for, rx_for, tx_for;
  localparam [21:0] TENTH = 22'(CLOCKS * 100000);
  always @(posedge clk) begin
    busy_for <= rst ? 22'd0 : busy ? TENTH : busy_for == 0 ? 22'd0 : busy_for - 22'd1;
    rx_for <= rst ? 22'd0 : in_valid ? TENTH : rx_for == 0 ? 22'd0 : rx_for - 22'd1;
    tx_for <= rst ? 22'd0 : out_valid ? TENTH : tx_for == 0 ? 22'd0 : tx_for - 22'd1;
  end
  // the last one stays lit: of a ULX3S it is the pin that keeps the board's other processor quiet
  wire [8:0] shown = {1'b1, ~rst, 1'b0, tx_for != 0, rx_for != 0, refused, lost, fault, busy_for != 0};
  wire unused_shown = &{1'b0, shown};
  assign led = LOW != 0 ? ~shown[LIGHTS-1:0] : shown[LIGHTS-1:0];
endmodule
`default_nettype wire
