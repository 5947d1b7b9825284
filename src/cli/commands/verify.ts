import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Chip } from '../../chips/index.ts';
import { checkNewFolder, findFile, packagePath, readText, writeTogether } from '../../fs/index.ts';
import { describeDivergence, describeExercised, type GoldenTrace, type Verdict } from '../../golden/index.ts';
import { type Simulator, simulate, simulators } from '../../rtl/node.ts';
import { command, enumerated, option, PlasticoreError } from '../../text/index.ts';
import { goldenFormats, readTrace, replayContext, replayTrace, type TraceFiles } from '../../trace/index.ts';
import { defineCommand } from '../command.ts';
import { readImageFile, readTraceFile } from '../files.ts';
import { chipsOf } from '../open-experiment.ts';
import {
  argument,
  cellOptions,
  choiceOption,
  outOption,
  precisionOption,
  refuseOptions,
  seedOption,
  textOption,
} from '../options.ts';
import { showingTools } from '../progress.ts';
import { type CellLine, chooseCell } from '../subject.ts';
import type { Terminal } from '../terminal.ts';
import { recordedTrace } from './golden.ts';

const bundled = (await goldenFormats()).map(({ name }) => name);
const traceFile = 'trace.json';
const usualSimulator: Simulator = 'icarus';

export const verify = defineCommand({
  positionals: ['trace'],
  options: {
    trace: argument(
      `A trace: ${enumerated(bundled, 'or')}, or of a format of --chip; .json, .json.gz or .json.br. With --out also an experiment on a chip, to record`,
      ['experiment'],
    ),
    out: outOption(
      "A new or empty folder: write a bench that makes a chip's own RTL do what the trace states, instead of a replay",
    ),
    rtl: textOption(
      "With --out: the folder of the chip's own RTL, to simulate it, and to compare it with the trace",
    ),
    simulator: {
      ...choiceOption(simulators, 'With --rtl: the simulator'),
      defaultDescription: usualSimulator,
    },
    precision: precisionOption,
    seed: seedOption,
    ...cellOptions,
  },
  examples: [
    ['verify digits.trace.json', 'what plasticore golden wrote, or an RTL'],
    ['verify digits.trace.json --engine reference', 'on the reference engine'],
    ['verify golden.json --chip ./mine.mjs', 'in the format of a chip of yours'],
    ['verify chip.json -o bench/', 'the bench of a trace, with what it reads'],
    [
      'verify ./chip.yaml --limit 50 -o bench/ --rtl chip/src',
      'what an experiment does, in the RTL of its chip',
    ],
  ],
  async run(line, terminal) {
    const { trace: name, out, rtl, engine, simulator } = line;
    if (out === undefined && rtl !== undefined)
      throw new PlasticoreError('usage', `${option('rtl')} needs ${option('out')}, a folder for the bench`);
    const { precision, seed, hw, data, encoder, epochs, limit, set } = line;
    if (out === undefined)
      refuseOptions({ precision, seed, hw, data, encoder, epochs, limit, set }, `goes with ${option('out')}`);
    if (rtl === undefined) refuseOptions({ simulator }, `goes with ${option('rtl')}`);
    if (out !== undefined) checkNewFolder(out, 'name another folder, or remove what is in it');
    const chips = await chipsOf(line.chip, terminal);
    const { trace, text, file } = await chosenTrace(line, terminal, chips);
    const files: TraceFiles = {
      file,
      engine,
      find: findFile,
      readImage: (reference, from) =>
        readImageFile(isAbsolute(reference) ? reference : join(dirname(from), reference)),
    };
    if (out === undefined) {
      const where = trace.usesEngine ? ` on engine ${engine}` : '';
      printVerdict(
        replayTrace(trace, files),
        [`${name}: identical${where}`, `${name}: diverges${where}`],
        terminal,
      );
      return;
    }
    const { bench, sources } = writeBench({ ...line, out }, trace, files, chips, text, terminal);
    if (rtl === undefined) return;
    const texts = ['bench.v', ...sources.map((source) => resolve(rtl, source))];
    const how = { simulator: simulator ?? usualSimulator, kind: 'verilog' } as const;
    await showingTools(terminal, (watch) => simulate(out, texts, { ...how, ...watch }));
    const verdict = bench.compare(readText(join(out, 'observed.txt'), 'the bench writes it'));
    const under = `under ${simulator ?? usualSimulator}`;
    printVerdict(
      verdict,
      [`${out}: the RTL is identical ${under}`, `${out}: the RTL diverges ${under}`],
      terminal,
    );
  },
});

/** @throws PlasticoreError `run` at a divergence */
function printVerdict(
  verdict: Verdict,
  [identical, diverges]: readonly [string, string],
  terminal: Terminal,
): void {
  if (!verdict.agrees)
    throw new PlasticoreError('run', `${diverges}\n${describeDivergence(verdict.divergence)}`);
  terminal.print(`${identical}: ${verdict.summary}`);
  const { exercised } = verdict;
  if (exercised === undefined) return;
  for (const line of describeExercised(exercised)) terminal.print(`  ${line}`);
}

type Line = Omit<CellLine, 'experiment'> & {
  readonly trace: string;
  readonly out?: string | undefined;
  readonly engine: string;
  readonly epochs?: number | undefined;
  readonly limit?: number | undefined;
};

/** Writes the bench of a trace, for the RTL of its chip. */
function writeBench(
  { trace: name, out, rtl }: Line & { readonly out: string; readonly rtl?: string | undefined },
  { bench, format }: GoldenTrace,
  files: TraceFiles,
  chips: readonly Chip[],
  text: string,
  terminal: Terminal,
): { readonly bench: NonNullable<GoldenTrace['bench']>; readonly sources: readonly string[] } {
  const context = replayContext(files);
  const controller = bench?.controller(context);
  const { rtl: known } = chips.find((chip) => chip.name === controller) ?? {};
  if (bench === undefined || known === undefined)
    throw new PlasticoreError(
      'usage',
      controller === undefined
        ? `there is no bench for recordings of the format ${format}`
        : `there is no bench for recordings of the chip '${controller}'`,
      { file: name, hint: `${command('rtl')} writes the core of a network, with a bench` },
    );
  const { sources, from } = known;
  if (rtl !== undefined)
    for (const source of sources) readText(join(rtl, source), `${option('rtl')}: ${from} is expected`);
  const own = readText(packagePath(`templates/rtl/${controller}.v`), 'install the package anew');
  writeTogether(out, [['bench.v', own], ...bench.files(context), [traceFile, text]]);
  terminal.note(`${out}: a bench for ${sources.length} files of RTL, of ${from}`);
  return { bench, sources };
}

/** The trace of a file, or of an experiment that is recorded now. */
async function chosenTrace(
  line: Line,
  terminal: Terminal,
  chips: readonly Chip[],
): Promise<{ readonly trace: GoldenTrace; readonly text: string; readonly file: string }> {
  const { trace: name, out } = line;
  const formats = await goldenFormats(chips);
  if (out === undefined || /\.json(\.gz|\.br)?$/.test(name)) {
    const trace = readTraceFile(name, formats);
    return { trace, text: JSON.stringify(trace.content), file: name };
  }
  const file = join(out, traceFile);
  const chosen = await chooseCell({ ...line, experiment: name }, terminal);
  const { text } = await recordedTrace(chosen, { ...line, out: file });
  return { trace: readTrace(text, file, formats), text, file };
}
