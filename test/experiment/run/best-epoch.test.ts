import { expect, test } from 'vitest';
import { holdOutValidation, joinValidation } from '../../../src/data/index.ts';
import { loadEmbedded } from '../../../src/data/node.ts';
import {
  type Cell,
  type CellChoice,
  limitData,
  loadExperiment,
  parseSettings,
  type RunState,
  resolveCell,
  runCell,
  runIdentity,
} from '../../../src/experiment/index.ts';
import { checkRunState } from '../../../src/experiment/run/check-state.ts';
import { reportOf } from '../../../src/experiment/run/outcome.ts';
import { findFile } from '../../../src/fs/index.ts';
import { failure } from '../../hardware/tiny.ts';

/* A network that is small, and learns badly: its best epoch is not the last one. */
const part = { fraction: 0.25, order: 'stored' } as const;
function cellOf(epochs: number, set: readonly string[], choice: CellChoice = {}): Cell {
  const settings = parseSettings([
    // Without draws, which depend on the number of a sample in its set.
    'experiment.encoder=phase',
    'program.populations.hidden.size=16',
    'program.steps=4',
    'program.parameters.hiddenRate=3',
    'program.parameters.outputRate=4',
    ...set,
  ]);
  const spec = loadExperiment(findFile('experiment', 'mnist-snn', ''), settings.experiment);
  return resolveCell(spec, { seed: 1, ...choice, epochs, settings }, findFile);
}
const best = ['experiment.testEpoch=best', 'experiment.validation={fraction: 0.25, order: stored}'];

const whole = limitData(await loadEmbedded(), 120);
const validated = holdOutValidation(whole, part);
const joined = joinValidation(whole, validated);
const epochs = 5;

/** The scores of each epoch on the validation split, each in a run of its own. */
async function scoresByEpoch(): Promise<number[]> {
  const scores: number[] = [];
  for (let last = 1; last <= epochs; last++) {
    const { scored } = await runCell(cellOf(last, [], { validate: part }), validated);
    scores.push(scored.correct);
  }
  return scores;
}

test('the test set is scored once, with the weights of the epoch that is best on the last samples', async () => {
  const scores = await scoresByEpoch();
  const expected = scores.indexOf(Math.max(...scores));
  expect(expected, 'the best epoch is not the last').toBeLessThan(epochs - 1);
  const alone = await runCell(cellOf(expected + 1, []), { ...whole, train: validated.train });
  const result = await runCell(cellOf(epochs, best), joined);
  expect(result.history.map(({ validationCorrect }) => validationCorrect)).toEqual(scores);
  expect(result.scored.predictions).toEqual(alone.scored.predictions);
  expect(result.machine.save()).toEqual(alone.machine.save());
  const cell = cellOf(epochs, best);
  const report = reportOf(cell, joined, runIdentity(cell, joined, undefined), result, {
    wallSeconds: 1,
    workers: 1,
    host: 'here',
  });
  expect(report.provenance.validation).toEqual({ ...part, heldOut: 'last', bestEpoch: expected });
  expect(report.test?.samples).toBe(120);
  expect(report.train.history[0]?.validationAccuracy).toBe((scores[0] ?? 0) / 30);
});

test('goes on from every state to the same end', async () => {
  const cell = cellOf(epochs, best);
  const states: RunState[] = [];
  const onCheckpoint = (state: RunState) => states.push(structuredClone(state));
  const { scored } = await runCell(cell, joined, { onCheckpoint });
  // After each epoch, each of its validations, and the test.
  expect(states.length).toBe(2 * epochs + 1);
  for (const state of states) {
    const from = checkRunState(state, { cell, data: joined });
    expect((await runCell(cell, joined, { from })).scored.predictions).toEqual(scored.predictions);
  }
  const { best: _, ...without } = states[2] ?? {};
  expect(failure(() => checkRunState(without, { cell, data: joined })).message).toBe(
    'best: missing: expected a mapping',
  );
});

test('needs a training set of at least one batch', async () => {
  const cell = cellOf(1, ['program.events.tick.0.everySample=121']);
  await expect(runCell(cell, whole)).rejects.toMatchObject({
    message:
      "the program learns in batches of 121 samples (everySample), and data set 'mnist-embedded' has 120 to learn from",
    hint: expect.stringContaining('use 121 samples or more'),
  });
});

test('is refused in a life', () => {
  const settings = parseSettings(['experiment.testEpoch=best', 'experiment.life=[{classes: [0, 1]}]']);
  const found = failure(() => loadExperiment(findFile('experiment', 'mnist-snn', ''), settings.experiment));
  expect(found.message).toContain("'testEpoch: best' chooses an epoch of one training set");
});
