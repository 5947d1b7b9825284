// Items turned by so many lanes, one by one: all items and turns.
module harness #(parameter LANES = 16) (input clk, input [$clog2(LANES)-1:0] turn, input [32*LANES-1:0] items, output ok);
  wire [32*LANES-1:0] turned;
  micro_turn #(.LANES(LANES)) turns (.turn(turn), .items(items), .turned(turned));
  reg [LANES-1:0] equal;
  integer l, t;
  always @* begin
    equal = 0;
    for (l = 0; l < LANES; l = l + 1)
      for (t = 0; t < LANES; t = t + 1)
        if (turn == t) equal[l] = turned[32*l +: 32] == items[32 * ((l + t) % LANES) +: 32];
  end
  assign ok = &equal;
endmodule
