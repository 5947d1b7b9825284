// Rows that are cut into segments: their records, which the host writes, and the walk over the tiles of a row. A core that
// holds no records has none of it.
module micro_segments #(parameter LANES = 16, parameter SEGMENT = 58) (
  input wire clk,
  input wire put,
  input wire [15:0] put_address,
  input wire [SEGMENT-1:0] put_word,
  // ---- three cycles, one after the other, in which a row is looked up, then its first segment, which is then taken
  input wire looks_row,
  input wire [15:0] row_record,
  input wire looks_segment,
  input wire takes,
  // of the row whose segment is looked up: it has none
  output wire has_none,
  // ---- the tile: its lanes, the row of its weights, the tile of them in which that of its first lane is, and by how many
  // lanes they are further; above, whether its first lane is beyond the last one by that
  input wire advances,
  output wire [8:0] tile,
  output wire [LANES-1:0] lanes,
  output wire [12:0] weights,
  output wire [8:0] weights_tile,
  output wire [$clog2(LANES):0] turn,
  output wire ends_row
);
`include "micro.svh"
  localparam LANE_BITS = $clog2(LANES);
  generate
    if (MOST_SEGMENTS == 0) begin : none
      assign {has_none, tile, lanes, weights, weights_tile, turn, ends_row} = 0;
    end else begin : some
      reg [SEGMENT-1:0] records [0:MOST_SEGMENTS-1];
      // the record that was read, which is that of the next segment while tiles of one enter
      reg [SEGMENT-1:0] record;
      reg [15:0] next;
      reg [12:0] left;
      reg [8:0] tile_now;
      reg [LANE_BITS-1:0] from;
      reg [14:0] to, shift;
      reg [12:0] weights_now;
      wire ends = tile_now == 9'(to >> LANE_BITS);
      wire turns = takes | advances & ends;
      wire reads = looks_row | looks_segment | turns;
      wire [15:0] address = looks_row ? row_record : looks_segment ? record[R_SEGMENT +: 16] : next;
      always @(posedge clk) begin
        if (put) records[put_address[INDEX_OF_SEGMENTS-1:0]] <= put_word;
        if (reads) begin
          record <= records[address[INDEX_OF_SEGMENTS-1:0]];
          next <= address + 16'd1;
        end
        if (looks_segment) left <= record[R_COUNT +: 13];
        else if (advances & ends) left <= left - 13'd1;
        if (turns) begin
          tile_now <= 9'(record[S_FROM +: 15] >> LANE_BITS);
          from <= record[S_FROM +: LANE_BITS];
          to <= record[S_TO +: 15];
          weights_now <= record[S_WEIGHTS +: 13];
          shift <= record[S_SHIFT +: 15];
        end else if (advances) begin
          tile_now <= tile_now + 9'd1;
          from <= {LANE_BITS{1'b0}};
        end
      end
      wire is_empty = left == 0;
      assign has_none = record[R_COUNT +: 13] == 0;
      assign tile = tile_now;
      assign lanes = {LANES{~is_empty}} & ({LANES{1'b1}} << from) &
        (ends ? {LANES{1'b1}} >> (LANES - 1 - 32'(to[LANE_BITS-1:0])) : {LANES{1'b1}});
      assign weights = weights_now;
      wire [LANE_BITS:0] begins = {1'b0, from} + {1'b0, shift[LANE_BITS-1:0]};
      assign weights_tile = tile_now + 9'(shift >> LANE_BITS) + 9'(begins[LANE_BITS]);
      assign turn = {begins[LANE_BITS], shift[LANE_BITS-1:0]};
      assign ends_row = is_empty | ends & left == 13'd1;
    end
  endgenerate
endmodule
