// Loads the memories and registers of ODIN, sends the inputs of a recording, and writes what the chip does to
// observed.txt. settings.vh and the .hex files are those of the recording.
`timescale 1ns / 1ps
module bench;
  `include "settings.vh"
  // States of the controller of the RTL.
  localparam WAIT = 0, TREF = 5, BIST = 6, SYNAPSE = 7, PUSH = 8, POP_NEUR = 9, POP_VIRT = 10;
  localparam ROWS = 256, PAIRS = 65536;

  reg clk = 0, rst = 1, request = 0;
  reg [16:0] address = 0;
  wire acknowledge, out_request;
  always #5 clk = ~clk;

  // A request ends when it is acknowledged; the receiver of spikes acknowledges at once.
  ODIN chip (
      .CLK(clk), .RST(rst), .SCK(1'b0), .MOSI(1'b0), .MISO(),
      .AERIN_ADDR(address), .AERIN_REQ(request & ~acknowledge), .AERIN_ACK(acknowledge),
      .AEROUT_ADDR(), .AEROUT_REQ(out_request), .AEROUT_ACK(out_request)
  );

  reg [31:0] inputs[0:INPUTS - 1];
  reg [7:0] thr[0:ROWS - 1], thetamem[0:ROWS - 1], potential[0:ROWS - 1];
  reg [6:0] leak_str[0:ROWS - 1];
  reg [4:0] ca_leak[0:ROWS - 1], caleak_cnt[0:ROWS - 1];
  reg [2:0] ca_theta1[0:ROWS - 1], ca_theta2[0:ROWS - 1], ca_theta3[0:ROWS - 1], calcium[0:ROWS - 1];
  reg lif[0:ROWS - 1], leak_en[0:ROWS - 1], ca_en[0:ROWS - 1], disable_[0:ROWS - 1];
  reg sign[0:ROWS - 1], up[0:ROWS - 1], down[0:ROWS - 1];
  reg [2:0] weight[0:PAIRS - 1];
  reg mapped[0:PAIRS - 1];
  reg [31:0] word;

  integer n, at, cycle, start, stalls, kind, argument, requested, opened, acknowledged, done, ended, out;
  integer neuron_reads, neuron_writes, synapse_reads, synapse_writes, stalled;
  reg was_working;
  wire [3:0] state = chip.controller_0.state;
  wire busy = chip.AEROUT_CTRL_BUSY;
  wire is_pop = state == POP_NEUR || state == POP_VIRT;
  wire is_working = is_pop || state == PUSH || state == SYNAPSE || state == TREF || state == BIST;
  wire is_idle = state == WAIT && !busy && chip.SCHED_EMPTY;

  initial begin
    $readmemh("inputs.hex", inputs);
    load;
    neuron_reads = 0; neuron_writes = 0; synapse_reads = 0; synapse_writes = 0; stalled = 0;
    was_working = 0; opened = -1; acknowledged = -1; done = -1; ended = -1; at = 0;
    out = $fopen("observed.txt", "w");
    repeat (8) @(negedge clk);
    rst = 0;
    repeat (8) @(negedge clk);
    @(posedge clk);
    // Cycle 0 is that of the first request. A cycle is looked at in its middle, at the falling edge.
    #1 begin_input(0);
    for (cycle = 0; ended < 0; cycle = cycle + 1) begin
      @(negedge clk);
      look;
      @(posedge clk);
      #1 if (acknowledged >= 0) request = 0;
    end
    write_end;
    $fclose(out);
    $finish;
  end

  // A neuron's word, and a word of eight synapses, as the documentation of ODIN has them.
  task load;
    begin
      $readmemh("neurons.lif.hex", lif);
      $readmemh("neurons.leak_str.hex", leak_str);
      $readmemh("neurons.leak_en.hex", leak_en);
      $readmemh("neurons.thr.hex", thr);
      $readmemh("neurons.ca_en.hex", ca_en);
      $readmemh("neurons.thetamem.hex", thetamem);
      $readmemh("neurons.ca_theta1.hex", ca_theta1);
      $readmemh("neurons.ca_theta2.hex", ca_theta2);
      $readmemh("neurons.ca_theta3.hex", ca_theta3);
      $readmemh("neurons.ca_leak.hex", ca_leak);
      $readmemh("neurons.core.hex", potential);
      $readmemh("neurons.calcium.hex", calcium);
      $readmemh("neurons.caleak_cnt.hex", caleak_cnt);
      $readmemh("neurons.disable.hex", disable_);
      $readmemh("neurons.syn_sign.hex", sign);
      $readmemh("neurons.up.hex", up);
      $readmemh("neurons.down.hex", down);
      $readmemh("synapses.w.hex", weight);
      $readmemh("synapses.map.hex", mapped);
      for (n = 0; n < ROWS; n = n + 1) begin
        chip.neuron_core_0.neurarray_0.SRAM[n] = {
          disable_[n], 41'b0, caleak_cnt[n], calcium[n], potential[n], 30'b0, ca_leak[n], ca_theta3[n], ca_theta2[n],
          ca_theta1[n], thetamem[n], ca_en[n], thr[n], leak_en[n], leak_str[n], lif[n]
        };
        chip.neuron_core_0.NEUR_V_UP[n] = up[n];
        chip.neuron_core_0.NEUR_V_DOWN[n] = down[n];
        chip.spi_slave_0.SPI_SYN_SIGN[n] = sign[n];
      end
      for (n = 0; n < PAIRS; n = n + 1) begin
        word = {mapped[n], weight[n], word[31:4]};
        if (n % 8 == 7) chip.synaptic_core_0.synarray_0.SRAM[n / 8] = word;
      end
      chip.spi_slave_0.SPI_GATE_ACTIVITY = 0;
      chip.spi_slave_0.SPI_OPEN_LOOP = REGISTER_isOpen;
      chip.spi_slave_0.SPI_BURST_TIMEREF = 0;
      chip.spi_slave_0.SPI_AER_SRC_CTRL_nNEUR = 0;
      chip.spi_slave_0.SPI_OUT_AER_MONITOR_EN = 0;
      chip.spi_slave_0.SPI_MONITOR_NEUR_ADDR = 0;
      chip.spi_slave_0.SPI_MONITOR_SYN_ADDR = 0;
      chip.spi_slave_0.SPI_UPDATE_UNMAPPED_SYN = REGISTER_updatesUnmapped;
      chip.spi_slave_0.SPI_PROPAGATE_UNMAPPED_SYN = REGISTER_propagatesUnmapped;
      chip.spi_slave_0.SPI_SDSP_ON_SYN_STIM = REGISTER_learnsAtSynapses;
    end
  endtask

  // Whether there is an input at a place, and it is an event.
  function is_event(input integer place);
    is_event = place < INPUTS && inputs[place][31:28] == INPUT_event;
  endfunction

  // An event has its mode in bit 17: 0 waits until the chip is idle. To drain asks for nothing.
  task begin_input(input integer now);
    begin
      opened = -1; acknowledged = -1; done = -1;
      if (is_event(at)) begin address = inputs[at][16:0]; request = 1; requested = now; end
    end
  endtask

  // Operations by their number in recordings.
  task write_operation;
    begin
      $fwrite(out, "record operations %0d ", start);
      case (kind)
        PUSH: $fwrite(out, "0");
        POP_NEUR: $fwrite(out, "1");
        POP_VIRT: $fwrite(out, "2");
        SYNAPSE: $fwrite(out, "3");
        TREF: $fwrite(out, "4");
        default: $fwrite(out, "5");
      endcase
      $fdisplay(out, " %0d %0d %0d", argument, cycle - start, stalls);
    end
  endtask

  task look;
    begin
      if (is_working && !was_working) begin
        start = cycle; stalls = 0; kind = state;
        argument = is_pop ? chip.SCHED_DATA_OUT : address;
        if (!is_pop) opened = cycle;
      end
      if (!is_working && was_working) write_operation;
      if (is_working && busy) stalls = stalls + 1;
      if (busy) stalled = stalled + 1;
      was_working = is_working;
      if (chip.NEUR_EVENT_OUT[6])
        $fdisplay(out, "record spikes %0d %0d %0d", cycle, chip.CTRL_NEURMEM_ADDR,
                  chip.scheduler_0.SPI_OPEN_LOOP_sync ? 2 : chip.scheduler_0.full_main ? 0 : 1);
      // A word that is read again while the output is busy counts once.
      if (chip.CTRL_NEURMEM_CS && !busy) begin
        if (chip.CTRL_NEURMEM_WE) neuron_writes = neuron_writes + 1;
        else neuron_reads = neuron_reads + 1;
      end
      if (chip.CTRL_SYNARRAY_CS && !busy) begin
        if (chip.CTRL_SYNARRAY_WE) synapse_writes = synapse_writes + 1;
        else synapse_reads = synapse_reads + 1;
      end
      if (acknowledge && acknowledged < 0) acknowledged = cycle;
      if (acknowledged >= 0 && !acknowledge && done < 0) done = cycle;
      if (is_event(at) && done >= 0 && (inputs[at][17] || is_idle)) begin
        $fdisplay(out, "record events %0d %0d %0d %0d %0d", requested, opened, acknowledged, done, cycle);
        end_input;
      end
      while (at < INPUTS && !is_event(at) && is_idle) end_input;
      if (at == INPUTS) ended = cycle;
    end
  endtask

  task end_input;
    begin
      $fdisplay(out, "input %0d", cycle);
      at = at + 1;
      begin_input(cycle);
    end
  endtask

  task write_end;
    begin
      $fdisplay(out, "total neurons %0d %0d", neuron_reads, neuron_writes);
      $fdisplay(out, "total synapses %0d %0d", synapse_reads, synapse_writes);
      $fdisplay(out, "state busy %0d", stalled);
      for (n = 0; n < ROWS; n = n + 1) begin
        $fdisplay(out, "word neurons %h", chip.neuron_core_0.neurarray_0.SRAM[n]);
        $fdisplay(out, "state neurons.core %0d", chip.neuron_core_0.neurarray_0.SRAM[n][77:70]);
        $fdisplay(out, "state neurons.calcium %0d", chip.neuron_core_0.neurarray_0.SRAM[n][80:78]);
        $fdisplay(out, "state neurons.caleak_cnt %0d", chip.neuron_core_0.neurarray_0.SRAM[n][85:81]);
        $fdisplay(out, "state neurons.up %0d", chip.neuron_core_0.NEUR_V_UP[n]);
        $fdisplay(out, "state neurons.down %0d", chip.neuron_core_0.NEUR_V_DOWN[n]);
      end
      for (n = 0; n < PAIRS; n = n + 1) begin
        word = chip.synaptic_core_0.synarray_0.SRAM[n / 8] >> (4 * (n % 8));
        $fdisplay(out, "state synapses.w %0d", word[2:0]);
        $fdisplay(out, "state synapses.map %0d", word[3]);
      end
    end
  endtask
endmodule
