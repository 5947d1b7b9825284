import type { ReckonTrace } from './trace.ts';

/** Registers that only decide how the bench talks to the chip. All others are set to what a trace states. */
const fixed = {
  local_tick: 0,
  error_halt: 0,
  timing_mode: 0,
  single_label: 1,
  send_per_timestep: 0,
  send_label_only: 1,
  sram_speedmode: 0,
  cycles_per_tick: 0,
  ro_stage_sel: 0,
  get_clkint_out: 0,
  get_tar_req_out: 0,
} as const;

const seeds = [
  'seed_inp',
  'seed_rec',
  'seed_out',
  'seed_strnd_neur',
  'seed_strnd_oneur',
  'seed_strnd_tinp',
  'seed_strnd_trec',
  'seed_strnd_tout',
  'seed_noise_neur',
] as const satisfies readonly (keyof ReckonTrace['config'])[];

const register = (name: string, value: number | string): string =>
  `    chip.spi_slave_0.SPI_${name.toUpperCase()} = ${value};`;

/** The bench of a trace, as Verilog. @param commands how many it is told */
export function benchText({ config, alpha }: ReckonTrace, commands: number): string {
  const { num_inp, num_rec, num_out, ...stated } = config;
  const indices = Math.max(num_inp, num_rec);
  const settings = [
    ...Object.entries({ ...stated, ...fixed }).map(([name, value]) => register(name, value)),
    // Registers of numbers hold one less.
    register('num_inp_neur', num_inp - 1),
    register('num_rec_neur', num_rec - 1),
    register('num_out_neur', num_out - 1),
    register(
      'alpha_conf',
      `128'b${Array.from({ length: 128 }, (_, at) => (alpha[127 - at] ?? 0) >> 15).join('')}`,
    ),
  ];
  const program = (value: number): string =>
    seeds.map((name) => `    chip.spi_slave_0.PROG_${name.toUpperCase()} = ${value};`).join('\n');
  return `// Loads the memories and registers of ReckOn, presents the samples of a trace, and writes what the chip does to
// observed.txt.
\`define EXT_CLK_ONLY
\`timescale 1ns / 1ps
module bench;
  localparam IDLE = 0, PROP = 1, STEP = 2, SDONE = 3, EPROP = 6, SEND = 7;
  localparam WAIT = 0, CNT = 1, EVT = 2, SUPP = 3;
  localparam INPUT = 0, TICK = 1, SAMPLE = 2, LABEL = 3;
  localparam COMMANDS = ${commands}, INDICES = ${indices}, OUTPUTS = ${num_out};

  reg clk = 0, rst = 1, request = 0, is_label = 0, target = 0, counts = 0, in_sample = 0, time_tick = 0;
  reg [7:0] address = 0;
  wire acknowledge, ready, out_request;
  always #5 clk = ~clk;

  // The receiver of answers acknowledges at once.
  reckon chip (
      .CLK_EXT(clk), .CLK_INT_EN(1'b0), .RST(rst), .SCK(1'b0), .MOSI(1'b0), .MISO(),
      .AERIN_ADDR(address), .AERIN_REQ(request), .AERIN_ACK(acknowledge), .AERIN_TAR_EN(is_label),
      .SAMPLE(in_sample), .TIME_TICK(time_tick), .TARGET_VALID(target), .INFER_ACC(counts),
      .SPI_RDY(), .TIMING_ERROR_RDY(ready), .OUT_REQ(out_request), .OUT_ACK(out_request), .OUT_DATA()
  );

  reg [19:0] commands[0:COMMANDS - 1];
  integer at, n, out, sample, tick, latency, steps, eprops, scans, passes, extras, ended, was_busy;
  integer words[0:7];
  reg [127:0] word;
  wire [3:0] state = chip.srnn_0.state;
  wire [1:0] events = chip.srnn_0.state_evt;

  initial begin
    $readmemh("commands.hex", commands);
    $readmemh("neurons.hex", chip.srnn_0.neurons.SRAM, 0, 127);
    $readmemh("winp.hex", chip.srnn_0.weights_inp.SRAM, 0, 4095);
    $readmemh("wrec.hex", chip.srnn_0.weights_rec.SRAM, 0, 4095);
    $readmemh("wout.hex", chip.srnn_0.weights_out.SRAM, 0, 511);
    out = $fopen("observed.txt", "w");
    repeat (8) @(negedge clk);
    rst = 0;
    repeat (8) @(negedge clk);
    chip.spi_slave_0.SPI_EN_CONF = 1;
${settings.join('\n')}
${program(1)}
    repeat (8) @(negedge clk);
${program(0)}
    repeat (8) @(negedge clk);
    chip.spi_slave_0.SPI_EN_CONF = 0;
    repeat (8) @(negedge clk);
    sample = -1;
    for (at = 0; at < COMMANDS; at = at + 1)
      case (commands[at][19:16])
        INPUT: send(0);
        LABEL: send(1);
        SAMPLE: begin
          sample = sample + 1; tick = 0; in_sample = 1;
          repeat (4) @(negedge clk);
        end
        default: run_tick;
      endcase
    for (n = 0; n < 4096; n = n + 1) $fdisplay(out, "winp %h", chip.srnn_0.weights_inp.SRAM[n]);
    for (n = 0; n < 4096; n = n + 1) $fdisplay(out, "wrec %h", chip.srnn_0.weights_rec.SRAM[n]);
    for (n = 0; n < 256; n = n + 1) $fdisplay(out, "wout %h", chip.srnn_0.weights_out.SRAM[n]);
    $fclose(out);
    $finish;
  end

  task send(input label);
    begin
      @(posedge clk);
      #1 address = commands[at][7:0]; is_label = label; request = 1;
      while (!acknowledge) @(negedge clk);
      @(posedge clk);
      #1 request = 0;
      while (acknowledge) @(negedge clk);
    end
  endtask

  // Cycle 0 is that in which the tick rises. A cycle is looked at in its middle, at the falling edge.
  task run_tick;
    begin
      counts = commands[at][0]; target = commands[at][1];
      repeat (4) @(negedge clk);
      steps = 0; eprops = 0; scans = 0; passes = 0; extras = 0; was_busy = 0; ended = 0;
      for (n = 0; n < 8; n = n + 1) words[n] = 0;
      @(posedge clk);
      #1 time_tick = 1;
      if (commands[at][2]) in_sample = 0;
      for (latency = 0; !ended; latency = latency + 1) begin
        @(negedge clk);
        look;
      end
      time_tick = 0;
      if (!commands[at][2]) begin
        $fdisplay(out, "cycles %0d %0d %0d %0d %0d %0d %0d %0d", sample, tick, latency - 1, steps, eprops, scans, passes,
                  extras);
        $fwrite(out, "sram %0d %0d", sample, tick);
        for (n = 0; n < 8; n = n + 1) $fwrite(out, " %0d", words[n]);
        $fwrite(out, "\\n");
      end
      tick = tick + 1;
      repeat (4) @(negedge clk);
    end
  endtask

  task look;
    begin
      if (state == STEP) steps = steps + 1;
      if (state == EPROP) eprops = eprops + 1;
      if (events == CNT) scans = scans + 1;
      if (events == EVT) passes = passes + 1;
      if (events == SUPP) extras = extras + 1;
      count(0, chip.srnn_0.neur_cs, chip.srnn_0.neur_we);
      count(2, chip.srnn_0.winp_cs, chip.srnn_0.winp_we);
      count(4, chip.srnn_0.wrec_cs, chip.srnn_0.wrec_we);
      count(6, chip.srnn_0.wout_cs, chip.srnn_0.wout_we);
      if (state == SDONE) write_step;
      if (state == SEND && was_busy != 2) begin
        was_busy = 2;
        $fwrite(out, "winner %0d 0 %0d", sample, chip.srnn_0.send_winner[15]);
        for (n = 0; n < OUTPUTS; n = n + 1) $fwrite(out, " %0d", chip.srnn_0.cnt_winner[n]);
        $fwrite(out, "\\n");
      end
      if (!ready && was_busy == 0) was_busy = 1;
      if (ready && was_busy > 0) ended = 1;
    end
  endtask

  task count(input integer first, input selected, input writes);
    if (selected) begin
      if (writes) words[first + 1] = words[first + 1] + 1;
      else words[first] = words[first] + 1;
    end
  endtask

  // What a STEP leaves. Words that are not written since the sample began count as zero.
  task write_step;
    begin
      $fwrite(out, "spikes %0d %0d", sample, tick);
      for (n = 0; n < INDICES; n = n + 1) if (chip.srnn_0.neur_z[n]) $fwrite(out, " %0d", n);
      $fwrite(out, "\\nout %0d %0d", sample, tick);
      for (n = 0; n < OUTPUTS; n = n + 1) $fwrite(out, " %0d", $signed(chip.srnn_0.oneur_u[n]));
      $fwrite(out, "\\n");
      if (commands[at][3]) begin
        write_state("u", 0); write_state("ti", 1); write_state("tr", 2); write_state("to", 3);
      end
    end
  endtask

  task write_state(input [15:0] name, input integer which);
    begin
      $fwrite(out, "%0s %0d %0d", name, sample, tick);
      for (n = 0; n < INDICES; n = n + 1) begin
        word = chip.srnn_0.neur_dirty[n] ? chip.srnn_0.neurons.SRAM[n / 2] >> (n % 2 ? 50 : 0) : 128'b0;
        case (which)
          0: $fwrite(out, " %0d", $signed(word[15:0]));
          1: $fwrite(out, " %0d", word[27:16]);
          2: $fwrite(out, " %0d", word[39:28]);
          default: $fwrite(out, " %0d", word[49:40]);
        endcase
      end
      $fwrite(out, "\\n");
    end
  endtask
endmodule
`;
}
