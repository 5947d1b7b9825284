import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { chips as bundledChips } from '../../../src/chips/kit.ts';
import { engineNames } from '../../../src/engine/index.ts';
import {
  experimentJsonSchema,
  loadExperiment,
  resolveCell,
  runCell,
  runIdentity,
} from '../../../src/experiment/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { describeDivergence } from '../../../src/golden/index.ts';
import { coreImageOf } from '../../../src/image/index.ts';
import type { Override } from '../../../src/text/index.ts';
import { goldenFormats, readTrace, replayTrace } from '../../../src/trace/index.ts';
import { expectError, expectRejection } from '../../support/errors.ts';
import { twoClasses as data } from '../two-classes.ts';
import { recordToy, type ToyTrace, toy } from './index.ts';

/** The one line that knows the toy. */
const chips = [...bundledChips, toy];
const formats = await goldenFormats(chips);

const path = fileURLToPath(new URL('./experiment.yaml', import.meta.url));
const load = (overrides: readonly Override[] = []) =>
  loadExperiment(findFile('experiment', path, ''), overrides, chips);
const cell = resolveCell(load(), {}, findFile);

// Of class 0, 25 + 20 in bucket 0; of class 1, 31 in bucket 1, which is below 40.
describe.each(engineNames)('an experiment hosts the toy, engine %s', (engine) => {
  test('which learns and counts its own cycles', async () => {
    const { history, scored } = await runCell(cell, data, { engine, chips });
    // The sample of class 1 is not answered; then its bucket gets 9 more with each event: 31 + 9 = 40.
    expect(history).toMatchObject([{ samples: 2, correct: 1 }]);
    expect(scored).toMatchObject({ correct: 1, predictions: [1] });
    // Emptied, one event, one spike.
    expect(scored.counters.cycles).toBe(1 + 2 + 1);
    // Emptied twice, three events, one spike, taught once.
    expect(history[0]?.counters.cycles).toBe(2 * 1 + 3 * 2 + 1 + 2);
  });
});

describe('an experiment', () => {
  test('has options for the toy, and its program’s threshold', () => {
    expect(cell.chip).toMatchObject({ chip: 'toy', options: { step: 9 }, registers: { threshold: 40 } });
    const threshold: Override = { path: ['set'], value: { 'program.parameters.threshold': 50 }, place: {} };
    const other = resolveCell(load([threshold]), {}, findFile);
    expect(runIdentity(other, data, undefined).encoder).toBe('{"toy":{"step":9,"threshold":50}}');
    expect(structuredClone(cell)).toEqual(cell);
  });

  test('is checked and described with them', () => {
    const step = { path: ['toy', 'step'], value: 99, place: {} };
    expectError(() => load([step]), 'invalid-value', 'expected a step (a whole number, 1 to 31), found 99');
    expect(experimentJsonSchema(chips)).toMatchObject({
      properties: { toy: { description: toy.host.description, properties: { step: { default: 3 } } } },
    });
  });

  test('hosts one of the chips that it is given', () => {
    const another = { path: ['odin'], value: {}, place: {} };
    expectError(() => load([another]), 'invalid-value', "'odin' and 'toy' exclude each other");
    const alone = () => loadExperiment(findFile('experiment', path, ''));
    expectError(alone, 'unknown-key', "unknown key 'toy'");
  });

  test('refuses an encoder, and data that do not fit', async () => {
    const encoder = () => resolveCell(load(), { encoder: 'phase' }, findFile);
    expectError(encoder, 'usage', "the host of chip 'toy' makes its own events");
    const many = { ...data, train: { ...data.train, classes: 5 } };
    await expectRejection(runCell(cell, many, { chips }), 'data', 'does not fit into four buckets');
    await expectRejection(runCell(cell, data), 'usage', "there is no chip 'toy'");
  });
});

describe('a recording of the toy', () => {
  // Two cycles an event, one more for a spike: 30, 20, then 30 + 10 spikes in cycle 6; 20 + 25 spikes in cycle 9.
  const trace: ToyTrace = {
    format: 'toy-golden/1',
    pours: [
      [0, 30],
      [1, 20],
      [0, 10],
      [1, 25],
      [2, 5],
    ],
    expected: {
      spikes: [
        [6, 0],
        [9, 1],
      ],
      levels: [0, 0, 5, 0],
    },
  };
  const verify = (value: unknown, engine: string) =>
    replayTrace(readTrace(JSON.stringify(value), 'toy.json', formats), {
      file: 'toy.json',
      engine,
      find: findFile,
      readImage: () => cell.image,
    });

  test.each(engineNames)('is made and verified on engine %s', (engine) => {
    expect(recordToy(trace.pours, engine, coreImageOf(cell.image))).toEqual(trace);
    expect(verify(trace, engine)).toEqual({ agrees: true, summary: '5 pours' });
  });

  test('diverges, or is refused with its place', () => {
    const late = structuredClone(trace);
    late.expected.spikes[1] = [10, 1];
    const verdict = verify(late, 'fast');
    expect(verdict.agrees ? '' : describeDivergence(verdict.divergence)).toBe(
      'in the end: spike 1: expected 10,1, found 9,1',
    );
    expectError(() => verify({ ...trace, pour: [] }, 'fast'), 'unknown-key', "did you mean 'pours'?");
  });

  test('has a format that only the chip makes known', async () => {
    expect(formats.map(({ name }) => name)).toContain('toy-golden/1');
    const bundled = await goldenFormats();
    expect(bundled.map(({ name }) => name)).not.toContain('toy-golden/1');
    expectError(
      () => readTrace(JSON.stringify(trace), 'toy.json', bundled),
      'format',
      "found 'toy-golden/1'",
    );
  });
});
