import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { synapticWeight } from '../../../src/chips/loihi/weights.ts';
import { compile, compileCore } from '../../../src/compiler/index.ts';
import { createCore, engineNames, type Processor } from '../../../src/engine/index.ts';
import type { Placement } from '../../../src/image/index.ts';
import { createMachine } from '../../../src/machine/index.ts';
import { program as describeProgram, type Program } from '../../../src/program/index.ts';
import type { Net, Run, Trace } from '../../golden/plain/loihi-format.ts';
import { spikeTrain } from '../../support/core.ts';
import { goldenText } from '../../support/golden.ts';
import { replayContext } from '../replay-context.ts';

/*
 * The networks that public models of Loihi were recorded with, as programs: what waits for a delay there waits in a
 * program by `delay`. The chip's controller, which keeps spikes itself, plays no part.
 */

const net = JSON.parse(goldenText('loihi-net')) as Net;

const rules = `
kernel arrive over row
  ld     r0, syn.charge
  ld     r1, post.charge
  add.w  r0, r0, r1
  st     r0, post.charge
end
`;

/** A layer is a population; a projection has the weight and the delay of each synapse, in rows. */
function programOf({ config }: Run): Program {
  const integer = (bits: number, signed = true) => ({ kind: 'integer' as const, bits, signed });
  const { steps, inputs, vmin, vmax, layers, projections } = config;
  const sizes = new Map([
    ['in', inputs],
    ...Object.entries(layers).map(([name, { n }]) => [name, n] as const),
  ]);
  const run = (index: number) => ({ run: 'arrive', over: `p${index}` });
  const from = (name: string) => projections.flatMap(({ pre }, index) => (pre === name ? [run(index)] : []));
  let built = describeProgram({ name: 'loihi-net', steps })
    .population('in', { size: inputs })
    .input('in')
    .parameter('lowest_voltage', vmin)
    .parameter('highest_voltage', vmax)
    .parameter('current_wrap', 8)
    .parameter('drive_wrap', 8)
    .microcode('arrive', { text: rules })
    .microcode('loihi', {
      text: readFileSync(new URL('../../../programs/rules/loihi.uc', import.meta.url), 'utf8'),
    })
    .tick({ deliver: 'in' })
    .spike('in', ...from('in'));
  for (const [name, layer] of Object.entries(layers)) {
    const each = (value: number) => ({ initial: { values: new Array<number>(layer.n).fill(value) } });
    built = built
      .population(name, {
        size: layer.n,
        fields: {
          current_decay: { ...integer(13, false), ...each(layer.decay_u) },
          voltage_decay: { ...integer(13, false), ...each(layer.decay_v) },
          threshold: { ...integer(17, false), ...each(layer.vth) },
          bias: { ...integer(20), ...each(layer.bias_mant * 2 ** layer.bias_exp) },
          refractory_period: { ...integer(7, false), ...each(layer.refract) },
          charge: { ...integer(22), overflow: 'wrap' },
          current: { ...integer(24), overflow: 'wrap' },
          voltage: integer(24),
          dead_steps: integer(7, false),
        },
      })
      .previousSpike(name, ...from(name))
      .tick({ deliver: name, spikes: 'previous' });
  }
  for (const [index, { pre, post, synapses, ...format }] of projections.entries()) {
    const columns = sizes.get(post) ?? 0;
    const charge = new Array<number>((sizes.get(pre) ?? 0) * columns).fill(0);
    const delay = [...charge];
    for (const [i, j, mantissa, steps] of synapses) {
      charge[i * columns + j] = synapticWeight(format, mantissa, 'brian2loihi');
      delay[i * columns + j] = steps;
    }
    built = built.projection(`p${index}`, {
      from: pre,
      to: post,
      weights: 'none',
      delay: { values: delay },
      fields: { charge: { ...integer(22), initial: { values: charge } } },
    });
  }
  const names = Object.keys(layers);
  return built
    .tick(...names.map((over) => ({ run: 'update', over })))
    .readout(`${names[0]}.voltage`)
    .create();
}

/** Currents, voltages and spikes of each layer, in the form of the recording. */
function traced(core: Processor, { config, stimulus }: Run): Record<string, Trace> {
  const { fields, populations } = core.image;
  const layers = Object.entries(config.layers);
  const traces = Object.fromEntries(
    layers.map(([name, { n }]): [string, Trace] => [
      name,
      { u: Array.from({ length: n }, () => []), v: Array.from({ length: n }, () => []), spikes: [] },
    ]),
  );
  const spikes = spikeTrain(...stimulus.inputs);
  core.begin({ label: 0, learn: false, steps: config.steps, spikes });
  for (let step = 0; step < config.steps; step++) {
    core.step();
    for (const [name, trace] of Object.entries(traces)) {
      const read = (field: string) =>
        core.read(fields.findIndex((candidate) => candidate.name === `${name}.${field}`));
      for (const [neuron, value] of read('current').entries()) trace.u[neuron]?.push(value);
      for (const [neuron, value] of read('voltage').entries()) trace.v[neuron]?.push(value);
      trace.spikes.push([...core.spikesOf(populations.findIndex((candidate) => candidate.name === name))]);
    }
  }
  return traces;
}

/** The chip without its controller: any program runs on it. */
const loihi = {
  ...replayContext.hwModel({ hw: 'loihi-compartments', from: '', settings: [] }),
  controller: undefined,
};
const options = { precision: 'own', seed: 1 };

describe.each(engineNames)('a program with delays is the recorded network, on engine %s', (engine) => {
  test.each(Object.keys(net.runs))('%s', (name) => {
    const run = net.runs[name];
    if (run === undefined) throw new Error(`no run ${name}`);
    const core = createCore(compileCore(programOf(run), loihi, options), { engine });
    const { from: _, ...expected } = run.expected;
    expect(traced(core, run)).toEqual(expected);
  });
});

test('on several cores it is the same', () => {
  const run = net.runs.delayed;
  if (run === undefined) throw new Error('no run delayed');
  const placement: Placement = {
    in: [{ first: 0, size: 32, core: 0 }],
    L1: [
      { first: 0, size: 17, core: 0 },
      { first: 17, size: 23, core: 5 },
    ],
    L2: [
      { first: 0, size: 8, core: 9 },
      { first: 8, size: 16, core: 5 },
    ],
  };
  const system = createMachine(compile(programOf(run), loihi, options, { slices: placement }));
  const { from: _, ...expected } = run.expected;
  expect(traced(system, run)).toEqual(expected);
});
