import { type CoreImage, imageOfCore, memoryFiles } from '../../image/index.ts';
import { inComment } from '../../text/index.ts';
import { protocolPage } from '../board/protocol.ts';
import type { SourceFile } from '../emit/text.ts';
import type { CorePlan, PlacedPlan } from '../plan/core-plan.ts';
import { benchBanks, benchWidths } from './bench.ts';

/** The sources around the core, each with one module of that name: its streams, the serial line, and the board. */
const boardSourceNames = ['top_stream.sv', 'uart.sv', 'ulx3s.sv'] as const;

/** The bench of the board. */
export const boardBench = 'bench_ulx3s.sv';

/**
 * The files of `templates/rtl`: the bench, the streams, the serial line, the board, its pins and its bench, and the
 * script of the host. They are the same for every core, but for what they mark as `@name@`.
 */
export type RtlTemplates = Readonly<
  Record<
    'bench.sv' | 'top_stream.sv' | 'uart.sv' | 'ulx3s.sv' | 'ulx3s.lpf' | typeof boardBench | 'host.py',
    string
  >
>;

/** The files with which a core is simulated: its bench, the contents of its banks, and what builds them. */
export function benchFiles(plan: CorePlan, templates: Pick<RtlTemplates, 'bench.sv'>): SourceFile[] {
  const { image, placed } = plan;
  return [
    ['bench.sv', templates['bench.sv']],
    ['bench_widths.svh', benchWidths(plan)],
    ['bench_banks.svh', benchBanks(plan)],
    ...memoryFiles(imageOfCore(image)).map(({ name, text }): SourceFile => [name, text]),
    ['Makefile', makefile(placed === undefined)],
    ['README.md', readme(image, placed)],
  ];
}

function readme(image: CoreImage, placed?: PlacedPlan): string {
  const { program, core, banks, populations, provenance } = image;
  const list = (items: readonly string[]): string => items.map((item) => `- ${inComment(item)}`).join('\n');
  return `# ${inComment(`${program} on ${core.hwModel} at ${core.precision}`)}

A core in SystemVerilog, written by Plasticore ${inComment(provenance.compiler)}. It computes what the model computes, in every bit and in every cycle.

- \`plasticore_core.sv\`: the core. One walker feeds one pipeline for each kernel.
- \`kN_NAME.sv\`: the pipelines. Each line of microcode is a comment above its logic, with the phase in which it computes.
- \`bank_NAME.sv\`: the memories, which you may exchange for macros. \`NAME.memh\` has their contents, \`map.json\` says what is where.
- \`bench.sv\`, \`bench_*.svh\`: the bench, and what it knows of the core. It reads \`stimulus.txt\` and writes \`observed.txt\`. \`expected.txt\` is what the model does.
${placed === undefined ? boardWords : '\n`make icarus` or `make verilator` simulates the core and compares; `make lint` checks it.\n'}
## Ports

One clock, synchronous reset. A command is taken while \`cmd_ready\` is set: ${placed === undefined ? commands : placedCommands} Spikes
of the core leave by \`m_valid\`: population, tile, and the lanes that spike; lane l of tile t is neuron ${core.lanes} t + l. The core does not
begin a pass that emits while \`m_ready\` is 0; a pass that has begun comes to its end. Values that spikes carry are in \`s_value\` and
\`m_values\`. While the core is idle, \`host_*\` reads and writes words of banks, and the generators, those of the lanes first, as one
bank more. A word that is read is there in the next cycle.
\`cycles\` counts the cycles of work: not those in which the core is idle, or waits for spikes or for \`m_ready\`.

${
  placed === undefined
    ? `## The stream

${protocolPage()}
${streamWords}`
    : ''
}## Populations, by number

${list(populations.map(({ name, size }) => `${name}: ${size} neurons`))}

## Banks, by number

${list(banks.map(({ name, usedWords, wordBits }) => `${name}: ${usedWords} words of ${wordBits} bits`))}
${
  placed === undefined
    ? ''
    : `
## Events, by number

${list(placed.events.map(({ name, steps }) => `${name}: ${steps.map(({ words }) => words).join(', ')}`))}
`
}`;
}

const commands = `\`cmd_step\` 0 starts a sample (with \`cmd_learn\`,
\`cmd_label\`, \`cmd_replay\` where it is presented again, \`cmd_ends\` where batches end with it, and the number of its steps), 1 runs a step with \`cmd_spikes\` spikes of the
input. \`cmd_interval\` selects the values of scheduled parameters. During a step the input takes its spikes by \`s_valid\` and
\`s_ready\`, from the first one again if \`s_again\` says that the step delivers them anew.`;

const placedCommands = `it runs the event \`cmd_event\`, once, or for each of
\`cmd_spikes\` spikes, which it takes by \`s_valid\` and \`s_ready\`; \`cmd_arrives\` says that they have come from other cores or the host.
\`cmd_label\` and \`cmd_number\` are the label of the sample and the number of the step. \`cmd_interval\` selects the values of scheduled
parameters. What other cores' values change in its banks comes by \`host_*\`.`;

const boardWords = `- \`top_stream.sv\`: the core behind two AXI streams of 32 bits, one of commands and one of answers.
- \`uart.sv\`, \`ulx3s.sv\`, \`ulx3s.lpf\`: the streams on the serial line of a ULX3S (v2 and v3), and its pins.
- \`host.py\`, \`stream.json\`: the script that talks to the board, and what it knows of the core.
- \`bench_ulx3s.sv\`: the board in a simulator, pin by pin.

\`make icarus\` or \`make verilator\` simulates the core and compares; \`make board\` does so through the pins of the board, with the
script of the host at the other end of the line. \`make lint\` checks all sources.
`;

const streamWords = `The beat with which an answer ends has \`m_axis_tlast\`. On the board's serial line a word is four bytes, the lowest one first. If the
line is low for two bytes or longer (a break), the board is reset: its generators have their seeds again, and the next byte
begins a word. Banks keep their contents, and have none until the host has written them.

`;

/** The simulators that run the bench of a core. */
export const simulators = ['icarus', 'verilator'] as const;
export type Simulator = (typeof simulators)[number];

/** The language of a bench and the files beside it. */
export type Language = 'systemverilog' | 'verilog';

/** Each simulator's Debian package, how it builds a bench (the names of the sources follow), and how the bench runs. */
export const simulatorCommands: Readonly<
  Record<
    Simulator,
    { readonly debian: string; readonly build: readonly string[]; readonly run: readonly string[] }
  >
> = {
  icarus: {
    debian: 'iverilog',
    build: ['iverilog', '-g2012', '-o', 'bench.vvp'],
    run: ['vvp', '-n', 'bench.vvp'],
  },
  verilator: {
    debian: 'verilator',
    build: ['verilator', '--binary', '--timing', '-O3', '-Wno-fatal', '--top-module', 'bench', '-o', 'bench'],
    run: ['./obj_dir/bench'],
  },
};

/** How a simulator is told that all files are in a language; by default, in SystemVerilog. */
export const languageOptions: Readonly<Record<Language, Readonly<Record<Simulator, readonly string[]>>>> = {
  systemverilog: { icarus: [], verilator: [] },
  // Words such as `priority` are names there.
  verilog: { icarus: ['-g2005'], verilator: ['--default-language', '1364-2005'] },
};

/** Builds the bench of the board. Banks are empty until the host has written them, as they are in an FPGA. */
const boardBuild = ['iverilog', '-g2012', '-DSYNTHESIS', '-s', 'bench_ulx3s', '-o', 'bench_ulx3s.vvp'];

/** @param hasBoard whether the core is also written for a board */
function makefile(hasBoard: boolean): string {
  const board = hasBoard ? boardSourceNames.join(' ') : '';
  const top = hasBoard ? 'ulx3s' : 'plasticore_core';
  return `# make icarus, make verilator: run the bench, and show the first lines in which it differs from the model.
${hasBoard ? '# make board: the same pin by pin, through the serial line of the board, which the script of the host talks to.\n' : ''}BOARD = ${board}
CORE = $(filter-out $(BOARD) bench%.sv,$(sort $(wildcard *.sv)))

.PHONY: ${simulators.join(' ')} board lint compare clean
${simulators
  .map((simulator) => {
    const { build, run } = simulatorCommands[simulator];
    return `${simulator}:\n\t${build.join(' ')} $(CORE) bench.sv\n\t${run.join(' ')}\n\t$(MAKE) compare\n`;
  })
  .join('\n')}
compare:
	@diff expected.txt observed.txt | head -n 8; cmp -s expected.txt observed.txt && echo identical
${hasBoard ? boardRules : ''}
lint:
	verilator --lint-only -Wall --top-module ${top} $(CORE) $(BOARD)

clean:
	rm -rf obj_dir bench.vvp bench_ulx3s.vvp observed.txt learnt
`;
}

const boardRules = `
bench_ulx3s.vvp: $(CORE) $(BOARD) ${boardBench}
	${boardBuild.join(' ')} $^

board: bench_ulx3s.vvp
	python3 host.py --simulate check
`;
