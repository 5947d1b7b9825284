// Loads the memories and registers of ReckOn, sends the inputs of a recording, and writes what the chip does to
// observed.txt. settings.vh and the .hex files are those of the recording.
`define EXT_CLK_ONLY
`timescale 1ns / 1ps
module bench;
  `include "settings.vh"
  // States of the chip, and of the scan of its indices.
  localparam STEP = 2, SDONE = 3, EPROP = 6, SEND = 7;
  localparam CNT = 1, EVT = 2, SUPP = 3;
  localparam NEURONS = SIZE_neurons, PAIRS = 128, WORDS = 4096;
  localparam INDICES = REGISTER_inputCount > REGISTER_neuronCount ? REGISTER_inputCount : REGISTER_neuronCount;
  localparam OUTPUTS = REGISTER_outputCount;

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

  reg [31:0] inputs[0:INPUTS - 1];
  reg [11:0] alpha[0:NEURONS - 1];
  reg alpha_conf[0:NEURONS - 1];
  reg [15:0] thr[0:NEURONS - 1];
  reg [7:0] winp[0:NEURONS * NEURONS - 1], wrec[0:NEURONS * NEURONS - 1], wout[0:NEURONS * 16 - 1];

  integer at, n, m, out, tick, stated, latency, steps, eprops, scans, passes, extras, ended, was_busy;
  integer words[0:7];
  reg [7:0] label;
  reg [127:0] word;
  wire [3:0] state = chip.srnn_0.state;
  wire [1:0] events = chip.srnn_0.state_evt;

  initial begin
    $readmemh("inputs.hex", inputs);
    load;
    out = $fopen("observed.txt", "w");
    repeat (8) @(negedge clk);
    rst = 0;
    repeat (8) @(negedge clk);
    chip.spi_slave_0.SPI_EN_CONF = 1;
    configure;
    program_seeds(1);
    repeat (8) @(negedge clk);
    program_seeds(0);
    repeat (8) @(negedge clk);
    chip.spi_slave_0.SPI_EN_CONF = 0;
    repeat (8) @(negedge clk);
    stated = REGISTER_stated;
    for (at = 0; at < INPUTS; at = at + 1) begin
      case (inputs[at][31:28])
        INPUT_input: send(0, inputs[at][7:0]);
        INPUT_start: begin
          label = inputs[at][7:0]; tick = 0; in_sample = 1;
          repeat (4) @(negedge clk);
        end
        default: begin
          // A label is taken once the sample has begun.
          if (tick == 1) send(1, label);
          run_tick(inputs[at][3:0]);
        end
      endcase
      $fdisplay(out, "input");
    end
    write_weights;
    $fclose(out);
    $finish;
  end

  // A word of the neurons has the lower bits of the leak of a pair and its threshold; all states are zero.
  task load;
    begin
      $readmemh("neurons.alpha.hex", alpha);
      $readmemh("neurons.alpha_conf.hex", alpha_conf);
      $readmemh("neurons.thr.hex", thr);
      $readmemh("synapses.winp.hex", winp);
      $readmemh("synapses.wrec.hex", wrec);
      $readmemh("readout.wout.hex", wout);
      for (n = 0; n < PAIRS; n = n + 1) begin
        chip.srnn_0.neurons.SRAM[n] = 0;
        chip.spi_slave_0.SPI_ALPHA_CONF[n] = 0;
        if (2 * n < NEURONS) begin
          chip.srnn_0.neurons.SRAM[n] = {alpha[2 * n], thr[2 * n], 100'b0};
          chip.spi_slave_0.SPI_ALPHA_CONF[n] = alpha_conf[2 * n];
        end
      end
      for (n = 0; n < WORDS; n = n + 1) begin
        chip.srnn_0.weights_inp.SRAM[n] = 0;
        chip.srnn_0.weights_rec.SRAM[n] = 0;
        if (n < 512) chip.srnn_0.weights_out.SRAM[n] = 0;
      end
      // Sixteen weights fill a word, the first of them the lowest byte.
      for (n = 0; n < NEURONS; n = n + 1) begin
        for (m = 0; m < NEURONS; m = m + 1) begin
          word = {winp[n * NEURONS + m], word[127:8]};
          if (m % 16 == 15) chip.srnn_0.weights_inp.SRAM[16 * n + m / 16] = word;
        end
        for (m = 0; m < NEURONS; m = m + 1) begin
          word = {wrec[n * NEURONS + m], word[127:8]};
          if (m % 16 == 15) chip.srnn_0.weights_rec.SRAM[16 * n + m / 16] = word;
        end
        for (m = 0; m < 16; m = m + 1) word = {wout[n * 16 + m], word[127:8]};
        chip.srnn_0.weights_out.SRAM[n] = word;
      end
    end
  endtask

  // Those whose value does not come from the recording only decide how the bench talks to the chip.
  task configure;
    begin
      chip.spi_slave_0.SPI_LOCAL_TICK = 0;
      chip.spi_slave_0.SPI_ERROR_HALT = 0;
      chip.spi_slave_0.SPI_TIMING_MODE = 0;
      chip.spi_slave_0.SPI_REGRESSION = 0;
      chip.spi_slave_0.SPI_SINGLE_LABEL = 1;
      chip.spi_slave_0.SPI_SEND_PER_TIMESTEP = 0;
      chip.spi_slave_0.SPI_SEND_LABEL_ONLY = 1;
      chip.spi_slave_0.SPI_NOISE_EN = 0;
      chip.spi_slave_0.SPI_NOISE_STR = 0;
      chip.spi_slave_0.SPI_SRAM_SPEEDMODE = 0;
      chip.spi_slave_0.SPI_CYCLES_PER_TICK = 0;
      chip.spi_slave_0.SPI_RO_STAGE_SEL = 0;
      chip.spi_slave_0.SPI_GET_CLKINT_OUT = 0;
      chip.spi_slave_0.SPI_GET_TAR_REQ_OUT = 0;
      chip.spi_slave_0.SPI_RST_MODE = PARAMETER_rst_mode;
      chip.spi_slave_0.SPI_DO_EPROP = PARAMETER_do_eprop;
      chip.spi_slave_0.SPI_FP_LOC_WINP = PARAMETER_fp_loc_winp;
      chip.spi_slave_0.SPI_FP_LOC_WREC = PARAMETER_fp_loc_wrec;
      chip.spi_slave_0.SPI_FP_LOC_WOUT = PARAMETER_fp_loc_wout;
      chip.spi_slave_0.SPI_FP_LOC_TINP = PARAMETER_fp_loc_tinp;
      chip.spi_slave_0.SPI_FP_LOC_TREC = PARAMETER_fp_loc_trec;
      chip.spi_slave_0.SPI_FP_LOC_TOUT = PARAMETER_fp_loc_tout;
      chip.spi_slave_0.SPI_LEARN_SIG_SCALE = PARAMETER_learn_sig_scale;
      chip.spi_slave_0.SPI_REGUL_MODE = PARAMETER_regul_mode;
      chip.spi_slave_0.SPI_REGUL_W = PARAMETER_regul_w;
      chip.spi_slave_0.SPI_EN_STOCH_ROUND = PARAMETER_en_stoch_round;
      chip.spi_slave_0.SPI_NO_OUT_ACT = PARAMETER_no_out_act;
      chip.spi_slave_0.SPI_FORCE_TRACES = PARAMETER_force_traces;
      chip.spi_slave_0.SPI_KAPPA = PARAMETER_kappa;
      chip.spi_slave_0.SPI_THR_H_0 = PARAMETER_thr_h_0;
      chip.spi_slave_0.SPI_THR_H_1 = PARAMETER_thr_h_1;
      chip.spi_slave_0.SPI_THR_H_2 = PARAMETER_thr_h_2;
      chip.spi_slave_0.SPI_THR_H_3 = PARAMETER_thr_h_3;
      chip.spi_slave_0.SPI_H_0 = PARAMETER_h_0;
      chip.spi_slave_0.SPI_H_1 = PARAMETER_h_1;
      chip.spi_slave_0.SPI_H_2 = PARAMETER_h_2;
      chip.spi_slave_0.SPI_H_3 = PARAMETER_h_3;
      chip.spi_slave_0.SPI_H_4 = PARAMETER_h_4;
      chip.spi_slave_0.SPI_LR_R_WINP = PARAMETER_lr_r_winp;
      chip.spi_slave_0.SPI_LR_P_WINP = PARAMETER_lr_p_winp;
      chip.spi_slave_0.SPI_LR_R_WREC = PARAMETER_lr_r_wrec;
      chip.spi_slave_0.SPI_LR_P_WREC = PARAMETER_lr_p_wrec;
      chip.spi_slave_0.SPI_LR_R_WOUT = PARAMETER_lr_r_wout;
      chip.spi_slave_0.SPI_LR_P_WOUT = PARAMETER_lr_p_wout;
      chip.spi_slave_0.SPI_REGUL_F0 = PARAMETER_regul_f0;
      chip.spi_slave_0.SPI_REGUL_K_INP_R = PARAMETER_regul_k_inp_r;
      chip.spi_slave_0.SPI_REGUL_K_INP_P = PARAMETER_regul_k_inp_p;
      chip.spi_slave_0.SPI_REGUL_K_REC_R = PARAMETER_regul_k_rec_r;
      chip.spi_slave_0.SPI_REGUL_K_REC_P = PARAMETER_regul_k_rec_p;
      chip.spi_slave_0.SPI_REGUL_K_MUL = PARAMETER_regul_k_mul;
      // Registers of numbers hold one less.
      chip.spi_slave_0.SPI_NUM_INP_NEUR = REGISTER_inputCount - 1;
      chip.spi_slave_0.SPI_NUM_REC_NEUR = REGISTER_neuronCount - 1;
      chip.spi_slave_0.SPI_NUM_OUT_NEUR = REGISTER_outputCount - 1;
      chip.spi_slave_0.SPI_SEED_INP = weight_seed(GENERATOR_inputWeights);
      chip.spi_slave_0.SPI_SEED_REC = weight_seed(GENERATOR_recurrentWeights);
      chip.spi_slave_0.SPI_SEED_OUT = output_weight_seed(GENERATOR_outputWeights);
      chip.spi_slave_0.SPI_SEED_STRND_NEUR = {wide_seed(GENERATOR_oddPotential), wide_seed(GENERATOR_evenPotential)};
      chip.spi_slave_0.SPI_SEED_STRND_TINP = {wide_seed(GENERATOR_oddInputTrace), wide_seed(GENERATOR_evenInputTrace)};
      chip.spi_slave_0.SPI_SEED_STRND_TREC = {
        wide_seed(GENERATOR_oddRecurrentTrace), wide_seed(GENERATOR_evenRecurrentTrace)
      };
      chip.spi_slave_0.SPI_SEED_STRND_TOUT = {
        narrow_seed(GENERATOR_oddOutputTrace), narrow_seed(GENERATOR_evenOutputTrace)
      };
      chip.spi_slave_0.SPI_SEED_STRND_ONEUR = narrow_seed(GENERATOR_output);
      chip.spi_slave_0.SPI_SEED_NOISE_NEUR = 1;
    end
  endtask

  // The state of a generator is the bits before its first word, the earliest lowest. A seed has bits of that word in
  // the place of the earliest, which follow by the recurrence.
  function [24:0] weight_seed(input [63:0] s);
    weight_seed = {s[24:3], s[24:22] ^ s[2:0]};
  endfunction

  function [21:0] output_weight_seed(input [63:0] s);
    output_weight_seed = {s[21:1], s[21] ^ s[0]};
  endfunction

  function [14:0] wide_seed(input [63:0] s);
    wide_seed = {s[14:1], s[14] ^ s[0]};
  endfunction

  // Odd and even bits alternate here.
  function [14:0] narrow_seed(input [63:0] s);
    narrow_seed = {
      s[14], s[7], s[13], s[6], s[12], s[5], s[11], s[4], s[10], s[3], s[9], s[2], s[8], s[1], s[14] ^ s[0]
    };
  endfunction

  task program_seeds(input value);
    begin
      chip.spi_slave_0.PROG_SEED_INP = value;
      chip.spi_slave_0.PROG_SEED_REC = value;
      chip.spi_slave_0.PROG_SEED_OUT = value;
      chip.spi_slave_0.PROG_SEED_STRND_NEUR = value;
      chip.spi_slave_0.PROG_SEED_STRND_ONEUR = value;
      chip.spi_slave_0.PROG_SEED_STRND_TINP = value;
      chip.spi_slave_0.PROG_SEED_STRND_TREC = value;
      chip.spi_slave_0.PROG_SEED_STRND_TOUT = value;
      chip.spi_slave_0.PROG_SEED_NOISE_NEUR = value;
    end
  endtask

  task send(input label_follows, input [7:0] value);
    begin
      @(posedge clk);
      #1 address = value; is_label = label_follows; request = 1;
      while (!acknowledge) @(negedge clk);
      @(posedge clk);
      #1 request = 0;
      while (acknowledge) @(negedge clk);
    end
  endtask

  // Bits of a tick: whether it is the last, the sample is learned, and the tick counts. Cycle 0 is that in which it
  // rises. A cycle is looked at in its middle, at the falling edge.
  task run_tick(input [3:0] flags);
    begin
      counts = flags[2]; target = flags[2] && flags[1] && PARAMETER_do_eprop != 0;
      repeat (4) @(negedge clk);
      steps = 0; eprops = 0; scans = 0; passes = 0; extras = 0; was_busy = 0; ended = 0;
      for (n = 0; n < 8; n = n + 1) words[n] = 0;
      @(posedge clk);
      #1 time_tick = 1;
      if (flags[0]) in_sample = 0;
      for (latency = 0; !ended; latency = latency + 1) begin
        @(negedge clk);
        look;
      end
      time_tick = 0;
      if (!flags[0]) begin
        $fdisplay(out, "record ticks %0d %0d %0d %0d %0d %0d", latency - 1, steps, eprops, scans, passes, extras);
        $fdisplay(out, "bank neurons %0d %0d", words[0], words[1]);
        $fdisplay(out, "bank inputWeights %0d %0d", words[2], words[3]);
        $fdisplay(out, "bank recurrentWeights %0d %0d", words[4], words[5]);
        $fdisplay(out, "bank outputWeights %0d %0d", words[6], words[7]);
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
        for (n = 0; n < OUTPUTS; n = n + 1) $fdisplay(out, "record wins %0d %0d", n, chip.srnn_0.cnt_winner[n]);
        $fdisplay(out, "record answers %0d", chip.srnn_0.send_winner[15]);
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
      $fdisplay(out, "record steps %0d", tick);
      for (n = 0; n < INDICES; n = n + 1) if (chip.srnn_0.neur_z[n]) $fdisplay(out, "record spikes %0d", n);
      for (n = 0; n < OUTPUTS; n = n + 1)
        $fdisplay(out, "record outputs %0d %0d", n, $signed(chip.srnn_0.oneur_u[n]));
      for (n = 0; n < NEURONS; n = n + 1) begin
        word = chip.srnn_0.neur_dirty[n] ? chip.srnn_0.neurons.SRAM[n / 2] >> (n % 2 ? 50 : 0) : 128'b0;
        if (stated > 0 && n < INDICES)
          $fdisplay(out, "record neurons %0d %0d %0d %0d %0d", n, $signed(word[15:0]), word[27:16], word[39:28],
                    word[49:40]);
        if (at == INPUTS - 1) begin
          $fdisplay(out, "state neurons.u %0d", $signed(word[15:0]));
          $fdisplay(out, "state neurons.ti %0d", word[27:16]);
          $fdisplay(out, "state neurons.tr %0d", word[39:28]);
          $fdisplay(out, "state neurons.to %0d", word[49:40]);
        end
      end
      if (at == INPUTS - 1)
        for (n = 0; n < 16; n = n + 1) $fdisplay(out, "state outputs.o %0d", $signed(chip.srnn_0.oneur_u[n]));
      if (stated > 0) stated = stated - 1;
    end
  endtask

  task write_weights;
    for (n = 0; n < NEURONS; n = n + 1) begin
      for (m = 0; m < NEURONS; m = m + 1) begin
        word = chip.srnn_0.weights_inp.SRAM[16 * n + m / 16] >> (8 * (m % 16));
        $fdisplay(out, "state synapses.winp %0d", $signed(word[7:0]));
        word = chip.srnn_0.weights_rec.SRAM[16 * n + m / 16] >> (8 * (m % 16));
        $fdisplay(out, "state synapses.wrec %0d", $signed(word[7:0]));
      end
      for (m = 0; m < 16; m = m + 1) begin
        word = chip.srnn_0.weights_out.SRAM[n] >> (8 * (m % 16));
        $fdisplay(out, "state readout.wout %0d", $signed(word[7:0]));
      end
    end
  endtask
endmodule
