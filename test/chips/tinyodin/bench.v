// Programs tinyODIN's memories and registers, sends events from a file, and writes what the chip does.
// Plusargs: +dir=FOLDER with neurons.hex, synapses.hex, config.hex (open loop, highest neuron), events.hex (mode, address).
`timescale 1ns / 1ps
module bench;
  reg clk = 0, rst = 1;
  always #5 clk = ~clk;

  reg [9:0] address = 0;
  reg request = 0;
  wire acknowledge, out_request;
  wire [7:0] out_address;
  wire raised = request & ~acknowledge; // the request ends when it is acknowledged

  tinyODIN chip (
      .CLK(clk), .RST(rst), .SCK(1'b0), .MOSI(1'b0), .MISO(),
      .AERIN_ADDR(address), .AERIN_REQ(raised), .AERIN_ACK(acknowledge),
      .AEROUT_ADDR(out_address), .AEROUT_REQ(out_request), .AEROUT_ACK(out_request), .SCHED_FULL()
  );

  localparam WAIT = 0, TREF = 5, PUSH = 6, POP_NEUR = 7, POP_VIRT = 8, AER_POP = 9, WAIT_REQDN = 11;

  reg [31:0] config_of[0:1];
  reg [15:0] events[0:65535];
  integer count, at, cycle, start, stalls, argument, kind, requested, opened, acknowledged, done, out;
  reg was_working;
  reg [1023:0] dir, path;
  wire [3:0] state = chip.controller_0.state;
  wire busy = chip.AEROUT_CTRL_BUSY;
  wire is_working = state == TREF || state == PUSH || state == POP_NEUR || state == POP_VIRT || state == AER_POP;
  wire is_idle = state == WAIT && !busy && chip.SCHED_EMPTY;

  initial begin
    if (!$value$plusargs("dir=%s", dir)) $fatal(1, "no +dir");
    if (!$value$plusargs("events=%d", count)) $fatal(1, "no +events");
    $sformat(path, "%0s/config.hex", dir); $readmemh(path, config_of);
    $sformat(path, "%0s/events.hex", dir); $readmemh(path, events, 0, count - 1);
    $sformat(path, "%0s/neurons.hex", dir); $readmemh(path, chip.neuron_core_0.neurarray_0.SRAM);
    $sformat(path, "%0s/synapses.hex", dir); $readmemh(path, chip.synaptic_core_0.synarray_0.SRAM);
    chip.spi_slave_0.SPI_GATE_ACTIVITY = 0;
    chip.spi_slave_0.SPI_OPEN_LOOP = config_of[0][0];
    chip.spi_slave_0.SPI_AER_SRC_CTRL_nNEUR = 0;
    chip.spi_slave_0.SPI_MAX_NEUR = config_of[1][7:0];
    $sformat(path, "%0s/out.txt", dir); out = $fopen(path, "w");
    repeat (8) @(negedge clk);
    rst = 0;
    repeat (8) @(negedge clk);
    run;
    for (at = 0; at < 256; at = at + 1) $fdisplay(out, "neuron %0d %h", at, chip.neuron_core_0.neurarray_0.SRAM[at]);
    $fclose(out);
    $finish;
  end

  // A cycle is looked at in its middle, at the falling edge. Cycle 0 is that of the first request.
  task run;
    begin
      was_working = 0; opened = -1; acknowledged = -1; done = -1; at = 0;
      @(posedge clk);
      #1 address = events[0][9:0]; request = 1; requested = 0;
      for (cycle = 0; at < count; cycle = cycle + 1) begin
        @(negedge clk);
        look;
        @(posedge clk);
        #1 if (acknowledged >= 0) request = 0;
      end
    end
  endtask

  task look;
    begin
      if (is_working && !was_working) begin
        start = cycle; stalls = 0; kind = state;
        argument = state == TREF || state == PUSH ? address : chip.SCHED_DATA_OUT;
        if (state == TREF || state == PUSH) opened = cycle;
      end
      if (!is_working && was_working) $fdisplay(out, "op %0d %0d %0d %0d %0d", start, kind, argument, cycle - start, stalls);
      if (is_working && busy) stalls = stalls + 1;
      was_working = is_working;
      if (chip.NEUR_EVENT_OUT)
        $fdisplay(out, "spike %0d %0d %0d", cycle, chip.CTRL_NEURMEM_ADDR,
                  chip.scheduler_0.SPI_OPEN_LOOP_sync ? 2 : chip.scheduler_0.full_main ? 0 : 1);
      if (acknowledge && acknowledged < 0) acknowledged = cycle;
      if (acknowledged >= 0 && !acknowledge && done < 0) done = cycle;
      if (done >= 0 && (events[at][12] || is_idle)) begin
        $fdisplay(out, "event %0d %0d %0d %0d %0d", requested, opened, acknowledged, done, cycle);
        at = at + 1;
        opened = -1; acknowledged = -1; done = -1;
        if (at < count) begin address = events[at][9:0]; request = 1; requested = cycle; end
      end
    end
  endtask
endmodule
