import { readSpace, type SearchName, type SearchPlan, spaceOf } from '../../explore/index.ts';
import { explore as exploreSpace, type SearchStart, usualDraws } from '../../explore/node.ts';
import { findFile, readText } from '../../fs/index.ts';
import { duration, grouped, objectiveNames, searchNames } from '../../report/index.ts';
import { studyTables } from '../../report/node.ts';
import { defineCommand } from '../command.ts';
import { readPlacementFile } from '../files.ts';
import { openExperimentOf } from '../open-experiment.ts';
import {
  budgetOption,
  cellOptions,
  experimentArgument,
  jsonOption,
  listOption,
  objectivesNamed,
  placementOption,
  precisionOption,
  resultOptions,
  seedOption,
  seedsOption,
  textOption,
  wholeOption,
} from '../options.ts';
import { exploreDisplay, showing } from '../progress.ts';
import { leftIn, runnerOf, runnerOptions } from '../runner.ts';

/** A run of the store records nothing. */
const { record: _record, ...searchOptions } = resultOptions;

export const exploreCommand = defineCommand({
  positionals: ['experiment'],
  options: {
    experiment: experimentArgument,
    space: textOption('A file with the space of designs; by default, the experiment’s own'),
    search: {
      ...textOption(
        'How to search: all designs, some at random, designs that evolve, or all with few samples and those of the best forecast with all',
      ),
      choices: searchNames,
      default: 'grid' satisfies SearchName,
    },
    budget: budgetOption,
    objectives: listOption(
      `What is wanted, joined by commas: ${objectiveNames.join(', ')}; by default, what the space says`,
    ),
    seed: { ...seedOption, describe: 'Seed of the search; by default 1' },
    seeds: seedsOption(
      'Seeds of the runs, such as 1,2,5 or 1-3: all designs run with the first, those near the front with all; by default, that of the experiment’s default cell',
    ),
    precision: precisionOption,
    around: textOption(
      'The name of a design: looks at all designs one step from it, too, and prints what each step brings',
    ),
    draws: {
      ...wholeOption(
        'How often to draw figures and accuracies anew, to see how sure the front is',
        1,
        100_000,
      ),
      default: usualDraws,
    },
    ...runnerOptions,
    placement: placementOption,
    ...cellOptions,
    out: textOption('Folder for all runs, the designs with their figures, and the front as experiments'),
    ...searchOptions,
    resume: {
      ...resultOptions.resume,
      describe:
        'Go on with the runs in --out; another space, search or budget finds those of its designs that are there',
    },
    json: jsonOption,
  },
  examples: [
    ['explore codesign-mnist --out runs/designs', 'all designs of its space'],
    ['explore codesign-mnist --out runs/designs --resume', 'go on after an interruption'],
    [
      'explore codesign-mnist --search evolve --budget 120 --objectives accuracy,energy',
      'let 120 designs evolve',
    ],
    ['explore codesign-mnist --search forecast', 'many designs with few samples, few with many'],
    [
      'explore mnist-snn --space ./space.yaml --budget 10m --search random',
      'designs at random, for ten minutes',
    ],
    [
      'explore codesign-mnist --out runs/designs --resume --around mp8-8_hidden=64_lanes=16_cores=2_supplyV=0.7_nodeNm=22',
      'what one more step of each axis buys',
    ],
  ],
  async run(options, terminal) {
    const start = performance.now();
    const { experiment, settings } = await openExperimentOf(options, terminal);
    const { space, out, around } = options;
    const source =
      space === undefined ? spaceOf(experiment) : readSpace({ text: readText(space), file: space });
    const found = await showing(
      terminal,
      exploreDisplay,
      (signal, onProgress) =>
        exploreSpace(
          experiment,
          source,
          {
            ...options,
            on: runnerOf(options),
            settings,
            objectives: objectivesNamed(options.objectives),
            placement: readPlacementFile(options.placement),
            ...planOf(options),
            signal,
            onProgress,
            onStart: (begun) =>
              terminal.note(
                `${experiment.spec.name}: ${describeStart(begun)}, engine ${options.engine}; the first run tells how long they take`,
              ),
          },
          findFile,
        ),
      leftIn('finished runs are', options),
    );
    terminal.print(
      options.json ? JSON.stringify(found, null, 2) : studyTables(found, terminal.style, around),
    );
    const count = `${found.designs.length} designs from ${found.runs} runs, ${found.front.length} on the front`;
    const isShort = found.designs.length === 0 ? 'the time was up before a design had figures: ' : '';
    const where = out === undefined ? '' : `; ${out} has all of them`;
    terminal.note(`${isShort}${count}, in ${duration((performance.now() - start) / 1000)}${where}`);
  },
});

/**
 * `540 designs from 90 runs of 3 333 samples`, `up to 120 of 540 designs, each run of 3 333 samples`, `540 designs from
 * 90 runs of 52 samples, then 7 of them with 3 333 samples, and 2 of these with all seeds`.
 */
function describeStart(start: SearchStart): string {
  const { runs, samples, few } = start;
  const each = samples === undefined ? '' : ` of ${grouped(samples)} samples`;
  if (runs === undefined)
    return `${describeDesigns(start)}${each === '' ? '' : `, a run${each} for each that does something new`}`;
  const all = `${describeDesigns(start)} from ${grouped(runs)} ${runs === 1 ? 'run' : 'runs'}`;
  if (few?.samples === undefined || samples === undefined) return `${all}${each}`;
  const again = few.repeated === 0 ? '' : `, and ${grouped(few.repeated)} of these with all seeds`;
  return `${all} of ${grouped(few.samples)} samples, then ${grouped(few.runsLater)} of them with ${grouped(samples)} samples${again}`;
}

function describeDesigns({ designs, tried }: SearchStart): string {
  if (tried === undefined) return 'designs until the time is up';
  if (designs === undefined) return `up to ${grouped(tried)} designs`;
  if (tried < designs) return `up to ${grouped(tried)} of ${grouped(designs)} designs`;
  return `${grouped(designs)} ${designs === 1 ? 'design' : 'designs'}`;
}

/** For a time, a search goes on as long as there are designs. */
function planOf({
  search,
  seed = 1,
  budget,
}: {
  readonly search: SearchName;
  readonly seed?: number | undefined;
  readonly budget?: { readonly designs: number } | { readonly seconds: number } | undefined;
}): { readonly plan: SearchPlan; readonly seconds?: number } {
  if (budget === undefined) return { plan: { search, seed, designs: undefined } };
  if ('designs' in budget) return { plan: { search, seed, designs: budget.designs } };
  const designs = search === 'grid' ? undefined : Number.POSITIVE_INFINITY;
  return { plan: { search, seed, designs }, seconds: budget.seconds };
}
