/**
 * What Rockpool publishes, held against: a network trained for Audio 3 with four recordings, and its own quantisation.
 * Its files are under the AGPL, so that none are here: PLASTICORE_ROCKPOOL names a folder with the repository
 * synsense/rockpool at commit 42cee1c, of which docs/devices/xylo-a3 and rockpool/transform are enough.
 */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { readNpy } from '../../../src/data/index.ts';
import type { Image } from '../../../src/image/index.ts';
import {
  quantiseXylo,
  type XyloLayer,
  type XyloMethod,
  type XyloNetwork,
  xyloMethods,
} from '../../../src/import/xylo/quantise.ts';
import { at } from '../../../src/text/index.ts';
import { Dice } from '../../engine/random/dice.ts';
import { needs } from '../../support/needs.ts';
import { pythonWith } from '../../support/python.ts';
import { PlainXylo } from './plain.ts';
import { imageOf, type Raster, runOn } from './support.ts';
import { vendorCycles } from './vendor-cycles.ts';

const folder = process.env.PLASTICORE_ROCKPOOL;

/** Arrays are in the checkpoint as texts. */
const checkpoint = z.object({
  seq: z.record(z.string(), z.record(z.string(), z.union([z.string(), z.null()]))),
});

function numbers(text: string | null | undefined): number[] {
  const value: unknown = JSON.parse(text ?? 'null');
  return z.array(z.number()).parse(Array.isArray(value) ? value.flat(10) : [value]);
}

function synNet(dir: string): XyloNetwork {
  const file = join(dir, 'docs/devices/xylo-a3/model_sample/to_deploy_inXylo.json');
  const { seq } = checkpoint.parse(JSON.parse(readFileSync(file, 'utf8')));
  const layer = (name: string, size: number): XyloLayer => {
    const part = seq[`${name}_neurons`] ?? {};
    const [dt = 0] = numbers(part.dt);
    const each = (key: string) => {
      const values = numbers(part[key]);
      return Float64Array.from({ length: size }, (_, place) => at(values, values.length === 1 ? 0 : place));
    };
    const dash = (key: string) => each(key).map((tau) => Math.log2(tau / dt));
    return {
      name: `layer${name}`,
      size,
      dashMem: dash('tau_mem'),
      dashSyn: dash('tau_syn'),
      threshold: each('threshold'),
      bias: each('bias'),
    };
  };
  const weights = (name: string) => Float64Array.from(numbers(seq[`${name}_linear`]?.weight));
  return {
    inputs: 16,
    hidden: [layer('0', 63), layer('1', 63), layer('2', 63)],
    outputs: layer('out', 4),
    weights: [
      { from: 'input', to: 0, values: weights('0') },
      { from: 0, to: 1, values: weights('1') },
      { from: 1, to: 2, values: weights('2') },
      { from: 2, to: 'output', values: weights('out') },
    ],
  };
}

function recording(dir: string, sound: string): Raster {
  const file = `docs/devices/xylo-a3/afesim_sample/AFESimExternalSample_${sound}.npy`;
  const { shape, data } = readNpy(readFileSync(join(dir, file)), sound);
  expect(shape).toEqual([301, 16]);
  return Array.from({ length: 301 }, (_, step) => Array.from(data.subarray(16 * step, 16 * step + 16)));
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('SynNet 16-63-63-63-4', { timeout: 120_000, ...needs('rockpool') }, () => {
  let network: XyloNetwork;
  let image: Image;
  beforeAll(() => {
    network = quantiseXylo(synNet(folder ?? ''), 'channel');
    image = imageOf(network, 301 + 3);
  });

  test('quantised: dashes 1 to 7, 7847 weights between hidden neurons', () => {
    const dashes = network.hidden.flatMap(({ dashSyn }) => [...dashSyn]);
    expect([Math.min(...dashes), Math.max(...dashes)]).toEqual([1, 7]);
    const counted = network.weights.map(({ values }) => values.filter((value) => value !== 0).length);
    expect(at(counted, 1) + at(counted, 2)).toBe(7847);
    expect(vendorCycles(network, 'xylo-audio3', { input: 1, hidden: 1 })).toBe(65_325);
  });

  /*
   * The class is printed in Using_XyloSamna_and_XyloMonitor.ipynb for the chip. The counts were computed once, from the
   * description of the integers alone, by another program. Spikes of the last steps count, not those of settling.
   */
  test.each([
    ['glass', 0, [25, 0, 0, 0], 37_525, 19_901],
    ['gun', 1, [0, 12, 0, 0], 31_390, 18_936],
    ['scream', 2, [2, 0, 21, 0], 34_051, 18_902],
    ['background', 3, [0, 0, 0, 35], 24_150, 15_142],
  ] as const)('%s', (sound, printed, outputs, hidden, cycles) => {
    const raster = recording(folder ?? '', sound);
    const steps = runOn(image, network, raster, 'fast').slice(0, 301);
    const counts = [0, 1, 2, 3].map((output) => sum(steps.map((step) => at(step.outputs, output))));
    expect(counts.indexOf(Math.max(...counts))).toBe(printed);
    expect(counts).toEqual(outputs);
    expect(sum(steps.flatMap((step) => step.hidden))).toBe(hidden);
    const share = (lists: Raster) => lists.flat().filter((value) => value > 0).length / lists.flat().length;
    const shares = { input: share(raster), hidden: share(steps.map((step) => step.hidden)) };
    expect(Math.round(vendorCycles(network, 'xylo-audio3', shares))).toBe(cycles);
    expect(steps.map((step) => step.cycles)).toEqual(counted(network, raster, steps));
    const plain = new PlainXylo(network);
    for (const [place, events] of raster.entries()) {
      const made = at(steps, place);
      expect({ hidden: made.hidden, outputs: made.outputs }).toEqual(plain.step(events));
    }
  });
});

/** Cycles of each step where each active neuron counts with its own fan-out, not with the mean. */
function counted(
  { inputs, hidden, outputs, weights }: XyloNetwork,
  raster: Raster,
  steps: readonly { readonly hidden: readonly number[] }[],
): number[] {
  const layers = hidden.map(({ size }) => size);
  const fanOut = layers.flatMap((size, from) => {
    const own = weights.find((each) => each.from === from && each.to === from + 1)?.values ?? [];
    return Array.from(
      { length: size },
      (_, row) =>
        Array.from(own).filter((value, place) => value !== 0 && Math.floor(place / size) === row).length,
    );
  });
  const last = sum(layers) - at(layers, layers.length - 1);
  return steps.map(({ hidden: now }, step) => {
    const active = at(raster, step).filter((events) => events > 0).length;
    const before = steps[step - 1]?.hidden ?? [];
    const sent = before.map((spikes, neuron) =>
      spikes === 0 ? 0 : 7 * at(fanOut, neuron) + (neuron < last ? 0 : 1 + 8 * outputs.size),
    );
    const spiking = now.filter((spikes) => spikes > 0).length;
    return (
      inputs + 3.5 * active * at(layers, 0) + sum(sent) + 22 * now.length + 3 * spiking + 12 * outputs.size
    );
  });
}

const python = folder === undefined ? undefined : pythonWith('numpy');

/** Runs quantize_methods.py on networks in JSON, and prints what it makes of them. */
const script = `
import json, sys, importlib.util
import numpy as np
spec = importlib.util.spec_from_file_location('q', sys.argv[1])
q = importlib.util.module_from_spec(spec); spec.loader.exec_module(q)
made = []
for network in json.load(sys.stdin):
    given = {key: np.array(value, dtype=float) for key, value in network['given'].items()}
    out = getattr(q, network['method'] + '_quantize')(**given)
    made.append({key: np.array(value).tolist() for key, value in out.items()})
print(json.dumps(made))
`;

/** A network as a specification of Rockpool: one matrix of all hidden neurons, a last axis for synaptic states. */
function specificationOf({ inputs, hidden, outputs, weights }: XyloNetwork) {
  const first = hidden.map((_, place) => sum(hidden.slice(0, place).map(({ size }) => size)));
  const count = sum(hidden.map(({ size }) => size));
  const zeros = (rows: number, columns: number) =>
    Array.from({ length: rows }, () => Array.from({ length: columns }, () => [0]));
  const [into, between, out] = [
    zeros(inputs, at(hidden, 0).size),
    zeros(count, count),
    zeros(count, outputs.size),
  ];
  for (const { from, to, values } of weights) {
    const columns = to === 'output' ? outputs.size : at(hidden, to).size;
    const matrix = from === 'input' ? into : to === 'output' ? out : between;
    const [row, column] = [from === 'input' ? 0 : at(first, from), to === 'output' ? 0 : at(first, to)];
    for (const [place, value] of values.entries())
      at(at(matrix, row + Math.floor(place / columns)), column + (place % columns))[0] = value;
  }
  const joined = (of: (layer: XyloLayer) => Float64Array) => hidden.flatMap((layer) => [...of(layer)]);
  return {
    weights_in: into,
    weights_rec: between,
    weights_out: out.map((row) => row.map(([weight]) => weight)),
    threshold: joined((layer) => layer.threshold),
    threshold_out: [...outputs.threshold],
    dash_mem: joined((layer) => layer.dashMem),
    dash_mem_out: [...outputs.dashMem],
    dash_syn: joined((layer) => layer.dashSyn),
    dash_syn_2: joined(({ size }) => new Float64Array(size)),
    dash_syn_out: [...outputs.dashSyn],
    bias: joined((layer) => layer.bias),
    bias_out: [...outputs.bias],
  };
}

/** A network of reals, with thresholds that may be too large, and neurons without weights. */
function randomReals(dice: Dice): XyloNetwork {
  const reals = (size: number, most: number) =>
    Float64Array.from({ length: size }, () => dice.pick([0, 0.5, 1]) * most * (2 * dice.fraction() - 1));
  const layer = (name: string, size: number): XyloLayer => ({
    name,
    size,
    dashMem: reals(size, 4).map((value) => value + 4.5),
    dashSyn: reals(size, 4).map((value) => value + 4),
    // Where the first neuron that no input reaches has too large a threshold, Rockpool ends with an IndexError.
    threshold: reals(size, 1).map((value, place) => (value + 1) * (place === 0 ? 1 : dice.pick([1, 1, 400]))),
    bias: reals(size, dice.pick([0, 2])),
  });
  const [first, second, outputs] = [layer('a', 3), layer('b', 4), layer('out', 3)];
  return {
    inputs: 2,
    hidden: [first, second],
    outputs,
    weights: [
      { from: 'input', to: 0, values: reals(6, 1) },
      { from: 0, to: 1, values: reals(12, 1) },
      { from: 1, to: 1, values: reals(16, 1) },
      { from: 1, to: 'output', values: reals(12, 1) },
    ],
  };
}

describe("Rockpool's own quantisation, in Python with numpy", needs('rockpool', 'numpy'), () => {
  test.each(xyloMethods)('%s: 200 random networks', (method: XyloMethod) => {
    const networks = Array.from({ length: 200 }, (_, seed) => randomReals(new Dice(seed)));
    const { stdout, stderr } = spawnSync(
      python ?? '',
      ['-c', script, join(folder ?? '', 'rockpool/transform/quantize_methods.py')],
      {
        input: JSON.stringify(networks.map((given) => ({ method, given: specificationOf(given) }))),
        maxBuffer: 2 ** 28,
      },
    );
    expect(String(stderr)).toBe('');
    const expected = z.array(z.json()).parse(JSON.parse(String(stdout)));
    for (const [place, network] of networks.entries())
      expect(specificationOf(quantiseXylo(network, method)), `network ${place}`).toEqual(expected[place]);
  });
});
