import { chipsFor } from '../../chips/node.ts';
import { loadFor } from '../../experiment/node.ts';
import { checkWritable, writeAtomically } from '../../fs/index.ts';
import { chipTraceOf, formatTrace, traceOf } from '../../trace/index.ts';
import { defineCommand } from '../command.ts';
import { flagOption, oneCellOptions, outOption } from '../options.ts';
import { type ChosenCell, chooseCell } from '../subject.ts';

export const golden = defineCommand({
  positionals: ['experiment'],
  options: {
    out: { ...outOption('The trace to write, a .json file'), demandOption: true },
    steps: flagOption('Also state the fields after each step'),
    ...oneCellOptions,
  },
  examples: [
    ['golden mnist-snn -o digits.trace.json', 'one sample of training and one of testing'],
    [
      'golden mnist-snn --limit 2 --steps -o digits.trace.json',
      'two of each, with the fields after each step',
    ],
    ['golden ./chip.yaml -o chip.json', 'the events and cycles of a chip, in its own format'],
  ],
  async run(options, terminal) {
    const { out, steps: everyStep, ...line } = options;
    const chosen = await chooseCell(options, terminal);
    checkWritable(out);
    const { text, what } = await recordedTrace(chosen, { ...line, everyStep, out });
    writeAtomically(out, text);
    terminal.note(`${out}: ${what}; ${text.length} bytes`);
  },
});

/** Default numbers of epochs and of samples for training and testing, kept small because a trace states every event. */
const few = 1;

interface RecordOptions {
  readonly epochs?: number | undefined;
  readonly limit?: number | undefined;
  readonly engine?: string | undefined;
  /** Whether to state the fields after each step, on a core without a controller. */
  readonly everyStep?: boolean | undefined;
  /** The file that the trace is to be in: it names others relative to itself. */
  readonly out: string;
}

/** Records what a cell does on its data as a golden trace: of its core, or in the format of its chip. */
export async function recordedTrace(
  { cell, data: path, sourceFrom }: ChosenCell,
  { epochs = Math.min(cell.epochs, few), limit = few, engine, everyStep, out }: RecordOptions,
): Promise<{ readonly text: string; readonly what: string }> {
  const limited = { ...cell, epochs, limit };
  const data = await loadFor({ ...limited, validation: undefined }, path);
  if (cell.chip !== undefined) {
    const trace = chipTraceOf(limited, data, {
      engine,
      chips: await chipsFor(cell.chip),
      source: sourceFrom(out),
    });
    return { text: JSON.stringify(trace), what: `a trace of the chip ${cell.chip.chip}` };
  }
  const trace = traceOf(limited, data, sourceFrom(out), { engine, everyStep });
  return {
    text: formatTrace(trace),
    what: `a trace of ${trace.samples.length} samples of ${trace.steps} steps, ${trace.fields.length} fields`,
  };
}
