import type { CoreImage } from '../image/index.ts';
import { at, inComment } from '../text/index.ts';
import { replayWords } from './bench/bench.ts';
import { benchFiles } from './bench/files.ts';
import { boardTypeFiles } from './board/boards.ts';
import { baud, commandBits, endOfAnswer, statusBits, streamCommands } from './board/protocol.ts';
import { streamMarks } from './board/stream.ts';
import { coreFiles } from './emit/core-text.ts';
import type { SourceFile } from './emit/verilog.ts';
import type { CorePlan } from './plan/core-plan.ts';
import { indexBits } from './plan/widths.ts';
import { synthesisFiles } from './synthesis/script.ts';
import { filled, type RtlTemplates } from './templates.ts';

/** The files of a core. */
export interface RtlFiles {
  /** The core alone. */
  readonly sources: readonly SourceFile[];
  /** The files around it: benches, contents of banks, the board, scripts. */
  readonly others: readonly SourceFile[];
}

/**
 * The files of a core, all but what its bench presents.
 *
 * @param templates the texts of `templates/rtl`
 */
export function rtlFiles(plan: CorePlan, templates: RtlTemplates): RtlFiles {
  const sources = coreFiles(plan);
  // A board has one core, which knows samples and steps.
  const isAlone = plan.arrivals === undefined;
  const board = isAlone ? boardSources(plan, templates) : [];
  const names = [...sources, ...board].flatMap(([name]) => (name.endsWith('.sv') ? [name] : []));
  const others = isAlone ? boardFiles(plan, templates, names) : [];
  return {
    sources,
    others: [...board, ...others, ...benchFiles(plan, templates), ...synthesisFiles(plan, sources, board)],
  };
}

/** Sources around the core: its streams, the serial line that carries them, and the board. */
function boardSources(plan: CorePlan, templates: RtlTemplates): SourceFile[] {
  const { program, populations, input } = plan.image;
  // Words that wait for the core: those of a step, whose command the host sends at once.
  const room = 2 ** indexBits(at(populations, input).size + 8);
  return [
    [
      'top_stream.sv',
      filled(templates['top_stream.sv'], { program: inComment(program), ...streamMarks(plan) }),
    ],
    ['uart.sv', templates['uart.sv']],
    ['board.sv', filled(templates['board.sv'], { program: inComment(program), room: String(room) })],
  ];
}

/** The other files of boards: their pins, a bench, and the script of the host. */
function boardFiles({ image }: CorePlan, templates: RtlTemplates, sources: readonly string[]): SourceFile[] {
  return [
    ...boardTypeFiles(sources, templates['vivado.tcl']),
    ...(['bench_board.sv', 'host.py'] as const).map((name) => [name, templates[name]] as const),
    ['stream.json', `${JSON.stringify(streamMap(image), undefined, 2)}\n`],
  ];
}

/** The facts of the core in the host's script, beside `map.json`. */
function streamMap(image: CoreImage): object {
  const { core, generators, populations } = image;
  const replay = replayWords(image);
  return {
    format: 'plasticore/stream/1',
    baud,
    commands: Object.fromEntries(Object.entries(streamCommands).map(([name, { number }]) => [name, number])),
    commandBits,
    endOfAnswer,
    statusBits: Object.fromEntries(Object.entries(statusBits).map(([name, { bit }]) => [name, bit])),
    generators: core.lanes + generators.length,
    populations: populations.map(({ name, size }) => ({ name, size })),
    // The words of the field that asks for a sample again, and its bits in each word of a row.
    replay: replay && { ...replay, masks: replay.masks.map((mask) => mask.toString(16)) },
  };
}
