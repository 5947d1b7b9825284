import { boardBench, boardSourceNames } from '../board/files.ts';

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
export function makefile(hasBoard: boolean): string {
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
