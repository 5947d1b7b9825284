import { checkWritable, writeAtomically } from '../../fs/index.ts';
import { defineCommand } from '../command.ts';
import { oneCellOptions } from '../options.ts';
import { recordedTrace } from '../recorded-trace.ts';
import { chooseCell } from '../subject.ts';

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
