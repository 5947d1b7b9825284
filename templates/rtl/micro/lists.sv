// Plays the lists of a program: a sample's start, or a step, with all that its spikes trigger.
//
// A step begins with the conditions: those that hold leave the entries that run, one behind the other. No cycle of the
// step has passed then. From there on, the next kernel is looked up while the walker is busy with the one before, so that
// lists take no cycles of their own; a spike that is taken from the FIFO takes one.
module micro_lists #(parameter LANES = 16, parameter DEPTH = 64, parameter HOST_BITS = 256) (
  input wire clk,
  input wire rst,
  // ---- commands
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
  output reg [47:0] cycles,
  output reg fault,
  // ---- spikes that enter
  input wire s_valid,
  output wire s_ready,
  output wire s_again,
  input wire [15:0] s_neuron,
  // ---- spikes of a kernel, the last tile of it or not
  input wire e_valid,
  input wire e_last,
  input wire [3:0] e_population,
  input wire [8:0] e_tile,
  input wire [8:0] e_place,
  input wire [LANES-1:0] e_lanes,
  // ---- spikes that leave: those that enter the FIFO, and the first one that waits for room
  output wire m_valid,
  input wire m_ready,
  output wire [3:0] m_population,
  output wire [8:0] m_tile,
  output wire [LANES-1:0] m_lanes,
  // ---- the host writes lists and conditions
  input wire put_entry,
  input wire put_condition,
  input wire [7:0] put_address,
  input wire [HOST_BITS-1:0] put_word,
  // ---- label and step, for the scalars
  output wire gives,
  output wire gives_step,
  output wire [31:0] given,
  // ---- the walker; `settled` tells that all spikes are in the FIFO
  input wire ready,
  input wire settled,
  input wire tested,
  input wire any,
  output wire start,
  output wire [5:0] start_kernel,
  output wire [15:0] start_neuron,
  // ---- a kernel that waits: younger tiles are dropped; it goes on behind its tile, or ends
  input wire may_wait,
  output wire suspends,
  output wire start_serves,
  output wire start_resumes,
  output wire [8:0] start_place,
  output wire start_ends
);
`include "micro.svh"
  localparam COUNT = $clog2(DEPTH + LANES + 1);
  localparam [3:0] IDLE = 0, GIVE = 1, CONDITIONS = 2, LISTS = 3, FETCH = 4, PLAY = 5, POP = 6, TEST = 7, END = 8, FLUSH = 9,
    SERVE = 10, RESUME = 11, REFILL = 12;
  reg [3:0] state;
  wire accept = cmd_valid & cmd_ready;
  assign cmd_ready = state == IDLE;
  // the host waits until the lanes have written what is theirs
  reg [3:0] writing;
  always @(posedge clk)
    if (rst) writing <= 4'd0;
    else writing <= state != IDLE | accept ? 4'd9 : writing - 4'(writing != 0);
  assign busy = writing != 0;

  // ---- the sample and the step
  reg learn, replay, is_step;
  reg [7:0] ends;
  reg [STEP_BITS-1:0] steps, now, next;
  reg [31:0] label, input_count, input_left;
  assign gives = state == GIVE | state == CONDITIONS;
  assign gives_step = state == CONDITIONS;
  assign given = gives_step ? 32'(now) : label;

  // ---- conditions, one after the other
  reg [CONDITION_BITS-1:0] conditions [0:15];
  // those that no program has loaded are known, too, lest a simulator of four states lose the state
  integer number_of;
  initial for (number_of = 0; number_of < 16; number_of = number_of + 1) conditions[number_of] = 0;
  reg [STEP_BITS-1:0] phases [0:15];
  reg [15:0] holding, held_before;
  reg dirty;
  reg [3:0] number;
  wire [CONDITION_BITS-1:0] condition = conditions[number];
  wire [STEP_BITS-1:0] every = condition[C_EVERY +: STEP_BITS];
  wire [STEP_BITS-1:0] last_steps = condition[C_LAST +: STEP_BITS];
  wire [STEP_BITS-1:0] phase = is_step ? phases[number] : condition[C_PHASE +: STEP_BITS];
  wire is_due = now >= condition[C_FROM +: STEP_BITS] & now < condition[C_UNTIL +: STEP_BITS] & phase == 0 &
    (last_steps == 0 | {1'b0, now} + {1'b0, last_steps} >= {1'b0, steps});
  wire is_met = ~condition[C_NEVER] & (learn | ~condition[C_LEARNING]) & (~replay | ~condition[C_FIRST]) &
    (replay | ~condition[C_AGAIN]) & (~condition[C_BATCH] | ends[condition[C_SIZE +: 3]]) & is_due;
  wire [15:0] holding_now = {is_met, holding[15:1]};

  // ---- lists as they are loaded, and what runs of them in this step
  localparam ACTIVE = ENTRY_BITS - 16;
  reg [ENTRY_BITS-1:0] lists [0:255];
  reg [ACTIVE-1:0] active [0:255];
  // where the entries have gone; where each list begins, and whether anything is left of it
  reg [7:0] places [0:255];
  reg [7:0] firsts [0:31];
  reg [31:0] some;
  reg [ENTRY_BITS-1:0] listed;
  reg [7:0] read, reading, into, own_first;
  reg is_read;
  wire [7:0] first_now = listed[E_FIRST] ? reading : own_first;
  wire [7:0] into_now = listed[E_FIRST] ? reading : into;
  wire is_kept = (listed[E_CONDITIONS +: 16] & ~holding) == 0;
  wire [1:0] listed_kind = listed[E_KIND +: 2];
  always @(posedge clk) begin
    listed <= lists[read];
    reading <= read;
    if (put_entry) lists[put_address] <= put_word[ENTRY_BITS-1:0];
    if (put_condition) conditions[put_address[3:0]] <= put_word[CONDITION_BITS-1:0];
  end

  // ---- the entry that is played
  reg [7:0] pc, back;
  reg [3:0] delivered;
  reg [7:0] next_pc;
  reg [ACTIVE-1:0] entry;
  reg [7:0] skip_to;
  wire [1:0] kind = entry[E_KIND +: 2];
  wire [5:0] index = entry[E_INDEX +: 6];
  reg in_event;
  reg [15:0] event_neuron;

  // ---- the kernel that starts next, and the cycles of the spikes that come before it
  reg slot_valid, slot_emits, runs_emitting, begun;
  reg [5:0] slot_kernel;
  reg [15:0] slot_neuron, slot_owes, owes;
  wire takes = ~slot_valid | start;
  reg slot_serves, slot_resumes, suspended, waiting;
  wire fills_entry = state == PLAY & (kind == ENTRY_RUN | kind == ENTRY_TEST) & takes & ~suspended;
  wire fills_resumed = state == RESUME & takes;
  wire refills = state == REFILL & takes & ~suspended;
  wire fills = fills_entry | fills_resumed | refills & kept_valid;
  // what was to come next, while a kernel waits
  reg kept_valid, kept_emits, kept_in_event;
  reg [3:0] kept_state;
  reg [7:0] kept_pc;
  reg [5:0] kept_kernel, run_kernel, run_kernel_waiting;
  reg [15:0] kept_neuron, kept_owes, kept_event, run_neuron, run_neuron_waiting;
  assign start = slot_valid & ready & slot_owes == 0 & m_ready;
  assign start_kernel = slot_kernel;
  assign start_neuron = slot_neuron;
  wire is_emitting = slot_valid & slot_emits | runs_emitting & ~settled;

  // ---- spikes
  wire holds, head_is_run, overflows;
  wire [3:0] head_population;
  wire [15:0] head_neuron;
  wire [COUNT-1:0] free;
  reg [31:0] rest;
  wire [31:0] room = 32'(free);
  wire pops_now = (state == POP | state == SERVE) & ~is_emitting & ~suspended;
  wire enters = pops_now & (state == SERVE ? free != 0 : rest != 0 & free != 0);
  wire [31:0] entering = rest < room ? rest : room;
  wire waits_for_input = pops_now & ~enters & holds & head_is_run & ~s_valid;
  wire pop = pops_now & ~enters & holds & ~waits_for_input;
  wire [4:0] head_list = 5'(head_population) + 5'd2;
  wire triggers = some[head_list];
  // a place that a spike without a list has left is the next one's
  wire follows = pop & ~triggers & (state == SERVE | rest != 0);
  // ---- lanes that wait for room; each is told when it is the next one
  reg [LANES-1:0] wait_lanes;
  reg [3:0] wait_population;
  reg [8:0] wait_tile, wait_place;
  reg wait_ends;
  wire [LANES-1:0] kept;
  wire [LANES-1:0] left = e_lanes & ~kept;
  wire [LANES-1:0] first_left = left & (~left + 1'b1), first_waiting = wait_lanes & (~wait_lanes + 1'b1);
  wire [LANES-1:0] then_waiting = wait_lanes & ~first_waiting, next_waiting = then_waiting & (~then_waiting + 1'b1);
  wire wakes = state == SERVE & (enters | follows);
  assign suspends = overflows & ~waiting & may_wait & ~wakes;
  assign m_valid = e_valid | wakes & next_waiting != 0;
  assign m_population = e_valid ? e_population : wait_population;
  assign m_tile = e_valid ? e_tile : wait_tile;
  assign m_lanes = ~e_valid ? next_waiting : suspends ? kept | first_left : e_lanes;
  assign start_resumes = slot_resumes;
  assign start_serves = slot_serves;
  assign start_place = wait_place + 9'd1;
  assign start_ends = wait_ends;
  wire delivers_input = state == PLAY & ~suspended & kind == ENTRY_DELIVER & entry[E_EMITS];
  assign s_again = delivers_input;
  assign s_ready = pop & head_is_run | state == FLUSH;
  micro_fifo #(.LANES(LANES), .DEPTH(DEPTH), .COUNT(COUNT)) fifo (
    .clk(clk), .clear(rst | accept & ~cmd_step),
    .push(e_valid | wakes), .push_population(e_valid ? e_population : wait_population),
    .push_tile(e_valid ? e_tile : wait_tile), .push_lanes(e_valid ? e_lanes : first_waiting), .push_follows(wakes & follows),
    .run((enters | follows) & state == POP), .run_population(delivered), .run_number(follows ? COUNT'(1) : COUNT'(entering)),
    .pop(pop), .holds(holds), .is_run(head_is_run), .population(head_population), .neuron(head_neuron),
    .free(free), .kept(kept), .overflows(overflows)
  );

  // ---- cycles: all from the first kernel or spike of the step to the end of the last, but those that wait for others
  wire ends_now = state == END & ready & ~slot_valid & owes == 0;
  wire idles = begun & ready & ~start;
  wire pays = idles & ~slot_valid & (pop | owes != 0);
  wire waits = ready & (slot_valid ? slot_owes == 0 & ~m_ready : waits_for_input);
  always @(posedge clk) begin
    if (begun & ~ends_now & ~waits) cycles <= cycles + 48'd1;
    if (rst) cycles <= 48'd0;
  end

  always @* begin
    next_pc = pc;
    case (state)
      FETCH: next_pc = firsts[is_step ? 5'd1 : 5'd0];
      PLAY: if (fills_entry & kind == ENTRY_RUN | kind == ENTRY_DELIVER & ~suspended) next_pc = pc + 8'd1;
      POP, SERVE: if (pop & triggers) next_pc = firsts[head_list];
        else if (pops_now & ~enters & ~holds) next_pc = back;
      REFILL: if (refills) next_pc = kept_pc;
      TEST: if (tested) next_pc = any ? pc + 8'd1 : skip_to;
      default: ;
    endcase
  end
  always @(posedge clk) begin
    pc <= next_pc;
    entry <= active[next_pc];
    skip_to <= places[entry[E_SKIP +: 8]];
    case (state)
      IDLE: if (accept) begin
        state <= GIVE;
        is_step <= cmd_step;
        now <= cmd_step ? next : 0;
        next <= cmd_step ? next + 1'b1 : 0;
        input_count <= cmd_step ? cmd_spikes : 32'd0;
        input_left <= cmd_step ? cmd_spikes : 32'd0;
        if (~cmd_step) begin
          learn <= cmd_learn;
          replay <= cmd_replay;
          ends <= cmd_ends;
          label <= cmd_label;
          steps <= cmd_steps[STEP_BITS-1:0];
        end
        rest <= 32'd0;
        owes <= 16'd0;
        in_event <= 1'b0;
      end
      GIVE: begin
        state <= CONDITIONS;
        number <= 4'd0;
      end
      CONDITIONS: begin
        number <= number + 4'd1;
        holding <= holding_now;
        phases[number] <= ~is_step ? phase : phase + 1'b1 == every ? 0 : phase + 1'b1;
        read <= 8'd0;
        is_read <= 1'b0;
        if (number == 4'd15) begin
          state <= dirty | holding_now != held_before ? LISTS : FETCH;
          held_before <= holding_now;
        end
      end
      LISTS: begin
        read <= read + 8'd1;
        is_read <= 1'b1;
        if (is_read) begin
          own_first <= first_now;
          places[reading] <= into_now;
          into <= into_now + 8'(is_kept);
          if (is_kept) active[into_now] <= listed[ACTIVE-1:0];
          if (listed_kind == ENTRY_END) begin
            firsts[listed[E_INDEX +: 5]] <= first_now;
            some[listed[E_INDEX +: 5]] <= into_now != first_now;
            if (listed[E_FINAL]) state <= FETCH;
          end
        end
        dirty <= 1'b0;
      end
      FETCH: state <= PLAY;
      PLAY: if (~suspended) case (kind)
        ENTRY_RUN: ;
        ENTRY_TEST: if (fills_entry) state <= TEST;
        ENTRY_DELIVER: begin
          state <= POP;
          back <= pc + 8'd1;
          delivered <= index[3:0];
          if (entry[E_EMITS]) rest <= input_count;
        end
        default: begin
          state <= ~in_event ? END : waiting ? SERVE : POP;
          in_event <= 1'b0;
        end
      endcase
      POP: begin
        if (enters | follows) rest <= rest - (follows ? 32'd1 : entering);
        if (pop & triggers) begin
          state <= PLAY;
          in_event <= 1'b1;
          event_neuron <= head_is_run ? s_neuron : head_neuron;
        end else if (pops_now & ~enters & ~holds) state <= PLAY;
      end
      SERVE: begin
        if (wakes) wait_lanes <= then_waiting;
        if (wakes & then_waiting == 0) state <= RESUME;
        else if (pop & triggers) begin
          state <= PLAY;
          in_event <= 1'b1;
          event_neuron <= head_is_run ? s_neuron : head_neuron;
        end
      end
      RESUME: if (takes) begin
        state <= REFILL;
        waiting <= 1'b0;
      end
      REFILL: if (refills) begin
        state <= kept_state;
        in_event <= kept_in_event;
        event_neuron <= kept_event;
      end
      TEST: if (tested) state <= PLAY;
      END: if (ends_now) state <= input_left != 0 ? FLUSH : IDLE;
      default: if (input_left == 32'd0 | input_left == 32'd1 & s_valid) state <= IDLE;
    endcase
    if (s_again) input_left <= input_count;
    else if (s_valid & s_ready) input_left <= input_left - 32'd1;

    // ---- the kernel that starts next
    if (start) begin
      slot_valid <= 1'b0;
      runs_emitting <= slot_emits;
      run_kernel <= slot_kernel;
      run_neuron <= slot_neuron;
    end
    if (fills) begin
      slot_valid <= 1'b1;
      slot_serves <= fills_entry & waiting;
      slot_resumes <= fills_resumed;
      slot_kernel <= fills_resumed ? run_kernel_waiting : refills ? kept_kernel : index;
      slot_emits <= fills_resumed | (refills ? kept_emits : entry[E_EMITS]);
      slot_neuron <= fills_resumed ? run_neuron_waiting : refills ? kept_neuron : event_neuron;
    end
    // a spike takes a cycle in which the walker rests
    if (fills) begin
      slot_owes <= refills ? kept_owes : owes - 16'(pays);
      owes <= 16'd0;
    end else begin
      if (idles & slot_valid & slot_owes != 0) slot_owes <= slot_owes - 16'd1;
      if (state != IDLE) owes <= owes + 16'(pop) - 16'(pays);
    end
    if (fills | state == END & ~ends_now) begun <= 1'b1;
    else if (ends_now | waits & ~slot_valid) begun <= 1'b0;
    // ---- a kernel that waits
    suspended <= suspends;
    if (suspends) begin
      wait_lanes <= left;
      wait_population <= e_population;
      wait_tile <= e_tile;
      wait_place <= e_place;
      wait_ends <= e_last;
      waiting <= 1'b1;
    end
    if (suspended) begin
      run_kernel_waiting <= run_kernel;
      run_neuron_waiting <= run_neuron;
      if (state != REFILL) begin
        kept_valid <= slot_valid;
        kept_emits <= slot_emits;
        kept_kernel <= slot_kernel;
        kept_neuron <= slot_neuron;
        kept_owes <= slot_owes;
        kept_state <= state;
        kept_in_event <= in_event;
        kept_event <= event_neuron;
        kept_pc <= pc;
        slot_valid <= 1'b0;
      end
      state <= SERVE;
    end
    if (overflows & ~suspends) fault <= 1'b1;
    if (put_entry) dirty <= 1'b1;
    if (rst) begin
      state <= IDLE;
      slot_valid <= 1'b0;
      runs_emitting <= 1'b0;
      suspended <= 1'b0;
      waiting <= 1'b0;
      begun <= 1'b0;
      fault <= 1'b0;
      dirty <= 1'b1;
    end
  end
endmodule
