import type { CoreImage } from '../image/index.ts';
import { at, inComment } from '../text/index.ts';
import { replayWords } from './bench/bench.ts';
import { benchFiles } from './bench/files.ts';
import { boardTypeFiles } from './board/boards.ts';
import { baud, commandBits, endOfAnswer, statusBits, streamCommands } from './board/protocol.ts';
import { type StreamFacts, streamFacts, streamMarks } from './board/stream.ts';
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
  const facts = plan.arrivals === undefined ? streamFacts(plan) : undefined;
  const { program, populations, input } = plan.image;
  // Words that wait for the core: those of a step, whose command the host sends at once.
  const room = (): number => 2 ** indexBits(at(populations, input).size + 8);
  const board = facts === undefined ? [] : boardSources(program, facts, room(), templates);
  const names = [...sources, ...board].flatMap(([name]) => (name.endsWith('.sv') ? [name] : []));
  const others = facts === undefined ? [] : boardFiles(wiredMap(plan.image, facts), templates, names);
  return {
    sources,
    others: [...board, ...others, ...benchFiles(plan, templates), ...synthesisFiles(plan, sources, board)],
  };
}

/** Sources around a core: its streams, the serial line that carries them, and the board. */
export function boardSources(
  title: string,
  facts: StreamFacts,
  room: number,
  templates: RtlTemplates,
): SourceFile[] {
  const program = inComment(title);
  return [
    ['top_stream.sv', filled(templates['top_stream.sv'], { program, ...streamMarks(facts) })],
    ['uart.sv', templates['uart.sv']],
    ['board.sv', filled(templates['board.sv'], { program, room: String(room) })],
  ];
}

/** The other files of boards: their pins, a bench, the script of the host, and what it knows of the core. */
export function boardFiles(map: object, templates: RtlTemplates, sources: readonly string[]): SourceFile[] {
  return [
    ...boardTypeFiles(sources, templates['vivado.tcl']),
    ...(['bench_board.sv', 'host.py', 'line.py'] as const).map((name) => [name, templates[name]] as const),
    ['stream.json', `${JSON.stringify(map, undefined, 2)}\n`],
  ];
}

/** What the host's script knows of every core. */
export function streamMap({ memories, readableMemories }: StreamFacts): object {
  const banks = readableMemories - 1;
  return {
    format: 'plasticore/stream/1',
    baud,
    commands: Object.fromEntries(Object.entries(streamCommands).map(([name, { number }]) => [name, number])),
    commandBits,
    endOfAnswer,
    statusBits: Object.fromEntries(Object.entries(statusBits).map(([name, { bit }]) => [name, bit])),
    // By number: banks, generators, and what is only written.
    memories: memories.map(({ name, wordBits }) => ({ name, wordBits })),
    banks,
    generators: at(memories, banks).words,
  };
}

/** What it knows of one that is hard-wired for a program. */
function wiredMap(image: CoreImage, facts: StreamFacts): object {
  const replay = replayWords(image);
  return {
    ...streamMap(facts),
    populations: image.populations.map(({ name, size }) => ({ name, size })),
    // The words of the field that asks for a sample again, and its bits in each word of a row.
    replay: replay && { ...replay, masks: replay.masks.map((mask) => mask.toString(16)) },
  };
}
