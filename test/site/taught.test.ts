import { expect, test } from 'vitest';
import { SteppedRun } from '../../site/worker/run.ts';
import { type Slate, slateOf } from '../../site/worker/slate.ts';
import { TaughtDrawings } from '../../site/worker/taught.ts';
import { Viewer } from '../../site/worker/viewer.ts';
import { stratifiedPrefix } from '../../src/data/index.ts';
import { loadEmbedded } from '../../src/data/node.ts';
import {
  type Cell,
  loadExperiment,
  parseSettings,
  resolveCell,
  runCell,
} from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { price } from '../../src/image/index.ts';

const digits = loadEmbedded();
/** A few of the digits in the package: each part of the test asks all of them. */
const data = {
  ...digits,
  train: stratifiedPrefix(digits.train, 400, 1),
  test: stratifiedPrefix(digits.test, 100, 1),
};

/** Pools of ten digits, with room for one class of five neurons more; few digits, each class at a time. */
function pools(): Cell {
  const settings = parseSettings([
    'program.populations.output.size=11',
    'program.populations.pool.size=255',
    'experiment.life=[{classes: [0, 1, 2, 3, 4]}, {classes: [5, 6, 7, 8, 9]}]',
  ]);
  const experiment = loadExperiment(findFile('experiment', 'lifetime-pools', ''), settings.experiment);
  return resolveCell(experiment, { settings }, findFile);
}

/** A drawing: the same bar, a little further down each time. */
function bar(drawing: number): Uint8Array {
  return Uint8Array.from({ length: 784 }, (_, pixel) => {
    const row = Math.floor(pixel / 28);
    return row >= 2 + drawing && row < 8 + drawing ? 220 : 0;
  });
}

function atEnd(cell: Cell): { readonly run: SteppedRun; readonly viewer: Viewer; readonly slate: Slate } {
  const slate = slateOf(data);
  if (slate === undefined) throw new Error('digits can be drawn');
  const run = new SteppedRun(cell, data, slate);
  while (run.part !== 'done') run.advance();
  return { run, viewer: new Viewer(cell, data, slate), slate };
}

test('what drawings cost, and what the digits lose, is what a run of its own says of each', async () => {
  const cell = pools();
  const { run, viewer, slate } = atEnd(cell);
  const taught = new TaughtDrawings(cell, data, viewer, run);
  for (let drawing = 0; drawing < 5; drawing++) {
    slate.draw(bar(drawing), 10);
    taught.teach(run);
  }
  expect(taught.view).toMatchObject({ drawings: 5, before: undefined, after: undefined });
  // A time that has passed lets it ask one sample at a time; none is left out, and none asked twice.
  let turns = 0;
  for (; taught.isAsking; turns++) taught.ask(0);
  expect(turns).toBe(2 * data.test.count);
  expect(run.taught).toBe(5);

  const { scored } = await runCell(cell, data);
  expect(taught.view.before).toBe(scored.correct / data.test.count);

  // The same drawings, taught to another core that is asked every test sample itself.
  const other = atEnd(cell);
  let energyPj = 0;
  for (let drawing = 0; drawing < 5; drawing++) {
    other.slate.draw(bar(drawing), 10);
    const before = price(other.run.counters(), cell.image.costs).energyPj.total;
    other.run.learnDrawing();
    energyPj += price(other.run.counters(), cell.image.costs).energyPj.total - before;
  }
  other.viewer.follow(other.run.machine, other.run.epoch);
  let right = 0;
  for (let sample = 0; sample < data.test.count; sample++)
    right += Number(other.viewer.ask(sample, undefined).answer === data.test.labels[sample]);
  expect(taught.view.after).toBe(right / data.test.count);
  expect(taught.view.energyPj).toBeCloseTo(energyPj, 0);

  // The class has recruited a neuron for each drawing, and knows one that lies between them.
  slate.draw(bar(2.5), 10);
  viewer.follow(run.machine, run.epoch);
  const asked = viewer.askDrawing({ population: 'output', index: 10 });
  expect(asked.neuron?.fields.recruited).toEqual([5]);
  expect(asked.answer).toBe(10);
});

test('without labels nothing is asked', () => {
  const cell = pools();
  const { run, viewer } = atEnd(cell);
  const unlabelled = { ...data, test: { ...data.test, classes: 0 } };
  const taught = new TaughtDrawings(cell, unlabelled, viewer, run);
  expect(taught.isAsking).toBe(false);
  expect(taught.view).toEqual({ drawings: 0, energyPj: 0, before: undefined, after: undefined });
});
