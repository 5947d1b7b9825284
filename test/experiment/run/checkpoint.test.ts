import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { holdOutValidation } from '../../../src/data/index.ts';
import { loadEmbedded } from '../../../src/data/node.ts';
import {
  type Cell,
  limitData,
  loadExperiment,
  parseSettings,
  planRecording,
  type RunIdentity,
  type RunState,
  resolveCell,
  runIdentity,
} from '../../../src/experiment/index.ts';
import { readCheckpoint, runFiles, runInFolder, writeCheckpoint } from '../../../src/experiment/node.ts';
import { findFile } from '../../../src/fs/index.ts';
import { reportFault } from '../../../src/report/index.ts';
import { PlasticoreError } from '../../../src/text/index.ts';
import { Dice } from '../../engine/random/dice.ts';
import { failure } from '../../hardware/tiny.ts';
import { withOneNumberChanged } from '../../support/one-number.ts';
import { scratch } from '../../support/scratch.ts';
import { inThorough } from '../../support/thorough.ts';
import { statesOf } from './interrupted.ts';

const { folder } = scratch();

const record = 'v:hidden,spikes:*';
const embedded = loadEmbedded();

/** A precision, and what else is set. */
const cellOn = (setting: string): Cell => {
  const [precision = '', ...set] = setting.split(' ');
  return cellWith(precision, set);
};

const cellWith = (precision: string, set: readonly string[]): Cell =>
  resolveCell(
    loadExperiment(findFile('experiment', 'mnist-snn', '')),
    {
      precision,
      limit: 40,
      epochs: 2,
      validate: 0.25,
      settings: parseSettings(['program.populations.hidden.size=8', 'program.steps=2', ...set]),
    },
    findFile,
  );

type Changed = (state: RunState) => Partial<RunState>;

const runs = new Map<string, ReturnType<typeof makeRun>>();

/** A run, and the states that it can be left in: the same for all tests. */
function runOf(precision: string): ReturnType<typeof makeRun> {
  const run = runs.get(precision) ?? makeRun(precision);
  runs.set(precision, run);
  return run;
}

async function makeRun(precision: string) {
  const cell = cellOn(precision);
  const data = holdOutValidation(limitData(embedded, 40), 0.25);
  const plan = planRecording(record, cell.image);
  const { states } = await statesOf(cell, data, { record: plan });
  const identity = runIdentity(cell, data, plan);
  return { cell, data, states, identity, setting: { cell, data, record: plan } };
}

type Left = Awaited<ReturnType<typeof runOf>>;

/** The message with which a state is refused; undefined where it is read. */
function refusal({ identity, setting }: Left, state: RunState): string | undefined {
  const path = join(folder, 'changed');
  writeCheckpoint(path, identity, state);
  try {
    readCheckpoint(path, identity, setting);
    return undefined;
  } catch (error) {
    if (!(error instanceof PlasticoreError) || error.code !== 'file') throw error;
    expect(error.file).toBe(path);
    return error.message;
  }
}

const replaying = 'mp16-8 program.replay=output.signal program.steps=8';

describe.each(['mp16-8', 'fp32', replaying])('a checkpoint of a run on %s', (precision) => {
  test('is read as it was written, wherever the run was left', async () => {
    const left = await runOf(precision);
    expect(new Set(left.states.map(({ part }) => part))).toEqual(new Set(['train', 'validate', 'score']));
    expect(left.states.filter(({ done }) => done > 0).length).toBeGreaterThan(5);
    expect(left.states.map((state) => refusal(left, state))).toEqual(left.states.map(() => undefined));
    const steps = left.states.map(({ counters, done }) => counters.steps - done * left.cell.image.steps);
    expect(steps.some((more) => more > 0)).toBe(precision === replaying);
  });

  test('with one changed number and a valid checksum is refused with the place, or goes on to an end', async () => {
    const left = await runOf(precision);
    const dice = new Dice(1);
    const out = join(folder, `changed ${precision}`);
    let refused = 0;
    const tries = inThorough(60, 20);
    for (let tried = 0; tried < tries; tried++) {
      const { value, change } = withOneNumberChanged(dice.pick(left.states), dice);
      const message = refusal(left, value);
      if (message !== undefined) {
        refused += 1;
        expect(message, change).toMatch(/of this release: [a-zA-Z]+(\.|:| cannot)/);
        continue;
      }
      rmSync(out, { recursive: true, force: true });
      mkdirSync(out);
      writeCheckpoint(join(out, runFiles.checkpoint), left.identity, value);
      const load = async () => left.data;
      const { report } = await runInFolder(left.cell, { out, record, resume: true, load });
      expect(reportFault(JSON.parse(JSON.stringify(report))), change).toBeUndefined();
    }
    expect(refused).toBeGreaterThan(inThorough(25, 6));
    expect(refused).toBeLessThan(tries);
  });
});

describe('a checkpoint that contradicts its run', () => {
  const first = <T>(items: readonly T[]): T => {
    const [item] = items;
    if (item === undefined) throw new Error('no item');
    return item;
  };

  test.each<[string, RunState['part'], Changed, string, string?]>([
    ['a part', 'train', () => ({ part: 'score' }), 'epoch: no epoch 0 of 2'],
    ['too many samples', 'validate', () => ({ done: 11 }), 'done: expected at most 10 samples, found 11'],
    [
      'right answers',
      'train',
      ({ done }) => ({ correct: done + 1 }),
      'correct: expected a number of right answers',
    ],
    ['a class', 'score', ({ predictions }) => ({ predictions: predictions.with(0, 10) }), 'predictions.0'],
    [
      'answers',
      'score',
      ({ predictions }) => ({ predictions: predictions.slice(1) }),
      'predictions: expected',
    ],
    [
      'epochs',
      'score',
      ({ history }) => ({ history: history.slice(1) }),
      'history: expected 2 items (one for each epoch), found 1',
    ],
    ['no trained core', 'validate', () => ({ trained: undefined }), 'trained: missing: expected'],
    [
      'a bank of another length',
      'train',
      ({ core }) => ({ core: { ...core, banks: core.banks.with(0, new Uint32Array(1)) } }),
      'core: expected banks of',
    ],
    [
      'a lane that draws zeros for ever',
      'train',
      ({ core }) => ({ core: { ...core, generators: core.generators.with(2, 0) } }),
      'core.generators.2: expected a state other than 0',
    ],
    [
      'NaN in a bank',
      'validate',
      ({ core }) => ({ trained: { ...core, banks: core.banks.map((words) => words.map(() => 0x7fc00000)) } }),
      'cannot be NaN',
      'fp32',
    ],
    [
      'a count for another piece of work',
      'train',
      ({ counters }) => ({ counters: { ...counters, work: counters.work.slice(1) } }),
      'counters.work: expected',
    ],
    [
      'cycles, where no controller counts them',
      'train',
      ({ counters }) => ({ counters: { ...counters, cycles: 7 } }),
      'counters.cycles',
    ],
    [
      'more pops than pushes',
      'train',
      ({ counters }) => ({ counters: { ...counters, pops: counters.pushes + 1 } }),
      'counters.pops: expected at most',
    ],
    [
      'a fraction of a spike',
      'score',
      ({ neuronSpikes }) => ({ neuronSpikes: neuronSpikes.map((spikes) => spikes.with(0, 0.5)) }),
      'neuronSpikes.0.0: expected a count, found 0.5',
    ],
    [
      'a recorded neuron',
      'score',
      ({ recording }) => ({
        recording: { ...recording, spikes: recording.spikes.map(({ ends }) => ({ indices: [784], ends })) },
      }),
      'recording.spikes.0',
    ],
    [
      'recorded items',
      'score',
      ({ recording }) => ({ recording: { ...recording, fields: [first(recording.fields).slice(1)] } }),
      'recording.fields.0: ',
    ],
  ])('is refused with the place: %s', async (_, part, change, message, precision = 'mp16-8') => {
    const left = await runOf(precision);
    const state = left.states.find((candidate) => candidate.part === part && candidate.done > 0);
    if (state === undefined) throw new Error(`no state in ${part}`);
    expect(refusal(left, { ...state, ...change(state) })).toContain(message);
  });

  test('is refused where it does not say of which run it is', async () => {
    const left = await runOf('mp16-8');
    const path = join(folder, 'nameless');
    writeCheckpoint(path, { ...left.identity, recorded: [7] } as unknown as RunIdentity, first(left.states));
    const error = failure(() => readCheckpoint(path, left.identity, left.setting));
    expect([error.code, error.file]).toEqual(['file', path]);
    expect(error.message).toContain('it does not identify its run');
  });
});
