import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type LaidPopulation,
  type LaidProjection,
  matchLayers,
  misfits,
  type NetworkLayout,
} from '../../src/hardware/index.ts';
import { failure, load, tiny } from './tiny.ts';

const withMapping = (mapping: string) => load(`${tiny}mapping:\n${mapping.replace(/^/gm, '  ')}`);

const population = (name: string, size: number, more: Partial<LaidPopulation> = {}): LaidPopulation => ({
  name,
  size,
  shape: undefined,
  role: 'hidden',
  path: ['populations', name],
  ...more,
});
const picture = (name: string, shape: [number, number, number], role: LaidPopulation['role'] = 'hidden') =>
  population(name, shape[0] * shape[1] * shape[2], { shape, role });
const projection = (from: string, to: string, more: Partial<LaidProjection> = {}): LaidProjection => ({
  name: `${from}To${to}`,
  from,
  to,
  connection: 'dense',
  window: undefined,
  pooled: [1, 1],
  weights: 1,
  delay: 0,
  learns: false,
  fanOut: [],
  reached: [],
  path: ['projections', `${from}To${to}`],
  ...more,
});
const window = (side: number, stride = 1, padding = 0) => ({
  size: [side, side] as const,
  stride: [stride, stride] as const,
  padding: [padding, padding] as const,
});

/** 2 inputs, 3 hidden neurons of which the input reaches 2, and an output. Worked out by hand below. */
const small: NetworkLayout = {
  populations: [
    population('in', 2, { role: 'input' }),
    population('a', 2),
    population('b', 1),
    population('out', 1, { role: 'output' }),
  ],
  projections: [
    projection('in', 'a', { weights: 4, fanOut: [2, 2], reached: [1, 1] }),
    projection('a', 'b', { connection: 'sparse', weights: 1, fanOut: [1, 0], reached: [1], delay: 3 }),
    projection('b', 'a', { weights: 2, fanOut: [2], reached: [1, 1] }),
    projection('b', 'out', { weights: 1, fanOut: [1], reached: [1], learns: true }),
  ],
};

const found = (mapping: string, network: NetworkLayout = small) =>
  misfits(network, withMapping(mapping)).map(({ message }) => message.split('; ')[0]);

describe('a limit', () => {
  it.each([
    ['inputs: {most: 1, source: paper}', ['the network has 2 inputs']],
    ['inputs: {most: 2, source: paper}', []],
    ['hiddenNeurons: {most: 2, source: paper}', ['the network has 3 hidden neurons']],
    ['outputs: {least: 2, source: paper}', ['the network has 1 output']],
    ['neurons: {most: 3, source: paper}', ['the network has 4 neurons']],
    ['layers: {least: 4, source: paper}', ['the network has 3 layers of neurons']],
    // b has 2 synapses onto a, and one onto the output.
    ['fanOut: {most: 2, source: paper}', ["population 'b' has a neuron with 3 synapses"]],
    ['reachedByInputs: {most: 1, source: paper}', ['the network has 2 hidden neurons that inputs reach']],
    ['reachingOutputs: {most: 0, source: paper}', ['the network has 1 hidden neurons that reach outputs']],
    ['weights: {most: 7, source: paper}', ['the network has 8 weights']],
    ['hiddenWeights: {most: 2, source: paper}', ['the network has 3 weights between hidden neurons']],
    ['delay: {most: 2, source: paper}', ["projection 'aTob' has a delay of 3 steps"]],
    ['connection: {oneOf: [dense], source: paper}', ["projection 'aTob' is sparse"]],
    // Spikes of a come back through b.
    [
      'recurrence: {oneOf: [feed-forward], source: paper}',
      ["projection 'aTob' is recurrent", "projection 'bToa' is recurrent"],
    ],
    ['outputRecurrence: {oneOf: [feed-forward], source: paper}', []],
    ['plasticity: {oneOf: [fixed], source: paper}', ["projection 'bToout' learns"]],
    ['sources: {most: 1, source: paper}', ["population 'a' has 2 projections onto it"]],
    ['destinations: {most: 1, source: paper}', ["population 'b' has 2 projections from it"]],
    ['neuronType: {oneOf: [IF], source: paper}', []],
  ])('%s', (limit, expected) => {
    expect(found(`limits: {${limit}}`)).toEqual(expected);
  });

  const convolved: NetworkLayout = {
    populations: [
      picture('in', [9, 8, 2], 'input'),
      { ...picture('maps', [4, 3, 6]), neurons: 'CubaLIF', steps: 1 },
      population('out', 3, { role: 'output', neurons: 'LI', steps: 2.5 }),
    ],
    projections: [
      projection('in', 'maps', {
        connection: 'convolution',
        window: { size: [3, 2], stride: [2, 3], padding: [1, 0] },
        pooled: [1, 1],
        delay: 1,
        weightNodes: 2,
      }),
      projection('maps', 'out', { pooled: [2, 1] }),
    ],
  };
  it.each([
    ['inputSide: {most: 8, source: paper}', ["population 'in' is a picture with a side of 9"]],
    ['side: {most: 3, source: paper}', ["population 'maps' is a picture with a side of 4"]],
    ['channels: {most: 5, source: paper}', ["population 'maps' has 6 channels"]],
    ['window: {most: 2, source: paper}', ["projection 'inTomaps' has a window with a side of 3"]],
    ['windowShape: {oneOf: [square], source: paper}', ["projection 'inTomaps' has an oblong window"]],
    ['stride: {oneOf: [1, 2, 4], source: paper}', ["projection 'inTomaps' has a stride of 3"]],
    ['padding: {most: 0, source: paper}', ["projection 'inTomaps' has a padding of 1"]],
    ['pooled: {oneOf: [1, 4], source: paper}', ["projection 'mapsToout' pools over 2"]],
    [
      'convolutionDelay: {most: 0, source: paper}',
      ["projection 'inTomaps' is a convolution with a delay of 1 step"],
    ],
    [
      'convolvedType: {oneOf: [IF, LIF], source: paper}',
      ["projection 'inTomaps' leads by a convolution to neurons of type CubaLIF"],
    ],
    ['neuronType: {oneOf: [CubaLIF], source: paper}', ["population 'out' has neurons of type LI"]],
    ['weightNodes: {most: 1, source: paper}', ["projection 'inTomaps' has 2 nodes of weights in a row"]],
    ['timeConstant: {above: 1, source: paper}', ["population 'maps' has a time constant of 1 step"]],
  ])('of pictures and of graphs: %s', (limit, expected) => {
    expect(found(`limits: {${limit}}`, convolved)).toEqual(expected);
  });

  it('says what is taken, whose limit it is, and what would help', () => {
    const model = withMapping(
      'limits: {inputs: {most: 1, of: mapper, help: drop one, source: paper}, stride: {oneOf: [1, 2], source: paper}}',
    );
    expect(misfits(small, model)).toEqual([
      {
        message:
          "the network has 2 inputs; hw-model 'tiny' takes at most 1, a limit of its mapper, not of the silicon",
        hint: 'drop one',
        path: ['populations'],
      },
    ]);
  });
});

/** Two cores with room for 64 words of kernels, and one for 16. */
const cores = `layerCores:
  needs: {kernel: "inputChannels * 2 ** (ceil(log2(windowRows * windowColumns)) + ceil(log2(channels)))", neuron: channels * rows * columns}
  cores:
    - {count: 2, words: {kernel: 64, neuron: 40}}
    - {count: 1, words: {kernel: 16, neuron: 100}}
  source: paper`;

describe('a layer on a core of its own', () => {
  const chain = (...layers: readonly LaidPopulation[]): NetworkLayout => {
    const all = [picture('in', [8, 8, 1], 'input'), ...layers];
    return {
      populations: all,
      projections: layers.map((layer, at) =>
        projection(all[at]?.name ?? '', layer.name, { connection: 'convolution', window: window(3) }),
      ),
    };
  };

  it('needs words by its formulas', () => {
    // 1 x 2^(ceil(log2 9) + ceil(log2 3)) = 2^(4 + 2) = 64, and 3 x 3 x 4 = 36 neurons.
    expect(found(cores, chain(picture('a', [3, 4, 3])))).toEqual([]);
    // 5 channels round up to 8: 2^(4 + 3) = 128.
    expect(misfits(chain(picture('a', [1, 1, 5])), withMapping(cores))).toMatchObject([
      {
        message:
          "population 'a' needs 128 words of kernel memory; hw-model 'tiny' has a core with at most 64 of kernel memory",
        path: ['populations', 'a'],
      },
    ]);
    // 64 words of kernels fit the first two, 81 neurons the third alone.
    expect(found(cores, chain(picture('a', [9, 3, 3])))).toEqual([
      "population 'a' needs 64 words of kernel memory and 81 words of neuron memory",
    ]);
  });

  it('takes weights that are not shared as a window of the whole picture, after pooling', () => {
    const dense = (pooled: [number, number]): NetworkLayout => ({
      populations: [picture('in', [4, 4, 1], 'input'), population('out', 4, { role: 'output' })],
      projections: [projection('in', 'out', { pooled })],
    });
    // 1 x 2^(4 + 2) = 64 for a map of 4 x 4; 1 x 2^(2 + 2) = 16 for one of 2 x 2.
    const small = cores.replaceAll('64', '32');
    expect(found(small, dense([1, 1]))).toEqual(["population 'out' needs 64 words of kernel memory"]);
    expect(found(small, dense([2, 2]))).toEqual([]);
  });

  it('is refused with the layers that have too few cores between them', () => {
    const fits = chain(picture('a', [1, 1, 1]), picture('b', [2, 2, 2]));
    expect(found(cores, fits)).toEqual([]);
    // 1 x 2^(4 + 1) = 32 words, 2 x 2^(4 + 1) = 64, 2 x 2^(4 + 0) = 32: two cores have as many.
    const three = chain(picture('a', [2, 2, 2]), picture('b', [2, 2, 2]), picture('c', [2, 2, 1]));
    const model = withMapping(cores);
    expect(misfits(three, model)).toMatchObject([
      {
        message:
          "populations 'a', 'b' and 'c' need a core each; hw-model 'tiny' has room for them on 2 cores (0 and 1), of one layer each",
      },
    ]);
    const four = chain(...['a', 'b', 'c', 'd'].map((name) => picture(name, [1, 1, 1])));
    const [fourth] = misfits(four, model);
    expect(fourth?.message).toMatch(/need a core each; hw-model 'tiny' has/);
  });

  it('has a core if and only if one of all assignments gives each its own', () => {
    const cores = [0, 1, 2, 3];
    const candidates = array(array(constantFrom(...cores), { maxLength: 4 }), { maxLength: 5 });
    assert(
      property(candidates, (lists) => {
        const matching = matchLayers(lists);
        const isPossible = tried(lists, 0, new Set());
        expect('cores' in matching).toBe(isPossible);
        if ('cores' in matching) {
          expect(new Set(matching.cores).size).toBe(lists.length);
          for (const [layer, core] of matching.cores.entries()) expect(lists[layer]).toContain(core);
        } else {
          // Hall's condition is violated by what it names.
          const all = new Set(matching.crowded.flatMap((layer) => lists[layer] ?? []));
          expect([...all].sort()).toEqual([...matching.candidates]);
          expect(matching.candidates.length).toBeLessThan(matching.crowded.length);
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

/** Whether some assignment gives layers from one on cores of their own: all are tried. */
function tried(lists: readonly (readonly number[])[], layer: number, taken: ReadonlySet<number>): boolean {
  if (layer === lists.length) return true;
  return (lists[layer] ?? []).some(
    (core) => !taken.has(core) && tried(lists, layer + 1, new Set([...taken, core])),
  );
}

describe('mapping in an hw-model', () => {
  it.each([
    ['limits: {input: {most: 1, source: paper}}', 'no quantity of a network has this name'],
    ['limits: {inputs: {source: paper}}', 'expected one of most, least, above, oneOf, found none'],
    [
      'limits: {inputs: {most: 1, least: 1, source: paper}}',
      'expected one of most, least, above, oneOf, found most and least',
    ],
    ['limits: {inputs: {oneOf: [few], source: paper}}', "'inputs' is a number, found 'few'"],
    ['limits: {connection: {oneOf: [densely], source: paper}}', "'connection' is never 'densely'"],
    ['limits: {connection: {most: 1, source: paper}}', "'connection' is a word: expected oneOf"],
    ['limits: {inputs: {most: 1, source: papers}}', "there is no source 'papers'"],
    [
      'layerCores: {needs: {kernel: windowRow}, cores: [{count: 1, words: {kernel: 1}}], source: paper}',
      "'windowRow': 'windowRow' is not defined",
    ],
    [
      'layerCores: {needs: {kernel: channels}, cores: [{count: 1, words: {kernels: 1}}], source: paper}',
      "no layer needs 'kernels'",
    ],
    [
      'layerCores: {needs: {kernel: channels, bias: 1}, cores: [{count: 1, words: {kernel: 1}}], source: paper}',
      "missing: expected the words of 'bias', found none",
    ],
  ])('is refused: %s', (mapping, message) => {
    expect(failure(() => withMapping(mapping))).toMatchObject({ file: 'model.yaml' });
    expect(() => withMapping(mapping)).toThrow(message);
  });
});
