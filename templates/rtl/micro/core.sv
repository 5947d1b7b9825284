// A programmable core: it holds microcode and lists, and plays one step after the other. Nothing here depends on a
// program.
//
// Its memories, by their numbers at the host's port: the banks; then the generators of the lanes, words of microcode,
// kernels, accesses, scalars, entries of lists, conditions, and rows that are cut into segments.
module micro_core #(
  parameter LANES = 16,
  parameter BANKS = 3,
  parameter HOST_BITS = 256,
  parameter FIFO_DEPTH = 64,
  parameter VALUE = 9,
  parameter [32*BANKS-1:0] WIDTHS = 0
) (
  input wire clk,
  input wire rst,
  // ---- commands: a sample's start, or a step
  input wire cmd_valid,
  output wire cmd_ready,
  input wire cmd_step,
  input wire cmd_learn,
  input wire cmd_replay,
  input wire [7:0] cmd_ends,
  input wire [31:0] cmd_label,
  input wire [31:0] cmd_steps,
  input wire [31:0] cmd_spikes,
  output wire busy,
  output wire [47:0] cycles,
  output wire fault,
  // ---- spikes of the input
  input wire s_valid,
  output wire s_ready,
  output wire s_again,
  input wire [15:0] s_neuron,
  input wire [VALUE-1:0] s_value,
  // ---- spikes; those of the kernel that runs come without asking for room
  output wire m_valid,
  input wire m_ready,
  output wire [3:0] m_population,
  output wire [8:0] m_tile,
  output wire [LANES-1:0] m_lanes,
  output wire [LANES*VALUE-1:0] m_values,
  // ---- the host, while no step runs
  input wire host_valid,
  input wire host_write,
  input wire [3:0] host_bank,
  input wire [15:0] host_address,
  input wire [HOST_BITS-1:0] host_in,
  output wire [HOST_BITS-1:0] host_out,
  // ---- the banks: a word is there in the cycle after its address
  output wire [BANKS-1:0] r_en,
  output wire [16*BANKS-1:0] r_addr,
  input wire [HOST_BITS*BANKS-1:0] r_data,
  // and the address of a write is known in the cycle before it
  output wire [16*BANKS-1:0] w_next,
  output wire [BANKS-1:0] w_en,
  output wire [16*BANKS-1:0] w_addr,
  output wire [HOST_BITS*BANKS-1:0] w_data,
  output wire [HOST_BITS*BANKS-1:0] w_mask
);
`include "micro.svh"
`include "micro_controls.svh"
  localparam LANE_BITS = $clog2(LANES);
  localparam [3:0] GENERATORS = BANKS, MICROCODE = BANKS + 1, KERNELS = BANKS + 2, ACCESSES = BANKS + 3, SCALARS = BANKS + 4,
    ENTRIES = BANKS + 5, CONDITIONS = BANKS + 6, SEGMENTS = BANKS + 7;
  genvar b, l;
  integer i, j;

  // ---- memories of the program
  wire host_puts = host_valid & host_write;
  reg [WORD_BITS-1:0] microcode [0:MOST_WORDS-1];
  reg [KERNEL_BITS-1:0] kernels [0:MOST_KERNELS-1];
  (* ram_style = "distributed" *) reg [ACCESS_BITS-1:0] accesses [0:MOST_ACCESSES-1];
  (* ram_style = "distributed" *) reg [31:0] scalars [0:MOST_SCALARS-1];
  reg [WORD_BITS-1:0] word;
  reg [KERNEL_BITS-1:0] kernel;
  wire [9:0] fetch;
  wire start, ready, settled, tested, any;
  wire [5:0] start_kernel;
  wire [15:0] start_neuron;
  wire [VALUE-1:0] start_value;
  wire may_wait, suspends, start_resumes, start_ends, start_serves;
  wire [8:0] start_place;
  reg e_valid, e_last, e_keeps, e_waits;
  reg [3:0] e_population, e_slot, e_source;
  reg [7:0] e_first;
  reg [8:0] e_tile, e_place;
  reg [LANES-1:0] e_lanes;
  reg [LANES*VALUE-1:0] e_values;
  // the first tile of what is kept for the kernel under way, and what is kept for the tile of the word
  reg [7:0] g_first;
  wire [7:0] kept_tile;
  wire [LANES-1:0] kept_lanes;
  wire [LANES*VALUE-1:0] kept_values;
  wire gives, gives_step;
  wire [31:0] given;
  always @(posedge clk) begin
    if (host_puts & host_bank == MICROCODE) microcode[host_address[INDEX_OF_WORDS-1:0]] <= host_in[WORD_BITS-1:0];
    if (host_puts & host_bank == KERNELS) kernels[host_address[INDEX_OF_KERNELS-1:0]] <= host_in[KERNEL_BITS-1:0];
    if (host_puts & host_bank == ACCESSES) accesses[host_address[INDEX_OF_ACCESSES-1:0]] <= host_in[ACCESS_BITS-1:0];
    if (host_puts & host_bank == SCALARS) scalars[host_address[INDEX_OF_SCALARS-1:0]] <= host_in[31:0];
    // the first ones are label and step, and the value of the spike: no tile of the kernel before reads it now
    else if (gives) scalars[INDEX_OF_SCALARS'(gives_step)] <= given;
    else if (starts) scalars[INDEX_OF_SCALARS'(2)] <= 32'($signed(start_value));
    word <= microcode[fetch[INDEX_OF_WORDS-1:0]];
    if (start) kernel <= kernels[start_kernel[INDEX_OF_KERNELS-1:0]];
  end

  micro_lists #(.LANES(LANES), .DEPTH(FIFO_DEPTH), .HOST_BITS(HOST_BITS), .VALUE(VALUE)) sequencer (
    .clk(clk), .rst(rst), .cmd_valid(cmd_valid), .cmd_ready(cmd_ready), .cmd_step(cmd_step), .cmd_learn(cmd_learn),
    .cmd_replay(cmd_replay), .cmd_ends(cmd_ends), .cmd_label(cmd_label), .cmd_steps(cmd_steps), .cmd_spikes(cmd_spikes),
    .busy(busy), .cycles(cycles), .fault(fault),
    .s_valid(s_valid), .s_ready(s_ready), .s_again(s_again), .s_neuron(s_neuron), .s_value(s_value),
    .e_valid(e_valid), .e_last(e_last), .e_population(e_population), .e_tile(e_tile), .e_place(e_place), .e_lanes(e_lanes), .e_values(e_values),
    .e_keeps(e_keeps), .e_waits(e_waits), .e_source(e_source), .e_first(e_first),
    .kept_tile(kept_tile), .kept_before(word[W_A_INDEX + 1]), .kept_lanes(kept_lanes), .kept_values(kept_values),
    .m_valid(m_valid), .m_ready(m_ready), .m_population(m_population), .m_tile(m_tile), .m_lanes(m_lanes), .m_values(m_values),
    .put_entry(host_puts & host_bank == ENTRIES), .put_condition(host_puts & host_bank == CONDITIONS),
    .put_address(host_address[7:0]), .put_word(host_in),
    .gives(gives), .gives_step(gives_step), .given(given),
    .ready(ready), .settled(settled), .tested(tested), .any(any),
    .start(start), .start_kernel(start_kernel), .start_neuron(start_neuron), .start_value(start_value), .may_wait(may_wait), .suspends(suspends),
    .start_serves(start_serves), .start_resumes(start_resumes), .start_place(start_place), .start_ends(start_ends)
  );

  // ---- tiles
  wire starts, scan, scan_of_rows, enter, enter_first, enter_last;
  wire [8:0] scan_tile, enter_tile, enter_place;
  wire [LANES-1:0] enter_lanes;
  wire [12:0] enter_row;
  wire [47:0] enter_bases;
  wire [8:0] enter_weights_tile;
  wire [LANE_BITS:0] enter_turn;
  wire scanned;
  wire [8:0] scanned_tile;
  wire [LANES-1:0] scanned_lanes;
  micro_walker #(.LANES(LANES), .KERNEL(KERNEL_BITS), .SEGMENT(SEGMENT_BITS)) walker (
    .clk(clk), .rst(rst), .start(start), .ready(ready), .neuron(start_neuron), .kernel(kernel), .starts(starts),
    .serves(start_serves), .resumes(start_resumes), .resume_place(start_place), .resume_ends(start_ends), .suspends(suspends), .may_wait(may_wait),
    .settled(settled), .tested(tested), .any(any),
    .scan(scan), .scan_of_rows(scan_of_rows), .scan_tile(scan_tile),
    .scanned(scanned), .scanned_tile(scanned_tile), .scanned_lanes(scanned_lanes),
    .enter(enter), .tile(enter_tile), .lanes(enter_lanes), .list_place(enter_place), .row(enter_row), .first(enter_first), .last(enter_last),
    .put(host_puts & host_bank == SEGMENTS), .put_address(host_address), .put_word(host_in[SEGMENT_BITS-1:0]),
    .bases(enter_bases), .weights_tile(enter_weights_tile), .weights_turn(enter_turn)
  );
  reg [6:0] phase;
  reg [15:0] there;
  reg [3:0] turn;
  wire [6:0] interval = kernel[K_INTERVAL +: 7];
  wire wraps = phase + 7'd1 >= interval;
  assign fetch = kernel[K_BASE +: 10] + (enter | wraps ? 10'd0 : 10'(phase) + 10'd1);
  wire [3:0] next_turn = turn + 4'd1;
  always @(posedge clk) begin
    phase <= enter | wraps ? 7'd0 : phase + 7'd1;
    if (enter | wraps) begin
      there <= {there[14:0], enter};
      turn <= next_turn;
    end
    // tiles behind the one whose spikes wait are dropped
    if (suspends) there <= (enter | wraps ? {there[14:0], 1'b0} : there) & (16'hffff << 4'((enter | wraps ? next_turn : turn) - e_slot));
    // tiles of the kernel before are done
    if (starts | rst) there <= 16'd0;
    if (rst) turn <= 4'd0;
  end
  localparam TILE_BITS = 9 + LANES + 13 + 2 + 48 + 9 + 9 + LANE_BITS + 1;
  localparam T_LANES = 9, T_ROW = 9 + LANES, T_FIRST = T_ROW + 13, T_LAST = T_FIRST + 1, T_BASES = T_LAST + 1, T_PLACE = T_BASES + 48,
    T_WEIGHTS = T_PLACE + 9, T_TURN = T_WEIGHTS + 9;
  (* ram_style = "distributed" *) reg [TILE_BITS-1:0] in_flight [0:MOST_STAGES-1];
  always @(posedge clk)
    if (enter) in_flight[next_turn[INDEX_OF_STAGES-1:0]] <=
      {enter_turn, enter_weights_tile, enter_place, enter_bases, enter_last, enter_first, enter_row, enter_lanes, enter_tile};

  // younger than the tile whose spikes wait; the slots that are, so that no function reads what is not its input
  wire [15:0] is_dropped;
  generate
    for (l = 0; l < 16; l = l + 1) begin : slots
      assign is_dropped[l] = suspends & 4'(turn - 4'(l)) < 4'(turn - e_slot);
    end
  endgenerate

  // before anything is loaded, no word says anything
  wire is_busy = there != 16'd0;

  // ---- decode: registers and tiles by their physical numbers
  wire [3:0] stage = word[W_STAGE +: 4];
  wire [3:0] slot = turn - stage;
  wire [TILE_BITS-1:0] compute_tile = in_flight[slot[INDEX_OF_STAGES-1:0]];
  assign kept_tile = 8'(compute_tile[0 +: 9]) + g_first;
  reg issue, i_row_a, i_row_b, i_draws;
  reg [WORD_BITS-1:0] i_word;
  reg [3:0] i_slot, i_a, i_b, i_p, i_target;
  reg [31:0] i_scalar_a, i_scalar_b;
  reg [8:0] i_tile;
  reg i_of_kept;
  reg [LANES-1:0] i_kept;
  reg [LANES*VALUE-1:0] i_kept_values;
  always @(posedge clk) begin
    issue <= is_busy & word[W_VALID] & there[stage] & ~rst & ~is_dropped[slot];
    i_word <= word;
    i_slot <= slot;
    // a tile without lanes only ends its row
    i_draws <= |compute_tile[T_LANES +: LANES];
    i_a <= word[W_A_INDEX +: 4] + slot;
    i_b <= word[W_B_INDEX +: 4] + slot;
    i_p <= word[W_P_INDEX +: 4] + slot;
    i_target <= word[W_TARGET +: 4] + slot;
    i_row_a <= word[W_A_KIND +: 3] == KIND_ROW & ~word[W_A_INDEX];
    i_row_b <= word[W_B_KIND +: 3] == KIND_ROW & ~word[W_B_INDEX];
    i_scalar_a <= word[W_A_KIND +: 3] == KIND_ROW ? 32'(compute_tile[T_ROW +: 13]) : scalars[word[W_A_INDEX +: INDEX_OF_SCALARS]];
    i_scalar_b <= word[W_B_KIND +: 3] == KIND_ROW ? 32'(compute_tile[T_ROW +: 13]) : scalars[word[W_B_INDEX +: INDEX_OF_SCALARS]];
    i_tile <= compute_tile[0 +: 9];
    // an item of a ring: a flag, and above it the value
    i_of_kept <= word[W_A_KIND +: 3] == KIND_INDEX & word[W_A_INDEX];
    i_kept <= kept_lanes;
    i_kept_values <= kept_values;
  end

  // ---- loads: address, word, items, and an item of the row for all lanes
  wire [32*LANES*BANKS-1:0] unpacked;
  reg [32*LANES*BANKS-1:0] items;
  reg [31:0] row_item;
  reg [BANKS-1:0] l_valid, l_keep, a_valid, a_keep, u_keep, k_keep, a_of_row, u_of_row, k_of_row;
  reg [BANKS-1:0] l_scan, a_scan, u_scan, k_scan;
  reg [4*BANKS-1:0] l_target, a_target, u_target, k_target;
  reg [8:0] l_scanned, a_scanned, u_scanned, k_scanned;
  reg [LANE_BITS*BANKS-1:0] a_lane, u_lane, k_lane;
  reg p_keep;
  reg [3:0] p_target;
  reg [BANKS-1:0] host_reads, host_read;
  reg [HOST_BITS-1:0] generator_out;
  reg reads_generator;
  generate
    for (b = 0; b < BANKS; b = b + 1) begin : bank
      localparam WIDTH = WIDTHS[32*b +: 32];
      localparam FIELDS = W_LOAD0 + 16 * b;
      wire [3:0] l_stage = word[FIELDS + 1 +: 4];
      wire [3:0] l_slot = turn - l_stage;
      wire is_scanned = scan & (scan_of_rows ? kernel[K_ROW_BANK +: 2] : kernel[K_COLUMN_BANK +: 2]) == b;
      wire [5:0] access = ~scan ? word[FIELDS + 5 +: 6] :
        scan_of_rows ? kernel[K_ROW_ACCESS +: 6] : kernel[K_COLUMN_ACCESS +: 6];
      wire [TILE_BITS-1:0] of_tile = in_flight[l_slot[INDEX_OF_STAGES-1:0]];
      reg [ACCESS_BITS-1:0] l_access;
      reg [8:0] l_tile, l_weights;
      reg [LANE_BITS:0] l_turn;
      reg [12:0] l_row;
      reg [15:0] l_base;
      // no lane of the lower half is open
      reg l_high;
      // the tile of the row's neuron
      wire of_row = l_access[A_OF_ROW];
      // of weights whose tile begins within one of stored weights, that one, then the next
      wire l_next = l_access[A_UPPER] & ~l_access[A_WIDE];
      wire [8:0] tile = of_row ? 9'(l_row >> LANE_BITS) : l_access[A_SYNAPSE] ? l_weights + 9'(l_next) : l_tile;
      wire [3:0] parts = l_access[A_PARTS +: 4];
      wire [7:0] part = 8'(tile) & ~(8'hff << parts);
      // of a tile that is two words, the upper one
      wire wide = l_access[A_WIDE];
      wire upper = of_row ? l_row[LANE_BITS-1] : l_access[A_UPPER] | l_high;
      wire [LANE_BITS-1:0] turned = l_access[A_SYNAPSE] ? l_turn[LANE_BITS-1:0] : {LANE_BITS{1'b0}};
      wire [LANES-1:0] beyond = ~({LANES{1'b1}} >> turned) & {LANES{~l_turn[LANE_BITS]}};
      integer n;
      reg [15:0] address;
      reg [7:0] a_halves, u_halves;
      reg [2:0] a_stride, u_stride;
      reg [4:0] a_last, u_last;
      reg a_signed, u_signed;
      reg [LANES-1:0] a_takes, u_takes;
      reg [LANE_BITS-1:0] a_turn, u_turn;
      wire host_asks = host_valid & ~host_write & host_bank == b;
      always @(posedge clk) begin
        l_valid[b] <= (is_scanned | ~scan & is_busy & word[FIELDS] & there[l_stage]) & ~rst;
        l_scan[b] <= is_scanned;
        l_keep[b] <= ~scan & word[FIELDS + 11];
        l_target[4*b +: 4] <= word[FIELDS + 12 +: 4] + l_slot;
        l_access <= accesses[access[INDEX_OF_ACCESSES-1:0]];
        l_tile <= scan ? scan_tile : of_tile[0 +: 9];
        l_weights <= of_tile[T_WEIGHTS +: 9];
        l_turn <= of_tile[T_TURN +: LANE_BITS + 1];
        l_row <= of_tile[T_ROW +: 13];
        l_base <= of_tile[T_BASES + 16*b +: 16];
        l_high <= ~|of_tile[T_LANES +: LANES/2];
        // address
        a_valid[b] <= l_valid[b] | host_asks;
        a_keep[b] <= l_valid[b] & l_keep[b];
        a_scan[b] <= l_valid[b] & l_scan[b];
        a_of_row[b] <= l_valid[b] & of_row;
        a_lane[LANE_BITS*b +: LANE_BITS] <= l_row[LANE_BITS-1:0];
        a_target[4*b +: 4] <= l_target[4*b +: 4];
        address <= host_asks ? host_address :
          l_access[A_FIRST +: 16] + (l_access[A_SYNAPSE] ? l_base << l_access[A_TIMES +: 2] : 16'd0) + (wide ? 16'({tile, upper}) : 16'(tile >> parts));
        a_halves <= halves(part, parts);
        a_stride <= l_access[A_STRIDE +: 3];
        a_last <= l_access[A_LAST +: 5];
        a_signed <= l_access[A_SIGNED];
        a_turn <= turned;
        a_takes <= of_row ? {LANES{1'b1}} : wide ? {{LANES/2{upper}}, {LANES/2{~upper}}} : l_access[A_UPPER] ? beyond : {LANES{1'b1}};
        // word
        u_keep[b] <= a_keep[b];
        u_scan[b] <= a_scan[b];
        u_of_row[b] <= a_of_row[b];
        u_lane[LANE_BITS*b +: LANE_BITS] <= a_lane[LANE_BITS*b +: LANE_BITS];
        u_target[4*b +: 4] <= a_target[4*b +: 4];
        u_halves <= a_halves;
        u_stride <= a_stride;
        u_last <= a_last;
        u_signed <= a_signed;
        u_takes <= a_takes;
        u_turn <= a_turn;
        // items
        for (n = 0; n < LANES; n = n + 1) if (u_takes[n]) items[32*(LANES*b + n) +: 32] <= unpacked[32*(LANES*b + n) +: 32];
        k_keep[b] <= u_keep[b];
        k_scan[b] <= u_scan[b];
        k_of_row[b] <= u_of_row[b];
        k_lane[LANE_BITS*b +: LANE_BITS] <= u_lane[LANE_BITS*b +: LANE_BITS];
        k_target[4*b +: 4] <= u_target[4*b +: 4];
        host_reads[b] <= host_asks;
        host_read[b] <= host_reads[b];
      end
      assign r_en[b] = a_valid[b];
      assign r_addr[16*b +: 16] = address;
      wire [32*LANES-1:0] stored;
      micro_unpack #(.WIDTH(WIDTH), .LANES(LANES)) unpack (
        .word(r_data[HOST_BITS*b +: WIDTH]), .halves(u_halves), .stride(u_stride), .last(u_last), .is_signed(u_signed),
        .items(stored)
      );
      micro_turn #(.LANES(LANES)) turn_items (.turn(u_turn), .items(stored), .turned(unpacked[32*LANES*b +: 32*LANES]));
    end
  endgenerate
  always @(posedge clk) begin
    l_scanned <= scan_tile;
    a_scanned <= l_scanned;
    u_scanned <= a_scanned;
    k_scanned <= u_scanned;
    // of the row: one load a cycle
    p_keep <= |(k_keep & k_of_row);
    for (i = 0; i < BANKS; i = i + 1)
      if (k_of_row[i]) begin
        row_item <= items[32 * (LANES * i + 32'(k_lane[LANE_BITS*i +: LANE_BITS])) +: 32];
        p_target <= k_target[4*i +: 4];
      end
  end
  assign scanned = |k_scan;
  assign scanned_tile = k_scanned;
  wire keeps_tile = |(k_keep & ~k_of_row);
  reg [3:0] keep_target;
  always @* begin
    keep_target = p_target;
    for (j = 0; j < BANKS; j = j + 1) if (k_keep[j] & ~k_of_row[j]) keep_target = k_target[4*j +: 4];
  end

  // ---- control of what is under way: f[k] is saturated k cycles later
  localparam F_BITS = WORD_BITS + 9;
  reg [5:0] f_valid;
  reg [F_BITS-1:0] f [0:5];
  wire is_long = i_word[W_OPERATION +: 4] == OP_SHIFT;
  wire [F_BITS-1:0] issued = {i_target, i_draws, i_slot, i_word};
  wire issues = issue & ~is_dropped[i_slot];
  wire [5:0] goes_on;
  generate
    for (l = 0; l < 6; l = l + 1) begin : way
      assign goes_on[l] = f_valid[l] & ~is_dropped[f[l][WORD_BITS +: 4]];
    end
  endgenerate
  always @(posedge clk) begin
    f_valid[5] <= issues & is_long;
    f_valid[4:2] <= goes_on[5:3];
    f_valid[1] <= goes_on[2] | issues & ~is_long;
    f_valid[0] <= goes_on[1];
    f[5] <= issued;
    f[4] <= f[5];
    f[3] <= f[4];
    f[2] <= f[3];
    f[1] <= issues & ~is_long ? issued : f[2];
    f[0] <= f[1];
    if (rst) f_valid <= 6'd0;
  end
  reg [4:0] s_rotate;
  reg [31:0] t_keep;
  reg t_left, t_unsigned;
  reg [2:0] t_rounding;
  reg [32:0] fit_high;
  always @(posedge clk) begin
    s_rotate <= rotation(f[4][W_AMOUNT +: 5], f[4][W_LEFT]);
    t_keep <= kept_bits(f[3][W_AMOUNT +: 5], f[3][W_LEFT]);
    t_left <= f[3][W_LEFT];
    t_unsigned <= f[3][W_UNSIGNED];
    t_rounding <= f[3][W_ROUNDING +: 3];
    fit_high <= high_bits(f[1][W_FIT_TO +: 2], f[1][W_FIT_BITS +: 6]);
  end
  wire draws = goes_on[4] & f[4][WORD_BITS + 4] & (f[4][W_RANDOM] | f[4][W_ROUNDING +: 3] == ROUND_STOCHASTIC);

  // ---- lanes
  wire [32*LANES-1:0] results;
  wire [LANES-1:0] nonzero, holds;
  wire [32*LANES-1:0] generators;
  generate
    for (l = 0; l < LANES; l = l + 1) begin : lane
      wire [95:0] own;
      for (b = 0; b < 3; b = b + 1) begin : item
        if (b < BANKS) begin : there
          assign own[32*b +: 32] = items[32 * (LANES * b + l) +: 32];
        end else begin : absent
          assign own[32*b +: 32] = 32'd0;
        end
      end
      reg [31:0] kept;
      integer k;
      always @* begin
        kept = row_item;
        for (k = 0; k < BANKS; k = k + 1) if (k_keep[k] & ~k_of_row[k]) kept = own[32*k +: 32];
      end
      wire [BANKS-1:0] is_open;
      for (b = 0; b < BANKS; b = b + 1) begin : gate
        assign is_open[b] = k_scan[b] & |own[32*b +: 32];
      end
      assign scanned_lanes[l] = |is_open;
      micro_lane one (
        .clk(clk), .a_kind(i_word[W_A_KIND +: 3]), .b_kind(i_word[W_B_KIND +: 3]),
        .a_register(i_a), .b_register(i_b), .p_register(i_p), .p_kept(i_word[W_P_KEPT]),
        .a_scalar(i_row_a ? row_item : i_scalar_a), .b_scalar(i_row_b ? row_item : i_scalar_b),
        .index(i_of_kept ? {{31-VALUE{1'b0}}, i_kept_values[VALUE*l +: VALUE], 1'b1} & {32{i_kept[l]}} : {23'd0, i_tile} << LANE_BITS | 32'(l)), .items(own),
        .keep(keeps_tile | p_keep), .keep_register(keep_target), .keep_item(kept),
        .x_operation(f[1][W_OPERATION +: 4]), .x_unsigned(f[1][W_UNSIGNED]), .x_invert(f[1][W_INVERT]),
        .m_multiply(f[4][W_MULTIPLY]), .m_random(f[4][W_RANDOM]), .m_step(draws), .s_rotate(s_rotate),
        .t_keep(t_keep), .t_left(t_left), .t_unsigned(t_unsigned), .t_rounding(t_rounding),
        .f_long(f[0][W_OPERATION +: 4] == OP_SHIFT), .f_to(f[0][W_FIT_TO +: 2]), .f_high(fit_high),
        .f_write(f_valid[0] & f[0][W_WRITE]), .f_register(f[0][F_BITS-4 +: 4]),
        .seed(host_puts & host_bank == GENERATORS & host_address == l), .seed_word(host_in[31:0]),
        .generator(generators[32*l +: 32]), .result(results[32*l +: 32]), .nonzero(nonzero[l]), .holds(holds[l])
      );
    end
  endgenerate
  always @(posedge clk) begin
    reads_generator <= host_valid & ~host_write & host_bank == GENERATORS;
    generator_out <= HOST_BITS'(generators[32 * host_address[LANE_BITS-1:0] +: 32]);
  end
  reg reads_generator_then;
  reg [HOST_BITS-1:0] generator_then;
  always @(posedge clk) begin
    reads_generator_then <= reads_generator;
    generator_then <= generator_out;
  end
  reg [HOST_BITS-1:0] bank_out;
  integer o;
  always @* begin
    bank_out = {HOST_BITS{1'b0}};
    for (o = 0; o < BANKS; o = o + 1) if (host_read[o]) bank_out = r_data[HOST_BITS*o +: HOST_BITS];
  end
  assign host_out = reads_generator_then ? generator_then : bank_out;

  // ---- what happens to a result
  reg g_valid, g_store, g_emit, g_send, g_sum;
  reg [3:0] g_slot;
  wire g_goes_on = g_valid & ~is_dropped[g_slot];
  reg [1:0] g_bank;
  reg [ACCESS_BITS-1:0] g_access, g_sum_access;
  reg [TILE_BITS-1:0] g_tile;
  reg [1:0] g_sum_bank, g_sum_to;
  reg [5:0] g_sum_bits;
  reg g_sum_largest;
  reg [3:0] g_population, g_source;
  reg g_keeps, g_waits;
  wire [LANES-1:0] spikes = (g_send ? holds : nonzero) & g_tile[T_LANES +: LANES];
  always @(posedge clk) begin
    g_valid <= goes_on[0] & ~rst;
    g_slot <= f[0][WORD_BITS +: 4];
    g_store <= f[0][W_STORE];
    g_emit <= f[0][W_EMIT];
    g_send <= f[0][W_SEND];
    g_sum <= f[0][W_SUM];
    g_bank <= f[0][W_STORE_BANK +: 2];
    g_access <= accesses[f[0][W_STORE_ACCESS +: INDEX_OF_ACCESSES]];
    g_tile <= in_flight[f[0][WORD_BITS +: INDEX_OF_STAGES]];
    // the kernel of the tile; another one may have been looked up since
    if (enter) begin
      g_sum_access <= accesses[kernel[K_SUM_ACCESS +: INDEX_OF_ACCESSES]];
      g_sum_bank <= kernel[K_SUM_BANK +: 2];
      g_sum_to <= kernel[K_SUM_TO +: 2];
      g_sum_bits <= kernel[K_SUM_BITS +: 6];
      g_sum_largest <= kernel[K_SUM_LARGEST];
      g_population <= kernel[K_POPULATION +: 4];
      g_keeps <= kernel[K_KEEPS];
      g_waits <= kernel[K_WAITS];
      g_source <= kernel[K_SOURCE +: 4];
      g_first <= kernel[K_FIRST +: 8];
    end
    // spikes
    e_valid <= g_goes_on & g_emit & |spikes;
    e_last <= g_tile[T_LAST];
    e_slot <= g_slot;
    e_population <= g_population;
    e_keeps <= g_keeps;
    e_waits <= g_waits;
    e_source <= g_source;
    e_first <= g_first;
    e_tile <= g_tile[0 +: 9];
    e_place <= g_tile[T_PLACE +: 9];
    e_lanes <= spikes;
    for (i = 0; i < LANES; i = i + 1) e_values[VALUE*i +: VALUE] <=
      g_waits ? results[32*i+1 +: VALUE] : g_send ? results[32*i +: VALUE] : {VALUE{1'b0}};
  end

  // ---- the sum of a row
  wire sum_write;
  wire [1:0] sum_bank;
  wire [ACCESS_BITS-1:0] sum_access;
  wire [12:0] sum_row;
  wire [31:0] sum_word;
  micro_sum #(.LANES(LANES), .ACCESS(ACCESS_BITS)) sum (
    .clk(clk), .rst(rst), .valid(g_goes_on & g_sum), .first(g_tile[T_FIRST]), .last(g_tile[T_LAST]),
    .lanes(g_tile[T_LANES +: LANES]), .items(results), .row(g_tile[T_ROW +: 13]),
    .bank(g_sum_bank), .access(g_sum_access), .to(g_sum_to), .bits(g_sum_bits), .takes_largest(g_sum_largest),
    .write(sum_write), .write_bank(sum_bank), .write_access(sum_access), .write_row(sum_row), .write_word(sum_word)
  );

  // ---- stores: weights of a segment are as many lanes further as those that were loaded
  wire [LANE_BITS-1:0] g_turn = g_access[A_SYNAPSE] ? g_tile[T_TURN +: LANE_BITS] : {LANE_BITS{1'b0}};
  wire g_beyond = g_access[A_SYNAPSE] & g_tile[T_TURN + LANE_BITS];
  wire [32*LANES-1:0] stored;
  wire [2*LANES-1:0] stored_lanes = {{LANES{1'b0}}, g_tile[T_LANES +: LANES]} << g_turn;
  wire [8:0] stored_tile = g_access[A_SYNAPSE] ? g_tile[T_WEIGHTS +: 9] : g_tile[0 +: 9];
  micro_turn #(.LANES(LANES)) turn_results (.turn(-g_turn), .items(results), .turned(stored));
  generate
    for (b = 0; b < BANKS; b = b + 1) begin : store
      localparam WIDTH = WIDTHS[32*b +: 32];
      wire is_sum = sum_write & sum_bank == b;
      wire is_tile = g_goes_on & g_store & g_bank == b;
      // in the cycle after it: the upper half of a tile that is two words, or what is in the next tile of stored weights
      reg late;
      reg [32*LANES-1:0] late_items;
      reg [LANES-1:0] late_lanes;
      reg [ACCESS_BITS-1:0] late_access;
      reg [8:0] late_tile;
      reg [15:0] late_base;
      wire [LANES-1:0] lanes = g_beyond ? stored_lanes[LANES +: LANES] : stored_lanes[LANES-1:0];
      wire [LANES-1:0] next_lanes = stored_lanes[LANES +: LANES] & {LANES{~g_beyond}};
      wire is_wide = g_access[A_WIDE];
      wire [ACCESS_BITS-1:0] access = is_sum ? sum_access : late ? late_access : g_access;
      wire [8:0] tile = is_sum ? 9'(sum_row >> LANE_BITS) : late ? late_tile : stored_tile;
      wire [15:0] base = late ? late_base : g_tile[T_BASES + 16*b +: 16];
      wire [3:0] parts = access[A_PARTS +: 4];
      wire upper = is_sum ? sum_row[LANE_BITS-1] : late | ~|lanes[LANES/2-1:0];
      wire [WIDTH-1:0] data, mask;
      micro_pack #(.WIDTH(WIDTH), .LANES(LANES)) pack (
        .items(is_sum ? {LANES{sum_word}} : late ? late_items : stored),
        .lanes(is_sum ? {{LANES-1{1'b0}}, 1'b1} << sum_row[LANE_BITS-1:0] : late ? late_lanes : lanes),
        .part(8'(tile) & ~(8'hff << parts)), .upper(upper), .stride(access[A_STRIDE +: 3]), .last(access[A_LAST +: 5]),
        .data(data), .mask(mask)
      );
      reg write;
      reg [15:0] address;
      reg [HOST_BITS-1:0] word_out, mask_out;
      wire host_writes = host_puts & host_bank == b;
      always @(posedge clk) begin
        late <= is_tile & (is_wide ? |lanes[LANES/2-1:0] & |lanes[LANES-1:LANES/2] : |next_lanes) & ~rst;
        late_items <= stored;
        late_lanes <= is_wide ? {lanes[LANES-1:LANES/2], {LANES/2{1'b0}}} : next_lanes;
        late_access <= g_access;
        late_tile <= stored_tile + (is_wide ? 9'd0 : 9'd1);
        late_base <= g_tile[T_BASES + 16*b +: 16];
        write <= (is_sum | is_tile | late | host_writes) & ~rst;
        address <= w_next[16*b +: 16];
        word_out <= host_writes ? host_in : HOST_BITS'(data);
        mask_out <= host_writes ? {HOST_BITS{1'b1}} : HOST_BITS'(mask);
      end
      assign w_next[16*b +: 16] = host_writes ? host_address : access[A_FIRST +: 16] +
        (access[A_SYNAPSE] ? base << access[A_TIMES +: 2] : 16'd0) +
        (access[A_WIDE] ? 16'({tile, upper}) : 16'(tile >> parts));
      assign w_en[b] = write;
      assign w_addr[16*b +: 16] = address;
      assign w_data[HOST_BITS*b +: HOST_BITS] = word_out;
      assign w_mask[HOST_BITS*b +: HOST_BITS] = mask_out;
    end
  endgenerate
endmodule
