import { beforeAll, expect, test } from 'vitest';
import type { Dataset } from '../../../src/data/index.ts';
import { loadDataset } from '../../../src/data/node.ts';
import {
  loadExperiment,
  parseSettings,
  type RunState,
  resolveCell,
  runCell,
  Session,
} from '../../../src/experiment/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { scratch } from '../../support/scratch.ts';
import { writeRandomShd } from '../../support/shd-files.ts';
import { statesOf } from './interrupted.ts';

const { folder } = scratch();
let data: Dataset;

beforeAll(async () => {
  writeRandomShd(folder, { trainOfClass: 1, testOfClass: 1, spikes: 200, seed: 2 });
  data = await loadDataset(folder);
});

const cellOf = (...set: readonly string[]) => {
  const settings = parseSettings(['program.populations.hidden.size=16', ...set]);
  const experiment = loadExperiment(findFile('experiment', 'speech-shd-snn', ''), settings.experiment);
  return resolveCell(experiment, { epochs: 3, settings }, findFile);
};

async function outcomeOf(cell: ReturnType<typeof cellOf>, from?: RunState) {
  const { history, scored, machine: engine } = await runCell(cell, data, { from });
  const { banks, generators } = engine.save();
  return {
    banks: banks.map((words) => [...words]),
    generators: [...generators],
    counters: scored.counters,
    history: history.map(({ correct, counters }) => ({ correct, counters })),
  };
}

test('samples that augmentation changes are the same after an interruption, wherever it was', async () => {
  const cell = cellOf();
  const { states } = await statesOf(cell, data);
  const whole = await outcomeOf(cell);
  const within = states.filter(({ part, done }) => part === 'train' && done > 0);
  expect(within.length).toBeGreaterThan(5);
  for (const state of [within[0], within[Math.floor(within.length / 2)], within.at(-1)])
    expect(await outcomeOf(cell, state)).toEqual(whole);
});

test('augmentation changes what is learned from, and nothing that is tested', async () => {
  const [augmented, plain] = await Promise.all([
    outcomeOf(cellOf()),
    outcomeOf(
      cellOf(
        ...['stretchTime=0', 'scaleChannels.by=0', 'shiftChannels=0', 'equalise.doublings=0'].map(
          (setting) => `experiment.encoder.augment.${setting}`,
        ),
      ),
    ),
  ]);
  const input = cellOf().image.input;
  const inputs = ({ history }: typeof plain) => history.map(({ counters }) => counters.spikes[input]);
  expect(new Set(inputs(plain)).size).toBe(1);
  expect(new Set(inputs(augmented)).size).toBe(3);
  expect(augmented.counters.spikes[input]).toBe(plain.counters.spikes[input]);
});

test('a stage of a life may leave samples as they are, presented whole or step by step', async () => {
  const life = (augment: boolean) =>
    `experiment.life=[{samples: {first: 0, last: 4}, passes: 2, augment: ${augment}, test: none}, {samples: {first: 5, last: 9}, augment: ${augment}, frozen: true}]`;
  const [without, changed] = [cellOf(life(false)), cellOf(life(true))];
  if (typeof without.encoder === 'string' || !('bins' in without.encoder)) throw new Error('bins');
  const { augment, ...plain } = without.encoder;
  expect(augment).toBeDefined();
  const [states, stepped] = [[without, { ...changed, encoder: plain }, changed], [without]].map(
    (cells, way) =>
      cells.map((cell) => {
        const session = new Session(cell, data);
        if (way === 0) while (session.next() !== undefined);
        else while (session.upcoming() !== undefined) session.step();
        const { banks, generators } = session.machine.save();
        return { banks: banks.map((words) => [...words]), generators: [...generators] };
      }),
  );
  expect(states?.[0]).toEqual(states?.[1]);
  expect(stepped?.[0]).toEqual(states?.[0]);
  expect(states?.[2]?.banks).not.toEqual(states?.[0]?.banks);
});
