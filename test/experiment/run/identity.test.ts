import { describe, expect, test } from 'vitest';
import {
  type CellChoice,
  identityOfRun,
  loadExperiment,
  parseSettings,
  planRecording,
  reportOf,
  resolveCell,
  runCell,
  runIdentity,
  runKey,
} from '../../../src/experiment/index.ts';
import { loadFor } from '../../../src/experiment/node.ts';
import { findFile } from '../../../src/fs/index.ts';

const usual = { limit: 20, epochs: 1, precision: 'mp16-8', seed: 1 };

interface Change {
  readonly set?: readonly string[];
  readonly choice?: CellChoice;
  readonly record?: string;
  readonly neurobench?: boolean;
}

async function runOf({ set = [], choice = {}, record, neurobench }: Change) {
  const settings = parseSettings(set);
  const experiment = loadExperiment(findFile('experiment', 'mnist-snn', ''), settings.experiment);
  const cell = resolveCell(experiment, { ...usual, ...choice, settings }, findFile);
  const data = await loadFor(cell, undefined);
  const plan = record === undefined ? undefined : planRecording(record, cell.image);
  return { cell, data, identity: runIdentity(cell, data, plan, neurobench) };
}

describe('the key of a run', async () => {
  const { cell, data, identity } = await runOf({});
  const key = runKey(identity);

  test.each<[string, Change]>([
    ['the precision', { choice: { precision: 'mp16-4' } }],
    ['the epochs', { choice: { epochs: 2 } }],
    ['the limit', { choice: { limit: 21 } }],
    ['the encoder', { choice: { encoder: 'phase' } }],
    ['the part that is scored', { choice: { validate: 0.25 } }],
    ['the core model', { choice: { hw: 'large' } }],
    ['a core that only infers', { choice: { inference: true, epochs: 0 } }],
    ['a parameter', { set: ['program.parameters.gain=1'] }],
    ['a price', { set: ['hw.clockMhz=123'] }],
    ['what the experiment is called', { set: ['experiment.name=other'] }],
    ['how samples are moved', { set: ['experiment.shift={rotateDegrees: 10}'] }],
    ['what is recorded', { record: 'spikes:*' }],
    ['what is counted for NeuroBench', { neurobench: true }],
  ])('changes with %s', async (_, change) => {
    expect(runKey((await runOf(change)).identity)).not.toBe(key);
  });

  test('does not change with the seed, which the identity has', async () => {
    const other = (await runOf({ choice: { seed: 2 } })).identity;
    // The image starts with other weights.
    expect(runKey({ ...other, imageSha256: identity.imageSha256 })).toBe(key);
    expect(other.seed).toBe(2);
  });

  test('of a shared run changes with what is shared, not with the core model or its files', async () => {
    const keyOf = (of: typeof cell) => runKey(runIdentity(of, data, undefined));
    const shared = { ...cell, function: '0123456789abcdef' };
    expect(keyOf(shared)).not.toBe(key);
    expect(keyOf({ ...shared, function: '0123456789abcde0' })).not.toBe(keyOf(shared));
    const core = { ...cell.image.core, hwModel: 'other' };
    const provenance = { ...cell.image.provenance, sources: [] };
    expect(keyOf({ ...shared, image: { ...cell.image, core, provenance } })).toBe(keyOf(shared));
  });

  test.each<[string, Change]>([
    ['a run', {}],
    ['a validated run', { choice: { validate: 0.25, precision: 'fp32' }, record: 'v:hidden' }],
  ])('of %s is that of its report', async (_, change) => {
    const run = await runOf(change);
    for (const of of [run.cell, { ...run.cell, function: '0123456789abcdef' }]) {
      const own = runIdentity(of, run.data, undefined);
      const result = await runCell(of, run.data, {});
      const report = reportOf(of, run.data, own, result, { wallSeconds: 0, workers: 1, host: '' });
      expect(identityOfRun(report.provenance)).toEqual(own);
      expect(runKey(identityOfRun(report.provenance))).toBe(runKey(own));
    }
  });
});
