import { imageOfCore, memoryFiles } from '../../image/index.ts';
import { inComment } from '../../text/index.ts';
import { endOfAnswer, protocolTable, statusWords } from '../board/protocol.ts';
import type { MemoryShape } from '../board/stream.ts';
import type { SourceFile } from '../emit/verilog.ts';
import type { CorePlan } from '../plan/core-plan.ts';
import { filled, type RtlTemplates } from '../templates.ts';
import { benchBanks, benchWidths } from './bench.ts';

/** The files with which a core is simulated: its bench, the contents of its banks, and what builds them. */
export function benchFiles(plan: CorePlan, templates: RtlTemplates): SourceFile[] {
  return [
    ['bench.sv', templates['bench.sv']],
    ['bench_widths.svh', benchWidths(plan)],
    ['bench_banks.svh', benchBanks(plan)],
    ...memoryFiles(imageOfCore(plan.image)).map(({ name, text }): SourceFile => [name, text]),
    ['Makefile', makefileText(templates, kindOf(plan))],
    ['README.md', readmeText(templates, kindOf(plan), readmeFacts(plan))],
  ];
}

const verilatedBoard =
  '--binary --timing -O3 -DSYNTHESIS -Wno-fatal --top-module bench_board -o bench_board -Mdir obj_board';

/** Marks of lines: of a core alone on its chip or one of several, hard-wired or programmable. */
type CoreKind = Readonly<Partial<Record<'alone' | 'placed' | 'wired' | 'micro', string>>>;

/** The Makefile of a core: marks of its kind, and options with which Verilator checks its text. */
export function makefileText(templates: RtlTemplates, kind: CoreKind, lint = ''): string {
  // Icarus would take minutes for the serial line of a programmable core.
  const board =
    kind.micro === undefined
      ? {
          board_bench: 'bench_board.vvp',
          board_build: `iverilog -g2012 -DSYNTHESIS -s bench_board -o bench_board.vvp`,
        }
      : { board_bench: 'obj_board/bench_board', board_build: `verilator ${verilatedBoard}` };
  return filled(templates['core.mk'], { ...kind, ...commandMarks(), ...board, lint });
}

function kindOf({ arrivals }: CorePlan): CoreKind {
  return { wired: '', ...(arrivals === undefined ? { alone: '' } : { placed: '' }) };
}

/** The marks of the Makefile: how each simulator builds the bench, and runs it. */
function commandMarks(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    simulators.flatMap((simulator) =>
      (['build', 'run'] as const).map((what) => [
        `${simulator}_${what}`,
        simulatorCommands[simulator][what].join(' '),
      ]),
    ),
  );
}

/** What the page about a core says of it. */
interface ReadmeFacts {
  readonly title: string;
  readonly compiler: string;
  readonly lanes: number;
  readonly banks: readonly MemoryShape[];
  /** As the program has them. */
  readonly populations?: readonly string[];
  readonly events?: readonly string[];
}

/** The page about a core. */
export function readmeText(templates: RtlTemplates, kind: CoreKind, facts: ReadmeFacts): string {
  const { title, compiler, lanes, banks, populations = [], events = [] } = facts;
  const list = (items: readonly string[]): string => items.map((item) => `- ${inComment(item)}`).join('\n');
  return filled(templates['README.txt'], {
    ...kind,
    title: inComment(title),
    compiler: inComment(compiler),
    lanes: String(lanes),
    protocol: protocolTable(),
    end_of_answer: endOfAnswer.toString(16),
    status: statusWords(),
    populations: list(populations),
    banks: list(banks.map(({ name, words, wordBits }) => `${name}: ${words} words of ${wordBits} bits`)),
    events: list(events),
  });
}

function readmeFacts({ image, events }: CorePlan): ReadmeFacts {
  const { program, core, banks, populations, provenance } = image;
  return {
    title: `${program} on ${core.hwModel} at ${core.precision}`,
    compiler: provenance.compiler,
    lanes: core.lanes,
    banks: banks.map(({ name, usedWords, wordBits }) => ({ name, words: usedWords, wordBits })),
    populations: populations.map(({ name, size }) => `${name}: ${size} neurons`),
    events: events.map(({ name, steps }) => `${name}: ${steps.map(({ words }) => words).join(', ')}`),
  };
}

/** The simulators that run the bench of a core. */
export const simulators = ['icarus', 'verilator'] as const;
export type Simulator = (typeof simulators)[number];

/** What the files beside a bench are written in, and the bench with them; or a netlist with models of its cells. */
export type BenchSources = 'systemverilog' | 'verilog' | 'netlist';

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

/** How a simulator is told what the files are; by default, they are in SystemVerilog. */
export const sourceOptions: Readonly<Record<BenchSources, Readonly<Record<Simulator, readonly string[]>>>> = {
  systemverilog: { icarus: [], verilator: [] },
  // Words such as `priority` are names there.
  verilog: { icarus: ['-g2005'], verilator: ['--default-language', '1364-2005'] },
  // Longer than the longest path of any core that has been synthesised. For Verilator cells take no time; its compiler
  // would spend minutes on a better program of so many of them.
  netlist: { icarus: ['-Pbench.SETTLE=50'], verilator: ['-CFLAGS', '-O0'] },
};
