import { expect, test } from 'vitest';
import { loadEmbedded } from '../../../src/data/node.ts';
import { loadExperiment, noSettings, resolveCell } from '../../../src/experiment/index.ts';
import { stagesOf } from '../../../src/experiment/session/plan.ts';
import { findFile } from '../../../src/fs/index.ts';

const experiment = loadExperiment(findFile('experiment', 'mnist-snn', ''));
const cell = resolveCell(experiment, { settings: noSettings }, findFile);

test.each([
  [0, [['score', 0]]],
  [
    3,
    [
      ['train', 0],
      ['train', 1],
      ['train', 2],
      ['score', 2],
    ],
  ],
])('%i epochs, and a final test with the schedule of the last', (epochs, expected) => {
  const stages = stagesOf({ ...cell, epochs }, loadEmbedded());
  expect(stages.map(({ part, parameters }) => [part, parameters])).toEqual(expected);
});
