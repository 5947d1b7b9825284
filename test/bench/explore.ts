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
 * tsx test/bench/explore.ts [EXPERIMENT FOLDER [FOLDER...]]
 *
 * How many designs that share one run are priced in a second, their hw-models read and checked included, and how long
 * the robustness of their front takes. With an experiment and the folder of a search of its whole grid: the share of
 * its hypervolume that evolved and random designs reach with a fifth of its designs, for five seeds. More folders have
 * the same grid with a quarter of the samples, a sixteenth and so on: what halving reaches with a tenth of the samples.
 */

const rounds = 5;
/** How many times fewer samples each of the further folders has. */
const factor = 4;
const seeds = [1, 2, 3, 4, 5];

const [name, folder, ...fewer] = process.argv.slice(2);
if (name === undefined || folder === undefined) await pricing();
else searching(name, gridIn(folder), fewer.map(gridIn));

function gridIn(out: string): Exploration {
  return JSON.parse(readFileSync(join(out, 'explore.json'), 'utf8')) as Exploration;
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

function costsIn({ designs, objectives }: Exploration): ReadonlyMap<string, Costs | undefined> {
  return new Map(
    designs.map(({ name: design, status, figures }) => [
      design,
      status === 'done' ? costsOf(figures, objectives) : undefined,
    ]),
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

function searching(experimentName: string, grid: Exploration, fewer: readonly Exploration[]): void {
  const experiment = loadExperiment(findFile('experiment', experimentName, ''));
  const space = new Space(spaceOf(experiment), noSettings, experiment.spec.default.precision);
  const nameOf = new Map(allChoices(space).map((choice) => [choice.join(), space.designAt(choice).name]));
  const byShare = new Map([grid, ...fewer].map((one, round) => [factor ** -round, costsIn(one)]));
  const runs = new Map(grid.designs.map(({ name: design, run }) => [design, run ?? undefined]));
  const runOf = (choice: readonly number[]) => runs.get(nameOf.get(choice.join()) ?? '');
  const known = [...costsIn(grid).values()].flatMap((one) => (one === undefined ? [] : [one]));
  const volumeOf = volumeOver(known);
  const whole = volumeOf(known);
  const allRuns = new Set(runs.values()).size;
  const samples = 100 * factor ** fewer.length;
  const part = (share: number) => Math.floor(grid.designs.length * share);
  // A round of a search by halving takes a sixteenth or so of what a grid takes of its runs.
  const budgets = {
    evolve: part(0.2),
    random: part(0.2),
    halving: part((0.1 * factor ** fewer.length) / (fewer.length + 1)),
  };
  const searches: readonly SearchName[] = fewer.length === 0 ? ['evolve', 'random'] : ['halving', 'evolve'];
  for (const search of searches) {
    const designs = search === 'grid' ? undefined : budgets[search];
    let spent = 0;
    const shares = seeds.map((seed) => {
      const asked = startSearch(space, { search, designs, seed }, { runOf, samples });
      const found: Costs[] = [];
      for (let next = asked.next([]); next.done !== true; ) {
        const { choices, share } = next.value;
        const answers = choices.map((choice) => byShare.get(share)?.get(nameOf.get(choice.join()) ?? ''));
        if (share === 1) found.push(...answers.flatMap((one) => (one === undefined ? [] : [one])));
        if (search === 'halving')
          spent += (share * new Set(choices.map(runOf)).size) / allRuns / seeds.length;
        next = asked.next(answers);
      }
      return volumeOf(found) / whole;
    });
    const list = shares.map((share) => `${(100 * share).toFixed(1)} %`).join(', ');
    const cost = search === 'halving' ? ` with ${(100 * spent).toFixed(1)} % of its samples` : '';
    console.log(
      `${search}, ${designs} of ${grid.designs.length} designs: ${list} of the grid's hypervolume${cost}`,
    );
  }
}

function shown(values: readonly number[], digits: number): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`;
}
