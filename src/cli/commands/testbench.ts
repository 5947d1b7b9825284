import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Chip } from '../../chips/index.ts';
import { checkNewFolder, findFile, packagePath, readText, writeTogether } from '../../fs/index.ts';
import { describeDivergence, type GoldenTrace } from '../../golden/index.ts';
import { simulate, simulators } from '../../rtl/node.ts';
import { command, option, PlasticoreError } from '../../text/index.ts';
import { goldenFormats, readTrace, replayContext } from '../../trace/index.ts';
import { defineCommand } from '../command.ts';
import { readImageFile, readTraceFile } from '../files.ts';
import { chipsOf } from '../open-experiment.ts';
import {
  argument,
  cellOptions,
  choiceOption,
  outOption,
  precisionOption,
  seedOption,
  textOption,
} from '../options.ts';
import { type CellLine, chooseCell } from '../subject.ts';
import type { Terminal } from '../terminal.ts';
import { recordedTrace } from './golden.ts';

const traceFile = 'trace.json';

export const testbench = defineCommand({
  positionals: ['trace'],
  options: {
    trace: argument(
      'A golden trace of a chip (.json, .json.gz or .json.br), or an experiment on it to record',
      ['experiment'],
    ),
    out: { ...outOption('The folder to write, new or empty'), demandOption: true },
    rtl: textOption("The folder of the chip's own RTL: simulate it, and compare it with the trace"),
    simulator: { ...choiceOption(simulators, 'The simulator'), default: 'icarus' },
    precision: precisionOption,
    seed: seedOption,
    ...cellOptions,
  },
  examples: [
    [
      'testbench ./chip.yaml --limit 50 -o bench/ --rtl chip/src',
      'what an experiment does, in the RTL of its chip',
    ],
    ['testbench chip.json -o bench/', 'the bench of a trace, with what it reads'],
  ],
  async run(line, terminal) {
    const { out, rtl, simulator, engine } = line;
    checkNewFolder(out, 'name another folder, or remove what is in it');
    const chips = await chipsOf(line.chip, terminal);
    const { trace, text, file } = await chosenTrace(line, terminal, chips);
    const context = replayContext({
      file,
      engine,
      find: findFile,
      readImage: (reference, base) =>
        readImageFile(isAbsolute(reference) ? reference : join(dirname(base), reference)),
    });
    const name = trace.bench?.controller(context);
    const { rtl: known } = chips.find((chip) => chip.name === name) ?? {};
    if (trace.bench === undefined || known === undefined)
      throw new PlasticoreError(
        'usage',
        name === undefined
          ? `there is no bench for recordings of the format ${trace.format}`
          : `there is no bench for recordings of the chip '${name}'`,
        { file: line.trace, hint: `${command('rtl')} writes the core of a network, with a bench` },
      );
    const { sources, from } = known;
    const texts = sources.map((source) => [
      source,
      rtl === undefined ? '' : readText(join(rtl, source), `${option('rtl')}: ${from} is expected`),
    ]);
    const bench = readText(packagePath(`templates/rtl/${name}.v`), 'install the package anew');
    writeTogether(out, [['bench.v', bench], ...trace.bench.files(context), [traceFile, text]]);
    terminal.note(`${out}: a bench for ${texts.length} files of RTL, of ${from}`);
    if (rtl === undefined) return;
    simulate(out, ['bench.v', ...sources.map((name) => resolve(rtl, name))], simulator, 'verilog');
    const verdict = trace.bench.compare(readText(join(out, 'observed.txt'), 'the bench writes it'));
    if (verdict.agrees) {
      terminal.print(`${out}: the RTL is identical under ${simulator}: ${verdict.summary}`);
      return;
    }
    throw new PlasticoreError(
      'run',
      `${out}: the RTL diverges under ${simulator}\n${describeDivergence(verdict.divergence)}`,
    );
  },
});

type Line = Omit<CellLine, 'experiment'> & {
  readonly trace: string;
  readonly out: string;
  readonly engine: string;
  readonly epochs?: number | undefined;
  readonly limit?: number | undefined;
};

/** The trace of a file, or of an experiment that is recorded now. */
async function chosenTrace(
  line: Line,
  terminal: Terminal,
  chips: readonly Chip[],
): Promise<{ readonly trace: GoldenTrace; readonly text: string; readonly file: string }> {
  const { trace: name, out } = line;
  const formats = await goldenFormats(chips);
  if (/\.json(\.gz|\.br)?$/.test(name)) {
    const trace = readTraceFile(name, formats);
    return { trace, text: JSON.stringify(trace.content), file: name };
  }
  const file = join(out, traceFile);
  const chosen = await chooseCell({ ...line, experiment: name }, terminal);
  const { text } = await recordedTrace(chosen, { ...line, out: file });
  return { trace: readTrace(text, file, formats), text, file };
}
