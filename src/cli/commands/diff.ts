import { difference } from '../../report/index.ts';
import { differenceTables } from '../../report/node.ts';
import { defineCommand } from '../command.ts';
import { comparedAt } from '../compared.ts';
import { jsonOption } from '../options.ts';

const describe =
  'The folder of a run, an image, or an experiment or a program, which is compiled as it stands';

export const diff = defineCommand({
  positionals: ['one', 'other'],
  options: {
    one: { type: 'string', demandOption: true, completes: ['experiment', 'program'], describe },
    other: { type: 'string', demandOption: true, completes: ['experiment', 'program'], describe },
    json: jsonOption,
  },
  examples: [
    ['diff runs/first runs/second', 'accuracy, cycles and energy by unit of two runs'],
    ['diff mnist-snn ./recent.yaml', 'memory, microcode and kernels of two programs'],
    ['diff before.pcore after.pcore --json', 'two images, as JSON'],
  ],
  async run({ one, other, json }, terminal) {
    const [first, second] = [await comparedAt(one, terminal), await comparedAt(other, terminal)];
    const parts = difference(first, second);
    if (json) {
      const schema = 'plasticore/diff/1';
      terminal.print(JSON.stringify({ schema, one: first.name, other: second.name, parts }, null, 2));
    } else terminal.print(differenceTables([first.name, second.name], parts, terminal.style));
  },
});
