// The FIFO of spikes. An entry is a tile of spikes, which leave one by one, the lowest lane first, or a run of spikes of
// the input, which stay where they are until they are served. Its depth is counted in spikes.
module micro_fifo #(parameter LANES = 16, parameter DEPTH = 64, parameter COUNT = 7, parameter VALUE = 9) (
  input wire clk,
  input wire clear,
  // ---- a tile: its lowest lanes that find room enter
  input wire push,
  input wire [4:0] push_list,
  input wire [8:0] push_tile,
  input wire [LANES-1:0] push_lanes,
  input wire [LANES*VALUE-1:0] push_values,
  // one lane takes the place of the spike that leaves in that cycle
  input wire push_follows,
  // ---- a run; no tile comes in that cycle
  input wire run,
  input wire [4:0] run_list,
  input wire [COUNT-1:0] run_number,
  // ---- the spike at the head
  input wire pop,
  output wire holds,
  output wire is_run,
  output wire [4:0] list,
  output wire [15:0] neuron,
  output wire [VALUE-1:0] value,
  output reg [COUNT-1:0] free,
  output wire [LANES-1:0] kept,
  output wire overflows
);
  localparam LANE_BITS = $clog2(LANES);
  localparam PLACE = $clog2(DEPTH) == 0 ? 1 : $clog2(DEPTH);
  localparam LEFT = LANES > COUNT ? LANES : COUNT;
  (* ram_style = "distributed" *) reg [LEFT+14:0] entries [0:2**PLACE-1];
  (* ram_style = "distributed" *) reg [LANES*VALUE-1:0] values [0:2**PLACE-1];
  reg [PLACE-1:0] first, next;
  reg [COUNT-1:0] held;
  // what is left of the head, once a spike of it has left
  reg begun;
  reg [LEFT-1:0] rest;
  function automatic [COUNT-1:0] ones(input [LANES-1:0] set);
    integer i;
    begin
      ones = 0;
      for (i = 0; i < LANES; i = i + 1) ones = ones + COUNT'(set[i]);
    end
  endfunction
  function automatic [LANE_BITS-1:0] lowest(input [LANES-1:0] set);
    integer i;
    begin
      lowest = 0;
      for (i = LANES - 1; i >= 0; i = i - 1) if (set[i]) lowest = LANE_BITS'(i);
    end
  endfunction
  wire [LEFT+14:0] head = entries[first];
  wire [LEFT-1:0] left = begun ? rest : head[0 +: LEFT];
  wire [LEFT-1:0] after = is_run ? left - LEFT'(1) : left & (left - LEFT'(1));
  wire is_last = after == 0;
  wire [8:0] tile = head[LEFT +: 9];
  assign list = head[LEFT + 9 +: 5];
  assign is_run = head[LEFT + 14];
  assign holds = held != 0;
  wire [LANE_BITS-1:0] lane_now = lowest(left[LANES-1:0]);
  assign neuron = 16'({tile, lane_now});
  wire [LANES*VALUE-1:0] head_values = values[first];
  assign value = head_values[VALUE*32'(lane_now) +: VALUE];
  genvar l;
  generate
    for (l = 0; l < LANES; l = l + 1) begin : lane
      assign kept[l] = push_lanes[l] & (push_follows | ones(push_lanes & ({LANES{1'b1}} >> (LANES - 1 - l))) <= free);
    end
  endgenerate
  assign overflows = push & kept != push_lanes;
  wire enters = push & kept != 0;
  wire [COUNT-1:0] number = push ? ones(kept) : run ? run_number : 0;
  always @(posedge clk) begin
    if (enters | run) begin
      entries[next] <= run ? {1'b1, run_list, 9'd0, LEFT'(run_number)} : {1'b0, push_list, push_tile, LEFT'(kept)};
      values[next] <= push_values;
      next <= next + PLACE'(1);
    end
    if (pop) begin
      begun <= ~is_last;
      rest <= after;
      if (is_last) first <= first + PLACE'(1);
    end
    held <= held + COUNT'(enters | run) - COUNT'(pop & is_last);
    free <= free - number + COUNT'(pop);
    if (clear) begin
      first <= 0;
      next <= 0;
      held <= 0;
      begun <= 1'b0;
      free <= COUNT'(DEPTH);
    end
  end
endmodule
