import { beforeAll, describe, expect, test } from 'vitest';
import type { Dataset } from '../../../src/data/index.ts';
import { loadDataset, loadEmbedded } from '../../../src/data/node.ts';
import { stateSha256 } from '../../../src/engine/index.ts';
import {
  type Cell,
  limitData,
  loadExperiment,
  parseSettings,
  resolveCell,
  runCell,
  Session,
} from '../../../src/experiment/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { scratch } from '../../support/scratch.ts';
import { writeRandomShd } from '../../support/shd-files.ts';

const { folder } = scratch();
const sets: Record<'digits' | 'spikes', Dataset> = { digits: loadEmbedded(), spikes: loadEmbedded() };
beforeAll(async () => {
  writeRandomShd(folder, { trainOfClass: 1, testOfClass: 1, spikes: 200, seed: 2 });
  sets.spikes = await loadDataset(folder);
});

function cellOf(name: string, epochs: number, ...set: string[]): Cell {
  const settings = parseSettings(set);
  const experiment = loadExperiment(findFile('experiment', name, ''), settings.experiment);
  return resolveCell(experiment, { epochs, settings }, findFile);
}

function spread(...set: string[]): Cell {
  return cellOf('many-cores', 1, 'program.populations.hidden.size=64', 'program.placement.cores=2', ...set);
}

const few = 'program.populations.hidden.size=12';

describe.each([
  ['one core', cellOf('mnist-snn', 2, few), 'digits', 5],
  ['samples presented again', cellOf('mnist-snn', 2, few, 'program.replay=output.signal'), 'digits', 5],
  ['spikes with values', cellOf('mnist-mlp', 1), 'digits', 3],
  ['samples of spikes', cellOf('speech-shd-snn', 1, few), 'spikes', 3],
  ['many cores', spread(), 'digits', 2],
  ['samples presented again on many cores', spread('program.replay=output.signal'), 'digits', 2],
] as const)('a session of a cell with %s', (_, cell, set, limit) => {
  const data = () => limitData(sets[set], limit);

  test('is the run, step by step', async () => {
    const { history, scored, machine: engine } = await runCell(cell, data());
    const session = new Session(cell, data());
    let steps = 0;
    while (session.upcoming() !== undefined) {
      session.step();
      steps += 1;
    }
    expect(stateSha256(session.machine.save())).toBe(stateSha256(engine.save()));
    expect(session.counters()).toEqual(scored.counters);
    expect(session.history).toEqual(history);
    expect(session.correct).toBe(scored.correct);
    const counted = [...history, scored].reduce((sum, { counters }) => sum + counters.steps, 0);
    expect(steps).toBe(counted);
  });

  test('goes on from any moment, on either engine', () => {
    const whole = new Session(cell, data());
    while (whole.next() !== undefined);
    const expected = stateSha256(whole.machine.save());
    let session = new Session(cell, data());
    const ahead = [...session.ahead()];
    // In the middle of samples, behind their last steps, and between the two times that they are presented.
    for (let turn = 0; turn < 10; turn++) {
      for (let steps = 0; steps <= turn % 4 && session.upcoming() !== undefined; steps++) session.step();
      const next = new Session(cell, data(), { engine: turn % 2 === 0 ? 'reference' : 'fast' });
      next.resume(session.moment());
      expect([...next.ahead()]).toEqual(ahead.slice(session.samplesDone));
      session = next;
    }
    while (session.upcoming() !== undefined) session.finish();
    expect(session.samplesDone).toBe(session.samplesInAll);
    expect(stateSha256(session.machine.save())).toBe(expected);
  });
});
