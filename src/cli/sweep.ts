import { join } from 'node:path';
import { namedEncoding } from '../dataset/index.ts';
import { type Cell, type Design, loadExperiment, parseSettings, resolveCells } from '../experiment/index.ts';
import {
  type CellOutcome,
  dataOf,
  findFile,
  makeFolder,
  runCells,
  writeAtomically,
} from '../experiment/node.ts';
import { makeSweep, type SweepResult, summaryCsv } from '../report/index.ts';
import { duration, sweepTables } from '../report/node.ts';
import { PlasticoreError } from '../source/index.ts';
import { defineCommand } from './command.ts';
import {
  dataOption,
  encoderOption,
  engineOption,
  epochsOption,
  hwOption,
  jsonOption,
  limitOption,
  setOption,
  wholeOption,
} from './options.ts';
import { sweepDisplay } from './progress.ts';
import { stopOnSignals } from './signals.ts';

export const sweep = defineCommand({
  usage: 'sweep <experiment>',
  summary: 'Run all cells of an experiment, its precisions with its seeds, and compare them',
  positionals: ['experiment'],
  options: {
    experiment: {
      type: 'string',
      demandOption: true,
      describe: 'A bundled experiment by name, or the path of a .yaml file',
    },
    precision: {
      type: 'string',
      requiresArg: true,
      describe: 'Only these of the experiment’s precisions, joined by commas',
    },
    seeds: {
      type: 'string',
      requiresArg: true,
      describe: 'Only these of the experiment’s seeds, joined by commas',
    },
    workers: {
      type: 'string',
      requiresArg: true,
      describe: 'Runs at the same time, each on a thread; otherwise one for each processor',
    },
    hw: hwOption,
    data: dataOption,
    encoder: encoderOption,
    epochs: epochsOption,
    limit: limitOption,
    set: setOption,
    engine: engineOption,
    out: {
      type: 'string',
      requiresArg: true,
      describe: 'Folder for summary.csv and a folder of results for each run',
    },
    json: jsonOption,
  },
  examples: [
    ['sweep mnist-snn --out runs/precisions', 'every precision with every seed'],
    ['sweep mnist-snn --precision mp16-8,fp32 --seeds 1,2,3', 'two precisions, three seeds'],
    ['sweep rounding-stochastic --workers 1 --json', 'one run after the other, as JSON'],
  ],
  async run(options, terminal) {
    const start = performance.now();
    const settings = parseSettings(options.set ?? []);
    const experiment = loadExperiment(findFile('experiment', options.experiment, ''), settings.experiment);
    const { spec } = experiment;
    const workers = wholeOption('workers', options.workers, 1);
    const designs = resolveCells(
      experiment,
      {
        precisions: narrow('precision', options.precision, spec.precisions),
        seeds: narrow('seeds', options.seeds, spec.seeds),
        hw: options.hw,
        encoder: options.encoder === undefined ? undefined : namedEncoding(options.encoder),
        epochs: wholeOption('epochs', options.epochs, 0),
        limit: wholeOption('limit', options.limit, 1),
        settings,
      },
      findFile,
    );
    const cells = designs.flatMap((design) => ('cell' in design ? [design.cell] : []));
    const [first] = designs;
    if (cells.length === 0 && first !== undefined && 'misfit' in first) throw first.misfit;
    const { out } = options;
    if (out !== undefined) makeFolder(out);
    const display = sweepDisplay(terminal);
    const signals = stopOnSignals();
    try {
      terminal.note(`${spec.name}: ${cells.length} runs, engine ${options.engine}`);
      const outcomes = await runCells(cells, {
        workers,
        data: options.data ?? dataOf(experiment),
        engine: options.engine,
        folderOf: out === undefined ? undefined : (cell) => join(out, folderName(cell)),
        signal: signals.signal,
        onProgress: (progress) => display.update(progress),
      });
      display.stop();
      for (const correction of correctionsOf(outcomes)) terminal.note(`corrected: ${correction}`);
      const result = makeSweep(spec.name, resultsOf(designs, cells, outcomes));
      if (out !== undefined) writeAtomically(join(out, 'summary.csv'), summaryCsv(result));
      terminal.print(options.json ? JSON.stringify(result, null, 2) : sweepTables(result, terminal.style));
      const results = out === undefined ? '' : `; results in ${out}`;
      terminal.note(`done in ${duration((performance.now() - start) / 1000)}${results}`);
      refuseFailures(outcomes);
    } finally {
      display.stop();
      signals.stop();
    }
  },
});

/** The members of a list that an option names; all of them if it is not given. */
function narrow<T extends string | number>(option: string, text: string | undefined, all: readonly T[]): T[] {
  if (text === undefined) return [...all];
  const names = [...new Set(text.split(',').map((name) => name.trim()))];
  return names.map((name) => {
    const member = all.find((value) => String(value) === name);
    if (member === undefined) {
      throw new PlasticoreError(
        'usage',
        `--${option}: '${name}' is not among those of the experiment: ${all.join(', ')}`,
      );
    }
    return member;
  });
}

function folderName({ image }: Cell): string {
  return `${image.machine.precision}-seed${image.seed}`;
}

/** A result for each design, in their order. */
function resultsOf(
  designs: readonly Design[],
  cells: readonly Cell[],
  outcomes: readonly CellOutcome[],
): SweepResult[] {
  return designs.map((design): SweepResult => {
    const { precision } = design;
    if ('misfit' in design) return { precision, seed: null, reason: design.misfit.message };
    const { seed } = design.cell.image;
    const outcome = outcomes[cells.indexOf(design.cell)];
    if (outcome === undefined) throw new Error(`no outcome at ${precision}, seed ${seed}`);
    return 'report' in outcome
      ? { precision, seed, report: outcome.report }
      : { precision, seed, reason: outcome.failure.message };
  });
}

/** What was put right in the data that the runs share. */
function correctionsOf(outcomes: readonly CellOutcome[]): readonly string[] {
  const run = outcomes.find((outcome) => 'report' in outcome);
  return run?.report.provenance.data.corrections ?? [];
}

/** A sweep in which a run failed has failed, after it has shown all the others. */
function refuseFailures(outcomes: readonly CellOutcome[]): void {
  const failures = outcomes.flatMap((outcome) => ('failure' in outcome ? [outcome.failure] : []));
  const [first] = failures;
  if (first === undefined) return;
  throw new PlasticoreError(
    'run',
    `${failures.length} of ${outcomes.length} runs failed; ${first.file}: ${first.message}`,
    { hint: first.hint },
  );
}
