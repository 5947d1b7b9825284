import { describe, expect, test } from 'vitest';
import { compile } from '../../../src/compiler/index.ts';
import { engineNames } from '../../../src/engine/index.ts';
import type { Image, Placement } from '../../../src/image/index.ts';
import { createMachine } from '../../../src/machine/index.ts';
import type { Net } from '../../golden/plain/loihi-format.ts';
import { goldenText } from '../../support/golden.ts';
import { replayContext } from '../replay-context.ts';
import { type LoihiNetwork, netNetwork } from './network.ts';
import { loihiProgram, recordLoihi } from './program.ts';

const hw = replayContext.hwModel({ hw: 'loihi-compartments', from: '' });
const options = { precision: 'own', seed: 1 };

/** Compartments that remember nothing, and spike above 100. */
function layer(size: number): LoihiNetwork['layers'][number] {
  const each = (value: number) => Array.from({ length: size }, () => value);
  return {
    nameOf: String,
    currentDecay: each(4096),
    voltageDecay: each(4096),
    threshold: each(100),
    bias: each(0),
    refractoryPeriod: each(1),
  };
}

function network(stimulus: LoihiNetwork['stimulus']): LoihiNetwork {
  const synapse = (compartment: number, delay: number) => ({ source: 0, compartment, weight: 101, delay });
  return {
    inputs: 1,
    stimulus,
    limits: { lowest: 1 - 2 ** 23, highest: 2 ** 23 - 1 },
    layers: [layer(3), layer(4)],
    projections: [
      { to: 0, synapses: [synapse(0, 2)] },
      { from: 0, to: 0, synapses: [synapse(1, 0), synapse(2, 62)] },
      { from: 0, to: 1, synapses: [synapse(3, 5)] },
    ],
  };
}

describe.each(engineNames)('on engine %s', (engine) => {
  test('a spike of step t is due in step t + 1 + d, an input of step t in step t + d', () => {
    const described = network(
      Array.from({ length: 200 }, (_, step) => (step === 1 || step === 70 ? [0] : [])),
    );
    const machine = createMachine(compile(loihiProgram(described, 'common'), hw, options), { engine });
    const spikes = recordLoihi(described, machine).flatMap((trace, index) =>
      trace.spikes.flatMap((now, step) => now.map((compartment) => [step, index, compartment])),
    );
    const once = (start: number) => [
      [start + 2, 0, 0],
      [start + 3, 0, 1],
      [start + 8, 1, 3],
      [start + 65, 0, 2],
    ];
    const inOrder = (list: number[][]) => list.sort(([a = 0], [b = 0]) => a - b);
    expect(inOrder(spikes)).toEqual([...once(1), ...once(70)]);
  });
});

test('an update costs what was published of a neuron, an event what was published of a synaptic operation', () => {
  // M. Davies et al., IEEE Micro 38(1), 2018, Table 2.
  expect(hw.kernels.update).toMatchObject({ cyclesPerItem: 8.4, energyPjPerItem: 81 });
  expect(hw.kernels.deliver).toMatchObject({ cyclesPerItem: 3.5, energyPjPerItem: 23.6 });
});

test('on several cores a recorded network is the same', () => {
  const run = (JSON.parse(goldenText('loihi-net')) as Net).runs.delayed;
  if (run === undefined) throw new Error('no run delayed');
  const slices: Placement = {
    axons: [{ first: 0, size: 32, core: 0 }],
    layer0: [
      { first: 0, size: 17, core: 0 },
      { first: 17, size: 23, core: 5 },
    ],
    layer1: [
      { first: 0, size: 8, core: 9 },
      { first: 8, size: 16, core: 5 },
    ],
  };
  const described = netNetwork(run, 'brian2loihi');
  const image = compile(loihiProgram(described, 'common'), hw, options, { slices });
  const { L1, L2 } = run.expected;
  expect(recordLoihi(described, createMachine(image))).toEqual([L1, L2]);
});

test('the compartments of recordings have the fields of the bundled program', () => {
  const fieldsOf = (image: Image, population: string) =>
    image.fields
      .filter(({ name }) => name.startsWith(`${population}.`) && !name.endsWith('.delayed'))
      .map(({ name, bits, signed, overflow }) => [name.split('.')[1], bits, signed, overflow]);
  const recorded = compile(loihiProgram(network([[0]]), 'common'), hw, options);
  const bundled = replayContext.deploy({ program: 'loihi', hw: 'loihi-compartments', from: '', ...options });
  expect(fieldsOf(recorded, 'layer0')).toEqual(fieldsOf(bundled, 'compartments'));
});
