// Plays the lists of a program: a sample's start, or a step, with all that its spikes trigger.
//
// A step begins with the conditions: those that hold leave the entries that run, one behind the other. No cycle of the
// step has passed then. From there on, the next kernel is looked up while the walker is busy with the one before, so that
// lists take no cycles of their own; a spike that is taken from the FIFO takes one.
module micro_lists #(parameter LANES = 16, parameter DEPTH = 64, parameter HOST_BITS = 256, parameter VALUE = 9) (
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
  input wire [VALUE-1:0] s_value,
  // ---- spikes of a kernel, the last tile of it or not
  input wire e_valid,
  input wire e_last,
  input wire [3:0] e_population,
  input wire [8:0] e_tile,
  input wire [8:0] e_place,
  input wire [LANES-1:0] e_lanes,
  input wire [LANES*VALUE-1:0] e_values,
  // whether a later step delivers them, of which source, from which of its tiles on
  input wire e_keeps,
  // they only wait, and enter no FIFO
  input wire e_waits,
  input wire [3:0] e_source,
  input wire [7:0] e_first,
  // ---- spikes that are kept: a tile, of this step or of the step before
  input wire [7:0] kept_tile,
  input wire kept_before,
  output wire [LANES-1:0] kept_lanes,
  output wire [LANES*VALUE-1:0] kept_values,
  // ---- spikes that leave: those that enter the FIFO, and the first one that waits for room
  output wire m_valid,
  input wire m_ready,
  output wire [3:0] m_population,
  output wire [8:0] m_tile,
  output wire [LANES-1:0] m_lanes,
  output wire [LANES*VALUE-1:0] m_values,
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
  // that of the kernel that has started last
  output wire [VALUE-1:0] start_value,
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
  wire [1:0] listed_kind = listed[E_KIND +: 2];
  // whether a delivery has spikes of its own; else, behind another one, it is left out
  wire [15:0] own_number;
  wire is_behind = listed_kind == ENTRY_DELIVER & listed[E_BEHIND];
  wire has_own = listed[E_KEPT] ? own_number != 0 : listed[E_EMITS] & input_count != 0;
  wire is_kept = (listed[E_CONDITIONS +: 16] & ~holding) == 0 & (~is_behind | has_own);
  reg any_behind;
  always @(posedge clk) begin
    listed <= lists[read];
    reading <= read;
    if (put_entry) lists[put_address] <= put_word[ENTRY_BITS-1:0];
    if (put_condition) conditions[put_address[3:0]] <= put_word[CONDITION_BITS-1:0];
  end

  // ---- the entry that is played
  reg [7:0] pc, back;
  reg [4:0] delivered;
  reg of_kept, receives;
  reg [3:0] received_source;
  reg [7:0] received_first;
  reg [12:0] shift;
  // a delivery that comes right behind this one begins in the cycle in which this one ends
  reg is_first;
  reg [ACTIVE-1:0] behind;
  reg [7:0] next_pc;
  reg [ACTIVE-1:0] entry;
  reg [7:0] skip_to;
  wire [1:0] kind = entry[E_KIND +: 2];
  wire [5:0] index = entry[E_INDEX +: 6];
  reg in_event;
  reg [15:0] event_neuron;
  reg [VALUE-1:0] event_value;

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
  reg [VALUE-1:0] slot_value, run_value, kept_value, kept_event_value;
  assign start = slot_valid & ready & slot_owes == 0 & m_ready;
  assign start_kernel = slot_kernel;
  assign start_neuron = slot_neuron;
  assign start_value = run_value;
  wire is_emitting = slot_valid & slot_emits | runs_emitting & ~settled;

  // ---- spikes
  wire holds, head_is_run, overflows;
  wire [4:0] head_list;
  wire [15:0] head_neuron;
  wire [VALUE-1:0] head_value;
  wire [COUNT-1:0] free;
  reg [31:0] rest;
  wire [31:0] room = 32'(free);
  wire e_enters = e_valid & ~e_waits;
  wire pops_now = (state == POP | state == SERVE) & ~is_emitting & ~suspended;
  wire enters = pops_now & (state == SERVE ? free != 0 : rest != 0 & free != 0);
  wire [31:0] entering = rest < room ? rest : room;
  wire waits_for_input = pops_now & ~enters & holds & head_is_run & ~of_kept & ~s_valid;
  wire pop = pops_now & ~enters & holds & ~waits_for_input;
  // spikes of the step before
  wire [15:0] before_number, before_neuron;
  wire [VALUE-1:0] before_value;
  // those of the input in this step are kept one by one
  wire receives_now = pop & head_is_run & receives;
  localparam LANE_BITS = $clog2(LANES);
  wire begins = state == PLAY & ~suspended & kind == ENTRY_DELIVER;
  wire [ACTIVE-1:0] behind_now = is_first ? entry : behind;
  wire is_last = state == POP & pops_now & ~enters & ~holds;
  wire goes_on = is_last & behind_now[E_KIND +: 2] == ENTRY_DELIVER & behind_now[E_BEHIND];
  wire [ACTIVE-1:0] delivery = goes_on ? behind_now : entry;
  wire begins_kept = (begins | goes_on) & delivery[E_KEPT];
  wire [31:0] own = delivery[E_KEPT] ? 32'(before_number) : delivery[E_EMITS] ? input_count : 32'd0;
  wire [31:0] own_enters = own < room ? own : room;
  wire triggers = some[head_list];
  wire [15:0] popped_neuron = ~head_is_run ? head_neuron : of_kept ? before_neuron + 16'(shift) : s_neuron;
  wire [VALUE-1:0] popped_value = ~head_is_run ? head_value : of_kept ? before_value : s_value;
  // a place that a spike without a list has left is the next one's
  wire follows = pop & ~triggers & (state == SERVE | rest != 0);
  // ---- lanes that wait for room; each is told when it is the next one
  reg [LANES-1:0] wait_lanes;
  reg [LANES*VALUE-1:0] wait_values;
  reg [3:0] wait_population;
  reg [8:0] wait_tile, wait_place;
  reg wait_ends, wait_keeps;
  reg [3:0] wait_source;
  reg [7:0] wait_first;
  wire [LANES-1:0] kept;
  wire [LANES-1:0] left = e_lanes & ~kept;
  wire [LANES-1:0] first_left = left & (~left + 1'b1), first_waiting = wait_lanes & (~wait_lanes + 1'b1);
  wire [LANES-1:0] then_waiting = wait_lanes & ~first_waiting, next_waiting = then_waiting & (~then_waiting + 1'b1);
  wire wakes = state == SERVE & (enters | follows);
  assign suspends = overflows & ~waiting & may_wait & ~wakes;
  assign m_valid = e_enters | wakes & next_waiting != 0;
  assign m_population = e_valid ? e_population : wait_population;
  assign m_tile = e_valid ? e_tile : wait_tile;
  assign m_values = e_valid ? e_values : wait_values;
  assign m_lanes = ~e_valid ? next_waiting : suspends ? kept | first_left : e_lanes;
  // spikes are kept as they are told
  wire told = e_valid ? e_keeps : m_valid & wait_keeps;
  micro_kept #(.LANES(LANES), .VALUE(VALUE)) kept_spikes (
    .clk(clk), .clear(rst | accept & ~cmd_step), .turn(accept & cmd_step),
    .put(told | receives_now), .put_source(receives_now ? received_source : e_valid ? e_source : wait_source),
    .put_tile(receives_now ? 8'(s_neuron >> LANE_BITS) + received_first : 8'(m_tile) + (e_valid ? e_first : wait_first)),
    .put_lanes(receives_now ? {{LANES-1{1'b0}}, 1'b1} << s_neuron[LANE_BITS-1:0] : m_lanes),
    .put_values(receives_now ? {LANES{s_value}} : m_values),
    .read_tile(kept_tile), .read_before(kept_before), .read_lanes(kept_lanes), .read_values(kept_values),
    .source(state == LISTS ? listed[E_SOURCE +: 4] : delivery[E_SOURCE +: 4]), .number(before_number), .begins(begins_kept), .first(delivery[E_TILE +: 8]),
    .takes(pop & head_is_run & of_kept), .neuron(before_neuron), .value(before_value)
  );
  assign start_resumes = slot_resumes;
  assign start_serves = slot_serves;
  assign start_place = wait_place + 9'd1;
  assign start_ends = wait_ends;
  wire delivers_input = (begins | goes_on) & delivery[E_EMITS];
  assign s_again = delivers_input;
  assign s_ready = pop & head_is_run & ~of_kept | state == FLUSH;
  micro_fifo #(.LANES(LANES), .DEPTH(DEPTH), .COUNT(COUNT), .VALUE(VALUE)) fifo (
    .clk(clk), .clear(rst | accept & ~cmd_step),
    .push(e_enters | wakes), .push_list(5'(e_valid ? e_population : wait_population) + 5'd2),
    .push_tile(e_valid ? e_tile : wait_tile), .push_lanes(e_valid ? e_lanes : first_waiting), .push_values(m_values), .push_follows(wakes & follows),
    .run((enters | follows) & state == POP | goes_on), .run_list(goes_on ? delivery[E_INDEX +: 5] : delivered),
    .run_number(goes_on ? COUNT'(own_enters) : follows ? COUNT'(1) : COUNT'(entering)),
    .pop(pop), .holds(holds), .is_run(head_is_run), .list(head_list), .neuron(head_neuron), .value(head_value),
    .free(free), .kept(kept), .overflows(overflows)
  );

  assign own_number = before_number;

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
        else if (goes_on) next_pc = back + 8'd1;
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
          state <= dirty | any_behind | holding_now != held_before ? LISTS : FETCH;
          any_behind <= 1'b0;
          held_before <= holding_now;
        end
      end
      LISTS: begin
        read <= read + 8'd1;
        is_read <= 1'b1;
        if (is_read) begin
          own_first <= first_now;
          any_behind <= any_behind | is_behind;
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
          rest <= own;
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
          event_neuron <= popped_neuron;
          event_value <= popped_value;
        end else if (goes_on) begin
          back <= back + 8'd1;
          rest <= own - own_enters;
        end else if (is_last) state <= PLAY;
      end
      SERVE: begin
        if (wakes) wait_lanes <= then_waiting;
        if (wakes & then_waiting == 0) state <= RESUME;
        else if (pop & triggers) begin
          state <= PLAY;
          in_event <= 1'b1;
          event_neuron <= popped_neuron;
          event_value <= popped_value;
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
        event_value <= kept_event_value;
      end
      TEST: if (tested) state <= PLAY;
      END: if (ends_now) state <= input_left != 0 ? FLUSH : IDLE;
      default: if (input_left == 32'd0 | input_left == 32'd1 & s_valid) state <= IDLE;
    endcase
    is_first <= begins | goes_on;
    behind <= behind_now;
    if (begins | goes_on) begin
      delivered <= delivery[E_INDEX +: 5];
      of_kept <= delivery[E_KEPT];
      receives <= delivery[E_RECEIVES];
      received_source <= delivery[E_SOURCE +: 4];
      received_first <= delivery[E_TILE +: 8];
      shift <= delivery[E_SHIFT +: 13];
    end
    if (s_again) input_left <= input_count;
    else if (s_valid & s_ready) input_left <= input_left - 32'd1;

    // ---- the kernel that starts next
    if (start) begin
      slot_valid <= 1'b0;
      runs_emitting <= slot_emits;
      run_kernel <= slot_kernel;
      run_neuron <= slot_neuron;
      run_value <= slot_value;
    end
    if (fills) begin
      slot_valid <= 1'b1;
      slot_serves <= fills_entry & waiting;
      slot_resumes <= fills_resumed;
      slot_kernel <= fills_resumed ? run_kernel_waiting : refills ? kept_kernel : index;
      slot_emits <= fills_resumed | (refills ? kept_emits : entry[E_EMITS]);
      slot_neuron <= fills_resumed ? run_neuron_waiting : refills ? kept_neuron :
        entry[E_COUNTS] ? 16'(phases[entry[E_COUNTER +: 4]]) : event_neuron;
      // what goes on has read the value of its spike
      slot_value <= refills ? kept_value : event_value;
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
      wait_values <= e_values;
      wait_keeps <= e_keeps;
      wait_source <= e_source;
      wait_first <= e_first;
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
        kept_value <= slot_value;
        kept_owes <= slot_owes;
        kept_state <= state;
        kept_in_event <= in_event;
        kept_event <= event_neuron;
        kept_event_value <= event_value;
        kept_pc <= pc;
        slot_valid <= 1'b0;
      end
      state <= SERVE;
    end
    // nothing is lost unseen: a kernel that cannot wait, or two kinds of spikes that are kept in one cycle
    if (overflows & ~suspends | told & receives_now) fault <= 1'b1;
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
