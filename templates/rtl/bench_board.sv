// The board, its pins driven bit by bit: python3 host.py --simulate COMMAND talks to it.
`timescale 1ns/1ps
module bench_board;
  localparam real BIT = 1000;
  reg clk = 0;
  always #20 clk = ~clk;
  reg txd = 1;
  wire rxd;
  wire [8:0] led;
  // what the host sends, the board receives
  board ulx3s (.clk_in(clk), .rxd(txd), .txd(rxd), .button(1'b0), .led(led));

  // what the board sends
  integer r;
  reg [7:0] received;
  initial forever begin
    @(negedge rxd);
    #(BIT * 1.5);
    for (r = 0; r < 8; r = r + 1) begin
      received[r] = rxd;
      #BIT;
    end
    if (rxd !== 1'b1) $display("no stop bit");
    else $display("%h", received);
  end

  // what it receives
  integer s, code, value;
  reg [8*2-1:0] line;
  initial begin
    // the pins are quiet until the power is up
    #(BIT * 2);
    code = 1;
    while (code == 1) begin
      code = $fscanf(32'h8000_0000, "%s", line);
      if (line == "q" || code != 1) $finish;
      else if (line == "-") #(BIT * 10);
      else if (line == "b") begin
        txd = 0;
        #(BIT * 40);
        txd = 1;
        #(BIT * 10);
      end else begin
        code = $sscanf(line, "%h", value);
        txd = 0;
        #BIT;
        for (s = 0; s < 8; s = s + 1) begin
          txd = value[s];
          #BIT;
        end
        txd = 1;
        #BIT;
      end
      $display(".");
      $fflush;
    end
  end
endmodule
