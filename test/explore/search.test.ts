import { describe, expect, test } from 'vitest';
import { noSettings } from '../../src/experiment/index.ts';
import { allChoices, readSpace, type SearchPlan, Space, startSearch } from '../../src/explore/index.ts';
import { isBetter } from '../../src/explore/search/evolve.ts';
import type { DesignRequest } from '../../src/explore/search/index.ts';
import { type Costs, frontOf } from '../../src/report/index.ts';
import { failureOf } from '../support/errors.ts';
import { inThorough } from '../support/thorough.ts';
import { hypervolume } from './hypervolume.ts';

function spaceOf(text: string): Space {
  const source = readSpace({ text: `format: plasticore/space/1\n${text}`, file: 'space.yaml' });
  return new Space(source, noSettings, 'mp16-8');
}

/** Five axes, 1920 combinations, of which a condition leaves fewer. */
const wide = `
axes:
  precision: [mp8-4, mp8-8, mp16-4, mp16-8]
  hidden: {path: program.populations.hidden.size, values: [8, 16, 32, 64, 128]}
  lanes: {path: hw.lanes, values: [2, 4, 8, 16]}
  clock: {path: hw.clockMhz, values: [25, 50, 100, 200, 400, 800]}
  supply: {path: hw.supplyV, values: [0.6, 0.7, 0.8, 0.9]}
conditions: [hidden >= lanes]
`;

/** What designs of that space might cost: more neurons err less and cost more, and so on. */
function costsOf(space: Space, choice: readonly number[]): Costs {
  const [precision = 0, hidden = 0, lanes = 0, clock = 0, supply = 0] = choice;
  const error = 10 / (2 + hidden + precision / 2) + ((hidden * 7 + precision * 3) % 5) / 10;
  const energy = 2 ** hidden * (1 + precision / 3) * (0.6 + supply / 10) ** 2 + 40 / 2 ** clock;
  const time = (2 ** hidden / 2 ** lanes + 1) / 2 ** clock + 1 / (1 + supply);
  expect(space.axes.length).toBe(choice.length);
  return [error, energy, time];
}

/** Runs a search to its end. */
function searched(space: Space, plan: SearchPlan): readonly (readonly number[])[] {
  const search = startSearch(space, plan);
  const all: (readonly number[])[] = [];
  for (let asked = search.next([]); asked.done !== true; ) {
    all.push(...asked.value.choices);
    asked = search.next(asked.value.choices.map((choice) => ({ costs: costsOf(space, choice) })));
  }
  return all;
}

describe('a grid', () => {
  test('has all designs that meet the conditions, the last axis varying fastest', () => {
    const space = spaceOf(
      'axes: {lanes: {path: hw.lanes, values: [8, 16]}, hw.clockMhz: [50, 100, 200]}\nconditions: [lanes * clockMhz <= 1600]',
    );
    expect(allChoices(space)).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 1],
    ]);
    expect(searched(space, { search: 'grid', designs: undefined, seed: 1 })).toEqual(allChoices(space));
    expect(allChoices(space).map((choice) => space.designAt(choice).name)).toEqual([
      'mp16-8_lanes=8_clockMhz=50',
      'mp16-8_lanes=8_clockMhz=100',
      'mp16-8_lanes=8_clockMhz=200',
      'mp16-8_lanes=16_clockMhz=50',
      'mp16-8_lanes=16_clockMhz=100',
    ]);
  });

  test('larger than its budget is refused', () => {
    const error = failureOf(() => searched(spaceOf(wide), { search: 'grid', designs: 100, seed: 1 }));
    expect(error.message).toMatch(/the grid has \d+ designs, the budget is 100/);
  });
});

describe.each(['random', 'evolve'] as const)('%s', (search) => {
  const space = spaceOf(wide);

  test('looks at as many designs as it may, at none twice, and only at those that meet the conditions', () => {
    const choices = searched(space, { search, designs: 150, seed: 5 });
    expect(choices.length).toBe(150);
    expect(new Set(choices.map((choice) => choice.join())).size).toBe(150);
    for (const choice of choices) expect(space.allows(choice)).toBe(true);
  });

  test('depends on its seed alone', () => {
    const [first, again, other] = [3, 3, 4].map((seed) => searched(space, { search, designs: 80, seed }));
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  test('ends when it has seen everything', () => {
    const all = allChoices(space);
    const choices = searched(space, { search, designs: 5000, seed: 1 });
    expect(choices.length).toBe(all.length);
  });
});

describe('forecast', () => {
  const space = spaceOf(wide);
  // Clock and supply change costs alone: 24 designs share a run.
  const runOf = (choice: readonly number[]) => choice.slice(0, 3).join();

  /** With few samples, errors are larger, and blurred by what looks like chance. */
  function roundsOf(seed: number, designs: number | undefined, samples = 8000, seeds = 1) {
    const search = startSearch(space, { search: 'forecast', designs, seed }, { runOf, samples, seeds });
    const rounds: DesignRequest[] = [];
    for (let asked = search.next([]); asked.done !== true; ) {
      const { choices, share } = asked.value;
      rounds.push(asked.value);
      asked = search.next(
        choices.map((choice) => {
          const [error = 0, ...others] = costsOf(space, choice);
          const chance = ((choice[0] ?? 0) * 5 + (choice[1] ?? 0) * 3 + (choice[2] ?? 0) * 2 + seed) % 7;
          return { costs: [error + (0.05 * chance) / Math.sqrt(share * 100), ...others] };
        }),
      );
    }
    return rounds;
  }
  const runsIn = ({ choices }: DesignRequest) => new Set(choices.map(runOf)).size;

  test('takes a 64th of the samples at first, and a tenth of those of all runs in the end', () => {
    const rounds = roundsOf(1, undefined);
    expect(rounds.map(({ share }) => share)).toEqual([1 / 64, 1, 1, 1, 1]);
    // Pairs of hidden >= lanes: 3 + 4 + 4 + 4 + 4 = 19, in four precisions. A tenth less a 64th of 76 runs is 6.4, but
    // eight are the fewest.
    expect(rounds.map(runsIn)).toEqual([76, 2, 2, 2, 2]);
    const later = rounds.slice(1).flatMap(({ choices }) => choices.map((choice) => choice.join()));
    expect(new Set(later).size).toBe(later.length);
  });

  test('of five seeds, it takes a tenth of the samples of all runs with all seeds, a fifth for repetitions', () => {
    const rounds = roundsOf(1, undefined, 8000, 5);
    expect(rounds.map(({ share }) => share)).toEqual([1 / 64, 1, 1, 1, 1, 1]);
    expect(rounds.map(({ seeds }) => seeds)).toEqual([...new Array<undefined>(5), 'all']);
    // A tenth of 5 x 76 runs less a 64th of 76 is 36.8: four fifths are 29 runs, the rest four more seeds of one.
    expect(rounds.map(runsIn)).toEqual([76, 8, 7, 7, 7, 1]);
    const later = rounds.slice(1, -1).flatMap(({ choices }) => choices);
    const again = rounds.at(-1)?.choices ?? [];
    expect(new Set([...later, ...again].map((choice) => choice.join())).size).toBe(later.length);
    // It is the run that by itself has the largest volume.
    const reference = [0, 1, 2].map(
      (objective) => 1.01 * Math.max(...later.map((choice) => costsOf(space, choice)[objective] ?? 0)),
    );
    const volumeOf = (run: string) =>
      hypervolume(
        later.filter((choice) => runOf(choice) === run).map((choice) => costsOf(space, choice)),
        reference,
      );
    const best = Math.max(...later.map(runOf).map(volumeOf));
    expect(volumeOf(again.map(runOf)[0] ?? '')).toBeGreaterThan(0.97 * best);
  });

  test('keeps designs of one run together, also those that it begins with', () => {
    for (const { choices } of roundsOf(2, 500))
      expect(choices.length).toBe(24 * runsIn({ choices, share: 1 }));
    expect(roundsOf(2, 500)[0]?.choices.length).toBe(480);
    expect(roundsOf(3, 500)[0]?.choices).not.toEqual(roundsOf(2, 500)[0]?.choices);
  });

  test('depends on its seed alone', () => {
    expect(roundsOf(4, undefined)).toEqual(roundsOf(4, undefined));
  });

  test('takes at least 16 samples at first, and has one round where these are more than a twentieth', () => {
    // 48 designs have two runs.
    expect(roundsOf(1, 48, 320).map(({ share }) => share)).toEqual([1 / 20, 1, 1]);
    expect(roundsOf(1, 48, 319).map(({ share }) => share)).toEqual([1]);
  });

  test('has 90 % of the hypervolume of the grid, though few samples rank designs badly', () => {
    const grid = allChoices(space).map((choice) => costsOf(space, choice));
    const reference = [0, 1, 2].map(
      (objective) => 1.01 * Math.max(...grid.map((costs) => costs[objective] ?? 0)),
    );
    const whole = hypervolume(grid, reference);
    for (const seed of inThorough([1, 2, 3, 4, 5], [1, 2])) {
      const later = roundsOf(seed, undefined).slice(1);
      const found = later.flatMap(({ choices }) => choices.map((choice) => costsOf(space, choice)));
      expect(hypervolume(found, reference) / whole).toBeGreaterThan(0.9);
    }
  });

  test('tells the reasons of some designs where none has figures', () => {
    const search = startSearch(
      space,
      { search: 'forecast', designs: undefined, seed: 1 },
      { runOf, samples: 8000, seeds: 1 },
    );
    const { choices = [] } = search.next([]).value ?? {};
    const last = search.next(choices.map(() => ({}))).value;
    expect([last?.share, runsIn({ choices: last?.choices ?? [], share: 1 })]).toEqual([1, 4]);
    expect(search.next([]).done).toBe(true);
  });
});

test('a fifth of the grid, evolved, has 95 % of its hypervolume, and random designs have less', () => {
  const space = spaceOf(wide);
  const all = allChoices(space).map((choice) => costsOf(space, choice));
  const reference = [0, 1, 2].map(
    (objective) => Math.max(...all.map((costs) => costs[objective] ?? 0)) * 1.01,
  );
  const whole = hypervolume(
    frontOf(all).flatMap((index) => [all[index] ?? []]),
    reference,
  );
  const reached = (search: 'random' | 'evolve', seed: number) => {
    const found = searched(space, { search, designs: Math.floor(all.length / 5), seed });
    return (
      hypervolume(
        found.map((choice) => costsOf(space, choice)),
        reference,
      ) / whole
    );
  };
  const seeds = [1, 2, 3, 4, 5];
  for (const seed of seeds) expect(reached('evolve', seed)).toBeGreaterThan(0.95);
  const mean = (search: 'random' | 'evolve') =>
    seeds.reduce((sum, seed) => sum + reached(search, seed), 0) / seeds.length;
  expect(mean('evolve')).toBeGreaterThan(mean('random'));
});

test('what misses constraints is told by how much, so that evolution finds the few designs that meet them', () => {
  const space = spaceOf(wide);
  const bounds = [2, 8, 0.68];
  const missedBy = (choice: readonly number[]) =>
    costsOf(space, choice).reduce(
      (sum, cost, index) => sum + Math.max(0, cost / (bounds[index] ?? 0) - 1),
      0,
    );
  const all = allChoices(space);
  const good = all.filter((choice) => missedBy(choice) === 0).length;
  expect(good / all.length).toBeLessThan(0.02);
  const found = (seed: number, isTold: boolean) => {
    const search = startSearch(space, { search: 'evolve', designs: 100, seed });
    let met = 0;
    for (let asked = search.next([]); asked.done !== true; ) {
      const violations = asked.value.choices.map(missedBy);
      met += violations.filter((violation) => violation === 0).length;
      asked = search.next(
        asked.value.choices.map((choice, index) => {
          if (violations[index] === 0) return { costs: costsOf(space, choice) };
          return isTold ? { violation: violations[index] } : {};
        }),
      );
    }
    return met;
  };
  const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
  const sumOf = (isTold: boolean) => seeds.reduce((sum, seed) => sum + found(seed, isTold), 0);
  expect(sumOf(true)).toBeGreaterThan(2 * sumOf(false));
});

describe('a space that is wrong is refused at its place', () => {
  test.each([
    { text: 'axes: {}', found: /space.yaml:2:7.*expected at least one axis/ },
    { text: 'axes: {lanes: [8, 16]}', found: /space.yaml:2:\d+.*'lanes'.*begin|'lanes'/ },
    { text: 'axes: {hw.lanes: []}', found: /space.yaml:2:18.*expected at least one value/ },
    { text: 'axes: {hw.lanes: [8, 8]}', found: /'8' is listed twice/ },
    { text: 'axes: {precision: [mp16]}', found: /expected a precision such as mp16-8, or fp32, found mp16/ },
    {
      text: 'axes: {hw.lanes: [8]}\nconditions: [lane > 4]',
      found: /space.yaml:3:14.*'lane' is not defined.*lanes/s,
    },
    { text: 'axes: {hw.lanes: [8], a: {path: hw.lanes, values: [4]}}', found: /'hw.lanes' is an axis twice/ },
    {
      text: 'axes: {hw.lanes: [8], lanes: {path: hw.clockMhz, values: [4]}}',
      found: /two things are called 'lanes'/,
    },
    { text: 'axes: {experiment.seeds: [[1]]}', found: /'experiment.seeds' cannot be varied/ },
    { text: 'axes: {hw.lanes: [8]}\nobjectives: [speed]', found: /expected accuracy, energy.*found 'speed'/ },
    { text: 'axes: {hw.lanes: [8]}\nobjective: [area]', found: /unknown key 'objective'/ },
  ])('$text', ({ text, found }) => {
    const error = failureOf(() => {
      const space = spaceOf(text);
      for (const choice of allChoices(space)) space.designAt(choice);
    });
    const { file, line, column, message, hint } = error;
    expect(`${file}:${line}:${column} ${message} ${hint}`).toMatch(found);
  });

  test('conditions that leave nothing', () => {
    const space = spaceOf('axes: {hw.lanes: [8, 16]}\nconditions: [lanes > 100]');
    for (const search of ['grid', 'random', 'evolve', 'forecast'] as const) {
      const error = failureOf(() => searched(space, { search, designs: 10, seed: 1 }));
      expect([error.message, error.line]).toEqual([
        'the conditions leave none of the 2 combinations of values',
        3,
      ]);
    }
  });

  test('a grid without end, where other searches go on', () => {
    const axes = Array.from(
      { length: 12 },
      (_, index) => `p${index}: {path: hw.banks.b${index}.readPj, values: [1, 2, 3, 4]}`,
    );
    const space = spaceOf(`axes: {${axes.join(', ')}}`);
    expect(failureOf(() => allChoices(space)).message).toMatch('the axes have 16777216 combinations');
    const search = startSearch(space, { search: 'evolve', designs: 40, seed: 1 });
    expect(search.next([]).value?.choices.length).toBeGreaterThan(0);
  });
});

test('of parents of one rank, the one with more room around it wins', () => {
  const design = (rank: number, crowding: number) => ({ rank, crowding, choice: [], costs: [] });
  expect(isBetter(design(1, 2), design(1, 0.5))).toBe(true);
  expect(isBetter(design(1, 0.5), design(1, 2))).toBe(false);
  expect(isBetter(design(0, 0.5), design(1, 2))).toBe(true);
});
