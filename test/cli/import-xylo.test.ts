import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { writeNpz } from '../../src/data/index.ts';
import { type NirGraph, writeNir } from '../../src/nir/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { graph } from '../import/support.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';

/* Networks of NIR on the neurons of Xylo, as commands import, check and run them. */

const { path } = scratch();

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

/** A second hidden layer, which no input leads to. */
const deep = ['input -> w0 -> hidden -> w2 -> next -> w1 -> out -> output'];

async function file(name: string, nir: NirGraph): Promise<string> {
  writeFileSync(path(`${name}.nir`), await writeNir(nir));
  return path(`${name}.nir`);
}

// Drawn before those that are refused.
const recurrent = network();

beforeAll(async () => {
  await file('net', recurrent);
  const data = Uint8Array.from({ length: samples * steps * inputs }, () =>
    dice.chance(0.2) ? dice.whole(1, 3) : 0,
  );
  const label = { shape: [samples], data: Uint8Array.from({ length: samples }, () => dice.whole(0, 1)) };
  writeFileSync(path('samples.npz'), writeNpz({ input: { shape: [samples, steps, inputs], data }, label }));
});

const importTo = (chip: string, name: string, ...args: readonly string[]) =>
  commandLine(argv`import ${path(`${name}.nir`)} --from rockpool --hw ${chip} ${args}`);

const record = z.object({
  scales: z.string(),
  populations: z.array(
    z.object({ node: z.string(), dashMem: z.array(z.number()), threshold: z.array(z.number()) }),
  ),
});
const both = z.object({ float: z.number(), integer: z.number() });
const drift = z.object({ drift: z.object({ layers: z.array(z.object({ node: z.string(), rate: both })) }) });

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
  // exp(-1/8) is kept in floats, 7/8 on the chip: rates are close, but no more. An output spikes once in a step there.
  const { layers } = drift.parse(JSON.parse(checked.stdout)).drift;
  expect(layers.map(({ node }) => node)).toEqual(['hidden', 'out']);
  const { float = 0, integer = 0 } = layers[0]?.rate ?? {};
  expect(float).toBeGreaterThan(0.2);
  expect(Math.abs(integer / float - 1)).toBeLessThan(0.1);
  const run = await commandLine(argv`run ${path(chip, 'experiment.yaml')} --out ${path(`${chip}-run`)}`);
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

test('which neurons a chip goes through is a statement of its hw-model, not the presence of a cost', async () => {
  const cost = '{cyclesPerItem: 1, energyPjPerItem: 1, source: cycles}';
  const model = (name: string, base: string, change: string) => {
    const text = `format: plasticore/hw-model/1\nextends: ${base}\nname: ${name}\n${change}\n`;
    writeFileSync(path(`${name}.yaml`), text);
    return path(`${name}.yaml`);
  };
  await file('deep', network({ w2: linear(10, 10), next: cuba(10) }, ...deep));
  const programOn = async (chip: string, folder: string) => {
    expect((await importTo(chip, 'deep', '--out', path(folder))).stderr).not.toContain('plasticore:');
    return readFileSync(path(folder, 'program.yaml'), 'utf8');
  };
  const priced = model('priced', 'xylo-audio3', `kernels: {passedHidden: ${cost}, passedOutput: ${cost}}`);
  expect(await programOn(priced, 'priced')).toBe(await programOn('xylo-audio3', 'unpriced'));
  const unpriced = model('unpriced', 'xylo-audio2', 'kernels: {passedHidden: null, passedOutput: null}');
  expect((await importTo(unpriced, 'deep', '--out', path('none'))).stderr).toContain("'passedHidden'");
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

const lif = (size: number) => {
  const same = (value: number) => [[size], Array.from({ length: size }, () => value)] as const;
  return ['LIF', { tau: same(0.008), r: same(8), v_leak: same(0), v_threshold: same(1) }] as const;
};
const chain = 'input -> w0 -> hidden -> w1 -> out -> output';

/*
 * Rules of Rockpool's mappers (xylo_mapper.py of each chip, at 42cee1c), and numbers of its xylo-overview.ipynb: graphs
 * that miss one of them each.
 */
test.each([
  // no_consecutive_weights: Inputs to linear weights may not be linear weights.
  [
    'xylo-audio3',
    { between: linear(10, 10) },
    ['input -> w0 -> between -> hidden -> w1 -> out -> output'],
    'has 2 nodes of weights in a row',
  ],
  // input_to_neurons_is_a_weight: All neurons must receive inputs only from weight nodes.
  [
    'xylo-audio2',
    { direct: cuba(2) },
    ['input -> w0 -> hidden -> w1 -> direct -> out -> output'],
    'has 0 nodes of weights',
  ],
  // output_neurons_cannot_be_recurrent: Output neurons may not be recurrent.
  [
    'xylo-imu',
    { again: linear(2, 2) },
    [chain, 'out -> again -> out'],
    'begins at the outputs, and is recurrent',
  ],
  // at_least_two_neuron_layers_needed.
  ['xylo-audio2', { w1: linear(2, inputs) }, ['input -> w1 -> out -> output'], 'has 1 layer of neurons'],
  // The dash is log2(tau / dt), and has to be above 0.
  ['xylo-audio3', { hidden: cuba(10, 0.001) }, [chain], 'has a time constant of 1 step'],
  // _convert_from: only neurons with a synapse become those of the chip.
  ['xylo-imu', { hidden: lif(10) }, [chain], 'has neurons of type LIF'],
  // le_16_input_channels; failure for want of IDs.
  ['xylo-audio3', { input: ['Input', { shape: end(17) }], w0: linear(10, 17) }, [chain], 'has 17 inputs'],
  [
    'xylo-audio2',
    { w1: linear(9, 10), out: cuba(9), output: ['Output', { shape: end(9) }] },
    [chain],
    'has 9 outputs',
  ],
  [
    'xylo-imu',
    { w1: linear(17, 10), out: cuba(17), output: ['Output', { shape: end(17) }] },
    [chain],
    'has 17 outputs',
  ],
  [
    'xylo-imu',
    { w0: linear(129, inputs), hidden: cuba(129), w1: linear(2, 129) },
    [chain],
    'has 129 hidden neurons that inputs reach',
  ],
  [
    'xylo-audio2',
    { loop: linear(65, 65), w0: linear(65, inputs), hidden: cuba(65), w1: linear(2, 65) },
    [chain, 'hidden -> loop -> hidden'],
    'has a neuron with 67 synapses',
  ],
] as const)('%s refuses: %#', async (chip, change, edges, message) => {
  await file('refused', network(change, ...edges));
  const { stderr } = await importTo(chip, 'refused', '--out', path('refused'));
  expect(stderr).toContain(`plasticore: `);
  expect(stderr).toContain(message);
  expect(existsSync(path('refused'))).toBe(false);
});

test('neurons that reset to a value are refused', async () => {
  const { stderr } = await importTo('xylo-audio3', 'net', '--reset', 'value', '--out', path('refused'));
  expect(stderr).toContain('has neurons that reset to a value');
});
