import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readNpz } from '../../../src/data/index.ts';
import {
  type CellChoice,
  loadExperiment,
  parseSettings,
  resolveCell,
  runCell,
} from '../../../src/experiment/index.ts';
import { loadFor } from '../../../src/experiment/node.ts';
import { findFile } from '../../../src/fs/index.ts';

const imported = readNpz(
  readFileSync(new URL('../../../programs/transfer.npz', import.meta.url)),
  'transfer.npz',
);

async function run(choice: CellChoice, ...set: readonly string[]) {
  const settings = parseSettings(set);
  const experiment = loadExperiment(findFile('experiment', 'transfer', ''), settings.experiment);
  const cell = resolveCell(experiment, { ...choice, settings }, findFile);
  const data = await loadFor(cell, undefined);
  const { scored, machine: engine } = await runCell(cell, data);
  const field = (name: string) => cell.image.fields.findIndex((each) => each.name === name);
  const weights = (projection: string) => [...engine.read(field(`${projection}.weight`))];
  return { accuracy: scored.correct / data.test.count, weights };
}

describe('a network from elsewhere in a world that has shifted', () => {
  test('loses accuracy, learns with its last layer, and keeps its convolutions bit for bit', async () => {
    const limit = 400;
    const upright = await run({ epochs: 0, limit }, 'experiment.shift.rotateDegrees=0');
    const before = await run({ epochs: 0, limit });
    const after = await run({ epochs: 2, limit });
    // Trained elsewhere on upright digits.
    expect(upright.accuracy).toBeGreaterThan(0.97);
    expect(before.accuracy).toBeLessThan(0.85);
    expect(after.accuracy).toBeGreaterThan((upright.accuracy + before.accuracy) / 2);
    const importedTo = (name: string) => [...(imported.get(name)?.data ?? [])].map(Number);
    expect(after.weights('inputToFirst')).toEqual(importedTo('inputToIf1'));
    expect(after.weights('firstToSecond')).toEqual(importedTo('if1ToIf4'));
    expect(before.weights('secondToOutput')).toEqual(importedTo('if4ToIf8'));
    expect(after.weights('secondToOutput')).not.toEqual(importedTo('if4ToIf8'));
  });
});
