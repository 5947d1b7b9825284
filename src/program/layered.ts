import { PlasticoreError } from '../text/index.ts';
import type { ProgramDescription } from './schema.ts';

/** A convolution: so many channels, and a window that moves by its stride. */
export interface ConvolutionLayer {
  readonly channels: number;
  readonly window: number;
  readonly stride: number;
}

/** A network by its layers alone. */
export interface Layers {
  /** Sizes of the input, or its rows, columns and channels. */
  readonly input: readonly number[];
  /** Before the layers that are connected to all of the one before. */
  readonly convolutions: readonly ConvolutionLayer[];
  /** Neurons of the layers after them; the last one answers. */
  readonly dense: readonly number[];
  /** Whether neurons of a hidden layer hear each other. */
  readonly isRecurrent: boolean;
}

/** A population of the network, and what the one before sends to it. */
interface Layer {
  readonly name: string;
  readonly size: number;
  readonly shape: readonly number[] | undefined;
  readonly convolution: ConvolutionLayer | undefined;
}

/**
 * A program that learns such a network with the rule of `mnist-snn`, and of `mnist-csnn` where there are convolutions:
 * leaky neurons, a trace and a learning signal for each. What it takes of a chip is of interest, more than what it
 * learns.
 *
 * @throws PlasticoreError `usage` for a convolution that its layer has no room for
 */
export function layeredProgram(layers: Layers): ProgramDescription {
  const all = layersOf(layers);
  const hidden = all.slice(0, -1);
  const output = all[all.length - 1] as Layer;
  const names = ['input', ...all.map(({ name }) => name)];
  const into = (index: number): string => projectionName(names[index] ?? '', names[index + 1] ?? '');
  const loops = layers.isRecurrent ? hidden.filter(({ convolution }) => convolution === undefined) : [];
  const isLoop = (name: string): boolean => loops.some((loop) => loop.name === name);
  return {
    name: 'layers',
    description: 'Made of sizes of layers',
    steps: 8,
    parameters: {
      threshold: '2 ** (max(weightBits, 8) - 1)',
      boxHalfWidth: 'threshold / 2',
      errorShift: 'weightBits - 5',
      signalShift: 'weightBits - 3',
      rate: 8,
      spikeTrace: 64,
    },
    input: 'input',
    populations: {
      input: { ...extent(layers.input), fields: { trace } },
      ...Object.fromEntries(
        hidden.map(({ name, size, shape }) => [name, { ...extent(shape ?? [size]), fields: hiddenFields }]),
      ),
      output: { size: output.size, fields: { v: potential, signal } },
    },
    projections: Object.fromEntries([
      ...all.map(({ convolution }, index) => [
        into(index),
        {
          from: names[index],
          to: names[index + 1],
          ...(convolution !== undefined && {
            connect: { convolution: { window: convolution.window, stride: convolution.stride } },
            fields: { gradient: { bits: 24 } },
          }),
        },
      ]),
      ...loops.map(({ name }) => [projectionName(name, name), { from: name, to: name }]),
    ]),
    microcode: {
      neuron: 'lif',
      signal: 'three-factor',
      update: 'learn',
      ...(layers.convolutions.length > 0 && { sharedUpdate: 'shared' }),
      ...(hidden.length > 0 && { feedback: 'feedback' }),
      traces: 'traces',
    },
    events: {
      sample: [
        { clear: all.map(({ name }) => `${name}.v`) },
        { clear: names.slice(0, -1).map((name) => `${name}.trace`), when: 'learning' },
      ],
      tick: [
        { run: 'leak', over: 'output', with: { leak: 2 } },
        {
          when: 'learning',
          do: names.slice(0, -1).map((name) => ({ run: 'decay', over: name, with: { shift: 2 } })),
        },
        { deliver: 'input' },
        ...hidden.flatMap(({ name }) => [
          ...(isLoop(name) ? [{ deliver: name, spikes: 'previous' }] : []),
          { run: 'surrogate', over: name, when: 'learning' },
          { run: 'fire', over: name, with: { leak: 1 } },
          { deliver: name },
        ]),
        { when: 'learning', do: learning(all, into, isLoop) },
      ],
      spike: Object.fromEntries(
        names
          .slice(0, -1)
          .map((name, index) => [
            name,
            [
              ...(isLoop(name) ? [] : [{ run: 'mark', over: name, when: 'learning' }]),
              { run: 'integrate', over: into(index), with: { align: 'max(0, 8 - weightBits)' } },
            ],
          ]),
      ),
      ...(loops.length > 0 && {
        previousSpike: Object.fromEntries(
          loops.map(({ name }) => [
            name,
            [
              { run: 'mark', over: name, when: 'learning' },
              {
                run: 'integrate',
                over: projectionName(name, name),
                with: { align: 'max(0, 8 - weightBits)' },
              },
            ],
          ]),
        ),
      }),
    },
    readout: 'output.v',
  } as ProgramDescription;
}

const trace = { bits: 8, signed: false };
const potential = { accumulator: 'max(weightBits, 8) + 8' };
const signal = { bits: 8, overflow: 'saturate-symmetric' };
const hiddenFields = { v: potential, trace, box: { kind: 'flag' }, feedback: potential, signal };

/** From the answer back to the input: signals first, then all updates. */
function learning(
  all: readonly Layer[],
  into: (index: number) => string,
  isLoop: (name: string) => boolean,
): object[] {
  const signals = all.slice(0, -1).flatMap(({ name }, index) => [
    // A neuron that receives no signal is not visited and would keep its old sum.
    { clear: [`${name}.feedback`] },
    { run: 'feedback', over: into(index + 1) },
    { run: 'signal', over: name },
  ]);
  const shared = all.flatMap(({ convolution }, index) => (convolution === undefined ? [] : [into(index)]));
  const dense = all.flatMap(({ name, convolution }, index) => [
    ...(convolution === undefined ? [into(index)] : []),
    ...(isLoop(name) ? [projectionName(name, name)] : []),
  ]);
  return [
    { run: 'error', over: 'output' },
    { stopUnlessAny: 'output.signal' },
    ...inReverse(signals, 3),
    ...dense.map((over) => ({ run: 'learn', over })),
    ...(shared.length === 0 ? [] : [{ clear: shared.map((over) => `${over}.gradient`) }]),
    ...shared.flatMap((over) => [
      { run: 'accumulate', over },
      { run: 'update', over },
    ]),
  ];
}

/** Groups of so many items, the last group first. */
function inReverse<Item>(items: readonly Item[], length: number): Item[] {
  return Array.from({ length: items.length / length }, (_, group) =>
    items.slice(items.length - (group + 1) * length, items.length - group * length),
  ).flat();
}

/** All layers but the input, with their names. */
function layersOf({ input, convolutions, dense }: Layers): Layer[] {
  let before = input;
  const windows = convolutions.map((convolution, index): Layer => {
    const [rows = 0, columns = 1] = before;
    const { channels, window, stride } = convolution;
    const places = [rows, columns].map((length) => Math.floor((length - window) / stride) + 1);
    if (before.length < 3 || places.some((length) => length < 1))
      throw new PlasticoreError(
        'usage',
        `a window of ${window} x ${window} has no place in a layer of ${before.join(' x ')}`,
        before.length < 3 ? { hint: 'give the input as rows, columns and channels: 28x28x1' } : {},
      );
    before = [...places, channels];
    return { name: nameOf('convolution', index, convolutions.length), ...sized(before), convolution };
  });
  const hidden = dense.slice(0, -1).map(
    (size, index): Layer => ({
      name: nameOf('hidden', index, dense.length - 1),
      size,
      shape: undefined,
      convolution: undefined,
    }),
  );
  const last = { name: 'output', size: dense.at(-1) ?? 0, shape: undefined, convolution: undefined };
  return [...windows, ...hidden, last];
}

function sized(shape: readonly number[]): Pick<Layer, 'size' | 'shape'> {
  return { size: shape.reduce((product, length) => product * length, 1), shape };
}

function extent(shape: readonly number[]): { size: number } | { shape: readonly number[] } {
  return shape.length === 1 ? { size: shape[0] ?? 0 } : { shape };
}

function nameOf(kind: string, index: number, count: number): string {
  return count === 1 ? kind : `${kind}${index + 1}`;
}

/** `inputToHidden`. */
function projectionName(from: string, to: string): string {
  return `${from}To${to.charAt(0).toUpperCase()}${to.slice(1)}`;
}
