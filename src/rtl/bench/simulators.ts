/** The simulators that run the bench of a core. */
export const simulators = ['icarus', 'verilator'] as const;
export type Simulator = (typeof simulators)[number];

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

export const makefile = `# make icarus, make verilator: run the bench, and show the first lines in which it differs from the model.
SOURCES = $(sort $(wildcard *.sv))

.PHONY: ${simulators.join(' ')} lint compare clean
${simulators
  .map((simulator) => {
    const { build, run } = simulatorCommands[simulator];
    return `${simulator}:\n\t${build.join(' ')} $(SOURCES)\n\t${run.join(' ')}\n\t$(MAKE) compare\n`;
  })
  .join('\n')}
compare:
	@diff expected.txt observed.txt | head -n 8; cmp -s expected.txt observed.txt && echo identical

lint:
	verilator --lint-only -Wall --top-module plasticore_core $(filter-out bench.sv,$(SOURCES))

clean:
	rm -rf obj_dir bench.vvp observed.txt
`;
