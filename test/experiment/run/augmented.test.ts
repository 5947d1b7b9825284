import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Dataset } from '../../../src/data/index.ts';
import { loadDataset } from '../../../src/data/node.ts';
import {
  loadExperiment,
  parseSettings,
  type RunState,
  resolveCell,
  runCell,
} from '../../../src/experiment/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { writeRandomShd } from '../../support/shd-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'plasticore-augmented-'));
let data: Dataset;

beforeAll(async () => {
  writeRandomShd(folder, { trainOfClass: 1, testOfClass: 1, spikes: 200, seed: 2 });
  data = await loadDataset(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

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
  const states: RunState[] = [];
  // By this clock a turn of the event loop is due after a few samples, on any machine.
  let nowMs = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
    nowMs += 20;
    return nowMs;
  });
  await runCell(cell, data, {
    checkpointSeconds: 0,
    onCheckpoint: (state) => states.push(structuredClone(state)),
  });
  clock.mockRestore();
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
