`default_nettype none
// @program@: commands enter by a stream of words of 32 bits, answers leave by another (README.md has them all).
@defines@
module top_stream (
  input wire clk,
  input wire rst,
  input wire s_axis_tvalid,
  output wire s_axis_tready,
  input wire [31:0] s_axis_tdata,
  output wire m_axis_tvalid,
  input wire m_axis_tready,
  output wire [31:0] m_axis_tdata,
  output wire m_axis_tlast,
  // a word has been lost before the stream; answers say so until reset
  input wire s_lost,
  output wire busy,
  output wire fault,
  output reg lost,
  output reg refused
);
  // what it has to know of the core, and the numbers of commands
  @constants@

  // ---- states: those of a command that is read, carried out, and answered
  localparam [3:0] HEAD = 0, FIRST = 1, SECOND = 2, ISSUE = 3, RUN = 4, SPIKES = 5, WRITE = 6, STORE = 7, READ = 8;
  localparam [3:0] TAKE = 9, SEND = 10, END_HIGH = 11, END_LOW = 12;
`ifdef STREAM_LATE_HOST
  localparam [3:0] LATE = 14;
`endif
`ifdef STREAM_KEEPS
  localparam [3:0] KEEP = 13;
  localparam [3:0] TAKE_SPIKES = KEEP;
`else
  localparam [3:0] TAKE_SPIKES = ISSUE;
`endif
  reg [3:0] state, op;
  reg learn, replay;
  reg [7:0] bank;
  reg [INTERVAL_BITS-1:0] interval;
`ifdef STREAM_BATCHES
  reg [BATCHES-1:0] batches;
`endif
  // the two words that follow; addresses and what is left are counted in them
  reg [31:0] first, second;
  wire take = s_axis_tvalid & s_axis_tready;
  wire [3:0] op_now = s_axis_tdata[3:0];
  wire names_bank = op_now == OP_WRITE | op_now == OP_READ;
  wire known = op_now == OP_BEGIN | op_now == OP_STEP | (names_bank & s_axis_tdata[15:8] < @named_banks@);
  wire [31:0] bank_words = @bank_words@;
  wire [31:0] word_beats = @word_beats@;
  wire reachable = first < bank_words;
  reg [31:0] beat;
  wire last_beat = beat == word_beats - 32'd1;
  wire last_word = second == 32'd1;
  wire core_ready, spikes_rest;
  always @(posedge clk)
    if (rst) begin
      state <= HEAD;
      op <= 4'd0;
      refused <= 1'b0;
      interval <= INTERVAL_BITS'(0);
    end else
      case (state)
        HEAD: if (take) begin
          op <= op_now;
          refused <= ~known;
          bank <= s_axis_tdata[15:8];
          if (op_now == OP_BEGIN) begin
            learn <= s_axis_tdata[LEARN_BIT];
            replay <= s_axis_tdata[REPLAY_BIT];
            interval <= s_axis_tdata[INTERVAL_BIT +: INTERVAL_BITS];
`ifdef STREAM_BATCHES
            batches <= s_axis_tdata[ENDS_BIT +: BATCHES];
`endif
          end
          state <= known ? FIRST : END_HIGH;
        end
        FIRST: if (take) begin
          first <= s_axis_tdata;
          state <= op == OP_STEP ? TAKE_SPIKES : SECOND;
        end
        SECOND: if (take) begin
          second <= s_axis_tdata;
          beat <= 32'd0;
          state <= op == OP_BEGIN ? ISSUE : s_axis_tdata == 32'd0 ? END_HIGH : op == OP_WRITE ? WRITE : READ;
        end
`ifdef STREAM_KEEPS
        // a step whose spikes are kept is refused if they are too many
        KEEP: if (keep_end) begin
          refused <= first > KEPT;
          state <= first > KEPT ? END_HIGH : ISSUE;
        end
`endif
        ISSUE: if (core_ready) state <= RUN;
        RUN: if (~busy) state <= SPIKES;
        SPIKES: if (~spikes_rest) state <= END_HIGH;
        WRITE: if (take) begin
          beat <= last_beat ? 32'd0 : beat + 32'd1;
          if (last_beat) state <= STORE;
        end
        STORE: begin
          if (~reachable) refused <= 1'b1;
          first <= first + 32'd1;
          second <= second - 32'd1;
          state <= last_word ? END_HIGH : WRITE;
        end
`ifdef STREAM_LATE_HOST
        READ: state <= LATE;
        LATE: state <= TAKE;
`else
        READ: state <= TAKE;
`endif
        TAKE: begin
          if (~reachable) refused <= 1'b1;
          state <= SEND;
        end
        SEND: if (m_axis_tready) begin
          beat <= last_beat ? 32'd0 : beat + 32'd1;
          if (last_beat) begin
            first <= first + 32'd1;
            second <= second - 32'd1;
            state <= last_word ? END_HIGH : READ;
          end
        end
        END_HIGH: if (m_axis_tready) state <= END_LOW;
        END_LOW: if (m_axis_tready) state <= HEAD;
        default: state <= HEAD;
      endcase

  // ---- a word of a bank, its lowest bits first
  reg [32*BEATS-1:0] word;
  wire [HOST_BITS-1:0] host_out;
  integer word_i;
  always @(posedge clk)
    if (state == WRITE & take) begin
      for (word_i = 0; word_i < BEATS; word_i = word_i + 1) if (beat == word_i) word[word_i * 32 +: 32] <= s_axis_tdata;
    end else if (state == TAKE) word <= reachable ? (32*BEATS)'(host_out) : (32*BEATS)'(0);
    else if (state == SEND & m_axis_tready) word <= word >> 32;

  // ---- spikes of the input
  reg [31:0] spikes_taken;
  wire s_ready, s_again;
  wire stepping = op == OP_STEP & (state == ISSUE | state == RUN | state == SPIKES);
`ifdef STREAM_KEEPS
  wire s_starts = state == HEAD | s_again;
  wire s_valid = stepping & spikes_taken != first;
  // the core asks for them more than once; the memory has the next one in the cycle after its number
  reg [31:0] keeps [0:KEPT-1];
  reg [31:0] kept_count, spike;
  wire [31:0] spike_next = s_starts ? 32'd0 : spikes_taken + 32'(s_valid & s_ready);
  wire keep_end = state == KEEP & kept_count == first;
  wire keep_take = state == KEEP & ~keep_end;
  always @(posedge clk) begin
    if (state == HEAD) kept_count <= 32'd0;
    else if (keep_take & s_axis_tvalid) kept_count <= kept_count + 32'd1;
    if (keep_take & s_axis_tvalid) keeps[kept_count[KEPT_BITS-1:0]] <= s_axis_tdata;
    spike <= keeps[spike_next[KEPT_BITS-1:0]];
  end
  wire spike_taken = keep_take;
`else
  wire [31:0] spike = s_axis_tdata;
  wire s_starts = state == HEAD;
  wire s_valid = stepping & spikes_taken != first & s_axis_tvalid;
  wire spike_taken = s_valid & s_ready;
`endif
  wire [NEURON_BITS-1:0] s_neuron = NEURON_BITS'(spike & NEURON_MASK);
  always @(posedge clk)
    if (s_starts) spikes_taken <= 32'd0;
    else if (s_valid & s_ready) spikes_taken <= spikes_taken + 32'd1;
  // the lower 24 bits are read
  assign s_axis_tready = state == HEAD | state == FIRST | state == SECOND | state == WRITE | spike_taken;

  // ---- spikes of the core: tiles wait, their spikes leave one by one, the lowest lane first
  wire m_valid;
  wire [POPULATION_BITS-1:0] m_population;
  wire [TILE_BITS-1:0] m_tile;
  wire [LANES-1:0] m_lanes;
`ifdef STREAM_VALUES
  wire [LANES*VALUE_BITS-1:0] m_values;
`endif
  reg [TILES_BITS-1:0] tiles [0:ROOM-1];
  reg [PLACE_BITS-1:0] tiles_in, tiles_out;
  reg [PLACE_BITS:0] tiles_count;
  reg out_valid;
  reg [TILES_BITS-1:0] out;
  wire [TILE_BITS-1:0] out_tile = out[LANES +: TILE_BITS];
  wire [POPULATION_BITS-1:0] out_population = out[LANES+TILE_BITS +: POPULATION_BITS];
  wire [LANES-1:0] out_lanes = out[LANES-1:0];
  reg [LANE_BITS-1:0] out_lane;
  integer out_i;
  always_comb begin
    out_lane = LANE_BITS'(0);
    for (out_i = LANES - 1; out_i >= 0; out_i = out_i - 1) if (out_lanes[out_i]) out_lane = LANE_BITS'(out_i);
  end
  wire [LANES-1:0] out_left = out_lanes & (out_lanes - LANES'(1));
  wire out_taken = out_valid & m_axis_tready;
  wire out_ends = out_left == LANES'(0);
  wire out_next = (~out_valid | (out_taken & out_ends)) & tiles_count != (PLACE_BITS+1)'(0);
  wire tile_sent = stepping & m_valid;
  wire tiles_full = tiles_count == (PLACE_BITS+1)'(ROOM);
  wire tile_enters = tile_sent & ~tiles_full;
  assign spikes_rest = out_valid | tiles_count != (PLACE_BITS+1)'(0);
  // a pass that has begun may still send some tiles
  reg m_ready;
  always @(posedge clk) begin
    m_ready <= tiles_count <= (PLACE_BITS+1)'(READY_BELOW);
`ifdef STREAM_VALUES
    if (tile_enters) tiles[tiles_in] <= {m_values, m_population, m_tile, m_lanes};
`else
    if (tile_enters) tiles[tiles_in] <= {m_population, m_tile, m_lanes};
`endif
    if (rst) begin
      tiles_in <= PLACE_BITS'(0);
      tiles_out <= PLACE_BITS'(0);
      tiles_count <= (PLACE_BITS+1)'(0);
      out_valid <= 1'b0;
      lost <= 1'b0;
    end else begin
      if (s_lost | (tile_sent & tiles_full)) lost <= 1'b1;
      if (tile_enters) tiles_in <= tiles_in + PLACE_BITS'(1);
      tiles_count <= tiles_count + (PLACE_BITS+1)'(tile_enters) - (PLACE_BITS+1)'(out_next);
      if (out_next) begin
        tiles_out <= tiles_out + PLACE_BITS'(1);
        out <= tiles[tiles_out];
        out_valid <= 1'b1;
      end else if (out_taken) begin
        out[LANES-1:0] <= out_left;
        if (out_ends) out_valid <= 1'b0;
      end
    end
  end
  wire [23:0] out_neuron = 24'(32'(out_tile) * LANES + 32'(out_lane));
`ifdef STREAM_VALUES
  wire [VALUE_BITS-1:0] out_value = out[LANES + TILE_BITS + POPULATION_BITS + 32'(out_lane) * VALUE_BITS +: VALUE_BITS];
  wire [31:0] out_spike = {8'(out_population), out_neuron + 24'(32'(out_value) << (@value_shift@))};
`else
  wire [31:0] out_spike = {8'(out_population), out_neuron};
`endif

  // ---- the core
  wire [47:0] cycles;
  wire stores = op == OP_WRITE & state == STORE & reachable;
  plasticore_core core (
    .clk(clk), .rst(rst),
    .cmd_valid(state == ISSUE), .cmd_ready(core_ready), .cmd_step(op != OP_BEGIN),
    .cmd_learn(learn), .cmd_replay(replay), .cmd_label(first[LABEL_BITS-1:0]),
`ifdef STREAM_BATCHES
    .cmd_ends(batches),
`endif
    .cmd_steps(second), .cmd_spikes(first), .cmd_interval(interval),
    .s_valid(s_valid), .s_ready(s_ready), .s_again(s_again), .s_neuron(s_neuron),
`ifdef STREAM_INPUT_VALUES
    .s_value(VALUE_BITS'(spike >> INPUT_SHIFT)),
`endif
    .m_valid(m_valid), .m_ready(m_ready), .m_population(m_population), .m_tile(m_tile), .m_lanes(m_lanes),
`ifdef STREAM_VALUES
    .m_values(m_values),
`endif
    .host_valid(stores | state == READ), .host_write(stores), .host_bank(bank[HOST_BANK_BITS-1:0]),
    .host_address(first[HOST_ADDRESS_BITS-1:0]), .host_in(word[HOST_BITS-1:0]), .host_out(host_out),
    .busy(busy), .cycles(cycles), .fault(fault)
  );
  wire unused = &{1'b0, word, s_again};

  // ---- answers
  wire ends = state == END_HIGH | state == END_LOW;
  assign m_axis_tvalid = ends | state == SEND | out_valid;
  assign m_axis_tlast = state == END_LOW;
  assign m_axis_tdata = state == END_HIGH ? {8'hff, 5'd0, refused, lost, fault, cycles[47:32]} :
    state == END_LOW ? cycles[31:0] : state == SEND ? word[31:0] : out_spike;
endmodule
`default_nettype wire
