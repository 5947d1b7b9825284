import { repriceRun } from '../../experiment/node.ts';
import { formatReport } from '../../report/index.ts';
import { runTables } from '../../report/node.ts';
import { defineCommand } from '../command.ts';
import { argument, hwOption, jsonOption, setOption, textOption } from '../options.ts';

export const repriceCommand = defineCommand({
  positionals: ['run'],
  options: {
    run: argument('The --out folder of a finished run'),
    hw: {
      ...hwOption,
      describe:
        'The core to price it for, one that computes the same at other costs; by default the run’s own',
    },
    set: {
      ...setOption,
      describe: 'path=value: change what the core costs, such as hw.supplyV=0.7 or hw.clockMhz=100',
    },
    activity: textOption(
      'Counts of the bits that toggle, from trace --activity, on which energies then depend; by default, as many as figures assume',
    ),
    json: jsonOption,
  },
  examples: [
    ['reprice runs/first --hw ./mine.yaml', 'what the run would have cost on that core'],
    ['reprice runs/first --set hw.clockMhz=100 --set hw.supplyV=0.8', 'at another clock and supply'],
    ['reprice runs/first --activity test.json', 'with the bits that toggle in a window, counted by trace'],
    ['reprice runs/first --hw ./mine.yaml --json', 'its report, as JSON'],
  ],
  run({ run, hw, set, activity, json }, terminal) {
    const report = repriceRun(run, { hw, set, activity });
    terminal.print(json ? formatReport(report).trimEnd() : runTables(report, terminal.style));
  },
});
