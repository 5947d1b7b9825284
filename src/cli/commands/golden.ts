import { loadFor } from '../../experiment/node.ts';
import { checkWritable, writeAtomically } from '../../fs/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { formatTrace, traceOf } from '../../trace/index.ts';
import { chooseCell } from '../choose-cell.ts';
import { defineCommand } from '../command.ts';
import { oneCellOptions } from '../options.ts';

/** Default numbers of epochs and of samples for training and testing, kept small because a trace states every event. */
const few = 1;

export const golden = defineCommand({
  positionals: ['experiment'],
  options: {
    out: {
      type: 'string',
      alias: 'o',
      requiresArg: true,
      demandOption: true,
      describe: 'The trace to write, a .json file',
    },
    steps: {
      type: 'boolean',
      default: false,
      describe: 'Also state the fields after each step',
    },
    ...oneCellOptions,
  },
  examples: [
    ['golden mnist-snn -o digits.trace.json', 'one sample of training and one of testing'],
    [
      'golden mnist-snn --limit 2 --steps -o digits.trace.json',
      'two of each, with the fields after each step',
    ],
  ],
  async run(options, terminal) {
    const { out, steps: everyStep, engine } = options;
    const { cell, data: path, sourceFrom } = await chooseCell(options, terminal);
    checkWritable(out);
    if (cell.chip !== undefined) {
      throw new PlasticoreError(
        'usage',
        `a golden trace states samples in time steps; '${cell.name}' hosts a chip`,
        { hint: 'plasticore verify replays the recordings of chips, in formats of their own' },
      );
    }
    const epochs = options.epochs ?? Math.min(cell.epochs, few);
    const limited = { ...cell, epochs, limit: options.limit ?? few };
    const data = await loadFor({ ...limited, validation: undefined }, path);
    const trace = traceOf(limited, data, sourceFrom(out), { engine, everyStep });
    const text = formatTrace(trace);
    writeAtomically(out, text);
    terminal.note(
      `${out}: a trace of ${trace.samples.length} samples of ${trace.steps} steps, ${trace.fields.length} fields; ${text.length} bytes`,
    );
  },
});
