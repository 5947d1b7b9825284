import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type FeatureSet, sampleValues, stratifiedPrefix, writeNpz } from '../../src/data/index.ts';
import { conventions, NirNetwork, writeNir } from '../../src/nir/index.ts';
import { at } from '../../src/text/index.ts';
import { type PixelNetwork, pixelNetworks, steps } from '../import/pixel-networks.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';

const { path } = scratch();

const names = ['dense', 'convolutions', 'pooled'] as const;
type Name = (typeof names)[number];
const samples = 30;

interface Written {
  readonly network: PixelNetwork;
  readonly net: string;
  readonly data: string;
  readonly calibration: string;
}
const files = new Map<Name, Written>();
let digits: FeatureSet;

/** Pixels with labels and the answers of the plain loops, as the recordings of frameworks are laid out. */
function recorded(network: PixelNetwork, set: FeatureSet, axes: readonly number[]) {
  const numbers = Array.from({ length: set.count }, (_, sample) =>
    Float64Array.from(sampleValues(set, sample), network.stored),
  );
  const all = numbers.flatMap((sample) => [...sample]);
  const pred = numbers.map((sample) => {
    const counts = new Float64Array(10);
    for (const spikes of network.run(sample).at(-1) ?? [])
      for (const [neuron, spike] of spikes.entries()) counts[neuron] = at(counts, neuron) + spike;
    return counts.indexOf(Math.max(...counts));
  });
  const isWhole = all.every(Number.isInteger);
  return writeNpz({
    input: { shape: [set.count, ...axes], data: isWhole ? Uint8Array.from(all) : Float32Array.from(all) },
    label: { shape: [set.count], data: Uint8Array.from(set.labels) },
    pred: { shape: [set.count], data: Int16Array.from(pred) },
  });
}

beforeAll(async () => {
  const { networks, test: all, train } = await pixelNetworks();
  digits = stratifiedPrefix(all, samples, 0);
  for (const name of names) {
    const network = networks[name];
    const [net, data, calibration] = [path(`${name}.nir`), path(`${name}.npz`), path(`${name}-train.npz`)];
    writeFileSync(net, await writeNir(network.graph));
    const axes = name === 'dense' ? [784] : [1, 28, 28];
    writeFileSync(data, recorded(network, digits, axes));
    writeFileSync(calibration, recorded(network, stratifiedPrefix(train, 20, 0), axes));
    files.set(name, { network, net, data, calibration });
  }
}, 300_000);

const filesOf = (name: Name) => {
  const found = files.get(name);
  if (found === undefined) throw new Error(name);
  return found;
};

/** The column of a table, line by line. */
function column(file: string, name: string): string[] {
  const [head = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const place = head.split(',').indexOf(name);
  expect(place).toBeGreaterThanOrEqual(0);
  return lines.map((line) => line.split(',')[place] ?? '');
}

describe.each(names)('%s on constant pixels', (name) => {
  test('in doubles, every spike is that of the plain loops', () => {
    const { network } = filesOf(name);
    const rules =
      name === 'dense'
        ? conventions.snntorch
        : name === 'pooled'
          ? conventions.spikingjelly
          : { ...conventions.strict, dt: 1 };
    const doubles = new NirNetwork(network.graph, rules);
    let spikes = 0;
    for (let sample = 0; sample < 10; sample++) {
      const numbers = Float64Array.from(sampleValues(digits, sample), network.stored);
      const expected = network.run(numbers);
      const x = name === 'pooled' ? numbers : numbers.map((value) => value / 255);
      const repeated = Float64Array.from({ length: steps * 784 }, (_, place) => at(x, place % 784));
      doubles.run(new Map([['input', repeated]]), steps, (node, step, given) => {
        const layer = network.layers.indexOf(node);
        if (layer < 0) return;
        expect([...given]).toEqual([...at(at(expected, layer), step)]);
        spikes += given.reduce((sum, spike) => sum + spike, 0);
      });
    }
    expect(spikes).toBeGreaterThan(1000);
  });

  test('one command imports it; 8 bits keep the answers, and a run of the experiment gives them', async () => {
    const { network, net, data, calibration } = filesOf(name);
    const out = path(name);
    const { status, stderr } = await commandLine(
      argv`import ${net} --input constant --steps ${String(steps)} ${network.options}
        --calibrate ${calibration} --check ${data} -o ${out}`,
    );
    expect([status, stderr]).toEqual([0, expect.stringMatching(/constant input .*: once, .*J/)]);
    const drift = JSON.parse(readFileSync(join(out, 'drift.json'), 'utf8'));
    expect(drift.recorded).toMatchObject({ samples, float: 1 });
    expect(drift.accuracy.float).toBeGreaterThan(0.5);
    // One of them may be another.
    expect(drift.agreement).toBeGreaterThanOrEqual((samples - 1) / samples);
    const ran = await commandLine(argv`run ${join(out, 'experiment.yaml')} --out ${path(`${name}-run`)}
      --quiet`);
    expect([ran.status, ran.stderr]).toEqual([0, '']);
    expect(column(path(`${name}-run`, 'predictions.csv'), 'prediction')).toEqual(
      column(join(out, 'drift-samples.csv'), 'integer'),
    );
  }, 120_000);
});
