import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadExperiment, noSettings } from '../../src/experiment/index.ts';
import {
  allChoices,
  costsOf,
  frontShares,
  readSpace,
  type SearchName,
  Space,
  spaceOf,
  startSearch,
} from '../../src/explore/index.ts';
import { explore, usualDraws } from '../../src/explore/node.ts';
import { findFile } from '../../src/fs/index.ts';
import { type Costs, figureSpreads, type StudyReport } from '../../src/report/index.ts';
import { at } from '../../src/text/index.ts';
import { hypervolume } from '../explore/hypervolume.ts';
import { median } from './format.ts';

/*
 * tsx test/bench/explore.ts [EXPERIMENT FOLDER [FEW SAMPLES [FOLDER ...]]]
 *
 * How many designs that share one run are priced in a second, their hw-models read and checked included, and how long
 * the robustness of their front takes. With an experiment and the folder of a search of its whole grid: the share of
 * its hypervolume that evolved and random designs reach with a fifth of its designs, over twenty seeds. FEW is the
 * folder of the same grid with the few samples of the forecast's first round, SAMPLES what a run of FOLDER learns from:
 * what it reaches with a tenth of the samples. Further folders are the same grid with other seeds: a volume is then
 * that of the designs' mean costs, and a forecast may repeat some runs with these seeds. Without them, the luck of
 * single runs is a part of the volume that a search is asked to find.
 */

const rounds = 5;
const seeds = Array.from({ length: 20 }, (_, index) => index + 1);

const [name, folder, few, samples, ...others] = process.argv.slice(2);
if (name === undefined || folder === undefined) await pricing();
else if (few === undefined) searching(name, [gridIn(folder)], undefined);
else searching(name, [folder, ...others].map(gridIn), { grid: gridIn(few), samples: Number(samples) });

function gridIn(out: string): StudyReport {
  return JSON.parse(readFileSync(join(out, 'study.json'), 'utf8')) as StudyReport;
}

/** 2000 designs of one function. */
async function pricing(): Promise<void> {
  const list = (count: number, of: (index: number) => number) =>
    JSON.stringify(Array.from({ length: count }, (_, index) => of(index)));
  const space = readSpace({
    text: `format: plasticore/space/1
axes:
  hw.clockMhz: ${list(40, (index) => 50 + 5 * index)}
  hw.overheads.fillCycles: ${list(5, (index) => 1 + index)}
  hw.banks.state.ports: [{shared: 1}, {shared: 2}, {read: 1, write: 1}, {read: 2, write: 2}, {read: 2, write: 1}]
  hw.operations.integer.add.unitsPerLane: [1, 2]
`,
    file: 'space.yaml',
  });
  const experiment = loadExperiment(findFile('experiment', 'mnist-snn', ''));
  const out = mkdtempSync(join(tmpdir(), 'plasticore-bench-'));
  const search = () =>
    explore(
      experiment,
      space,
      {
        epochs: 1,
        limit: 50,
        plan: { search: 'grid', designs: undefined, seed: 1 },
        out,
        resume: true,
        draws: 1,
      },
      findFile,
    );
  try {
    const found = await search();
    const rates: number[] = [];
    const processor: number[] = [];
    const draws: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const start = performance.now();
      const before = process.cpuUsage();
      await search();
      rates.push((1000 * found.designs.length) / (performance.now() - start));
      const { user, system } = process.cpuUsage(before);
      processor.push((1e6 * found.designs.length) / (user + system));
      const begun = performance.now();
      const some = found.designs.filter((_, index) => index % 4 === 0);
      const spreads = figureSpreads(() => []);
      const rated = some.map((design) => ({
        ...design,
        spreads,
        scoredSamples: 50,
        intervals: found.intervals,
      }));
      frontShares(rated, found.objectives, [], usualDraws);
      draws.push((performance.now() - begun) / 1000);
    }
    console.log(
      `${found.designs.length} designs of ${found.runs} run: ${shown(rates, 0)} designs/s from start to files`,
    );
    console.log(`for each second of processor time: ${shown(processor, 0)}`);
    console.log(`robustness of 500 designs over ${usualDraws} draws: ${shown(draws, 2)} s`);
  } finally {
    rmSync(out, { recursive: true });
  }
}

function costsIn({ designs, objectives }: StudyReport): ReadonlyMap<string, Costs | undefined> {
  return new Map(
    designs.map(({ name: design, status, figures }) => [
      design,
      status === 'done' ? costsOf(figures, objectives) : undefined,
    ]),
  );
}

/** The mean costs of each design over grids that differ in the seed of their runs. */
function meanCosts(
  grids: readonly ReadonlyMap<string, Costs | undefined>[],
): ReadonlyMap<string, Costs | undefined> {
  const [first = new Map<string, Costs | undefined>()] = grids;
  return new Map(
    [...first.keys()].map((design) => {
      const all = grids.map((costs) => costs.get(design)).filter((one) => one !== undefined);
      if (all.length < grids.length) return [design, undefined];
      const sums = all.reduce((sum, one) => sum.map((cost, index) => cost + at(one, index)));
      return [design, sums.map((sum) => sum / all.length)];
    }),
  );
}

/** The costs as shares of their ranges, so that a volume does not depend on units; 1 % beyond the worst. */
function volumeOver(known: readonly Costs[]): (some: readonly Costs[]) => number {
  const ranges = (known[0] ?? []).map((_, index) => {
    const all = known.map((one) => one[index] ?? 0);
    return { low: Math.min(...all), high: Math.max(...all) };
  });
  const scaled = (one: Costs): Costs =>
    one.map((cost, index) => {
      const { low = 0, high = 1 } = ranges[index] ?? {};
      return high === low ? 0 : (cost - low) / (high - low);
    });
  const reference = ranges.map(() => 1.01);
  return (some) => hypervolume(some.map(scaled), reference);
}

function searching(
  experimentName: string,
  grids: readonly StudyReport[],
  few: { readonly grid: StudyReport; readonly samples: number } | undefined,
): void {
  const experiment = loadExperiment(findFile('experiment', experimentName, ''));
  const space = new Space(spaceOf(experiment), noSettings, experiment.spec.default.precision);
  const nameOf = new Map(allChoices(space).map((choice) => [choice.join(), space.designAt(choice).name]));
  const grid = at(grids, 0);
  const costs = { all: costsIn(grid), few: few && costsIn(few.grid) };
  const judged = meanCosts(grids.map(costsIn));
  const runs = new Map(grid.designs.map(({ name: design, run }) => [design, run ?? undefined]));
  const runOf = (choice: readonly number[]) => runs.get(nameOf.get(choice.join()) ?? '');
  const known = [...judged.values()].flatMap((one) => (one === undefined ? [] : [one]));
  const volumeOf = volumeOver(known);
  const whole = volumeOf(known);
  const allRuns = [...new Set(runs.values())];
  const fifth = Math.floor(grid.designs.length / 5);
  const budgets = { evolve: fifth, random: fifth, forecast: grid.designs.length };
  const searches: readonly SearchName[] = [
    'evolve',
    'random',
    ...(few === undefined ? [] : ['forecast' as const]),
  ];
  for (const search of searches) {
    const designs = search === 'grid' ? undefined : budgets[search];
    let spent = 0;
    const begun = performance.now();
    const shares = seeds.map((seed) => {
      const known = { runOf, samples: few?.samples ?? 0, seeds: grids.length };
      const asked = startSearch(space, { search, designs, seed }, known);
      const found: string[] = [];
      const ran = new Set<string>();
      for (let next = asked.next([]); next.done !== true; ) {
        const { choices, share, seeds: runSeeds } = next.value;
        const source = share === 1 ? costs.all : costs.few;
        const repetitions = runSeeds === 'all' ? grids.length - 1 : 1;
        const names = choices.map((choice) => nameOf.get(choice.join()) ?? '');
        const answers = names.map((design) => ({ costs: source?.get(design) }));
        if (share === 1) found.push(...names);
        for (const choice of choices) {
          const key = `${share} ${runSeeds} ${runOf(choice)}`;
          if (!ran.has(key)) spent += (share * repetitions) / (allRuns.length * grids.length) / seeds.length;
          ran.add(key);
        }
        next = asked.next(answers);
      }
      const reached = [...new Set(found)]
        .map((design) => judged.get(design))
        .filter((one) => one !== undefined);
      return (100 * volumeOf(reached)) / whole;
    });
    const seconds = (performance.now() - begun) / 1000 / seeds.length;
    console.log(
      `${search}, ${designs} of ${grid.designs.length} designs: ${shown(shares, 1)} % of the grid's hypervolume with ` +
        `${(100 * spent).toFixed(1)} % of its samples, ${seconds.toFixed(2)} s a search`,
    );
  }
}

function shown(values: readonly number[], digits: number): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`;
}
