import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { writeNpz } from '../../src/data/index.ts';
import { type NirGraph, writeNir } from '../../src/nir/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { graph } from '../import/support.ts';
import { commandLine } from './in-process.ts';

/* Networks of NIR on the neurons of Xylo, as commands import, check and run them. */

const folder = mkdtempSync(join(tmpdir(), 'plasticore-import-xylo-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (...parts: readonly string[]) => join(folder, ...parts);

const dice = new Dice(26);
const linear = (targets: number, sources: number, low = -0.1, high = 0.3) => {
  const drawn = () => low + (high - low) * dice.fraction();
  return [
    'Linear',
    { weight: [[targets, sources], Array.from({ length: targets * sources }, drawn)] },
  ] as const;
};
const cuba = (size: number, tau = 0.008) => {
  const same = (value: number) => [[size], Array.from({ length: size }, () => value)] as const;
  const parameters = {
    tau_mem: same(tau),
    tau_syn: same(0.008),
    r: same(8),
    v_leak: same(0),
    v_threshold: same(1),
  };
  return ['CubaLIF', parameters] as const;
};
const end = (size: number) => [[1], [size]] as const;

const [steps, samples, inputs] = [30, 8, 6];

/** Inputs, a hidden layer that is recurrent, and 2 outputs. */
function network(
  change: Readonly<Record<string, Parameters<typeof graph>[0][string]>> = {},
  ...edges: readonly string[]
) {
  return graph(
    {
      input: ['Input', { shape: end(inputs) }],
      w0: linear(10, inputs),
      hidden: cuba(10),
      loop: linear(10, 10, -0.2, 0.1),
      w1: linear(2, 10),
      out: cuba(2),
      output: ['Output', { shape: end(2) }],
      ...change,
    },
    ...(edges.length > 0
      ? edges
      : ['input -> w0 -> hidden -> w1 -> out -> output', 'hidden -> loop -> hidden']),
  );
}

async function file(name: string, nir: NirGraph): Promise<string> {
  writeFileSync(path(`${name}.nir`), await writeNir(nir));
  return path(`${name}.nir`);
}

beforeAll(async () => {
  await file('net', network());
  const data = Uint8Array.from({ length: samples * steps * inputs }, () =>
    dice.chance(0.2) ? dice.whole(1, 3) : 0,
  );
  const label = { shape: [samples], data: Uint8Array.from({ length: samples }, () => dice.whole(0, 1)) };
  writeFileSync(path('samples.npz'), writeNpz({ input: { shape: [samples, steps, inputs], data }, label }));
});

const importTo = (chip: string, name: string, ...args: readonly string[]) =>
  commandLine(['import', path(`${name}.nir`), '--from', 'rockpool', '--hw', chip, ...args]);

const record = z.object({
  scales: z.string(),
  populations: z.array(
    z.object({ node: z.string(), dashMem: z.array(z.number()), threshold: z.array(z.number()) }),
  ),
});
const drift = z.object({
  drift: z.object({ layers: z.array(z.object({ node: z.string(), correlation: z.number().nullable() })) }),
});

test.each(['xylo-audio2', 'xylo-audio3', 'xylo-imu'])('a recurrent network runs on %s', async (chip) => {
  const checked = await importTo(chip, 'net', '--check', path('samples.npz'), '--out', path(chip), '--json');
  expect(checked.stderr).not.toContain('plasticore:');
  const { scales, populations } = record.parse(JSON.parse(readFileSync(path(chip, 'import.json'), 'utf8')));
  expect(scales).toBe('one for each target neuron');
  // 8 ms are 2^3 steps.
  expect(populations.map(({ node, dashMem }) => [node, new Set(dashMem)])).toEqual([
    ['hidden', new Set([3])],
    ['out', new Set([3])],
  ]);
  // exp(-1/8) is kept in floats, 7/8 on the chip: potentials are close, but no more.
  const { layers } = drift.parse(JSON.parse(checked.stdout)).drift;
  expect(layers.map(({ node }) => node)).toEqual(['hidden', 'out']);
  for (const { correlation } of layers) expect(correlation).toBeGreaterThan(0.8);
  const run = await commandLine(['run', path(chip, 'experiment.yaml'), '--out', path(`${chip}-run`)]);
  expect(run.stdout).toContain('hiddenSynapse(hiddenToHidden)');
});

test('--weights global rounds at one scale, and other chips have no such choice', async () => {
  await importTo('xylo-imu', 'net', '--weights', 'global', '--out', path('global'));
  const { scales, populations } = record.parse(
    JSON.parse(readFileSync(path('global', 'import.json'), 'utf8')),
  );
  expect(scales).toBe('one for hidden neurons, one for outputs');
  for (const { threshold } of populations) expect(new Set(threshold).size).toBe(1);
  const other = await importTo('reference', 'net', '--weights', 'global', '--out', path('none'));
  expect(other.stderr).toContain(
    "--weights global: 'reference' has a scale for each projection; Xylo's networks alone have this choice",
  );
});

test.each([
  ['accumulator', '16'],
  ['learn', 'hidden'],
  ['calibrate', 'digits'],
  ['weights', 'as-is'],
] as const)('--%s is refused', async (option, value) => {
  const { stderr } = await importTo('xylo-audio3', 'net', `--${option}`, value, '--out', path('refused'));
  expect(stderr).toContain(`--${option}`);
});

test.each([
  ['inputs', { input: ['Input', { shape: end(17) }], w0: linear(10, 17) }, [], 'the network has 17 inputs'],
  [
    'outputs',
    { w1: linear(17, 10), out: cuba(17), output: ['Output', { shape: end(17) }] },
    [],
    'the network has 17 outputs',
  ],
] as const)('%s above the limit are refused', async (name, change, edges, message) => {
  await file(name, network(change, ...edges));
  const { stderr } = await importTo('xylo-imu', name, '--out', path('refused'));
  expect(stderr).toContain(message);
});
