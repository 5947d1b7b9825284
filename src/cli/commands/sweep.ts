import { parseVary } from '../../explore/index.ts';
import { type AskedRuns, runSweep } from '../../explore/node.ts';
import { duration, type StudyCell, type StudyReport } from '../../report/index.ts';
import { studyTables } from '../../report/node.ts';
import { PlasticoreError } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import { readPlacementFile } from '../files.ts';
import { openExperimentOf } from '../open-experiment.ts';
import {
  cellOptions,
  experimentArgument,
  jsonOption,
  listOption,
  placementOption,
  resultOptions,
  seedsOption,
  textOption,
  textsOption,
} from '../options.ts';
import { showing, sweepDisplay } from '../progress.ts';
import { leftIn, runnerOf, runnerOptions } from '../runner.ts';

export const sweepCommand = defineCommand({
  positionals: ['experiment'],
  options: {
    experiment: experimentArgument,
    precision: listOption('Run only these of the experiment’s precisions, joined by commas'),
    seeds: seedsOption('Run only these of the experiment’s seeds, such as 1,2,5 or 1-3'),
    vary: textsOption('path=value,value,...: try each value with all others, such as hw.lanes=8,16'),
    ...runnerOptions,
    placement: placementOption,
    ...cellOptions,
    out: textOption(
      'Folder for study.json, designs.csv and cells.csv, kept up to date, and a folder of results for each run',
    ),
    ...resultOptions,
    resume: {
      ...resultOptions.resume,
      describe: 'Go on with the runs in --out; another sweep finds those of its cells that are there',
    },
    json: jsonOption,
  },
  examples: [
    ['sweep mnist-snn --out runs/precisions', 'every precision with every seed'],
    ['sweep mnist-snn --out runs/precisions --resume', 'continue after an interruption'],
    ['sweep mnist-snn --precision mp16-8,fp32 --seeds 1,2,3 --out runs/two', 'two precisions, three seeds'],
    [
      'sweep mnist-snn --precision mp16-8,fp32 --seeds 1-5 --out runs/two --resume',
      'with two more seeds; what is in runs/two is not run again',
    ],
    [
      'sweep mnist-snn --vary program.parameters.gain=0,1,2 --vary hw.lanes=8,16 --validate',
      'six designs at every precision, compared without the test set',
    ],
    ['sweep rounding-stochastic --workers 1 --json', 'one run after the other, as JSON'],
    [
      'sweep mnist-snn --out runs/all --on slurm --slurm-args "partition=long time=2:00:00"',
      'on a cluster, a job for each cell',
    ],
  ],
  async run(options, terminal) {
    const start = performance.now();
    const { experiment, settings } = await openExperimentOf(options, terminal);
    const { spec } = experiment;
    const { out } = options;
    const result = await showing(
      terminal,
      sweepDisplay,
      (signal, onProgress) =>
        runSweep(experiment, {
          ...options,
          on: runnerOf(options),
          precisions: narrow('precision', options.precision, spec.precisions),
          seeds: narrow('seeds', options.seeds, spec.seeds),
          vary: parseVary(options.vary ?? []),
          placement: readPlacementFile(options.placement),
          settings,
          signal,
          onProgress,
          onStart: (begun) => {
            terminal.note(`${spec.name}: ${describeStart(begun)}, engine ${options.engine}`);
            for (const { name, reason } of begun.refused) terminal.note(`no cells of ${name}: ${reason}`);
          },
        }),
      leftIn('finished work is', options),
    );
    terminal.print(options.json ? JSON.stringify(result, null, 2) : studyTables(result, terminal.style));
    const results = out === undefined ? '' : `; results in ${out}`;
    terminal.note(`done in ${duration((performance.now() - start) / 1000)}${results}`);
    refuseFailures(result);
  },
});

/** `4 cells, 1 of them finished before`. */
function describeStart({ cells, finished }: AskedRuns): string {
  const before = finished === 0 ? '' : `, ${finished} of them finished before`;
  return `${cells} ${cells === 1 ? 'cell' : 'cells'}${before}`;
}

/** The members of a list that an option names; all of them if the option is missing. */
function narrow<T extends string | number>(
  option: string,
  names: readonly (string | number)[] | undefined,
  all: readonly T[],
): T[] {
  if (names === undefined) return [...all];
  return [...new Set(names)].map((name) => {
    const member = all.find((value) => String(value) === String(name));
    if (member === undefined) {
      throw new PlasticoreError(
        'usage',
        `--${option}: '${name}' is not among those of the experiment: ${all.join(', ')}`,
      );
    }
    return member;
  });
}

/** A sweep with a failed cell fails, after showing all the other cells. A cell that does not fit is a result. */
function refuseFailures({ cells = [] }: StudyReport): void {
  const failures = cells.filter(({ status }) => status === 'failed');
  const [first] = failures;
  if (first === undefined) return;
  throw new PlasticoreError(
    'run',
    `${failures.length} of ${cells.length} cells failed; ${nameOf(first)}: ${first.reason}`,
  );
}

/** The name of a cell; of a design that does not compile, its precision. */
function nameOf({ design, precision, seed }: StudyCell): string {
  return seed === null ? precision : `${design}_seed=${seed}`;
}
