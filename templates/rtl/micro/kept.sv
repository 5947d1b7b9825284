// Spikes that a later step delivers: tiles of lanes with their values. Those of this step lie beside those of the step
// before, which are delivered neuron after neuron; one that spikes again counts once, with its last value. Each source of
// them has a number, and tiles from a first one on.
module micro_kept #(parameter LANES = 16, parameter VALUE = 9) (
  input wire clk,
  // ---- a sample begins, which forgets all; a step does
  input wire clear,
  input wire turn,
  // ---- spikes of a tile
  input wire put,
  input wire [3:0] put_source,
  input wire [7:0] put_tile,
  input wire [LANES-1:0] put_lanes,
  input wire [LANES*VALUE-1:0] put_values,
  // ---- a tile of this step, or of the step before
  input wire [7:0] read_tile,
  input wire read_before,
  output wire [LANES-1:0] read_lanes,
  output wire [LANES*VALUE-1:0] read_values,
  // ---- a delivery begins of the source whose number of spikes is told; the next one of its spikes
  input wire [3:0] source,
  output wire [15:0] number,
  input wire begins,
  input wire [7:0] first,
  input wire takes,
  output wire [15:0] neuron,
  output wire [VALUE-1:0] value
);
`include "micro.svh"
  localparam LANE_BITS = $clog2(LANES);
  localparam TILE = INDEX_OF_KEPT;
  reg side;
  // tiles that have spikes, and sources
  reg [MOST_KEPT-1:0] now, earlier;
  reg [15:0] counted, counted_before;
  (* ram_style = "distributed" *) reg [LANES-1:0] lanes_of [0:2*2**TILE-1];
  (* ram_style = "distributed" *) reg [LANES*VALUE-1:0] values_of [0:2*2**TILE-1];
  reg [15:0] counts [0:31];
  function automatic [15:0] ones(input [LANES-1:0] set);
    integer i;
    begin
      ones = 0;
      for (i = 0; i < LANES; i = i + 1) ones = ones + 16'(set[i]);
    end
  endfunction
  function automatic [LANE_BITS-1:0] lowest(input [LANES-1:0] set);
    integer i;
    begin
      lowest = 0;
      for (i = LANES - 1; i >= 0; i = i - 1) if (set[i]) lowest = LANE_BITS'(i);
    end
  endfunction
  function automatic [TILE-1:0] lowest_tile(input [MOST_KEPT-1:0] set);
    integer i;
    begin
      lowest_tile = 0;
      for (i = MOST_KEPT - 1; i >= 0; i = i - 1) if (set[i]) lowest_tile = TILE'(i);
    end
  endfunction

  // ---- those of this step
  wire [TILE-1:0] at_tile = put_tile[TILE-1:0];
  wire [LANES-1:0] held = now[at_tile] ? lanes_of[{side, at_tile}] : {LANES{1'b0}};
  wire [LANES*VALUE-1:0] held_values = values_of[{side, at_tile}];
  wire [15:0] count = counted[put_source] ? counts[{side, put_source}] : 16'd0;
  reg [LANES*VALUE-1:0] mixed;
  integer l;
  always @* begin
    mixed = held_values;
    for (l = 0; l < LANES; l = l + 1) if (put_lanes[l]) mixed[VALUE*l +: VALUE] = put_values[VALUE*l +: VALUE];
  end
  always @(posedge clk) begin
    if (put) begin
      lanes_of[{side, at_tile}] <= held | put_lanes;
      values_of[{side, at_tile}] <= mixed;
      counts[{side, put_source}] <= count + ones(put_lanes & ~held);
      now[at_tile] <= 1'b1;
      counted[put_source] <= 1'b1;
    end
    if (clear | turn) begin
      side <= ~side;
      // what a sample begins with has no number
      earlier <= now;
      now <= {MOST_KEPT{1'b0}};
      counted_before <= clear ? 16'd0 : counted;
      counted <= 16'd0;
      if (clear) side <= 1'b0;
    end
  end
  assign number = counted_before[source] ? counts[{~side, source}] : 16'd0;

  wire [TILE-1:0] asked = read_tile[TILE-1:0];
  wire has_asked = read_before ? earlier[asked] : now[asked];
  assign read_lanes = has_asked ? lanes_of[{side ^ read_before, asked}] : {LANES{1'b0}};
  assign read_values = values_of[{side ^ read_before, asked}];

  // ---- the delivery: the tile whose spikes leave, and the one behind it, which is there a cycle later
  reg [MOST_KEPT-1:0] left;
  reg [TILE-1:0] tile, then_tile, from;
  reg [LANES-1:0] lanes, then_lanes;
  reg fills;
  wire [MOST_KEPT-1:0] rest = begins ? earlier & ({MOST_KEPT{1'b1}} << first[TILE-1:0]) : left;
  wire [TILE-1:0] found = lowest_tile(rest);
  wire [LANES-1:0] found_lanes = lanes_of[{~side, found}];
  wire [LANES-1:0] after = lanes & (lanes - {{LANES-1{1'b0}}, 1'b1});
  wire moves = takes & after == 0;
  wire [LANE_BITS-1:0] lane = lowest(lanes);
  wire [LANES*VALUE-1:0] values = values_of[{~side, tile}];
  assign neuron = 16'({TILE'(tile - from), lane});
  assign value = values[VALUE*32'(lane) +: VALUE];
  always @(posedge clk) begin
    fills <= begins | fills & moves;
    if (begins) from <= first[TILE-1:0];
    if (begins | fills | moves) begin
      left <= rest & (rest - {{MOST_KEPT-1{1'b0}}, 1'b1});
      then_tile <= found;
      then_lanes <= found_lanes;
    end
    if (begins | moves) begin
      tile <= begins | fills ? found : then_tile;
      lanes <= begins | fills ? found_lanes : then_lanes;
    end else if (takes) lanes <= after;
  end
endmodule
