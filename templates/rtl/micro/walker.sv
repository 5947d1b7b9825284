// Walks over the tiles of a kernel: scans its gates, keeps lists of open tiles and rows, and sends a tile into the lanes
// once in an interval, each with the first words of its row.
module micro_walker #(parameter LANES = 16, parameter KERNEL = 160, parameter SEGMENT = 58) (
  input wire clk,
  input wire rst,
  // ---- the kernel to run
  input wire start,
  output wire ready,
  input wire [15:0] neuron,
  // ---- a kernel that runs while another one waits; one that goes on: behind so many tiles, or at its end
  input wire serves,
  input wire resumes,
  input wire [8:0] resume_place,
  input wire resume_ends,
  // ---- its spikes wait for room: it enters no more tiles, and another kernel may start when all it has done is there
  input wire suspends,
  output wire may_wait,
  input wire [KERNEL-1:0] kernel,
  output wire starts,
  // ---- all that its tiles do is known in two cycles; a test has been made, and its gate has an open lane
  output wire settled,
  output reg tested,
  output reg any,
  // ---- a scan: which tile of which gate, and its lanes that are not zero, some cycles later
  output reg scan,
  output reg scan_of_rows,
  output reg [8:0] scan_tile,
  input wire scanned,
  input wire [8:0] scanned_tile,
  input wire [LANES-1:0] scanned_lanes,
  // ---- records of rows that are cut into segments
  input wire put,
  input wire [15:0] put_address,
  input wire [SEGMENT-1:0] put_word,
  // ---- a tile
  output reg enter,
  output reg [8:0] tile,
  output reg [LANES-1:0] lanes,
  output reg [8:0] list_place,
  output reg [12:0] row,
  output reg first,
  output reg last,
  output reg [47:0] bases,
  // where its weights are in their row: the tile, and by how many lanes they are further
  output reg [8:0] weights_tile,
  output reg [$clog2(LANES):0] weights_turn
);
`include "micro.svh"
  localparam LANE_BITS = $clog2(LANES);
  localparam [2:0] IDLE = 0, LOAD = 1, SETTLE = 2, COLUMNS = 3, ROWS = 4, WALK = 5, DRAIN = 6, LOOK = 7;
  reg [2:0] state;
  reg goes_on, ends_at_once;
  reg [8:0] first_place;
  reg [15:0] event_neuron;
  reg [9:0] count;
  wire [1:0] walk = kernel[K_WALK +: 2];
  wire column_gate = kernel[K_COLUMN_GATE];
  wire row_gate = kernel[K_ROW_GATE];
  wire [8:0] tiles = kernel[K_TILES +: 9];
  wire [5:0] tail = kernel[K_TAIL +: 6];
  wire [12:0] rows = kernel[K_ROWS +: 13];
  wire [LANES-1:0] tail_lanes = {LANES{1'b1}} >> (LANES - 1 - tail);
  assign ready = state == IDLE;
  assign starts = state == LOAD;
  assign settled = state == IDLE | state == DRAIN & count <= 10'd2;

  // ---- lists of what is open
  (* ram_style = "distributed" *) reg [8+LANES:0] columns_open [0:511];
  (* ram_style = "distributed" *) reg [8+LANES:0] rows_open [0:511];
  // while a kernel waits, its list is kept
  reg is_served;
  reg [8:0] own_listed, served_listed, rows_listed;
  wire [8:0] columns_listed = is_served ? served_listed : own_listed;
  wire listing_rows = state == ROWS;
  // segments ask for the lanes of a tile, and not for the next one that is open
  wire is_cut = MOST_SEGMENTS > 0 & kernel[K_CUT];
  always @(posedge clk) begin
    if (scanned & |scanned_lanes & listing_rows) rows_open[rows_listed] <= {scanned_tile, scanned_lanes};
    if (scanned & (|scanned_lanes | is_cut) & ~listing_rows)
      columns_open[{is_served, is_cut ? scanned_tile[7:0] : columns_listed[7:0]}] <= {scanned_tile, scanned_lanes};
    if (state == LOAD & ~goes_on) begin
      if (is_served) served_listed <= 9'd0;
      else own_listed <= 9'd0;
      rows_listed <= 9'd0;
    end else if (scanned & |scanned_lanes) begin
      if (listing_rows) rows_listed <= rows_listed + 9'd1;
      else if (is_served) served_listed <= served_listed + 9'd1;
      else own_listed <= own_listed + 9'd1;
    end
  end

  // ---- the row: of the event, one after the other, or the next open one
  reg [8:0] row_place;
  reg [LANES-1:0] rows_left;
  reg [8:0] row_tile;
  reg [12:0] row_count;
  wire [LANES-1:0] rows_after = rows_left & (rows_left - {{LANES-1{1'b0}}, 1'b1});
  wire takes_next = rows_after == 0;
  wire [8:0] next_place = row_place + 9'd1;
  wire [8+LANES:0] next_rows = rows_open[next_place];
  wire [8+LANES:0] first_rows = rows_open[9'd0];
  function automatic [LANE_BITS-1:0] lowest(input [LANES-1:0] set);
    integer i;
    begin
      lowest = 0;
      for (i = LANES - 1; i >= 0; i = i - 1) if (set[i]) lowest = LANE_BITS'(i);
    end
  endfunction
  wire [12:0] row_now = walk != WALK_ROWS ? event_neuron[12:0] :
    row_gate ? 13'({row_tile, lowest(rows_left)}) : row_count;
  wire is_last_row = walk != WALK_ROWS ? 1'b1 :
    row_gate ? takes_next & next_place == rows_listed : row_count + 13'd1 == rows;

  // ---- the tile
  reg [8:0] place, wait_left;
  wire [8:0] tiles_now = walk == WALK_NEURON ? 9'd1 : column_gate ? columns_listed : tiles;
  wire [8:0] cut_tile, cut_weights_tile;
  wire [LANES-1:0] cut_lanes;
  wire [12:0] cut_weights;
  wire [LANE_BITS:0] cut_turn;
  wire cut_ends, has_none;
  wire [8+LANES:0] column = columns_open[{is_served, is_cut ? cut_tile[7:0] : place[7:0]}];
  wire is_last = is_cut ? cut_ends : place + 9'd1 == tiles_now;
  wire goes = state == WALK & wait_left == 0;
  micro_segments #(.LANES(LANES), .SEGMENT(SEGMENT)) segments (
    .clk(clk), .put(put), .put_address(put_address), .put_word(put_word),
    .looks_row(state == LOOK & count == 10'd2), .row_record(kernel[K_CUT_ROWS +: 16] + 16'(row_now)),
    .looks_segment(state == LOOK & count == 10'd1), .takes(state == LOOK & count == 10'd0), .has_none(has_none),
    .advances(goes & is_cut), .tile(cut_tile), .lanes(cut_lanes), .weights(cut_weights), .weights_tile(cut_weights_tile),
    .turn(cut_turn), .ends_row(cut_ends)
  );
  // a row begins with its first open tile; closed ones behind it enter without lanes, so that its last one ends it
  reg row_begun;
  wire [LANES-1:0] cut_open = cut_lanes & (column_gate ? column[0 +: LANES] : {LANES{1'b1}});
  wire row_has_open = ~is_cut | row_begun | |cut_open;
  reg g_enter, g_first, g_last;
  reg [8:0] g_tile, g_place;
  reg [LANES-1:0] g_lanes;
  reg [12:0] g_row, g_weights;
  reg [8:0] g_weights_tile;
  reg [LANE_BITS:0] g_turn;
  integer b;
  always @(posedge clk) begin
    g_enter <= goes & row_has_open;
    g_first <= is_cut ? ~row_begun : place == 0;
    g_last <= is_last;
    g_row <= row_now;
    g_weights <= is_cut ? cut_weights : row_now;
    g_weights_tile <= cut_weights_tile;
    g_turn <= cut_turn;
    g_place <= place;
    g_tile <= is_cut ? cut_tile : walk == WALK_NEURON ? 9'(event_neuron >> LANE_BITS) : column_gate ? column[LANES +: 9] : place;
    g_lanes <= is_cut ? cut_open : walk == WALK_NEURON ? {{LANES-1{1'b0}}, 1'b1} << event_neuron[LANE_BITS-1:0] :
      column_gate ? column[0 +: LANES] : is_last ? tail_lanes : {LANES{1'b1}};
    // the words of the rows before it
    enter <= g_enter & ~rst & ~suspends;
    first <= g_first;
    last <= g_last;
    tile <= g_tile;
    lanes <= g_lanes;
    row <= g_row;
    list_place <= g_place;
    weights_tile <= MOST_SEGMENTS > 0 & kernel[K_CUT] ? g_weights_tile : g_tile;
    weights_turn <= MOST_SEGMENTS > 0 & kernel[K_CUT] ? g_turn : 0;
    for (b = 0; b < 3; b = b + 1) bases[16*b +: 16] <= 16'(g_weights * kernel[K_ROW_WORDS0 + 12*b +: 12]);
    if (rst | suspends) g_enter <= 1'b0;
  end

  // ---- what it does
  wire scan_ends = scan_tile + 9'd1 == (scan_of_rows ? kernel[K_ROW_SCAN +: 9] : kernel[K_COLUMN_SCAN +: 9]);
  wire nothing_open = column_gate & columns_listed == 0;
  wire no_row = row_gate & rows_listed == 0;
  wire is_test = kernel[K_TEST];
  assign may_wait = walk == WALK_NEURONS | walk == WALK_NEURON;
  task begin_walk;
    begin
      state <= is_cut ? LOOK : WALK;
      count <= 10'd2;
      place <= 9'd0;
      row_count <= 13'd0;
      row_place <= 9'd0;
      {row_tile, rows_left} <= first_rows;
      wait_left <= 9'd0;
    end
  endtask
  wire [9:0] interval = 10'(kernel[K_INTERVAL +: 7]);
  task drain_of(input [9:0] left);
    begin
      state <= left == 0 ? IDLE : DRAIN;
      count <= left;
    end
  endtask
  task begin_scan(input of_rows);
    begin
      state <= of_rows ? ROWS : COLUMNS;
      scan <= 1'b1;
      scan_of_rows <= of_rows;
      scan_tile <= 9'd0;
      count <= 10'd4;
    end
  endtask
  always @(posedge clk) begin
    tested <= 1'b0;
    case (state)
      IDLE: begin
        event_neuron <= neuron;
        if (start) is_served <= serves;
        goes_on <= resumes;
        first_place <= resume_place;
        ends_at_once <= resumes & resume_ends;
        if (start) state <= LOAD;
      end
      LOAD:
        if (ends_at_once) begin
          drain_of(10'(kernel[K_CLOSED +: 9]));
        end else if (~goes_on & (column_gate | row_gate)) begin
          // what the kernel before it stores last is in its bank
          state <= SETTLE;
          count <= 10'd3;
        end else begin
          begin_walk;
          if (goes_on) place <= first_place;
        end
      SETTLE: begin
        count <= count - 10'd1;
        if (count == 10'd1) begin_scan(~column_gate);
      end
      COLUMNS, ROWS: begin
        if (scan) begin
          scan_tile <= scan_tile + 9'd1;
          if (scan_ends) scan <= 1'b0;
        end else begin
          count <= count - 10'd1;
          if (count == 10'd0) begin
            if (state == COLUMNS & row_gate) begin_scan(1'b1);
            else if (nothing_open | no_row | is_test) begin
              // as long as a run with open tiles takes for itself, or until what follows a test is there
              tested <= is_test;
              any <= ~nothing_open;
              drain_of(10'(kernel[K_CLOSED +: 9]));
            end else begin_walk;
          end
        end
      end
      LOOK: begin
        count <= count - 10'd1;
        row_begun <= 1'b0;
        if (count == 10'd0) state <= WALK;
        // nothing comes behind it, so that the next kernel is looked up at once
        if (count == 10'd1 & has_none & is_last_row) drain_of(interval + (column_gate | row_gate ? 10'd1 : -10'd1));
      end
      WALK:
        if (wait_left != 0) wait_left <= wait_left - 9'd1;
        else begin
          place <= is_last ? 9'd0 : place + 9'd1;
          wait_left <= (is_last ? kernel[K_GAP +: 9] : 9'(kernel[K_INTERVAL +: 7])) - 9'd1;
          row_begun <= row_has_open;
          if (is_last) begin
            if (is_cut) begin
              state <= LOOK;
              count <= (row_has_open ? 10'(kernel[K_GAP +: 9]) : interval) + 10'd1;
              wait_left <= 9'd0;
            end
            row_count <= row_count + 13'd1;
            rows_left <= rows_after;
            if (takes_next) begin
              {row_tile, rows_left} <= next_rows;
              row_place <= next_place;
            end
            // less the cycles in which the next kernel is looked up
            if (is_last_row) drain_of(row_has_open ? 10'(kernel[K_DRAIN +: 9]) - 10'd3 : interval - 10'd1);
          end
        end
      default: begin
        count <= count - 10'd1;
        if (count <= 10'd1) state <= IDLE;
      end
    endcase
    if (suspends) begin
      state <= DRAIN;
      count <= 10'(kernel[K_SUSPEND +: 9]);
    end
    if (rst) begin
      state <= IDLE;
      scan <= 1'b0;
      tested <= 1'b0;
    end
  end
endmodule
