import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readNpz, stratifiedPrefix } from '../../src/data/index.ts';
import { loadDataset } from '../../src/data/node.ts';
import {
  compare,
  encodedData,
  importNir,
  inputSpikes,
  networkOf,
  readInputData,
  runningOn,
} from '../../src/import/index.ts';
import { conventions, type Framework, readNir } from '../../src/nir/index.ts';
import { needs } from '../support/needs.ts';
import { coreOf } from './support.ts';

const folder = process.env.PLASTICORE_NIR;

/**
 * Networks with the framework that wrote and ran them, and the most points that integers may lose of its accuracy. a3
 * has few test samples.
 */
const networks: readonly [string, Framework, number][] = [
  ['a1_snntorch_leaky', 'snntorch', 0.5],
  ['a3_snntorch_rleaky', 'snntorch', 2],
  ['a5_sinabs_conv', 'sinabs', 0.5],
];

test.each(networks)(
  '%s with 8-bit weights and 16-bit accumulators',
  { timeout: 300_000, ...needs('nir') },
  async (name, framework, points) => {
    const read = (file: string) => readFileSync(join(folder ?? '', `${name}.${file}`));
    const graph = await readNir({ name, bytes: read('nir') });
    const samples = readNpz(read('npz'), name);
    const rules = conventions[framework];
    const data = readInputData(samples, name, networkOf(graph, rules).input);
    const imported = importNir(
      { graph, rules, input: inputSpikes, name: 'net', file: name, steps: data.steps, calibration: data },
      { widths: { weightBits: 8, accumulatorBits: 16 } },
    );
    const core = coreOf(imported, 'fast', 'mp16-8');
    const drift = compare({ ...imported, running: runningOn(core, imported) }, data);
    // The yardstick gives each recorded answer.
    expect(drift.recorded?.float).toBe(1);
    const { float = 0, integer = 0 } = drift.accuracy ?? {};
    expect(100 * (float - integer)).toBeLessThanOrEqual(points);
    for (const { correlation = 0 } of drift.layers) expect(correlation).toBeGreaterThan(0.99);
  },
);

test('the bundled network of sinabs with 8-bit weights and 16-bit accumulators', async () => {
  const name = 'experiments/digits-sinabs.nir';
  const graph = await readNir({ name, bytes: readFileSync(name) });
  const digits = await loadDataset(undefined);
  const rules = conventions.sinabs;
  const { input } = networkOf(graph, rules);
  const calibration = encodedData(stratifiedPrefix(digits.train, 50, 0), 'phase', 24, input);
  const imported = importNir(
    { graph, rules, input: inputSpikes, name: 'net', file: name, steps: 24, calibration },
    { widths: { weightBits: 8, accumulatorBits: 16 } },
  );
  const core = coreOf(imported, 'fast', 'mp16-8');
  const drift = compare(
    { ...imported, running: runningOn(core, imported) },
    encodedData(stratifiedPrefix(digits.test, 50, 0), 'phase', 24, input),
  );
  // The network is right about 98 of 100 digits, whoever runs it; chance is 10.
  const { float = 0, integer = 0 } = drift.accuracy ?? {};
  expect(float).toBeGreaterThan(0.9);
  expect(Math.abs(float - integer)).toBeLessThanOrEqual(0.02);
  expect(drift.agreement).toBeGreaterThanOrEqual(0.98);
  for (const { correlation = 0 } of drift.layers) expect(correlation).toBeGreaterThan(0.99);
});
