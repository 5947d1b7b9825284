// The items of a tile in a word of a bank, and back. A word of 2^k tiles is halved k times, by the bits of `halves`: a
// set bit takes the upper half. A word with a half of a tile shows it in both halves of the lanes. An item has `last` + 1
// bits, in a place of 2^`stride`.
module micro_unpack #(parameter WIDTH = 256, parameter LANES = 16) (
  input wire [WIDTH-1:0] word,
  input wire [7:0] halves,
  input wire [2:0] stride,
  input wire [4:0] last,
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
        assign choices[WIDEST-s][32*l +: 32] = 32'(level[l * BITS +: BITS]);
      end
    end
    for (s = WIDEST + 1; s < 6; s = s + 1) begin : beyond
      for (l = 0; l < LANES; l = l + 1) begin : lane
        if (s == WIDEST + 1) begin : half
          assign choices[s][32*l +: 32] = 32'(word[(l % (LANES / 2)) * 2 ** s +: 2 ** s]);
        end else begin : none
          assign choices[s][32*l +: 32] = 32'd0;
        end
      end
    end
  endgenerate
  wire [32*LANES-1:0] plain = choices[stride];
  wire [31:0] above = 32'hffffffff << last;
  generate
    for (l = 0; l < LANES; l = l + 1) begin : extend
      wire [31:0] own = plain[32*l +: 32];
      assign items[32*l +: 32] = own | {32{is_signed & own[last]}} & above;
    end
  endgenerate
endmodule

// The tile lies in all places of the word, and the mask chooses one. Of a tile that is two words, one half is chosen.
module micro_pack #(parameter WIDTH = 256, parameter LANES = 16) (
  input wire [32*LANES-1:0] items,
  input wire [LANES-1:0] lanes,
  input wire [7:0] part,
  input wire upper,
  input wire [2:0] stride,
  input wire [4:0] last,
  output wire [WIDTH-1:0] data,
  output wire [WIDTH-1:0] mask
);
  localparam WIDEST = $clog2(WIDTH / LANES);
  wire [WIDTH-1:0] datas [0:5];
  wire [WIDTH-1:0] masks [0:5];
  // bits above those of an item are zero
  wire [32*LANES-1:0] cut = items & {LANES{32'hffffffff >> (5'd31 - last)}};
  wire [16*LANES-1:0] cut_half = upper ? cut[16*LANES +: 16*LANES] : cut[0 +: 16*LANES];
  wire [LANES/2-1:0] half = upper ? lanes[LANES-1:LANES/2] : lanes[LANES/2-1:0];
  genvar s, l, p;
  generate
    for (s = 0; s < 6; s = s + 1) begin : stride_of
      if (s <= WIDEST) begin : there
        localparam BITS = 2 ** s;
        for (p = 0; p < WIDTH / BITS / LANES; p = p + 1) begin : place
          for (l = 0; l < LANES; l = l + 1) begin : lane
            assign datas[s][(p * LANES + l) * BITS +: BITS] = cut[32*l +: BITS];
            assign masks[s][(p * LANES + l) * BITS +: BITS] = {BITS{lanes[l] & part == p}};
          end
        end
      end else if (s == WIDEST + 1) begin : double
        for (l = 0; l < LANES / 2; l = l + 1) begin : lane
          assign datas[s][l * 2 ** s +: 2 ** s] = cut_half[32*l +: 2 ** s];
          assign masks[s][l * 2 ** s +: 2 ** s] = {(2 ** s){half[l]}};
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
// The items of a word, turned by so many lanes. Where no rows are cut into segments, nothing turns them.
module micro_turn #(parameter LANES = 16) (
  input wire [$clog2(LANES)-1:0] turn,
  input wire [32*LANES-1:0] items,
  output wire [32*LANES-1:0] turned
);
`include "micro.svh"
  wire [64*LANES-1:0] twice = {items, items};
  generate
    if (MOST_SEGMENTS > 0) begin : turns
      assign turned = (32*LANES)'(twice >> {turn, 5'd0});
    end else begin : stays
      assign turned = items;
    end
  endgenerate
endmodule
