import { describe, expect, test } from 'vitest';
import { loadEmbedded } from '../../src/data/node.ts';
import { engineNames } from '../../src/engine/index.ts';
import {
  type Cell,
  limitData,
  loadExperiment,
  parseSettings,
  resolveCell,
  Session,
} from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import { watchWrites } from '../../src/trace/index.ts';
import { indexOfField } from '../support/core.ts';

const samples = 4;
const data = limitData(loadEmbedded(), samples);

/** mnist-snn with few neurons, whose output potentials are narrow enough to saturate. */
const cellAt = (precision: string, ...set: string[]): Cell =>
  resolveCell(
    loadExperiment(findFile('experiment', 'mnist-snn', '')),
    {
      precision,
      epochs: 2,
      limit: samples,
      settings: parseSettings(['program.populations.hidden.size=12', ...set]),
    },
    findFile,
  );

/** Runs the same samples step by step, without a probe. */
function trained(cell: Cell, afterStep: (core: Machine) => void): Machine {
  const session = new Session(cell, data, { engine: 'reference' });
  while (session.stage.learns) {
    session.step();
    afterStep(session.machine);
    if (session.isStageDone) session.enterNext();
  }
  return session.machine;
}

describe.each(engineNames)('what kernels write, watched on the %s engine', (engine) => {
  test('are the changes between steps, and the ranges after them', () => {
    const cell = cellAt('mp16-8');
    const shadow = indexOfField(cell.image, 'inputToHidden.shadow');
    const writes = watchWrites(cell, data, engine);
    const learn = writes.find(({ kernel }) => kernel === 'learn(inputToHidden)');

    // A weight is learned at most once a step, by this kernel alone.
    let last = createMachine(cell.image).read(shadow);
    const sizes: number[] = [];
    const seen: number[] = [];
    const core = trained(cell, (stepped) => {
      const now = stepped.read(shadow);
      for (const [item, value] of now.entries())
        if (value !== last[item]) sizes.push(Math.abs(value - (last[item] ?? 0)));
      seen.push(Math.min(...now), Math.max(...now));
      last = now;
    });
    const index = cell.image.work.indexOf('learn(inputToHidden)');
    const { runs, items } = core.counters().work[index] ?? {};
    expect(sizes.length).toBeGreaterThan(100);
    expect(learn).toMatchObject({
      field: 'inputToHidden.shadow',
      runs,
      items,
      changes: sizes.length,
      largestChange: Math.max(...sizes),
      holds: [-32767, 32767],
      saturated: 0,
    });
    expect(learn?.meanChange).toBeCloseTo(sizes.reduce((sum, size) => sum + size, 0) / sizes.length, 9);
    // Before the first update, the initial weights are not looked at.
    expect(Math.min(...seen)).toBeLessThanOrEqual(learn?.seen?.[0] ?? Number.NaN);
    expect(Math.max(...seen)).toBeGreaterThanOrEqual(learn?.seen?.[1] ?? Number.NaN);
  });

  test('saturate where a field is too narrow, and are null where nothing could', () => {
    const narrow = watchWrites(
      cellAt('mp16-8', 'program.populations.hidden.fields.signal={bits: 3, overflow: saturate-symmetric}'),
      data,
      engine,
    );
    const signal = narrow.find(({ field }) => field === 'hidden.signal');
    expect(signal).toMatchObject({ holds: [-3, 3], seen: [-3, 3] });
    expect(signal?.saturated).toBeGreaterThan(0);
    expect(narrow.find(({ field }) => field === 'hidden.box')).toMatchObject({
      holds: [0, 1],
      saturated: null,
    });
    const floats = watchWrites(cellAt('fp32'), data, engine);
    expect(floats.find(({ kernel }) => kernel === 'learn(inputToHidden)')).toMatchObject({
      holds: null,
      saturated: null,
    });
  });

  test('are nothing where a kernel never runs', () => {
    const cell = cellAt('mp16-8', 'program.parameters.errorFrom=8');
    expect(watchWrites(cell, data, engine).find(({ kernel }) => kernel === 'learn(inputToHidden)')).toEqual({
      kernel: 'learn(inputToHidden)',
      field: 'inputToHidden.shadow',
      runs: 0,
      items: 0,
      changes: 0,
      meanChange: 0,
      largestChange: 0,
      holds: [-32767, 32767],
      seen: null,
      saturated: null,
    });
  });
});

test('both engines see the same', () => {
  const cell = cellAt('mp8-4');
  expect(watchWrites(cell, data, 'fast')).toEqual(watchWrites(cell, data, 'reference'));
});
