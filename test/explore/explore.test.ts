import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadExperiment } from '../../src/experiment/index.ts';
import { runExperiment } from '../../src/experiment/node.ts';
import { Dice, readSpace, spaceOf as spaceFrom } from '../../src/explore/index.ts';
import { explore } from '../../src/explore/node.ts';
import { costsOf } from '../../src/explore/pricing/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { dominates, figureAt, type StudyReport, violationOf } from '../../src/report/index.ts';
import { inThisThread } from '../support/in-this-thread.ts';
import { scratch } from '../support/scratch.ts';
import { inThorough, thorough } from '../support/thorough.ts';

const { folder: root } = scratch();

const experiment = loadExperiment(findFile('experiment', 'mnist-snn', ''));
const shortly = { limit: 30, epochs: 1 };
const here = { ...shortly, on: inThisThread };

function spaceOf(text: string) {
  return readSpace({ text: `format: plasticore/space/1\n${text}`, file: 'space.yaml' });
}

const grid = { search: 'grid', designs: undefined, seed: 1 } as const;

/** Axes of every kind: of the program, of the core's function, of its costs alone. */
const kinds = [
  'precision: [mp8-4, mp16-8, fp32]',
  'program.populations.hidden.size: [16, 32]',
  'hw.lanes: [4, 8, 16]',
  'hw.columnGate: [skip-tile, clock]',
  'hw.banks.state.wordBits: [128, 256]',
  'hw.banks.weight.capacityBits: [262144, 4194304]',
  'hw.clockMhz: [50, 200, 317]',
  'hw.overheads.fillCycles: [1, 3]',
  'hw.banks.weight.ports: [{shared: 1}, {read: 1, write: 1}, {read: 2, write: 2}]',
  'hw.overheads.rowCycles: [0, 2]',
  'hw.router.pushPj: [0, 7]',
  'program.parameters.gain: [0, 2]',
];

/** Some axes, drawn with their values. */
function randomSpace(seed: number): string {
  const dice = new Dice(seed);
  const left = [...kinds];
  const axes = Array.from({ length: 4 }, () => left.splice(dice.below(left.length), 1)[0]);
  return `axes:\n${axes.map((axis) => `  ${axis}\n`).join('')}`;
}

describe.each(inThorough([1, 2, 3], [1]))('random space %i', (seed) => {
  test('each design has the figures of a run of its own', async () => {
    const found = await explore(
      experiment,
      spaceOf(randomSpace(seed)),
      { ...here, plan: { search: 'random', designs: 6, seed } },
      findFile,
    );
    expect(found.designs.length).toBe(6);
    for (const { precision, settings, figures, status, reason, name } of found.designs) {
      const own = runExperiment('mnist-snn', { ...shortly, precision, set: settings });
      if (status !== 'done') {
        await expect(own, name).rejects.toThrow(reason?.split(';')[0] ?? '');
        continue;
      }
      const { report } = await own;
      expect(figures, name).toEqual({
        accuracy: figureAt(report, 'scored.accuracy'),
        energyPj: figureAt(report, 'scored.perSample.energyPj.total'),
        trainingEnergyPj: figureAt(report, 'train.perSample.energyPj.total'),
        latencyNs: figureAt(report, 'scored.perSample.latencyNs'),
        cycles: figureAt(report, 'scored.perSample.counters.cycles'),
        trainingCycles: figureAt(report, 'train.perSample.counters.cycles'),
        trainingUpdates: figureAt(report, 'train.perSample.counters.updates'),
        trainingLatencyNs: figureAt(report, 'train.perSample.latencyNs'),
        powerMw:
          (figureAt(report, 'scored.perSample.energyPj.total') ?? 0) /
          (figureAt(report, 'scored.perSample.latencyNs') ?? 0),
        areaUm2: figureAt(report, 'core.area.totalUm2'),
        bits: figureAt(report, 'memory.totalBits'),
        inferenceBits: figureAt(report, 'memory.inferenceBits'),
      });
    }
  });
});

test('designs on many cores have the figures of runs of their own', async () => {
  const designs = inThorough(6, 2);
  const mesh = loadExperiment(findFile('experiment', 'codesign-mnist', ''));
  const left: (number | undefined)[] = [];
  const found = await explore(
    mesh,
    spaceFrom(mesh),
    {
      ...{ ...here, plan: { search: 'random', designs, seed: 2 } },
      onProgress: ({ mostSecondsLeft }) => left.push(mostSecondsLeft),
    },
    findFile,
  );
  expect(found.designs.map(({ status }) => status)).toEqual(new Array(designs).fill('done'));
  // A search that does not look at all designs knows the most that it may take.
  expect(left.every((seconds) => seconds !== undefined && seconds > 0)).toBe(true);
  for (const { precision, settings, figures, values, name } of found.designs) {
    const { report } = await runExperiment('codesign-mnist', { ...shortly, precision, set: settings });
    const cores = Number(values['program.placement.cores']);
    expect(figures, name).toMatchObject({
      accuracy: figureAt(report, 'scored.accuracy'),
      energyPj: figureAt(report, 'scored.perSample.energyPj.total'),
      trainingLatencyNs: figureAt(report, 'train.perSample.latencyNs'),
      areaUm2: figureAt(report, 'core.area.totalUm2'),
    });
    expect(report.chip?.cores.length).toBe(cores);
  }
});

// A word of the weight bank holds 16 weights of 8 bits, one of the state bank 16 fields of 16 bits: more than 16 lanes
// wait for the ports, and take area.
test('lanes past the point where a port binds leave the front', async () => {
  const lanes = spaceOf(
    'axes: {lanes: {path: hw.lanes, values: [4, 8, 16, 64]}}\nobjectives: [latency, area]',
  );
  const found = await explore(experiment, lanes, { ...here, plan: grid }, findFile);
  expect(found.front).toEqual(['mp16-8_lanes=4', 'mp16-8_lanes=8', 'mp16-8_lanes=16']);
  for (const { values, parts } of found.designs) {
    const { issue = 0 } = parts?.bound ?? {};
    if (Number(values['hw.lanes']) > 16) expect(issue).toBeLessThan(0.1);
    else expect(issue).toBeGreaterThan(0.9);
  }
});

test('an axis without a path is a variable of formulas', async () => {
  const free = spaceOf(
    'axes: {side: {values: [2, 3]}}\nset: {hw.lanes: side ** 2 + 4}\nobjectives: [latency, area]\nconstraints: [areaMm2 < 0.001]',
  );
  const { designs } = await explore(experiment, free, { ...here, plan: grid }, findFile);
  expect(designs.map(({ name, settings }) => [name, settings])).toEqual([
    ['mp16-8_side=2', ['hw.lanes=8']],
    ['mp16-8_side=3', ['hw.lanes=13']],
  ]);
  // The first is nearest to what both miss: its core is smaller.
  const [near, far] = designs.map(({ misses = [] }) => violationOf(misses));
  expect(near).toBeLessThan(far ?? 0);
});

test('a design that misses several constraints is told each', async () => {
  const tight = spaceOf(
    'axes: {lanes: {path: hw.lanes, values: [8]}}\nobjectives: [latency, area]\nconstraints: [areaMm2 < 1, latencyUs < 1, bits > 0]',
  );
  const { designs } = await explore(experiment, tight, { ...here, plan: grid }, findFile);
  const [design] = designs;
  const { areaUm2, latencyNs } = { ...design?.figures };
  expect(design?.reason).toMatch(
    /^misses areaMm2 < 1 by \d+ %: [\d.]+; latencyUs < 1 by a factor of \d+: [\d.]+$/,
  );
  const missed = [
    { constraint: 'areaMm2 < 1', figure: (areaUm2 ?? 0) / 1e6 },
    { constraint: 'latencyUs < 1', figure: (latencyNs ?? 0) / 1e3 },
  ];
  expect(design?.misses?.map(({ by: _, ...miss }) => miss)).toEqual(missed);
  expect(violationOf(design?.misses ?? [])).toBeCloseTo(
    missed.reduce((sum, { figure }) => sum + figure - 1, 0),
  );
});

const small = `
axes:
  precision: [mp8-4, mp16-8]
  hidden: {path: program.populations.hidden.size, values: [16, 32]}
  lanes: {path: hw.lanes, values: [8, 16]}
  clock: {path: hw.clockMhz, values: [50, 100, 200]}
  capacity: {path: hw.banks.weight.capacityBits, values: [131072, 4194304]}
set:
  hw.overheads.fillCycles: lanes / 8
conditions: [hidden >= lanes * 2]
constraints: [latencyUs <= 100]
objectives: [accuracy, energy, latency]
`;

test('a forecast tells its rounds, the last with all seeds, and constrains no accuracy of few samples', async () => {
  const starts: unknown[] = [];
  const found = await explore(
    experiment,
    spaceOf(
      'axes: {program.populations.hidden.size: [16, 32, 48, 64, 80], hw.clockMhz: [50, 100]}\nconstraints: [accuracy >= 0.4]',
    ),
    {
      ...{ ...here, limit: 320, draws: 1, seeds: [1, 2] },
      plan: { search: 'forecast', designs: undefined, seed: 1 },
      onStart: ({ runs, samples, few }) => starts.push({ runs, samples, few }),
    },
    findFile,
  );
  // After 16 samples no network is right in 40 % of 16 others. Clocks share a run.
  expect(found.search.rounds).toEqual([
    { limit: 16, designs: 10, runs: 5 },
    ...[2, 1, 1, 1].map((runs) => ({ limit: 320, designs: 2 * runs, runs })),
    { limit: 320, designs: 2, runs: 1, seeds: 2 },
  ]);
  expect(starts).toEqual([{ runs: 5, samples: 640, few: { samples: 32, runsLater: 5, repeated: 1 } }]);
  expect(found.runs).toBe(6);
  expect(found.designs.map(({ status }) => status)).toContain('done');
});

describe('a small space', () => {
  const out = join(root, 'small');
  let whole: StudyReport;

  test('shares runs among designs that do the same', async () => {
    whole = await explore(experiment, spaceOf(small), { ...here, plan: grid, out }, findFile);
    // 2 precisions x 3 pairs of hidden and lanes x 3 clocks x 2 capacities.
    expect(whole.designs.length).toBe(36);
    expect(whole.runs).toBe(6);
    expect(readdirSync(join(out, 'runs')).length).toBe(6);
    expect(new Set(whole.designs.flatMap(({ run }) => run ?? [])).size).toBe(6);
    // What follows from the axes is set.
    expect(whole.designs[0]?.settings).toContain('hw.overheads.fillCycles=1');
  });

  test('says which designs do not fit, and which miss a constraint', () => {
    for (const { values, precision, status, reason, figures } of whole.designs) {
      const tooSmall = values['hw.banks.weight.capacityBits'] === 131072;
      // 784 x 16 weights of 8 bits: rows of one word of 128 bits, 100352 bits, and 16 rows for the output.
      const fits = !tooSmall || precision === 'mp8-4' || values['program.populations.hidden.size'] === 16;
      expect(status === 'misfit').toBe(!fits);
      if (!fits) expect(reason).toMatch(/weight bank: [\d ]+ bits needed, 131 072 available/);
      else expect(status).toBe((figures.latencyNs ?? 0) <= 100_000 ? 'done' : 'outside');
      if (status !== 'outside') continue;
      // By how much, and what it is instead.
      const missedBy = (figures.latencyNs ?? 0) / 100_000 - 1;
      const shown = `${(100 * missedBy).toFixed(missedBy < 0.1 ? 1 : 0)} %`;
      const latency = Number(((figures.latencyNs ?? 0) / 1000).toPrecision(3));
      expect(reason).toBe(`misses latencyUs <= 100 by ${shown}: ${latency}`);
    }
    expect(new Set(whole.designs.map(({ status }) => status))).toEqual(
      new Set(['done', 'misfit', 'outside']),
    );
  });

  test('has on its front what no other design betters', () => {
    const done = whole.designs.filter(({ status }) => status === 'done');
    const costs = done.map(({ figures }) => costsOf(figures, whole.objectives) ?? []);
    const expected = done.filter((_, index) => !costs.some((other) => dominates(other, costs[index] ?? [])));
    expect(whole.front).toEqual(expected.map(({ name }) => name));
    expect(whole.front.length).toBeGreaterThan(1);
  });

  test('leaves each design of the front as an experiment that gives its figures', async () => {
    const names = readdirSync(join(out, 'designs')).sort();
    expect(names).toEqual(whole.front.map((name) => `${name}.yaml`).sort());
    const name = whole.front[0] ?? '';
    const { report } = await runExperiment(join(out, 'designs', `${name}.yaml`));
    const design = whole.designs.find((one) => one.name === name);
    expect(design?.figures.accuracy).toBe(figureAt(report, 'scored.accuracy'));
    expect(design?.figures.energyPj).toBe(figureAt(report, 'scored.perSample.energyPj.total'));
  });

  if (thorough)
    test('is the same from two threads, byte for byte', async () => {
      const alone = join(root, 'alone');
      await explore(experiment, spaceOf(small), { ...shortly, plan: grid, out: alone, workers: 2 }, findFile);
      for (const file of ['study.json', 'designs.csv', 'space.json'])
        expect(readFileSync(join(alone, file), 'utf8')).toBe(readFileSync(join(out, file), 'utf8'));
    });

  test('finds runs of an earlier search, and goes on from what was stopped', async () => {
    const stopped = join(root, 'stopped');
    const abort = new AbortController();
    const halfway = explore(
      experiment,
      spaceOf(small),
      {
        ...here,
        plan: grid,
        out: stopped,
        signal: abort.signal,
        onProgress: ({ runs }) => {
          if (runs.cellsDone === 2) abort.abort(new Error('stopped'));
        },
      },
      findFile,
    );
    await expect(halfway).rejects.toThrow('stopped');
    expect(readdirSync(stopped)).not.toContain('study.json');
    const begun: number[] = [];
    await explore(
      experiment,
      spaceOf(small),
      {
        ...here,
        plan: grid,
        out: stopped,
        resume: true,
        onProgress: ({ runs }) => begun.push(runs.cellsDone),
      },
      findFile,
    );
    expect(Math.min(...begun)).toBeGreaterThanOrEqual(2);
    expect(readFileSync(join(stopped, 'study.json'), 'utf8')).toBe(
      readFileSync(join(out, 'study.json'), 'utf8'),
    );
    // Nothing is left to run for another search in the same folder.
    const again: number[] = [];
    const evolved = await explore(
      experiment,
      spaceOf(small),
      {
        ...here,
        plan: { search: 'evolve', designs: 20, seed: 1 },
        out: stopped,
        resume: true,
        onProgress: ({ runs }) => again.push(runs.cells),
      },
      findFile,
    );
    expect(evolved.designs.length).toBe(20);
    expect(again).toEqual([]);
  });

  test('is not resumed in a folder of another version', async () => {
    const other = join(root, 'other-version');
    cpSync(out, other, { recursive: true });
    const space = join(other, 'space.json');
    writeFileSync(space, readFileSync(space, 'utf8').replace('plasticore/studied/1', 'plasticore/space/2'));
    const options = { ...here, plan: grid, out: other, resume: true };
    await expect(explore(experiment, spaceOf(small), options, findFile)).rejects.toThrow(
      'damaged, or written by another release: schema plasticore/space/2 found, plasticore/studied/1 expected',
    );
  });

  test('has the neighbours of a chosen design when they are asked for', async () => {
    const plan = { search: 'random', designs: 1, seed: 3 } as const;
    const first = await explore(experiment, spaceOf(small), { ...here, plan, out, resume: true }, findFile);
    const around = first.designs[0]?.name ?? '';
    const found = await explore(
      experiment,
      spaceOf(small),
      { ...here, plan, out, resume: true, around },
      findFile,
    );
    const [chosen, ...others] = found.designs;
    expect(others.length).toBeGreaterThan(3);
    for (const { values, precision } of others) {
      const differing = Object.keys(values).filter((path) => values[path] !== chosen?.values[path]);
      expect(differing.length + (precision === chosen?.precision ? 0 : 1)).toBe(1);
    }
  });
});
