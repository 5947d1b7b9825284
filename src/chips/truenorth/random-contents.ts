import type * as z from 'zod';
import {
  axons,
  axonTypes,
  type ChipContents,
  type CoreContents,
  combine,
  drawsBetween,
  hash32,
  key,
  largestOffset,
  type Mesh,
  neurons,
  permutation,
  rowBytes,
  streams,
  strictObject,
  whole,
} from '../api.ts';

/** `truenorth:` in an experiment. */
export const truenorthOptions = strictObject({
  ticks: key(whole('a number of ticks', 1, 2 ** 20).default(100), 'Ticks of a sample that are counted.', 100),
  settle: key(
    whole('a number of ticks', 0, 2 ** 20).default(50),
    'Ticks before them that are not counted, until activity is steady.',
    50,
  ),
  synapses: key(
    whole('a number of synapses', 0, axons).default(128),
    'Connections of each axon, and of each neuron.',
    128,
  ),
  leak: key(
    whole('a leak', -256, 255).default(5),
    'The number added to each potential in each tick. leak / threshold is the rate of a neuron, in spikes a tick.',
    5,
  ),
  threshold: key(whole('a threshold', 1, 255).default(250), 'Potential from which a neuron spikes.', 250),
  weight: key(
    whole('a weight', 1, 255).default(10),
    'The greatest weight; half of the axon types excite with weights from 1 to this, the others inhibit.',
    10,
  ),
});
export type TrueNorthOptions = z.infer<typeof truenorthOptions>;

/** The kinds of draws for a core, so that equal items of different kinds draw different words. */
const kinds = { axons: 0, neurons: 1, offsets: 2, types: 3, crossbar: 4, weights: 5, potentials: 6 } as const;

/**
 * A network like those on which TrueNorth was measured: each neuron sends to an axon anywhere on the chip, all of them
 * equally likely, each axon is the destination of one neuron, and each axon and each neuron has the same number of
 * connections.
 *
 * Two of the four axon types excite a neuron, with weights drawn from 1 to a greatest value; the other two inhibit it
 * by as much. On average that cancels out, so neurons fire at leak / threshold: a neuron keeps what is above the
 * threshold when it spikes. Neurons begin a sample at potentials between 0 and the threshold, all equally likely.
 *
 * The crossbar: neuron n is connected to axon a where (p(a) + q(n)) mod 256 is one of `synapses` numbers, with p, q and
 * the numbers drawn for each core.
 */
export class RandomContents implements ChipContents {
  readonly #mesh: Mesh;
  readonly #options: TrueNorthOptions;
  readonly #seed: number;
  /** By neuron of the chip, its axon. */
  readonly #axons: Uint32Array;

  constructor(mesh: Mesh, options: TrueNorthOptions, seed: number) {
    this.#mesh = mesh;
    this.#options = options;
    this.#seed = hash32(seed, streams.task);
    this.#axons = permutation(mesh.cores * neurons, this.#seed, 0);
  }

  contentsOf(core: number): CoreContents {
    const { leak, threshold, weight } = this.#options;
    const mesh = this.#mesh;
    const types = this.#order(core, kinds.types, axons).map((place) => place % axonTypes);
    const half = axonTypes / 2;
    const draws = drawsBetween(1, weight, this.#seed, core, kinds.weights);
    const weights = (type: number): Int16Array =>
      Int16Array.from({ length: neurons }, (_, neuron) => {
        const drawn = draws(neuron * half + (type % half));
        return type < half ? drawn : -drawn;
      });
    const targets = this.#axons.subarray(core * neurons, (core + 1) * neurons);
    const away = (coordinate: Uint16Array): Int16Array =>
      Int16Array.from(
        targets,
        (axon) => (coordinate[Math.floor(axon / axons)] ?? 0) - (coordinate[core] ?? 0),
      );
    const offsets = drawsBetween(0, largestOffset, this.#seed, core, kinds.offsets);
    const all = (value: number): Int16Array => new Int16Array(neurons).fill(value);
    const fields = {
      'axons.type': types,
      'neurons.w0': weights(0),
      'neurons.w1': weights(1),
      'neurons.w2': weights(2),
      'neurons.w3': weights(3),
      'neurons.leak': all(leak),
      'neurons.pos_threshold': all(threshold),
      'neurons.neg_threshold': all(-threshold),
      'neurons.reset_mode': all(1),
      'neurons.reset_potential': all(0),
      'neurons.dx': away(mesh.x),
      'neurons.dy': away(mesh.y),
      'neurons.axon': targets.map((axon) => axon % axons),
      'neurons.offset': targets.map((_, neuron) => offsets(neuron)),
    };
    return { fields, connections: this.#connections(core) };
  }

  potentialsOf(core: number, sample: number): Int32Array {
    const draw = drawsBetween(0, this.#options.threshold - 1, this.#seed, core, kinds.potentials, sample);
    return Int32Array.from({ length: neurons }, (_, neuron) => draw(neuron));
  }

  #connections(core: number): Uint8Array {
    const chosen = new Uint8Array(neurons);
    for (const number of this.#order(core, kinds.crossbar, neurons).subarray(0, this.#options.synapses))
      chosen[number] = 1;
    const [p, q] = [this.#order(core, kinds.axons, axons), this.#order(core, kinds.neurons, neurons)];
    const connections = new Uint8Array(axons * rowBytes);
    for (let axon = 0, byte = 0; axon < axons; axon++) {
      const row = p[axon] ?? 0;
      for (let neuron = 0; neuron < neurons; byte++) {
        let bits = 0;
        for (let bit = 0; bit < 8; bit++, neuron++)
          bits |= (chosen[(row + (q[neuron] ?? 0)) & (neurons - 1)] ?? 0) << bit;
        connections[byte] = bits;
      }
    }
    return connections;
  }

  #order(core: number, kind: number, count: number): Uint32Array {
    return permutation(count, combine(this.#seed, core), kind);
  }
}
