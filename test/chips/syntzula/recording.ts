import { fileURLToPath } from 'node:url';
import { readNpz } from '../../../src/data/index.ts';
import { at } from '../../../src/text/index.ts';

/*
 * What the RTL of SYNtzulA does with muscle signals (emg/ of its repository at 8c875bf, MIT: LICENSE.txt), as the trace
 * of a controller that is data. Only the form changes.
 */

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const channels = 16;
/** Synapses of each layer: from, to. */
const layers = [
  [32, 64],
  [64, 128],
  [128, 64],
  [64, 16],
] as const;
/** Words of the weights of a layer in each memory. */
const layerWords = 1024;

/** A recording as its file holds it. */
interface Recording {
  readonly samples: ArrayLike<number>;
  readonly delta: ArrayLike<number>;
  readonly encodedBits: ArrayLike<number>;
  readonly layer1Bits: ArrayLike<number>;
  readonly inference: ArrayLike<number>;
  readonly weights: readonly ArrayLike<number>[];
}

/**
 * The trace of the first steps of the recording, 9999 of its first half at most.
 *
 * @param folder that of the chip, as the trace refers to it
 */
export function traceOf(npz: Uint8Array, steps: number, folder = here('.')) {
  const arrays = readNpz(npz, 'emg.npz');
  const dataOf = (name: string): ArrayLike<number> => {
    const found = arrays.get(name);
    if (found === undefined) throw new Error(`emg.npz has no array '${name}'`);
    return Array.from(found.data, Number);
  };
  const recording: Recording = {
    samples: dataOf('samples'),
    delta: dataOf('delta'),
    encodedBits: dataOf('encodedBits'),
    layer1Bits: dataOf('layer1Bits'),
    inference: dataOf('inference'),
    weights: [1, 2, 3, 4].map((file) => dataOf(`weights${file}`)),
  };
  const inputs = Array.from({ length: steps }, (_, step) => inputsOf(recording, step)).flat();
  return {
    format: 'plasticore-controller-trace/1',
    name: 'syntzula-emg',
    description: `Recorded from the RTL of SYNtzulA: ${steps} steps of muscle signals`,
    program: `${folder}/program.yaml`,
    hwModel: `${folder}/syntzula.yaml`,
    memories: [
      {
        'channels.delta': Array.from(recording.delta),
        ...Object.fromEntries(layers.map((_, layer) => [`to${layer + 1}.w`, weightsOf(recording, layer)])),
      },
    ],
    inputs: inputs.map(({ input }) => input),
    expected: { inputs: inputs.map(({ expected }) => expected) },
  };
}

/** The samples of a step, and the step itself, each with what the RTL records of it. */
function inputsOf({ samples, encodedBits, layer1Bits, inference }: Recording, step: number) {
  const encoded = onesOf(encodedBits, 4, step);
  const ofChannels = Array.from({ length: channels }, (_, channel) => {
    const spikes = encoded.filter((neuron) => neuron >> 1 === channel).map((neuron) => [neuron]);
    return {
      input: ['sample', channel, at(samples, channels * step + channel)] as (string | number)[],
      expected: { records: spikes.length === 0 ? {} : { encoded: spikes } },
    };
  });
  // Its file of spikes begins with a line from before the first step.
  const layer1 = onesOf(layer1Bits, 8, step + 1).map((neuron) => [neuron]);
  const records = { ...(layer1.length > 0 && { layer1 }), outputs: [[at(inference, step)]] };
  return [...ofChannels, { input: ['step'] as (string | number)[], expected: { records } }];
}

/** The places of ones in a row of packed bits. */
function onesOf(packed: ArrayLike<number>, bytes: number, row: number): number[] {
  return Array.from({ length: 8 * bytes }, (_, bit) => bit).filter(
    (bit) => (at(packed, bytes * row + (bit >> 3)) >> (7 - (bit & 7))) & 1,
  );
}

/**
 * The weights of a layer, row by row. An address has four weights of a neuron, two in each of two files; files 1 and 2
 * are of even neurons, 3 and 4 of odd ones. Addresses count groups of four inputs, then neurons, then layers.
 */
function weightsOf({ weights }: Recording, layer: number): number[] {
  const [from, to] = at(layers, layer);
  return Array.from({ length: from * to }, (_, index) => {
    const [input, neuron] = [Math.floor(index / to), index % to];
    const address = layerWords * layer + (neuron >> 1) * (from / 4) + (input >> 2);
    const file = at(weights, 2 * (neuron & 1) + ((input >> 1) & 1));
    return at(file, 2 * address + (input & 1));
  });
}
