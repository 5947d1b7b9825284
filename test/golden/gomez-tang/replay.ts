import { at } from '../../../src/arrays/index.ts';
import type { Core } from '../../../src/engine/index.ts';
import type { Recording } from './recording.ts';

const [steps, inputs, hidden, outputs] = [20, 784, 100, 10];

/** The layers of weights, by their names in the recording. */
const layers = {
  hidden: { size: hidden, projection: 'inputToHidden', scale: 'hiddenLayer' },
  output: { size: outputs, projection: 'hiddenToOutput', scale: 'outputLayer' },
} as const;
type Layer = keyof typeof layers;
const layerNames = ['hidden', 'output'] as const;

/** Takes a name of what was compared, what the core has, and what was recorded. */
export type Compare = (what: string, found: readonly number[], expected: readonly number[]) => void;

/**
 * Gives a core the weights, the spikes and the random numbers of a recording, and compares all that was recorded.
 *
 * @param core at the precision of the recording, of which only the end of a pass ends a batch
 */
export function replay(core: Core, recording: Recording, compare: Compare): void {
  const replaying = new Replay(core, recording, compare);
  replaying.start();
  for (let batch = 0; batch < recording.batches; batch++) replaying.batch(batch);
  replaying.end();
}

class Replay {
  readonly #core: Core;
  readonly #recording: Recording;
  readonly #compare: Compare;

  constructor(core: Core, recording: Recording, compare: Compare) {
    this.#core = core;
    this.#recording = recording;
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

  start(): void {
    for (const name of layerNames) {
      const { size, projection } = layers[name];
      for (const [theirs, ours] of [['shadow', 'shadow'], ['inference', 'weight']] as const)
        this.#core.write(
          this.#field(`${projection}.${ours}`),
          this.#recording.transposed(`start.${name}.${theirs}`, size),
        );
    }
  }

  batch(batch: number): void {
    const samples = this.#recording.read(`b${batch}.labels`).length;
    for (let sample = 0; sample < samples - 1; sample++) this.#sample(batch, sample, samples, false);
    // The sums of the batch are there before the update: once more without it.
    const before = this.#core.save();
    this.#sample(batch, samples - 1, samples, false);
    for (const name of layerNames) {
      const { size, projection } = layers[name];
      this.#compare(
        `batch ${batch}: sums of ${name}`,
        this.#read(`${projection}.gradient`),
        this.#recording.transposed(`b${batch}.${name}.sum`, size),
      );
    }
    this.#core.restore(before);
    const shadows = { hidden: this.#shadow('hidden'), output: this.#shadow('output') };
    this.#sample(batch, samples - 1, samples, true);
    for (const name of layerNames) this.#updated(batch, name, shadows[name]);
  }

  #shadow(layer: Layer): number[] {
    return this.#read(`${layers[layer].projection}.shadow`);
  }

  #updated(batch: number, name: Layer, before: readonly number[]): void {
    const { size, scale } = layers[name];
    const of = `b${batch}.${name}`;
    const deltas = this.#recording.transposed(`${of}.delta`, size);
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
      this.#read(`${layers[name].projection}.weight`),
      expected.map((weight) => Math.floor(weight / 2 ** exponent)),
    );
    this.#compare(
      `batch ${batch}: largest of ${name}`,
      this.#read(`${scale}.largest`),
      numbers(this.#recording, `${of}.maxShadow`),
    );
    this.#compare(
      `batch ${batch}: exponent of ${name}`,
      this.#read(`${scale}.shift`),
      [exponent],
    );
  }

  #sample(batch: number, sample: number, samples: number, isLast: boolean): void {
    const core = this.#core;
    const label = at(numbers(this.#recording, `b${batch}.labels`), sample);
    core.write(this.#field('output.given'), this.#recording.part(`b${batch}.errorRandom`, sample, outputs));
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
        this.#recording.part(`b${batch}.error.${name}`, sample, layers[name].size),
      );
  }

  #compareStep(batch: number, sample: number, samples: number, step: number, name: Layer): void {
    const { size } = layers[name];
    const recorded = (what: string) =>
      this.#recording.part(`b${batch}.${name}.${what}`, step * samples + sample, size);
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
      const { size, projection } = layers[name];
      for (const [theirs, ours] of [['shadow', 'shadow'], ['inference', 'weight']] as const)
        this.#compare(
          `${ours} weights of ${name} at the end`,
          this.#read(`${projection}.${ours}`),
          this.#recording.transposed(`end.${name}.${theirs}`, size),
        );
    }
  }
}

function numbers(recording: Recording, name: string): number[] {
  return Array.from(recording.read(name));
}
