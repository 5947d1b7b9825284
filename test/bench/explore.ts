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
import { type Costs, type Exploration, figureSpreads } from '../../src/report/index.ts';
import { hypervolume } from '../explore/hypervolume.ts';
import { median } from './format.ts';

/*
 * tsx test/bench/explore.ts [EXPERIMENT FOLDER]
 *
 * How many designs that share one run are priced in a second, their hw-models read and checked included, and how long
 * the robustness of their front takes. With an experiment and the folder of a search of its whole grid: the share of
 * its hypervolume that evolved and random designs reach with a fifth of its designs, for five seeds.
 */

const rounds = 5;
const seeds = [1, 2, 3, 4, 5];

const [name, folder] = process.argv.slice(2);
if (name === undefined || folder === undefined) await pricing();
else searching(name, JSON.parse(readFileSync(join(folder, 'explore.json'), 'utf8')) as Exploration);

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

function searching(experimentName: string, grid: Exploration): void {
  const experiment = loadExperiment(findFile('experiment', experimentName, ''));
  const space = new Space(spaceOf(experiment), noSettings, experiment.spec.default.precision);
  const costs = new Map(
    grid.designs.map(({ name: design, status, figures }) => [
      design,
      status === 'done' ? costsOf(figures, grid.objectives) : undefined,
    ]),
  );
  const runs = new Map(grid.designs.map(({ name: design, run }) => [design, run ?? undefined]));
  const known = [...costs.values()].flatMap((one) => (one === undefined ? [] : [one]));
  // Each objective as a share of its range, so that the volume does not depend on units; 1 % beyond the worst.
  const ranges = grid.objectives.map((_, index) => {
    const all = known.map((one) => one[index] ?? 0);
    return { low: Math.min(...all), high: Math.max(...all) };
  });
  const scaled = (one: Costs): Costs =>
    one.map((cost, index) => {
      const { low = 0, high = 1 } = ranges[index] ?? {};
      return high === low ? 0 : (cost - low) / (high - low);
    });
  const reference = ranges.map(() => 1.01);
  const volumeOf = (some: readonly Costs[]) => hypervolume(some.map(scaled), reference);
  const whole = volumeOf(known);
  const budget = Math.floor(allChoices(space).length / 5);
  for (const search of ['evolve', 'random'] satisfies SearchName[]) {
    const shares = seeds.map((seed) => {
      const asked = startSearch(
        space,
        { search, designs: budget, seed },
        { runOf: (choice) => runs.get(space.designAt(choice).name), samples: 0 },
      );
      const found: Costs[] = [];
      for (let next = asked.next([]); next.done !== true; ) {
        const answers = next.value.choices.map((choice) => costs.get(space.designAt(choice).name));
        found.push(...answers.flatMap((one) => (one === undefined ? [] : [one])));
        next = asked.next(answers);
      }
      return volumeOf(found) / whole;
    });
    const list = shares.map((share) => `${(100 * share).toFixed(1)} %`).join(', ');
    console.log(`${search}, ${budget} of ${grid.designs.length} designs: ${list} of the grid's hypervolume`);
  }
}

function shown(values: readonly number[], digits: number): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`;
}
