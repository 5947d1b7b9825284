import { type CoreImage, type Image, memoryFiles } from '../../image/index.ts';
import type { SourceFile } from '../emit/core-text.ts';
import { benchText } from './bench-text.ts';
import { makefile } from './simulators.ts';

/** The files with which a core is simulated: its bench, the contents of its banks, and what builds them. */
export function benchFiles(image: Image, core: CoreImage): SourceFile[] {
  return [
    ['bench.sv', benchText(core)],
    ...memoryFiles(image).map(({ name, text }): SourceFile => [name, text]),
    ['Makefile', makefile],
    ['README.md', readme(core)],
  ];
}

function readme({ program, core, banks, populations, provenance }: CoreImage): string {
  const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
  return `# ${program} on ${core.hwModel} at ${core.precision}

A core in SystemVerilog, written by Plasticore ${provenance.compiler}. It computes what the model computes, in every bit and in every cycle.

- \`plasticore_core.sv\`: the core. One walker feeds one pipeline for each kernel.
- \`kN_NAME.sv\`: the pipelines. Each line of microcode is a comment above its logic, with the phase in which it computes.
- \`bank_NAME.sv\`: the memories, which you may exchange for macros. \`NAME.memh\` has their contents, \`map.json\` says what is where.
- \`bench.sv\`: reads \`stimulus.txt\` and writes \`observed.txt\`. \`expected.txt\` is what the model does.

\`make icarus\` or \`make verilator\` simulates the core and compares; \`make lint\` checks it.

## Ports

One clock, synchronous reset. A command is taken while \`cmd_ready\` is set: \`cmd_step\` 0 starts a sample (with \`cmd_learn\`,
\`cmd_label\`, \`cmd_replay\` where it is presented again, and the number of its steps), 1 runs a step with \`cmd_spikes\` spikes of the
input. \`cmd_interval\` selects the values of scheduled parameters. During a step the input takes its spikes by \`s_valid\` and
\`s_ready\`, from the first one again if \`s_again\` says that the step delivers them anew. Spikes of the core leave by \`m_valid\`:
population, tile, and the lanes that spike; lane l of tile t is neuron ${core.lanes} t + l. Values that spikes carry are in \`s_value\` and
\`m_values\`. While the core is idle, \`host_*\` reads and writes words of banks, and the generators, those of the lanes first, as one
bank more. A word that is read is there in the next cycle.
\`cycles\` counts the cycles of work: not those in which the core is idle or waits for spikes.

## Populations, by number

${list(populations.map(({ name, size }) => `${name}: ${size} neurons`))}

## Banks, by number

${list(banks.map(({ name, usedWords, wordBits }) => `${name}: ${usedWords} words of ${wordBits} bits`))}
`;
}
