import { nearestPrecision } from '../../compiler/index.ts';
import {
  type CellChoice,
  deployCell,
  type Experiment,
  loadCell,
  resolveCell,
} from '../../experiment/index.ts';
import {
  byAccuracy,
  changed,
  type FittingChange,
  fittingChanges,
  type Need,
  needsBeyond,
  needsOf,
} from '../../explore/index.ts';
import { bundledNames, findFile } from '../../fs/index.ts';
import { grouped } from '../../report/index.ts';
import { table } from '../../report/node.ts';
import { enumerated, PlasticoreError, reasonOf } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import { openExperimentOf } from '../open-experiment.ts';
import {
  experimentArgument,
  flagOption,
  inferenceOption,
  jsonOption,
  oneCellOptions,
  precisionOption,
  weightsOption,
  workersOption,
} from '../options.ts';
import type { Terminal } from '../terminal.ts';
import {
  areaColumn,
  areaNote,
  asksForNumbers,
  measureCells,
  measuredColumns,
  measuredHead,
  type RunOutcome,
} from './cell-runs.ts';

export const fit = defineCommand({
  positionals: ['experiment'],
  options: {
    ...oneCellOptions,
    precision: {
      ...precisionOption,
      describe: 'mpS-W; by default the experiment’s, or the nearest that the hw-model offers',
    },
    experiment: experimentArgument,
    accuracy: flagOption(
      'Run the network with each change that makes it fit, and print the accuracy that remains; implied by --data',
    ),
    weights: weightsOption,
    inference: inferenceOption,
    workers: workersOption,
    json: jsonOption,
  },
  examples: [
    ['fit mnist-snn', 'what the network takes of its core'],
    ['fit mnist-snn --hw ./small.yaml', 'which changes make it fit a smaller one'],
    ['fit mnist-snn --hw ./small.yaml --epochs 3 --accuracy', 'and what accuracy each of them keeps'],
  ],
  async run(options, terminal) {
    const { experiment, settings } = await openExperimentOf(options, terminal);
    const { hw, precision, seed, encoder, epochs, limit, weights, inference } = options;
    const asked: CellChoice = { hw, precision, seed, encoder, epochs, limit, weights, inference, settings };
    const choice = atNearest(experiment, asked, terminal);
    const found = examine(experiment, choice, choice === asked ? undefined : choice.precision);
    const isRun = options.accuracy || options.data !== undefined;
    // A network that fits runs as it is.
    const choices =
      found.reason === undefined ? [choice] : found.changes.map(({ change }) => changed(choice, change));
    const cells = choices.map((each) => () => resolveCell(experiment, each, findFile));
    const runs =
      isRun && cells.length > 0 ? await measureCells(experiment, cells, options, terminal) : undefined;
    const [shown, measured] =
      found.reason === undefined || runs === undefined ? [found, runs] : inOrder(found, runs);
    if (options.json) terminal.print(JSON.stringify(inJson(experiment, shown, measured), null, 2));
    else print(shown, measured, terminal);
  },
});

/** The same at the precision that the chip offers, where none was asked for and it has not the experiment's. */
function atNearest(experiment: Experiment, choice: CellChoice, terminal: Terminal): CellChoice {
  if (choice.precision !== undefined) return choice;
  const { hw } = loadCell(experiment, choice, findFile);
  const wanted = experiment.spec.default.precision;
  const precision = nearestPrecision(hw, wanted);
  if (precision === wanted) return choice;
  terminal.note(`at ${precision}, the nearest to ${wanted} that ${hw.name} offers`);
  return { ...choice, precision };
}

/** Whether a network fits its chip, and with which changes if not. */
interface FitOutcome {
  /** Why it does not; undefined if it fits. */
  readonly reason: string | undefined;
  /** Undefined if no chip like this one holds it, however large. */
  readonly needs: readonly Need[] | undefined;
  /** Whether it is on an FPGA, whose lookup tables are known from synthesis alone. */
  readonly areLutsOpen: boolean;
  readonly changes: readonly FittingChange[];
}

/**
 * @param precision one that each change states, since it is not the experiment's
 * @throws PlasticoreError for a fault other than not fitting
 */
function examine(experiment: Experiment, choice: CellChoice, precision: CellChoice['precision']): FitOutcome {
  try {
    const deployment = deployCell(experiment, choice, findFile);
    const { fpga } = deployment.hw;
    const areLutsOpen = fpga !== undefined && fpga.core === undefined;
    return { reason: undefined, needs: needsOf(deployment), areLutsOpen, changes: [] };
  } catch (error) {
    if (!(error instanceof PlasticoreError) || error.code !== 'fit') throw error;
    return {
      reason: reasonsOf(error).join('\n'),
      needs: needsBeyond(experiment, choice, findFile),
      areLutsOpen: false,
      changes: fittingChanges(experiment, choice, bundledNames('hw-model'), findFile).map((fitting) => ({
        ...fitting,
        change: { ...(precision !== undefined && { precision }), ...fitting.change },
      })),
    };
  }
}

/** All reasons of a refusal; those that differ in the name of their subject alone are one. */
function reasonsOf(error: PlasticoreError): string[] {
  const alike = new Map<string, { readonly first: string; readonly names: string[] }>();
  for (const reason of [error, ...error.others].map(reasonOf)) {
    const [, noun = '', name, rest = reason] = /^(\w+) '([^']*)' (.*)$/.exec(reason) ?? [];
    const found = alike.get(`${noun} ${rest}`);
    if (found === undefined) alike.set(`${noun} ${rest}`, { first: reason, names: [] });
    else if (name !== undefined) found.names.push(`'${name}'`);
  }
  return [...alike.values()].map(({ first, names }) =>
    names.length === 0 ? first : `${first}; the same of ${enumerated(names)}`,
  );
}

/** Changes in the order of what was measured with them. */
function inOrder(found: FitOutcome, runs: readonly RunOutcome[]): [FitOutcome, readonly RunOutcome[]] {
  const measured = byAccuracy(
    found.changes.flatMap((fitting, index) => {
      const ran = runs[index];
      if (ran === undefined) return [];
      const accuracy = 'failure' in ran ? undefined : (ran.accuracy ?? undefined);
      return [{ ...fitting, fitting, ran, accuracy, scored: 'failure' in ran ? 0 : ran.samples }];
    }),
  );
  return [{ ...found, changes: measured.map(({ fitting }) => fitting) }, measured.map(({ ran }) => ran)];
}

function inJson(
  { spec }: Experiment,
  { reason, needs = [], changes }: FitOutcome,
  runs: readonly RunOutcome[] | undefined,
) {
  return {
    schema: 'plasticore/fit/1',
    experiment: spec.name,
    fits: reason === undefined,
    reason: reason ?? null,
    needs,
    ...(reason === undefined && runs?.[0]),
    changes: changes.map(({ change, ...size }, index) => ({
      options: changeOptions(change),
      kind: change.kind,
      costs: change.costs,
      ...size,
      ...runs?.[index],
    })),
  };
}

function print(
  { reason, needs, areLutsOpen, changes }: FitOutcome,
  runs: readonly RunOutcome[] | undefined,
  terminal: Terminal,
): void {
  const { style } = terminal;
  terminal.print(
    needs === undefined
      ? `${reason}`
      : table(['', 'needed', 'available', ''], needs.map(needColumns), 'lrrr', style),
  );
  if (reason === undefined) {
    terminal.print(
      `\nIt fits.${areLutsOpen ? ' Lookup tables are not counted: synthesis alone knows them.' : ''}`,
    );
    for (const ran of runs ?? []) {
      const failure = 'failure' in ran ? [ran.failure] : [];
      terminal.print(
        `\n${table([...measuredHead([ran]), ''], [[...measuredColumns(ran), ...failure]], 'rrrl', style)}`,
      );
    }
  } else if (changes.length === 0)
    terminal.print('\nIt does not fit. No single change was found that makes it fit.');
  else {
    const isByAccuracy = runs !== undefined && !runs.some(asksForNumbers);
    terminal.print(
      `\nIt does not fit. Each of these changes makes it fit; the first ${isByAccuracy ? 'loses' : 'costs'} least:\n`,
    );
    const head = [
      'options',
      'bits',
      'cores',
      'mm²',
      ...(runs === undefined ? [] : measuredHead(runs)),
      'costs',
    ];
    const rows = changes.map((fitting, index) => changeColumns(fitting, runs?.[index]));
    terminal.print(table(head, rows, `lrrr${runs === undefined ? '' : 'rrr'}l`, style));
    for (const note of areaNote(changes)) terminal.print(`\n${style.dim(note)}`);
  }
}

function needColumns({ what, needed, available }: Need): string[] {
  const left = available - needed;
  return [
    what,
    grouped(needed),
    grouped(available),
    `${grouped(Math.abs(left))} ${left < 0 ? 'too many' : 'free'}`,
  ];
}

/** The options of a command line that make a change. */
function changeOptions({ hw, precision, inference, set = [] }: FittingChange['change']): string[] {
  return [
    ...(hw === undefined ? [] : ['--hw', hw]),
    ...(precision === undefined ? [] : ['--precision', precision]),
    ...(inference ? ['--inference'] : []),
    ...set.flatMap((setting) => ['--set', setting]),
  ];
}

function changeColumns(fitting: FittingChange, ran: RunOutcome | undefined): string[] {
  const { change, memoryBits, cores } = fitting;
  const costs =
    ran !== undefined && 'failure' in ran ? `${change.costs}; failed: ${ran.failure}` : change.costs;
  return [
    changeOptions(change).join(' '),
    grouped(memoryBits),
    String(cores),
    areaColumn(fitting),
    ...(ran === undefined ? [] : measuredColumns(ran)),
    costs,
  ];
}
