import { describe, expect, test } from 'vitest';
import { SteppedRun } from '../../site/worker/run.ts';
import { slateOf } from '../../site/worker/slate.ts';
import { Viewer } from '../../site/worker/viewer.ts';
import { loadEmbedded } from '../../src/data/node.ts';
import { stateSha256 } from '../../src/engine/index.ts';
import {
  type Cell,
  limitData,
  loadExperiment,
  parseSettings,
  resolveCell,
  runCell,
} from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';

const data = limitData(loadEmbedded(), 60);

function cellOf(name: string, choice: Parameters<typeof resolveCell>[1] = {}): Cell {
  return resolveCell(loadExperiment(findFile('experiment', name, '')), { epochs: 2, ...choice }, findFile);
}

describe("a run that stands still ends as the command's run does", () => {
  test.each([
    ['mnist-snn', {}],
    ['mnist-snn', { precision: 'mp8-4', seed: 3 }],
    ['mnist-snn', { precision: 'fp32' }],
    ['mnist-stdp', {}],
    ['many-cores', { epochs: 1 }],
    ['odin-mnist', {}],
  ])('%s %j', async (name, choice) => {
    const cell = cellOf(name, choice);
    const result = await runCell(cell, data);
    const slate = slateOf(data);
    const run = new SteppedRun(cell, data, slate);
    const viewer = cell.chip === undefined ? new Viewer(cell, data, slate) : undefined;
    while (run.part !== 'done') {
      // Whoever watches leaves no trace.
      if (run.position % 50 === 0) {
        viewer?.follow(run.machine, run.epoch);
        viewer?.ask(7, { population: 'hidden', index: 1 });
      }
      run.advance();
    }
    expect(run.position).toBe(run.count);
    expect(run.testAccuracy).toBe(result.scored.correct / data.test.count);
    expect(stateSha256(run.machine.save())).toBe(stateSha256(result.machine.save()));
    // Of the test alone, as the command counts it.
    expect(run.counters()).toEqual(result.scored.counters);
  });
});

test('a life on the page ends as that of the command does, stage by stage', async () => {
  const settings = parseSettings([
    'experiment.life=[{classes: [0, 1]}, {classes: [2], frozen: true}, {classes: [3], test: all}]',
    'experiment.epochs=1',
  ]);
  const experiment = loadExperiment(findFile('experiment', 'mnist-snn', ''), settings.experiment);
  const cell = resolveCell(experiment, { settings, limit: 10 }, findFile);
  const whole = loadEmbedded();
  const { scored, machine } = await runCell(cell, whole);
  const run = new SteppedRun(cell, whole, slateOf(whole));
  const seen: string[] = [];
  while (run.part !== 'done') {
    seen.push(`${run.part} ${run.epoch}`);
    run.advance();
  }
  expect([...new Set(seen)]).toEqual(['train 0', 'train 1', 'train 2', 'test 2']);
  expect([run.position, run.count]).toEqual([60, 60]);
  expect(run.testAccuracy).toBe(scored.correct / 30);
  expect(stateSha256(run.machine.save())).toBe(stateSha256(machine.save()));
});

test('what is watched is what the core does, step by step', () => {
  const cell = cellOf('mnist-snn');
  const slate = slateOf(data);
  const run = new SteppedRun(cell, data, slate);
  for (let sample = 0; sample < 20; sample++) run.advance();
  const viewer = new Viewer(cell, data, slate);
  viewer.follow(run.machine, 0);
  const seen = viewer.ask(3, { population: 'hidden', index: 5 });
  expect(seen).toMatchObject({ sample: 3, label: data.test.labels[3], steps: 8 });
  expect(Object.keys(seen.spikes)).toEqual(['input', 'hidden', 'output']);
  expect(seen.neuron?.fields.v).toHaveLength(8);
  expect(seen.picture).toEqual((data.test as { values: Uint8Array }).values.slice(3 * 784, 4 * 784));
  // Hard facts of the program: eight steps, and one test sample.
  expect(seen.cost.samples).toBe(1);
  const spikes = seen.spikes.hidden?.reduce((sum, { length }) => sum + length, 0);
  expect(seen.cost.spikes.hidden).toBe(spikes);
  const best = seen.scores.indexOf(Math.max(...seen.scores));
  expect(seen.answer).toBe(best);
});

test('a drawing is learnt as a sample, and is not part of the data', () => {
  const cell = cellOf('mnist-snn');
  const slate = slateOf(data);
  if (slate === undefined) throw new Error('digits can be drawn');
  const run = new SteppedRun(cell, data, slate);
  const before = stateSha256(run.machine.save());
  slate.draw(new Uint8Array(784).fill(200), 4);
  run.learnDrawing();
  expect(run.taught).toBe(1);
  expect(stateSha256(run.machine.save())).not.toBe(before);
  expect(run.count).toBe(2 * 60 + 60);
  expect(data.train.count).toBe(60);
});
