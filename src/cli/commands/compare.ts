import { dirname, resolve } from 'node:path';
import type { CellChoice, Experiment } from '../../experiment/index.ts';
import { compileForEach, type OnChip } from '../../explore/index.ts';
import { bundledNames, findFile } from '../../fs/index.ts';
import { grouped, percent } from '../../report/index.ts';
import { table } from '../../report/node.ts';
import { isBareName } from '../../text/index.ts';
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
  shownSources,
} from './cell-runs.ts';

const { hw, ...others } = cellOptions;

export const compareCommand = defineCommand({
  positionals: ['experiment'],
  options: {
    experiment: experimentArgument,
    hw: {
      ...listOption(
        'hw-models, joined by commas: bundled ones by name, or paths of files; by default the experiment’s own, and all that are bundled',
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
  async run(options, terminal) {
    const { experiment, settings } = await openExperimentOf(options, terminal);
    const hwModels = options.hw ?? [ownModel(experiment), ...bundledNames('hw-model')];
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
    const shown = rows.flatMap(columns);
    const refused = refusals(chips);
    const sources = rows.flatMap(({ chip, ran }) => {
      const kinds = shownSources(ran);
      return kinds === undefined ? [] : [[chip.hw, kinds, `plasticore hw show ${chip.hw}`]];
    });
    const tables = [
      ...(shown.length > 0 ? [table(head, shown, 'llrrlrrrrl', terminal.style)] : []),
      ...(sources.length > 0
        ? [table(['energy rests on', 'figures', 'named by'], sources, 'l', terminal.style)]
        : []),
      ...(refused.length > 0 ? [table(['does not run on', 'because'], refused, 'l', terminal.style)] : []),
    ];
    terminal.print(tables.join('\n\n'));
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

/** The hw-model that the experiment names, as one names it from here. */
function ownModel({ spec, source }: Experiment): string {
  const name = spec.hw;
  return isBareName(name) ? name : resolve(dirname(source.file), name);
}

/** The figures of a chip; none where the network does not run. */
function columns({ chip: { hw: name, precision, fit }, ran }: Row): string[][] {
  if ('reason' in fit) return [];
  const { cores, memoryBits, needs } = fit;
  const [fullest] = [...needs].sort((a, b) => b.needed / b.available - a.needed / a.available);
  return [
    [
      name,
      precision,
      String(cores),
      grouped(memoryBits),
      fullest === undefined ? '' : `${percent(fullest.needed / fullest.available, 0)} of the ${fullest.what}`,
      areaColumn(fit),
      ...measuredColumns(ran),
      ran !== undefined && 'failure' in ran ? ran.failure : '',
    ],
  ];
}

/** The chips that do not run the network; those with the same reason, but for their name, in one row. */
function refusals(chips: readonly OnChip[]): string[][] {
  const byReason = new Map<string, string[]>();
  for (const { hw: name, fit } of chips) {
    if (!('reason' in fit)) continue;
    const reason = fit.reason.replaceAll(`hw-model '${name}'`, 'the hw-model');
    byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
  }
  return [...byReason].map(([reason, names]) => [names.join(', '), reason]);
}
