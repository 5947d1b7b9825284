import { createEncoder } from '../../src/data/index.ts';
import { loadEmbedded } from '../../src/data/node.ts';
import { FastCore, runSample } from '../../src/engine/index.ts';
import type { CoreImage } from '../../src/image/index.ts';
import { compileProgram, randomSamples, type Sample, stateWith, uniform } from './deployment.ts';
import type { Workload } from './workload.ts';

/** 8 % of 784 inputs. */
const activeInputs = 63;

/** One workload for each class of kernels. Its cost does not change when it is repeated. */
export function kernelClasses(): Workload[] {
  return [rows(), neurons(), shadow(), traces(), gates()];
}

function rows(): Workload {
  const image = compileProgram('./programs/rows.yaml');
  return {
    name: 'row accumulation, 256 columns',
    image,
    samples: randomSamples(image, 20, activeInputs),
    learn: false,
    state: stateWith(image),
    unit: 'SOP',
    task: 'rows',
    fields: ['inputToHidden.weight', 'hidden.v'],
  };
}

const threshold = 128;

function neurons(): Workload {
  const work = neuronsWith((item) => uniform(item, -(2 ** 15), threshold - 1), 40);
  return { name: 'neuron update', ...work, leastRatio: 0.33 };
}

/** A neuron spikes as often as its membrane potential holds the threshold: at first one in 16 of them does. */
export function spikingNeurons(): Workload {
  const work = neuronsWith(
    (item) =>
      item % 16 === 0 ? uniform(item, threshold, 2 ** 13) : uniform(item, -(2 ** 15), threshold - 1),
    1,
  );
  return { name: 'neuron update with spikes', ...work };
}

function neuronsWith(v: (item: number) => number, samples: number): Omit<Workload, 'name'> {
  const image = compileProgram('./programs/neurons.yaml');
  return {
    image,
    samples: randomSamples(image, samples, 0),
    learn: false,
    state: stateWith(image, { 'neurons.v': v }),
    unit: 'neurons',
    task: 'neurons',
    fields: ['neurons.v'],
  };
}

function shadow(): Workload {
  const work = updatesWith(
    (item) => uniform(item, 1, 255),
    (item) => uniform(item, 1, 127) * (item % 2 === 0 ? 1 : -1),
    10,
  );
  return { name: 'shadow-weight update', ...work, unit: 'updates', leastRatio: 0.5 };
}

function gates(): Workload {
  const work = updatesWith(
    () => 0,
    (item) => (uniform(item, 0, 9) === 0 ? 50 : 0),
    1000,
  );
  return { name: 'gates, no row active', ...work, unit: 'gate items' };
}

function updatesWith(
  trace: (item: number) => number,
  signal: (item: number) => number,
  samples: number,
): Omit<Workload, 'name' | 'unit'> {
  const image = compileProgram('./programs/shadow.yaml');
  return {
    image,
    samples: randomSamples(image, samples, 0),
    learn: true,
    state: stateWith(image, { 'input.trace': trace, 'hidden.signal': signal }),
    task: 'shadow',
    fields: ['input.trace', 'hidden.signal', 'inputToHidden.shadow', 'inputToHidden.weight'],
  };
}

function traces(): Workload {
  const image = compileProgram('./programs/traces.yaml');
  return {
    name: 'trace decay',
    image,
    samples: randomSamples(image, 100, 0),
    learn: true,
    state: stateWith(image, { 'neurons.trace': (item) => uniform(item, 0, 255) }),
    unit: 'neurons',
    task: 'traces',
    fields: ['neurons.trace'],
  };
}

/**
 * Inference and online training of mnist-snn. The more it has learned, the fewer weights a sample changes: training is
 * that of the second epoch, which is slower than those after it, and faster than the first.
 *
 * @param count samples of a run
 * @param learned samples learned before, at most those of an epoch
 */
export function wholeRuns(count = 1000, learned = 8000): Workload[] {
  return runsOf(compileProgram('mnist-snn'), count, learned);
}

/** {@link wholeRuns} on banks with cells that fail: a core without them runs none of their code. */
export function failingRuns(count = 1000, learned = 8000): Workload[] {
  return (['stuck', 'fresh'] as const).flatMap((errors) => {
    const faults = `{seed: 1, banks: [weight, shadow, state], bitErrorRate: 0.0001, errors: ${errors}}`;
    const image = compileProgram('mnist-snn', [`hw.faults=${faults}`]);
    return runsOf(image, count, learned).map((work) => ({ ...work, name: `${work.name}, ${errors} cells` }));
  });
}

function runsOf(image: CoreImage, count: number, learned: number): Workload[] {
  const engine = new FastCore(image);
  for (const { spikes, label } of encodedDigits(image, learned, 0))
    runSample(engine, spikes, { label, learn: true });
  const work = { image, state: engine.save(), fields: networkFields };
  return [
    {
      name: 'inference 784-256-10, 8 % active',
      ...work,
      samples: randomSamples(image, count, activeInputs),
      learn: false,
      unit: 'SOP',
      task: 'inference',
      leastRatio: 0.5,
      leastSpeed: 10e9,
    },
    {
      name: 'online training 784-256-10, batch 1',
      ...work,
      samples: encodedDigits(image, count, 1),
      learn: true,
      unit: 'samples',
      task: 'training',
      leastSpeed: 15_000,
    },
  ];
}

const networkFields = [
  'input.trace',
  'hidden.v',
  'hidden.trace',
  'hidden.box',
  'hidden.feedback',
  'hidden.signal',
  'output.v',
  'output.signal',
  'inputToHidden.shadow',
  'inputToHidden.weight',
  'hiddenToOutput.shadow',
  'hiddenToOutput.weight',
];

/** The first of the embedded digits as spikes of an epoch. */
export function encodedDigits(image: CoreImage, count: number, epoch: number): Sample[] {
  const { train } = loadEmbedded();
  const encoder = createEncoder('bernoulli');
  return Array.from({ length: count }, (_, sample) => {
    const values = train.values.subarray(sample * train.inputs, (sample + 1) * train.inputs);
    const { steps, offsets, indices } = encoder.encode(
      values,
      { seed: image.seed, epoch, sample },
      image.steps,
    );
    const spikes = { steps, offsets: offsets.slice(), indices: indices.slice(0, offsets[steps]) };
    return { spikes, label: train.labels[sample] ?? 0 };
  });
}
