import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { conventions, type Framework, isNeuron, NirNetwork, readNir } from '../../src/nir/index.ts';
import { needs } from '../support/needs.ts';
import { arraysOf } from './files.ts';

const folder = process.env.PLASTICORE_NIR;

/**
 * Networks with the framework that wrote and ran them, and the arrays of their layers' spikes, in the order of the
 * network.
 */
const networks: readonly [string, Framework, readonly string[]][] = [
  ['a1_snntorch_leaky', 'snntorch', ['hidden_spikes', 'output_spikes']],
  ['a3_snntorch_rleaky', 'snntorch', ['hidden_spikes', 'output_spikes']],
  ['a5_sinabs_conv', 'sinabs', ['layer1_spikes_first50', 'layer2_spikes', 'output_spikes']],
];

test.each(networks)(
  'every recorded spike of %s, and every answer',
  { timeout: 300_000, ...needs('nir') },
  async (name, framework, layers) => {
    const read = (file: string) => readFileSync(join(folder ?? '', `${name}.${file}`));
    const graph = await readNir({ name, bytes: read('nir') });
    const arrays = arraysOf(read('npz'));
    const network = new NirNetwork(graph, conventions[framework]);
    const { shape = [], values: input = new Float64Array() } = arrays('input') ?? {};
    const [samples = 0, steps = 0] = shape;
    const recorded = layers.map((layer) => arrays(layer));
    const [source = ''] = network.inputs.keys();
    const [target = ''] = network.outputs.keys();
    const each = input.length / samples;
    let different = 0;
    let wrong = 0;
    for (let sample = 0; sample < samples; sample++) {
      // Neurons act in the order of the network within a step.
      const seen = new Map<string, number>();
      const output = network.run(
        new Map([[source, input.subarray(sample * each, (sample + 1) * each)]]),
        steps,
        (node, step, spikes) => {
          const type = graph.nodes.get(node)?.type;
          if (type === undefined || !isNeuron(type)) return;
          const layer = seen.get(node) ?? seen.size;
          seen.set(node, layer);
          const { shape: [kept = 0] = [], values = new Float64Array() } = recorded[layer] ?? {};
          if (sample >= kept) return;
          const first = (sample * steps + step) * spikes.length;
          for (const [at, spike] of spikes.entries()) if (values[first + at] !== spike) different += 1;
        },
      );
      expect(seen.size).toBe(layers.length);
      const spikes = output.get(target) ?? new Float64Array();
      const classes = spikes.length / steps;
      const counts = Array.from({ length: classes }, () => 0);
      for (const [at, spike] of spikes.entries()) counts[at % classes] = (counts[at % classes] ?? 0) + spike;
      if (counts.indexOf(Math.max(...counts)) !== arrays('pred')?.values[sample]) wrong += 1;
    }
    expect([different, wrong]).toEqual([0, 0]);
  },
);
