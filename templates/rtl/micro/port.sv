// The items of a tile in a word of a bank, and back. A word of 2^k tiles is halved k times, by the bits of `halves`: a
// set bit takes the upper half.
module micro_unpack #(parameter WIDTH = 256, parameter LANES = 16) (
  input wire [WIDTH-1:0] word,
  input wire [7:0] halves,
  input wire [2:0] stride,
  input wire is_signed,
  output wire [32*LANES-1:0] items
);
  // Bits of an item in a word of one tile.
  localparam WIDEST = $clog2(WIDTH / LANES);
  wire [32*LANES-1:0] choices [0:5];
  genvar s, l;
  generate
    for (s = 0; s <= WIDEST && s < 6; s = s + 1) begin : stride_of
      localparam BITS = 2 ** (WIDEST - s);
      localparam TILE = LANES * BITS;
      wire [TILE-1:0] level;
      if (s == 0) begin : whole
        assign level = word;
      end else begin : half
        assign level = halves[s-1] ? stride_of[s-1].level[TILE +: TILE] : stride_of[s-1].level[0 +: TILE];
      end
      for (l = 0; l < LANES; l = l + 1) begin : lane
        wire top = level[l * BITS + BITS - 1] & is_signed;
        assign choices[WIDEST-s][32*l +: 32] = 32'($signed({top, level[l * BITS +: BITS]}));
      end
    end
    for (s = WIDEST + 1; s < 6; s = s + 1) begin : none
      assign choices[s] = {32*LANES{1'b0}};
    end
  endgenerate
  assign items = choices[stride];
endmodule

// The tile lies in all places of the word, and the mask chooses one.
module micro_pack #(parameter WIDTH = 256, parameter LANES = 16) (
  input wire [32*LANES-1:0] items,
  input wire [LANES-1:0] lanes,
  input wire [7:0] part,
  input wire [2:0] stride,
  output wire [WIDTH-1:0] data,
  output wire [WIDTH-1:0] mask
);
  localparam WIDEST = $clog2(WIDTH / LANES);
  wire [WIDTH-1:0] datas [0:5];
  wire [WIDTH-1:0] masks [0:5];
  genvar s, l, p;
  generate
    for (s = 0; s < 6; s = s + 1) begin : stride_of
      if (s <= WIDEST) begin : there
        localparam BITS = 2 ** s;
        for (p = 0; p < WIDTH / BITS / LANES; p = p + 1) begin : place
          for (l = 0; l < LANES; l = l + 1) begin : lane
            assign datas[s][(p * LANES + l) * BITS +: BITS] = items[32*l +: BITS];
            assign masks[s][(p * LANES + l) * BITS +: BITS] = {BITS{lanes[l] & part == p}};
          end
        end
      end else begin : absent
        assign datas[s] = {WIDTH{1'b0}};
        assign masks[s] = {WIDTH{1'b0}};
      end
    end
  endgenerate
  assign data = datas[stride];
  assign mask = masks[stride];
endmodule
