import { at } from '../../../src/text/index.ts';
import type { Core } from '../../../src/engine/index.ts';
import type { Recording } from './recording.ts';

const [steps, inputs, outputs] = [20, 784, 10];

type LayerName = 'hidden' | 'output';
const layerNames = ['hidden', 'output'] as const;
const projections = { hidden: 'inputToHidden', output: 'hiddenToOutput' } as const;
const scales = { hidden: 'hiddenLayer', output: 'outputLayer' } as const;

/** How the arrays of a recorded network stand to those of ours. */
export interface Network {
  /** Neurons of each layer. */
  readonly neurons: Readonly<Record<LayerName, number>>;
  /** Outputs of each weight matrix as it is recorded, [out, in]: filters, in a convolution. */
  readonly outputs: Readonly<Record<LayerName, number>>;
  /** For each hidden neuron of ours, its number in theirs; absent where they are the same. */
  readonly hiddenOrder?: readonly number[];
  /** The error of the label, and how often it is to spike. */
  readonly target: number;
  readonly spikesWanted: number;
  /** The batches that are compared; default: all. */
  readonly batches?: number;
  /** Whether sums and updates of the hidden layer have fractions: sums in halves, updates that were not rounded. */
  readonly hasFractions?: boolean;
}

export const denseNetwork: Network = {
  neurons: { hidden: 100, output: outputs },
  outputs: { hidden: 100, output: outputs },
  target: 128,
  spikesWanted: 10,
};

/**
 * The convolution, whose neurons they number by channel, row and column. Its shadow weights have fractions from the
 * first update on, so that only the first batch can be compared.
 */
export const convolution: Network = {
  neurons: { hidden: 32 * 14 * 14, output: outputs },
  outputs: { hidden: 32, output: outputs },
  hiddenOrder: Array.from({ length: 32 * 14 * 14 }, (_, neuron) => {
    const [place, channel] = [Math.floor(neuron / 32), neuron % 32];
    return channel * 14 * 14 + place;
  }),
  target: 32,
  spikesWanted: 32,
  batches: 1,
  hasFractions: true,
};

/** Takes a name of what was compared, what the core has, and what was recorded. */
export type Compare = (what: string, found: readonly number[], expected: readonly number[]) => void;

/**
 * Gives a core the weights, the spikes and the random numbers of a recording, and compares all that was recorded.
 *
 * @param core at the precision of the recording, of which only the end of a pass ends a batch
 */
export function replay(core: Core, recording: Recording, network: Network, compare: Compare): void {
  const replaying = new Replay(core, recording, network, compare);
  const { batches = recording.batches } = network;
  replaying.start();
  for (let batch = 0; batch < batches; batch++) replaying.batch(batch);
  if (batches === recording.batches) replaying.end();
}

/** Gives a core the weights with which a recording starts. */
export function startingWith(core: Core, recording: Recording, network: Network): void {
  new Replay(core, recording, network, () => undefined).start();
}

class Replay {
  readonly #core: Core;
  readonly #recording: Recording;
  readonly #network: Network;
  readonly #compare: Compare;

  constructor(core: Core, recording: Recording, network: Network, compare: Compare) {
    this.#core = core;
    this.#recording = recording;
    this.#network = network;
    this.#compare = compare;
  }

  #field(name: string): number {
    const index = this.#core.image.fields.findIndex((field) => field.name === name);
    if (index < 0) throw new Error(`no field ${name}`);
    return index;
  }

  #read(name: string): number[] {
    return [...this.#core.read(this.#field(name))];
  }

  /** A matrix of a layer, [out, in], as the core has it. */
  #matrix(name: string, layer: LayerName): number[] {
    const { outputs: widths, hiddenOrder } = this.#network;
    const width = widths[layer];
    const plain = this.#recording.transposed(name, width);
    if (layer === 'hidden' || hiddenOrder === undefined) return plain;
    return plain.map((_, item) => at(plain, at(hiddenOrder, Math.floor(item / width)) * width + (item % width)));
  }

  /** What was recorded of the neurons of a layer, in their order on the core. */
  #neurons(name: string, part: number, layer: LayerName): number[] {
    const { neurons, hiddenOrder } = this.#network;
    const plain = this.#recording.part(name, part, neurons[layer]);
    return layer === 'hidden' && hiddenOrder !== undefined ? hiddenOrder.map((neuron) => at(plain, neuron)) : plain;
  }

  start(): void {
    for (const name of layerNames) {
      for (const [theirs, ours] of [['shadow', 'shadow'], ['inference', 'weight']] as const)
        this.#core.write(this.#field(`${projections[name]}.${ours}`), this.#matrix(`start.${name}.${theirs}`, name));
    }
  }

  batch(batch: number): void {
    const samples = this.#recording.read(`b${batch}.labels`).length;
    for (let sample = 0; sample < samples - 1; sample++) this.#sample(batch, sample, samples, false);
    // The sums of the batch are there before the update: once more without it.
    const before = this.#core.save();
    this.#sample(batch, samples - 1, samples, false);
    for (const name of layerNames) {
      const sums = this.#matrix(`b${batch}.${name}.sum`, name);
      this.#compare(
        `batch ${batch}: sums of ${name}`,
        this.#read(`${projections[name]}.gradient`),
        this.#isRounded(name) ? sums : sums.map((sum) => 2 * sum),
      );
    }
    this.#core.restore(before);
    const shadows = { hidden: this.#shadow('hidden'), output: this.#shadow('output') };
    this.#sample(batch, samples - 1, samples, true);
    for (const name of layerNames) this.#updated(batch, name, shadows[name]);
  }

  /** Whether sums and updates of a layer are recorded as integers. */
  #isRounded(layer: LayerName): boolean {
    return layer === 'output' || this.#network.hasFractions !== true;
  }

  #shadow(layer: LayerName): number[] {
    return this.#read(`${projections[layer]}.shadow`);
  }

  #updated(batch: number, name: LayerName, before: readonly number[]): void {
    const of = `b${batch}.${name}`;
    const deltas = this.#matrix(`${of}.delta`, name).map(Math.floor);
    const limit = 2 ** ((this.#core.image.core.precision === 'mp8-4' ? 8 : 16) - 1);
    const expected = before.map((weight, item) =>
      Math.max(-limit, Math.min(limit, weight - at(deltas, item))),
    );
    const moved = before.map((weight, item) => weight - at(deltas, item));
    const exponent = at(numbers(this.#recording, `${of}.inferenceExponent`), 0);
    const clamped = moved.filter((weight) => Math.abs(weight) > limit).length;
    this.#compare(`batch ${batch}: clamped of ${name}`, [clamped], [...numbers(this.#recording, `${of}.clamped`)]);
    this.#compare(`batch ${batch}: shadow weights of ${name}`, this.#shadow(name), expected);
    this.#compare(
      `batch ${batch}: inference weights of ${name}`,
      this.#read(`${projections[name]}.weight`),
      expected.map((weight) => Math.floor(weight / 2 ** exponent)),
    );
    this.#compare(
      `batch ${batch}: largest of ${name}`,
      this.#read(`${scales[name]}.largest`),
      this.#isRounded(name)
        ? numbers(this.#recording, `${of}.maxShadow`)
        : [expected.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)],
    );
    this.#compare(
      `batch ${batch}: exponent of ${name}`,
      this.#read(`${scales[name]}.shift`),
      [exponent],
    );
  }

  #sample(batch: number, sample: number, samples: number, isLast: boolean): void {
    const core = this.#core;
    const label = at(numbers(this.#recording, `b${batch}.labels`), sample);
    core.write(this.#field('output.given'), this.#random(batch, sample, label));
    core.begin({ label, learn: true, steps, place: { index: sample, isLast } });
    for (let step = 0; step < steps; step++) {
      const spikes = this.#recording.part(`b${batch}.input`, step * samples + sample, inputs);
      core.receive(core.image.input, spikes.flatMap((spike, input) => (spike === 1 ? [input] : [])));
      core.step();
      for (const name of layerNames) this.#compareStep(batch, sample, samples, step, name);
    }
    const what = `batch ${batch}, sample ${sample}`;
    this.#compare(`${what}: counts`, this.#read('output.count'), this.#recording.part(`b${batch}.counts`, sample, outputs));
    for (const name of layerNames)
      this.#compare(
        `${what}: errors of ${name}`,
        this.#read(`${name}.signal`),
        this.#neurons(`b${batch}.error.${name}`, sample, name),
      );
  }

  /** The random numbers in the errors of a sample: what is left of them without counts and target. */
  #random(batch: number, sample: number, label: number): number[] {
    const { target, spikesWanted } = this.#network;
    const counts = this.#recording.part(`b${batch}.counts`, sample, outputs);
    return this.#recording
      .part(`b${batch}.error.output`, sample, outputs)
      .map(
        (error, output) =>
          error - Math.floor((at(counts, output) * target) / spikesWanted) + (output === label ? target : 0),
      );
  }

  #compareStep(batch: number, sample: number, samples: number, step: number, name: LayerName): void {
    const recorded = (what: string) =>
      this.#neurons(`b${batch}.${name}.${what}`, step * samples + sample, name);
    const where = `batch ${batch}, sample ${sample}, step ${step}`;
    const bit = 2 ** (steps - 1 - step);
    this.#compare(`${where}: potentials of ${name}`, this.#read(`${name}.v`), recorded('v'));
    this.#compare(`${where}: spikes of ${name}`, this.#read(`${name}.spiked`), recorded('spike'));
    this.#compare(
      `${where}: boxes of ${name}`,
      this.#read(`${name}.boxHistory`).map((history) => Number((history & bit) !== 0)),
      recorded('box'),
    );
  }

  /** The weights at the end of the recording, if it has them. */
  end(): void {
    for (const name of layerNames) {
      if (!this.#recording.has(`end.${name}.shadow`)) continue;
      for (const [theirs, ours] of [
        ['shadow', 'shadow'],
        ['inference', 'weight'],
      ] as const)
        this.#compare(
          `${ours} weights of ${name} at the end`,
          this.#read(`${projections[name]}.${ours}`),
          this.#matrix(`end.${name}.${theirs}`, name),
        );
    }
  }
}

function numbers(recording: Recording, name: string): number[] {
  return Array.from(recording.read(name));
}
