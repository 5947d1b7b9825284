import { constantsOf } from '../../compiler/index.ts';
import { createSetEncoder, type Encoding, encodedInputs, type LabelledSet } from '../../data/index.ts';
import { type Engine, type ReckonConfig, ReckonController, type ReckonSeeds } from '../../engine/index.ts';
import { type Counters, countsSince } from '../../image/index.ts';
import type { Program } from '../../program/index.ts';
import { drawNormal, hash32, streams } from '../../random/index.ts';
import { PlasticoreError } from '../../text/index.ts';

/** How a host programs, teaches and asks ReckOn. The schema of experiments says what the keys mean. */
export interface ReckonTeaching {
  readonly alpha: number;
  readonly threshold: number;
  readonly targetFrom: number;
  readonly initialGains: { readonly input: number; readonly recurrent: number; readonly output: number };
}

/** The same, with what the program says of the chip's configuration. */
export interface ReckonHosting extends ReckonTeaching {
  readonly config: ReckonConfig;
}

/** Which sample is presented. */
export interface ReckonPresentation {
  readonly sample: number;
  readonly epoch: number;
  readonly seed: number;
  readonly label: number;
  readonly learns: boolean;
}

/** A weight of 1 in the chip's weights of 8 bits. */
const unitWeight = 128;

/** What a host of ReckOn knows: the teaching of an experiment, the registers of its program. */
export function reckonHosting(teaching: ReckonTeaching, program: Program): ReckonHosting {
  const registers = constantsOf(program, ['num_inp', 'num_rec', 'num_out', 'do_eprop', 'force_traces']);
  return {
    ...teaching,
    config: {
      inputs: registers.num_inp,
      neurons: registers.num_rec,
      outputs: registers.num_out,
      doEprop: registers.do_eprop,
      forceTraces: registers.force_traces === 1,
    },
  };
}

/**
 * Recurrent neurons of ReckOn that learn to tell spike trains apart by e-prop: a host that programs the chip, sends it
 * the spikes of each tick, and takes the output that was the largest in most of the ticks that count.
 */
export class ReckonClassifier {
  readonly #engine: Engine;
  readonly #hosting: ReckonHosting;
  readonly #chip: ReckonController;
  #observe: () => void = () => {};
  #base: Counters;

  constructor(engine: Engine, hosting: ReckonHosting) {
    this.#engine = engine;
    this.#hosting = hosting;
    this.#chip = new ReckonController(engine, hosting.config, seedsOf(engine.image.seed), {
      // A tick each: the first has no STEP.
      start: () => this.#observe(),
      stepped: () => this.#observe(),
    });
    this.#program();
    this.#base = this.#chip.counters();
  }

  counters(): Counters {
    return countsSince(this.#chip.counters(), this.#base);
  }

  resetCounters(): void {
    this.#base = this.#chip.counters();
  }

  /** A way to present a set's samples: encoded into the image's steps, each a tick. */
  presenter(set: LabelledSet, encoder: Encoding) {
    const encode = createSetEncoder(set, encoder);
    /** @returns the answer: a class */
    return ({ label, learns, ...context }: ReckonPresentation, observe: () => void = () => {}): number => {
      this.#observe = observe;
      const { steps, offsets, indices } = encode(context, this.#engine.image.steps);
      const inputs = Array.from({ length: steps }, (_, tick) => [
        ...indices.subarray(offsets[tick], offsets[tick + 1]),
      ]);
      const { targetFrom } = this.#hosting;
      return this.#chip.run({ label, targetFrom, learns, inputs }).winner;
    };
  }

  /**
   * Leaks, thresholds, and weights as those of Frenkel and Indiveri's published test bench are distributed: normally, by
   * He's rule with a gain, standard deviation gain x sqrt(2 / fan-in).
   */
  #program(): void {
    const { alpha, threshold, initialGains, config } = this.#hosting;
    const { inputs, neurons, outputs } = config;
    // From 0x7000 to 0x8fff, so that the chip keeps its highest bit, the three below that are its opposite, and 12 more.
    this.#fill('neurons.alpha', () => alpha & 0xfff);
    this.#fill('neurons.alpha_conf', () => alpha >> 15);
    this.#fill('neurons.thr', () => threshold);
    this.#draw('synapses.winp', inputs, neurons, initialGains.input);
    this.#draw('synapses.wrec', neurons, neurons, initialGains.recurrent);
    this.#draw('readout.wout', neurons, outputs, initialGains.output);
  }

  /** Draws the weights of the rows and columns that are used; the others are 0. */
  #draw(name: string, rows: number, columns: number, gain: number): void {
    const { image } = this.#engine;
    const field = this.#fieldOf(name);
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
    const field = this.#fieldOf(name);
    const count = this.#engine.image.fields[field]?.count ?? 0;
    this.#engine.write(
      field,
      Int32Array.from({ length: count }, (_, item) => value(item)),
    );
  }

  #fieldOf(name: string): number {
    const { fields, program } = this.#engine.image;
    const field = fields.findIndex((candidate) => candidate.name === name);
    if (field >= 0) return field;
    throw new PlasticoreError('image', `program '${program}' is not ReckOn's: it has no field '${name}'`);
  }
}

/** Seeds of the chip's generators; a register of shifted bits that are all 0 would stay so. */
function seedsOf(seed: number): ReckonSeeds {
  const draw = (register: number, bits: number): number => {
    const word = hash32(seed, streams.generator, register) >>> (32 - bits);
    return word === 0 ? 1 : word;
  };
  /** Of the even and the odd neuron's. */
  const pair = (register: number): number => draw(register, 15) | (draw(register + 1, 15) << 15);
  return {
    inputWeights: draw(0, 25),
    recurrentWeights: draw(1, 25),
    outputWeights: draw(2, 22),
    potentials: pair(3),
    inputTraces: pair(5),
    recurrentTraces: pair(7),
    outputTraces: pair(9),
    outputs: draw(11, 15),
  };
}

/**
 * Checks that the samples of a data set fit the chip as it is configured.
 *
 * @throws PlasticoreError `data` for another number of inputs or too many classes, `invalid-value` for a configuration
 *   that the model does not cover
 */
export function checkReckon(
  { config, targetFrom }: ReckonHosting,
  steps: number,
  encoder: Encoding,
  set: LabelledSet,
): void {
  const { inputs, neurons, outputs } = config;
  for (const [name, value, most] of [
    ['num_inp', inputs, 256],
    ['num_rec', neurons, 256],
  ] as const) {
    if (value >= 2 && value <= most && value % 2 === 0) continue;
    throw new PlasticoreError('invalid-value', `parameter ${name} is ${value}`, {
      hint: `ReckOn's model takes even numbers from 2 to ${most}`,
    });
  }
  if (targetFrom >= steps - 1) {
    throw new PlasticoreError(
      'invalid-value',
      `targetFrom is tick ${targetFrom} of ${steps}: nothing would be learnt or asked`,
      { hint: 'the last tick is not learnt; program.steps says how many there are' },
    );
  }
  const encoded = encodedInputs(set, encoder);
  if (encoded === inputs && set.classes <= outputs) return;
  throw new PlasticoreError(
    'data',
    `data set '${set.name}' has ${encoded} inputs and ${set.classes} classes; ReckOn is configured for ${inputs} inputs and ${outputs} outputs`,
    {
      hint: `for example --set program.parameters.num_inp=${encoded} --set program.parameters.num_out=${set.classes}`,
    },
  );
}
