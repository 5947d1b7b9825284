`default_nettype none
// A serial line, 8N1, as two streams of words of 32 bits: four bytes each, the lowest one first.
module uart #(
  // Clocks of a bit, and words that wait for the core.
  parameter CLOCKS = 25,
  parameter ROOM = 16
) (
  input wire clk,
  input wire rst,
  input wire rxd,
  output reg txd,
  // the line has been low for two bytes: the host asks for a reset
  output wire asks_reset,
  output wire m_axis_tvalid,
  input wire m_axis_tready,
  output wire [31:0] m_axis_tdata,
  // a word found no room, or a byte had no stop bit
  output reg lost,
  input wire s_axis_tvalid,
  output wire s_axis_tready,
  input wire [31:0] s_axis_tdata
);
  localparam CLOCK_BITS = $clog2(CLOCKS);
  localparam PLACE_BITS = $clog2(ROOM);
  localparam LOW_BITS = $clog2(20 * CLOCKS + 1);
  localparam [CLOCK_BITS-1:0] WHOLE = CLOCK_BITS'(CLOCKS - 1);
  localparam [CLOCK_BITS-1:0] HALF = CLOCK_BITS'(CLOCKS / 2);
  localparam [LOW_BITS-1:0] BREAK = LOW_BITS'(20 * CLOCKS);

  // ---- receiver: each bit is read in its middle
  reg [2:0] line = 3'b111;
  always @(posedge clk) line <= {line[1:0], rxd};
  wire bit_in = line[2];
  reg [LOW_BITS-1:0] low_for = 0;
  always @(posedge clk) low_for <= bit_in ? 0 : asks_reset ? BREAK : low_for + 1;
  assign asks_reset = low_for == BREAK;

  reg receiving;
  reg [CLOCK_BITS-1:0] rx_wait;
  reg [3:0] rx_bit;
  reg [7:0] rx_byte;
  reg [1:0] rx_count;
  reg [31:0] rx_word;
  reg rx_done;
  // after a byte without a stop bit, the line has to be high before the next one
  reg armed;
  always @(posedge clk) begin
    rx_done <= 1'b0;
    if (rst) begin
      receiving <= 1'b0;
      armed <= 1'b0;
      rx_count <= 2'd0;
      lost <= 1'b0;
    end else begin
      if (rx_done & full) lost <= 1'b1;
      if (~receiving) begin
        if (bit_in) armed <= 1'b1;
        rx_wait <= HALF;
        rx_bit <= 4'd0;
        if (~bit_in & armed) receiving <= 1'b1;
      end else if (rx_wait != 0) rx_wait <= rx_wait - 1;
      else begin
        rx_wait <= WHOLE;
        rx_bit <= rx_bit + 4'd1;
        if (rx_bit == 4'd0) receiving <= ~bit_in;
        else if (rx_bit != 4'd9) rx_byte <= {bit_in, rx_byte[7:1]};
        else begin
          receiving <= 1'b0;
          armed <= bit_in;
          if (~bit_in) lost <= 1'b1;
          else begin
            rx_word <= {rx_byte, rx_word[31:8]};
            rx_count <= rx_count + 2'd1;
            rx_done <= rx_count == 2'd3;
          end
        end
      end
    end
  end

  // ---- words that wait
  reg [31:0] words [0:ROOM-1];
  reg [PLACE_BITS-1:0] words_in, words_out;
  reg [PLACE_BITS:0] words_count;
  reg out_valid;
  reg [31:0] out_word;
  wire full = words_count == (PLACE_BITS + 1)'(ROOM);
  wire enters = rx_done & ~full;
  wire leaves = (~out_valid | m_axis_tready) & words_count != 0;
  assign m_axis_tvalid = out_valid;
  assign m_axis_tdata = out_word;
  always @(posedge clk) begin
    if (enters) words[words_in] <= rx_word;
    if (leaves) out_word <= words[words_out];
    if (rst) begin
      words_in <= 0;
      words_out <= 0;
      words_count <= 0;
      out_valid <= 1'b0;
    end else begin
      if (enters) words_in <= words_in + 1;
      if (leaves) words_out <= words_out + 1;
      words_count <= words_count + (PLACE_BITS + 1)'(enters) - (PLACE_BITS + 1)'(leaves);
      out_valid <= leaves | (out_valid & ~m_axis_tready);
    end
  end

  // ---- sender
  reg [31:0] tx_word;
  reg [1:0] tx_bytes;
  reg [3:0] tx_bit;
  reg [CLOCK_BITS-1:0] tx_wait;
  reg sending;
  assign s_axis_tready = ~sending;
  always @(posedge clk)
    if (rst) begin
      sending <= 1'b0;
      txd <= 1'b1;
    end else if (~sending) begin
      tx_word <= s_axis_tdata;
      tx_bytes <= 2'd0;
      tx_bit <= 4'd0;
      tx_wait <= WHOLE;
      sending <= s_axis_tvalid;
      txd <= ~s_axis_tvalid;
    end else if (tx_wait != 0) tx_wait <= tx_wait - 1;
    else begin
      tx_wait <= WHOLE;
      tx_bit <= tx_bit == 4'd9 ? 4'd0 : tx_bit + 4'd1;
      if (tx_bit < 4'd8) begin
        txd <= tx_word[0];
        tx_word <= tx_word >> 1;
      end else if (tx_bit == 4'd8) txd <= 1'b1;
      else begin
        tx_bytes <= tx_bytes + 2'd1;
        sending <= tx_bytes != 2'd3;
        txd <= tx_bytes == 2'd3;
      end
    end
endmodule
`default_nettype wire
