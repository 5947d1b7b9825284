import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { chips } from '../../../src/chips/index.ts';
import { controllerSchema } from '../../../src/control/index.ts';
import { defaultEventEncoding, type EventSet } from '../../../src/data/index.ts';
import { engineNames } from '../../../src/engine/index.ts';
import { loadExperiment, resolveCell, runCell } from '../../../src/experiment/index.ts';
import { createHost } from '../../../src/experiment/session/host.ts';
import { findFile } from '../../../src/fs/index.ts';
import { coreImageOf, imageOfCore, readImage, writeImage } from '../../../src/image/index.ts';
import { createMachine } from '../../../src/machine/index.ts';
import type { Override } from '../../../src/text/index.ts';
import { chipTraceOf, goldenFormats, readTrace, replayTrace } from '../../../src/trace/index.ts';
import { expectError, expectRejection } from '../../support/errors.ts';
import { twoClasses as data } from '../two-classes.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const load = (overrides: readonly Override[] = []) =>
  loadExperiment(findFile('experiment', here('./experiment.yaml'), ''), overrides);
const cell = resolveCell(load(), {}, findFile);

// In eight steps, a feature of x has floor((128 + 8 x) / 256) spikes: 6 and 5 of class 0, 8 of class 1.
describe.each(engineNames)('an experiment hosts a controller that is data, engine %s', (engine) => {
  test('no module is loaded; cycles are sums over its visits', async () => {
    const { history, scored } = await runCell(cell, data, { engine });
    expect(history).toMatchObject([{ samples: 2, correct: 2 }]);
    expect(scored).toMatchObject({ correct: 1, predictions: [1] });
    // Cleared in one cycle, two for each spike.
    expect(history[0]?.counters.cycles).toBe(1 + 2 * 11 + 1 + 2 * 8);
    expect(scored.counters).toMatchObject({ cycles: 1 + 2 * 8, pushes: 8, pops: 8, drops: 0 });
  });

  test('golden writes what verify replays, on the other engine, too', async () => {
    const source = { program: here('./program.yaml'), hwModel: here('./core.yaml'), settings: [] };
    const text = JSON.stringify(chipTraceOf(cell, data, { engine, chips, source }));
    const trace = readTrace(text, 't.json', await goldenFormats());
    for (const other of engineNames) {
      const verdict = replayTrace(trace, {
        file: 't.json',
        engine: other,
        find: findFile,
        readImage: () => cell.image,
      });
      // Three samples: each cleared, with eight steps; 27 spikes, each poured into one bucket by nine instructions.
      expect(verdict).toEqual({
        agrees: true,
        summary: `${3 * 9 + 27} inputs, ${3 + 2 * 27} cycles`,
        exercised: { kernels: [{ name: 'pour(buckets)', instructions: 9, items: 27 }] },
      });
    }
    // The sample of class 1 was learnt in each of its steps.
    expect(JSON.parse(text)).toMatchObject({
      expected: { states: [{ 'buckets.level': [0, 24, 0, 0], taught: [8] }], counters: { pushes: 27 } },
    });
  });
});

test('a host makes no records until it is asked for a recording', () => {
  // A record of a row that is not there: whoever computes it stops.
  const base = cell.image.core.controllerData;
  const controllerData = controllerSchema.parse({
    ...base,
    tables: { one: { rows: 1, entry: { x: 8 } } },
    records: { seen: ['x'] },
    inputs: { ...base?.inputs, step: { do: [{ record: { seen: ['one[1].x'] } }] } },
  });
  const core = coreImageOf(cell.image);
  const image = imageOfCore({ ...core, core: { ...core.core, controllerData } });
  const host = createHost({ ...cell, image }, createMachine(image), data);
  host.learn(0, 0);
  host.record?.({ name: 'r', description: '' });
  expect(() => host.learn(0, 0)).toThrow('expected an address from 0 to 0, found 1');
});

test('an image has the controller with it', () => {
  const image = readImage(writeImage(cell.image), 'b.pcore');
  expect(image.core).toEqual(cell.image.core);
  expect(image.core.controllerData?.registers).toEqual({ taught: { bits: 8 } });
});

test('augment: false leaves out the random changes of an encoder', () => {
  // A spike of unit 1 in each sample. Training moves the units by up to 3, some of them out of the input.
  const events: EventSet = {
    ...{ kind: 'events', name: 'events', inputs: 4, classes: 2, count: 16 },
    labels: new Uint8Array(16),
    times: new Float32Array(16),
    units: new Uint16Array(16).fill(1),
    speakers: undefined,
    starts: Uint32Array.from({ length: 16 }, (_, sample) => sample),
    ends: Uint32Array.from({ length: 16 }, (_, sample) => sample + 1),
  };
  const pushesWith = (augment: boolean): number => {
    const machine = createMachine(cell.image);
    const encoder = { ...defaultEventEncoding, jitterChannels: 3 };
    const spikes = { name: 'spikes', description: '', train: events, test: events };
    const host = createHost({ ...cell, encoder }, machine, spikes);
    for (let sample = 0; sample < events.count; sample++) host.learn(sample, 0, { augment });
    return host.counters().pushes;
  };
  expect(pushesWith(false)).toBe(16);
  expect(pushesWith(true)).toBeLessThan(16);
});

describe('an experiment is refused', () => {
  const section = (value: object) => ({ path: ['controller'], value, place: {} });
  const stated = { begin: 'clear', spike: 'spike', step: 'step', answer: 'buckets.level' };
  const run = (value: object) => runCell(resolveCell(load([section(value)]), {}, findFile), data);

  test('with an input that is not there, or that samples have nothing for', async () => {
    await expectRejection(
      run({ ...stated, begin: 'clean' }),
      'invalid-value',
      "controller.begin: the controller has no input 'clean'",
      "did you mean 'clear'?",
    );
    await expectRejection(
      run({ ...stated, step: 'spike' }),
      'invalid-value',
      "controller.step: input 'spike' takes 'neuron', of which samples say nothing",
    );
  });

  test('with a key that the section does not have', () => {
    expectError(() => load([section({ ...stated, answers: 'x' })]), 'unknown-key', "did you mean 'answer'?");
  });

  test('with more inputs than neurons have numbers', async () => {
    const wide = { ...data.train, inputs: 8, values: new Uint8Array(16) };
    await expectRejection(
      runCell(cell, { ...data, train: wide }),
      'data',
      "has 8 inputs; input 'spike' takes a neuron of 2 bits",
    );
  });

  test('on an hw-model without such a controller', async () => {
    const other = resolveCell(
      load([{ path: ['hw'], value: here('../toy/core.yaml'), place: {} }]),
      {},
      findFile,
    );
    await expectRejection(runCell(other, data), 'image', "hw-model 'toy' states no controller as data");
  });
});
