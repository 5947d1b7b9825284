import {
  type Core,
  type Counters,
  createSetEncoder,
  drawNormal,
  type Encoding,
  fieldNamed,
  type LabelledSet,
  plainEncoding,
  streams,
} from '../api.ts';
import type { ReckonOptions } from './options.ts';
import { type ControllerRegisters, ReckonSamples } from './samples.ts';

/** A sample to present. */
interface ReckonPresentation {
  readonly sample: number;
  readonly epoch: number;
  readonly seed: number;
  /** `false` leaves out the random changes of training. */
  readonly augment?: boolean | undefined;
  readonly label: number;
  readonly learns: boolean;
}

/** The weight of 8 bits that stands for 1. */
const unitWeight = 128;

/**
 * Recurrent neurons of ReckOn that learn by e-prop to tell spike trains apart. The host programs the chip, sends it the
 * spikes of each tick, and takes as the answer the output that was largest in most of the ticks that count.
 */
export class ReckonClassifier {
  readonly #core: Core;
  readonly #options: ReckonOptions;
  readonly #registers: ControllerRegisters;
  readonly #chip: ReckonSamples;
  #observe: () => void = () => {};

  constructor(core: Core, options: ReckonOptions, registers: ControllerRegisters) {
    this.#core = core;
    this.#options = options;
    this.#registers = registers;
    this.#chip = new ReckonSamples(core, registers, {
      // Once for each tick: the first has no STEP.
      start: () => this.#observe(),
      stepped: () => this.#observe(),
    });
    this.#chip.seed(core.image.seed);
    this.#program();
    this.#chip.resetCounters();
  }

  counters(): Counters {
    return this.#chip.counters();
  }

  resetCounters(): void {
    this.#chip.resetCounters();
  }

  /** Presents samples of a set, encoded into the image's steps: one step is one tick. */
  presenter(set: LabelledSet, encoder: Encoding) {
    const encode = createSetEncoder(set, plainEncoding(encoder));
    /** @returns the answer: a class */
    return ({ label, learns, ...context }: ReckonPresentation, observe: () => void = () => {}): number => {
      this.#observe = observe;
      const { steps, offsets, indices } = encode(context, this.#core.image.steps);
      const inputs = Array.from({ length: steps }, (_, tick) => [
        ...indices.subarray(offsets[tick], offsets[tick + 1]),
      ]);
      const { targetFrom } = this.#options;
      return this.#chip.run({ label, targetFrom, learns, inputs });
    };
  }

  /**
   * Writes leaks, thresholds and weights. Weights are distributed as in the test bench that Frenkel and Indiveri
   * publish: normally, by He's rule with a gain, with standard deviation gain x sqrt(2 / fan-in).
   */
  #program(): void {
    const { alpha, threshold, initialGains } = this.#options;
    const { num_inp: inputs, num_rec: neurons, num_out: outputs } = this.#registers;
    // 0x7000 to 0x8fff: the chip stores the highest bit and the lowest 12; the three between are the highest bit's
    // inverse.
    this.#fill('neurons.alpha', () => alpha & 0xfff);
    this.#fill('neurons.alpha_conf', () => alpha >> 15);
    this.#fill('neurons.thr', () => threshold);
    this.#draw('synapses.winp', inputs, neurons, initialGains.input);
    this.#draw('synapses.wrec', neurons, neurons, initialGains.recurrent);
    this.#draw('readout.wout', neurons, outputs, initialGains.output);
  }

  /** Draws the weights of the rows and columns in use; the others are 0. */
  #draw(name: string, rows: number, columns: number, gain: number): void {
    const { image } = this.#core;
    const field = fieldNamed(this.#core.image, name);
    const { rowLength = 1 } = image.layouts[image.fields[field]?.layout ?? -1] ?? {};
    const deviation = gain * Math.sqrt(2 / rows) * unitWeight;
    this.#fill(name, (item) => {
      const row = Math.floor(item / rowLength);
      if (row >= rows || item % rowLength >= columns) return 0;
      const drawn = Math.round(deviation * drawNormal(image.seed, streams.synapseField, field, item));
      return Math.max(-unitWeight, Math.min(unitWeight - 1, drawn));
    });
  }

  #fill(name: string, value: (item: number) => number): void {
    const field = fieldNamed(this.#core.image, name);
    const count = this.#core.image.fields[field]?.count ?? 0;
    this.#core.write(
      field,
      Int32Array.from({ length: count }, (_, item) => value(item)),
    );
  }
}
