import type { CellChoice } from '../../experiment/index.ts';
import { compileForEach, type OnChip } from '../../explore/index.ts';
import { bundledNames, findFile } from '../../fs/index.ts';
import { grouped, percent } from '../../report/index.ts';
import { table } from '../../report/node.ts';
import { defineCommand } from '../command.ts';
import { openExperimentOf } from '../open-experiment.ts';
import {
  cellOptions,
  experimentArgument,
  inferenceOption,
  jsonOption,
  listOption,
  precisionOption,
  seedOption,
  weightsOption,
  workersOption,
} from '../options.ts';
import {
  areaColumn,
  areaNote,
  measureCells,
  measuredColumns,
  measuredHead,
  type RunOutcome,
} from './cell-runs.ts';

const { hw, ...others } = cellOptions;

export const compareCommand = defineCommand({
  positionals: ['experiment'],
  options: {
    experiment: experimentArgument,
    hw: {
      ...listOption(
        'hw-models, joined by commas: bundled ones by name, or paths of files; by default all that are bundled',
      ),
      completes: hw.completes,
    },
    precision: {
      ...precisionOption,
      describe: 'mpS-W for all chips; by default the experiment’s, or the nearest that a chip offers',
    },
    seed: seedOption,
    weights: weightsOption,
    inference: inferenceOption,
    workers: workersOption,
    ...others,
    json: jsonOption,
  },
  examples: [
    ['compare mnist-snn --epochs 3', 'one network on every bundled chip, or why not'],
    ['compare mnist-snn --hw reference,large,mesh --epochs 3', 'on three of them'],
    ['compare ./net/experiment.yaml --hw reference,mesh --data test.npz', 'an imported network'],
    ['compare mnist-snn --hw reference,large --json', 'as JSON'],
  ],
  async run({ hw: hwModels = bundledNames('hw-model'), ...options }, terminal) {
    const { experiment, settings } = await openExperimentOf({ ...options, hw: hwModels }, terminal);
    const { precision, seed, encoder, epochs, limit, weights, inference } = options;
    const choice: CellChoice = { precision, seed, encoder, epochs, limit, weights, inference, settings };
    const chips = compileForEach(experiment, choice, hwModels, findFile);
    const fitting = chips.filter(({ fit }) => !('reason' in fit));
    const cells = fitting.map((chip) => () => chip.compile());
    const runs = cells.length === 0 ? [] : await measureCells(experiment, cells, options, terminal);
    const rows = chips.map((chip) => ({ chip, ran: runs[fitting.indexOf(chip)] }));
    if (options.json) {
      const schema = 'plasticore/compare/1';
      const network = experiment.spec.name;
      terminal.print(JSON.stringify({ schema, experiment: network, chips: rows.map(inJson) }, null, 2));
      return;
    }
    const head = ['hw-model', 'precision', 'cores', 'bits', 'fullest', 'mm²', ...measuredHead(runs), ''];
    terminal.print(table(head, rows.map(columns), 'llrrlrrrrl', terminal.style));
    const sizes = chips.flatMap(({ fit }) => ('reason' in fit ? [] : [fit]));
    for (const note of areaNote(sizes)) terminal.print(`\n${terminal.style.dim(note)}`);
  },
});

interface Row {
  readonly chip: OnChip;
  readonly ran: RunOutcome | undefined;
}

function inJson({ chip: { hw: name, precision, fit }, ran }: Row) {
  return { hw: name, precision, ...fit, ...ran };
}

function columns({ chip: { hw: name, precision, fit }, ran }: Row): string[] {
  if ('reason' in fit)
    return [name, precision, '-', '-', '-', '-', ...measuredColumns(undefined), fit.reason];
  const { cores, memoryBits, needs } = fit;
  const [fullest] = [...needs].sort((a, b) => b.needed / b.available - a.needed / a.available);
  return [
    name,
    precision,
    String(cores),
    grouped(memoryBits),
    fullest === undefined ? '' : `${percent(fullest.needed / fullest.available, 0)} of the ${fullest.what}`,
    areaColumn(fit),
    ...measuredColumns(ran),
    ran !== undefined && 'failure' in ran ? ran.failure : '',
  ];
}
