import {
  coreImageOf,
  createCore,
  goldenFormat,
  numberAt,
  type ReplayContext,
  type RtlBench,
  type TextFile,
  type Verdict,
} from '../api.ts';
import { odinVerdict } from './compare.ts';
import { type OdinOperation, odinOperations } from './controller.ts';
import { loadOdin, type OdinExpected, recordOdin, wordsOf } from './record.ts';
import { type OdinTrace, odinFormat, odinSchema } from './trace.ts';

/** Replays one of ODIN's traces on the bundled model of the chip. */
export function replayOdin(trace: OdinTrace, { engine, deploy, onCore }: ReplayContext): Verdict {
  const image = coreImageOf(deploy({ program: 'odin', hw: 'odin', from: '', precision: 'own', seed: 1 }));
  const core = createCore(image, { engine });
  onCore?.(core);
  // One operation more than expected is enough to tell the difference.
  const { recorded } = recordOdin(trace, core, trace.expected.ops.length);
  return odinVerdict(trace, recorded);
}

/** Verilog files of the RTL of ODIN, in `src` of its repository. */
const odinSources: readonly string[] = [
  'ODIN',
  'controller',
  'scheduler',
  'fifo',
  'aer_out',
  'spi_slave',
  'neuron_core',
  'synaptic_core',
  'sdsp_update',
  'lif_neuron',
  'LIF_neuron_blocks/lif_calcium',
  'LIF_neuron_blocks/lif_neuron_state',
  'izh_neuron',
  'IZH_neuron_blocks/izh_calcium',
  'IZH_neuron_blocks/izh_effective_threshold',
  'IZH_neuron_blocks/izh_input_accumulator',
  'IZH_neuron_blocks/izh_neuron_state',
  'IZH_neuron_blocks/izh_stimulation_strength',
].map((name) => `${name}.v`);

/** States of the RTL's controller that are operations. */
const stateOf: Readonly<Record<OdinOperation, number>> = {
  TREF: 5,
  BIST: 6,
  SYNAPSE: 7,
  PUSH: 8,
  POP_NEUR: 9,
  POP_VIRT: 10,
};

/** A bench for the RTL of ODIN, and the contents of its memories, so that it does what a trace states. */
function benchFiles(trace: OdinTrace, { deploy, engine }: ReplayContext): TextFile[] {
  const image = deploy({ program: 'odin', hw: 'odin', from: '', precision: 'own', seed: 1 });
  const core = createCore(coreImageOf(image), { engine });
  loadOdin(trace, core);
  const lines = (values: readonly string[]): string => `${values.join('\n')}\n`;
  const { events } = trace;
  const hex = ([mode, address]: OdinTrace['events'][number]): string =>
    (mode * 2 ** 20 + address).toString(16);
  return [
    ['bench.v', benchText(trace)],
    ['neurons.hex', lines(wordsOf(core, 'neurons'))],
    ['synapses.hex', lines(wordsOf(core, 'synapses'))],
    ['events.hex', lines(events.map(hex))],
  ];
}

/** A number whose bit n is set for each n of a list. */
function mask(bits: readonly number[]): string {
  const digits = new Array<number>(64).fill(0);
  for (const bit of bits) digits[63 - (bit >> 2)] = (digits[63 - (bit >> 2)] ?? 0) | (1 << (bit & 3));
  return `256'h${digits.map((digit) => digit.toString(16)).join('')}`;
}

function benchText({ config, initial_up, initial_down, events }: OdinTrace): string {
  const signs = config.syn_sign.flatMap((inhibits, neuron) => (inhibits === 1 ? [neuron] : []));
  const states = odinOperations.map((name) => `${name} = ${stateOf[name]}`).join(', ');
  return `// Loads the memories and registers of ODIN, sends the events of a trace, and writes what the chip does to observed.txt.
\`timescale 1ns / 1ps
module bench;
  localparam WAIT = 0, ${states};
  localparam EVENTS = ${events.length};

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

  reg [23:0] events[0:EVENTS - 1];
  integer at, cycle, start, stalls, kind, argument, requested, opened, acknowledged, done, ended, out;
  integer neuron_reads, neuron_writes, synapse_reads, synapse_writes, stalled;
  reg was_working;
  wire [3:0] state = chip.controller_0.state;
  wire busy = chip.AEROUT_CTRL_BUSY;
  wire is_working = ${odinOperations.map((name) => `state == ${name}`).join(' || ')};
  wire is_input = state != POP_NEUR && state != POP_VIRT;
  wire is_idle = state == WAIT && !busy && chip.SCHED_EMPTY;

  initial begin
    $readmemh("events.hex", events);
    $readmemh("neurons.hex", chip.neuron_core_0.neurarray_0.SRAM, 0, 255);
    $readmemh("synapses.hex", chip.synaptic_core_0.synarray_0.SRAM, 0, 8191);
    chip.neuron_core_0.NEUR_V_UP = ${mask(initial_up)};
    chip.neuron_core_0.NEUR_V_DOWN = ${mask(initial_down)};
    chip.spi_slave_0.SPI_GATE_ACTIVITY = 0;
    chip.spi_slave_0.SPI_OPEN_LOOP = ${config.open_loop};
    chip.spi_slave_0.SPI_SYN_SIGN = ${mask(signs)};
    chip.spi_slave_0.SPI_BURST_TIMEREF = 0;
    chip.spi_slave_0.SPI_AER_SRC_CTRL_nNEUR = 0;
    chip.spi_slave_0.SPI_OUT_AER_MONITOR_EN = 0;
    chip.spi_slave_0.SPI_MONITOR_NEUR_ADDR = 0;
    chip.spi_slave_0.SPI_MONITOR_SYN_ADDR = 0;
    chip.spi_slave_0.SPI_UPDATE_UNMAPPED_SYN = ${config.update_unmapped_syn};
    chip.spi_slave_0.SPI_PROPAGATE_UNMAPPED_SYN = ${config.propagate_unmapped_syn};
    chip.spi_slave_0.SPI_SDSP_ON_SYN_STIM = ${config.sdsp_on_syn_stim};
    neuron_reads = 0; neuron_writes = 0; synapse_reads = 0; synapse_writes = 0; stalled = 0;
    was_working = 0; opened = -1; acknowledged = -1; done = -1; ended = -1; at = 0;
    out = $fopen("observed.txt", "w");
    repeat (8) @(negedge clk);
    rst = 0;
    repeat (8) @(negedge clk);
    @(posedge clk);
    // Cycle 0 is that of the first request. A cycle is looked at in its middle, at the falling edge.
    #1 address = events[0][16:0]; request = 1; requested = 0;
    for (cycle = 0; ended < 0; cycle = cycle + 1) begin
      @(negedge clk);
      look;
      @(posedge clk);
      #1 if (acknowledged >= 0) request = 0;
    end
    $fdisplay(out, "counters %0d %0d %0d %0d %0d %0d", ended, neuron_reads, neuron_writes, synapse_reads,
              synapse_writes, stalled);
    for (at = 0; at < 256; at = at + 1) $fdisplay(out, "neuron %h", chip.neuron_core_0.neurarray_0.SRAM[at]);
    for (at = 0; at < 8192; at = at + 1) $fdisplay(out, "synapses %h", chip.synaptic_core_0.synarray_0.SRAM[at]);
    $fdisplay(out, "up %h", chip.neuron_core_0.NEUR_V_UP);
    $fdisplay(out, "down %h", chip.neuron_core_0.NEUR_V_DOWN);
    $fclose(out);
    $finish;
  end

  task look;
    begin
      if (is_working && !was_working) begin
        start = cycle; stalls = 0; kind = state;
        argument = is_input ? address : chip.SCHED_DATA_OUT;
        if (is_input) opened = cycle;
      end
      if (!is_working && was_working)
        $fdisplay(out, "op %0d %0d %0d %0d %0d", start, kind, argument, cycle - start, stalls);
      if (is_working && busy) stalls = stalls + 1;
      if (busy) stalled = stalled + 1;
      was_working = is_working;
      if (chip.NEUR_EVENT_OUT[6])
        $fdisplay(out, "spike %0d %0d %0d", cycle, chip.CTRL_NEURMEM_ADDR,
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
      if (done >= 0 && (events[at][20] || is_idle)) begin
        $fdisplay(out, "event %0d %0d %0d %0d %0d", requested, opened, acknowledged, done, cycle);
        at = at + 1;
        opened = -1; acknowledged = -1; done = -1;
        if (at < EVENTS) begin address = events[at][16:0]; request = 1; requested = cycle; end
      end
      if (at == EVENTS && is_idle) ended = cycle;
    end
  endtask
endmodule
`;
}

/** The observations of the bench, in the form of the expectations of a trace. */
function readObserved(text: string, { synapses }: OdinTrace): OdinExpected {
  const lines = new Map<string, string[]>();
  for (const line of text.trimEnd().split('\n')) {
    const space = line.indexOf(' ');
    const what = line.slice(0, space);
    const known = lines.get(what) ?? [];
    known.push(line.slice(space + 1));
    lines.set(what, known);
  }
  const of = (what: string): readonly string[] => lines.get(what) ?? [];
  const numbers = (what: string): number[][] => of(what).map((line) => line.split(' ').map(Number));
  const words = of('neuron');
  /** Some bits of each neuron's word; `at` is the lowest. */
  const bits = (lowest: number, count: number): number[] =>
    words.map((word) => Number((BigInt(`0x${word}`) >> BigInt(lowest)) & ((1n << BigInt(count)) - 1n)));
  // The synapses of a row are 32 words, each with the first of eight as its lowest digit.
  const digits = of('synapses')
    .map((word) => [...word].reverse().join(''))
    .join('');
  const rows = synapses.map((row, pre) => digits.slice(pre * row.length, (pre + 1) * row.length));
  const [counts = []] = numbers('counters');
  return {
    event_cycles: numbers('event'),
    ops: numbers('op').map((op) => [
      numberAt(op, 0),
      kindOf(numberAt(op, 1)),
      numberAt(op, 2),
      numberAt(op, 3),
      numberAt(op, 4),
    ]),
    spikes: numbers('spike').map((spike) => [numberAt(spike, 0), numberAt(spike, 1), numberAt(spike, 2)]),
    final_neurons: { core: bits(70, 8), calcium: bits(78, 3), caleak_cnt: bits(81, 5) },
    final_neuron_words: [...words],
    final_synapses: rows.every((row, pre) => row === synapses[pre]) ? null : rows,
    final_up: setBits(of('up')),
    final_down: setBits(of('down')),
    counters: {
      end_cycle: numberAt(counts, 0),
      neuron_reads: numberAt(counts, 1),
      neuron_writes: numberAt(counts, 2),
      synapse_word_reads: numberAt(counts, 3),
      synapse_word_writes: numberAt(counts, 4),
      output_stall_cycles: numberAt(counts, 5),
    },
  };
}

function kindOf(state: number): OdinOperation {
  const kind = odinOperations.find((name) => stateOf[name] === state);
  if (kind === undefined) throw new Error(`the bench observes an operation in state ${state}`);
  return kind;
}

/** The bits that are set in a hexadecimal number. */
function setBits([hex = '0']: readonly string[]): number[] {
  const digits = [...hex].reverse();
  return digits.flatMap((digit, place) =>
    [0, 1, 2, 3].flatMap((bit) => ((Number.parseInt(digit, 16) >> bit) & 1 ? [4 * place + bit] : [])),
  );
}

/** The RTL of ODIN, in a bench that does what a trace states. */
const odinRtl: RtlBench<OdinTrace> = {
  variable: 'PLASTICORE_ODIN_RTL',
  from: 'the folder src of github.com/ChFrenkel/ODIN',
  sources: odinSources,
  files: benchFiles,
  compare: (trace, observed) => odinVerdict(trace, readObserved(observed, trace)),
};

/** Recordings of ODIN's RTL, and benches for it. */
export const odinGolden = goldenFormat(odinFormat, odinSchema, replayOdin, { rtl: odinRtl });
