import type * as z from 'zod';
import {
  at,
  type Core,
  type Counters,
  createSetEncoder,
  DataController,
  drawNormal,
  type Encoding,
  type EncodingContext,
  fieldNamed,
  hash32,
  key,
  type LabelledSet,
  list,
  plainEncoding,
  positive,
  type RecordingAbout,
  recordingOf,
  type SendInput,
  stateFrom,
  streams,
  strictObject,
  type Watcher,
  whole,
} from '../api.ts';

const index = whole('an index', 0, 255);

/** `network:` in the section `reckon` of an experiment: how a network in its memories is presented with samples. */
const reckonNetworkOptions = strictObject({
  inputs: key(
    whole('a number of inputs', 1, 256),
    'Inputs that samples have. Others of the chip are constant.',
    70,
  ),
  alpha: key(
    list(whole('a leak of 16 bits', 0x7000, 0x8fff), 'leaks'),
    'The part of a potential that is left after a tick, in units of 2^-15, of each pair of neurons.',
    [30310, 30310],
  ),
  threshold: key(
    list(whole('a threshold of 16 bits', 1, 2 ** 15 - 1), 'thresholds'),
    'Firing threshold of each pair of neurons.',
    [614, 614],
  ),
  constant: key(
    list(
      strictObject({
        input: key(index, 'The input.', 70),
        from: key(whole('a tick', 0), 'The first tick in which it is active.', 0),
      }),
      'constant inputs',
    ),
    'Inputs that are active in each tick, from one on, so that neurons gain potential without input.',
    [{ input: 70, from: 0 }],
  ),
  settle: key(
    whole('a number of ticks', 2, 2 ** 16),
    'Ticks behind the steps of a sample, until the outputs have counted the last spikes of the layer that answers.',
    3,
  ),
});

export type ReckonNetworkOptions = Readonly<z.infer<typeof reckonNetworkOptions>>;

const gain = (what: string, value: number) =>
  key(
    positive('a gain').default(value),
    `Gain of the initial ${what} weights, which are drawn from a normal distribution of standard deviation gain x sqrt(2 / fan-in).`,
    value,
  );

const gains = strictObject({
  input: gain('input', 0.5),
  recurrent: gain('recurrent', 0.1),
  output: gain('output', 0.5),
});

/** `reckon:` in an experiment: how the host programs, teaches and asks ReckOn, or presents a network with samples. */
export const reckonOptions = strictObject({
  alpha: key(
    whole('a leak of 16 bits, 15 of them fractional', 0x7000, 0x8fff).default(0x7fff),
    'The part of a membrane potential and of its traces that is left after a tick, in units of 2^-15. With 0x8000 nothing leaks.',
    0x7fef,
  ),
  threshold: key(
    whole('a threshold of 16 bits', 1, 2 ** 15 - 1).default(614),
    'Firing threshold of the recurrent neurons.',
    614,
  ),
  targetFrom: key(whole('a tick', 1, 2 ** 20), 'The first tick whose answer counts and is learned.', 2100),
  initialGains: key(
    gains.default(gains.parse({})),
    'Scale of the initial weights; a weight of 128 stands for 1.',
    { input: 0.5, recurrent: 0.1 },
  ),
  network: key(
    reckonNetworkOptions.optional(),
    'A network in the arrays of the program, as `import` makes it, and how it is presented with samples. Nothing is taught then, and the other keys mean nothing.',
    { inputs: 70, alpha: [30310], threshold: [614], constant: [], settle: 3 },
  ),
});

export type ReckonOptions = Readonly<z.infer<typeof reckonOptions>>;

/** Registers of the program that the controller has, too. */
export const controllerRegisters = ['num_inp', 'num_rec', 'num_out', 'do_eprop', 'force_traces'] as const;
export type ControllerRegisters = Readonly<Record<(typeof controllerRegisters)[number], number>>;

/** A sample: the inputs that are active before each tick, its label, and whether it is learned. */
export interface ReckonSample {
  readonly label: number;
  /** The first tick whose answer counts and is learned. */
  readonly targetFrom: number;
  readonly learns: boolean;
  /** By tick, indices of inputs, each at most once. At least two ticks; the inputs of the last tick are not used. */
  readonly inputs: readonly (readonly number[])[];
}

/** Receives what the chip does, in order. */
interface Observer {
  /** A sample has started, all states at zero. */
  start?(): void;
  /** The STEP of a tick (1 or later) is done and these neurons spike. None of the spikes has propagated yet. */
  stepped(tick: number, spikes: readonly number[]): void;
}

/** Ticks of the first sample of which a recording states what the STEP leaves of each neuron. */
const statedTicks = 12;

/** Presents samples to ReckOn, whose controller the hw-model states, tick by tick. */
export class ReckonSamples {
  readonly #observer: Observer;
  readonly #chip: DataController;
  #inputs: Readonly<Record<'start' | 'input' | 'tick', SendInput>>;
  #samples = 0;
  #ticks = 0;

  /**
   * A core that has learned before goes on learning, with the words of its generators that come next.
   *
   * @throws PlasticoreError `image` if the core's image is not ReckOn's
   */
  constructor(core: Core, registers: ControllerRegisters, observer: Observer) {
    this.#observer = observer;
    this.#chip = new DataController([core]);
    const values = {
      inputCount: registers.num_inp,
      neuronCount: registers.num_rec,
      outputCount: registers.num_out,
      learning: registers.do_eprop,
      forcesTraces: registers.force_traces,
    };
    for (const [name, value] of Object.entries(values)) this.#chip.write(name, 0, [value]);
    this.#inputs = {
      start: this.#chip.input('start'),
      input: this.#chip.input('input'),
      tick: this.#chip.input('tick'),
    };
    const spikes: number[] = [];
    this.#chip.hear('spikes', ([neuron = 0]) => spikes.push(neuron));
    this.#chip.hear('steps', ([tick = 0]) => observer.stepped(tick, spikes.splice(0)));
  }

  /** Puts the generators into the states that seeds of their registers give. */
  seed(seed: number): void {
    for (const [name, state] of generatorStates(seed, this.#chip)) this.#chip.write(name, 0, [state]);
  }

  counters(): Counters {
    return { ...this.#chip.counters(), samples: this.#samples, steps: this.#ticks };
  }

  resetCounters(): void {
    this.#chip.resetCounters();
    this.#samples = 0;
    this.#ticks = 0;
  }

  /** Presents a sample. @returns the output that was the largest in most of the ticks that count */
  run({ inputs, label, learns, targetFrom }: ReckonSample): number {
    const last = inputs.length - 1;
    const { start, input: activate, tick: run } = this.#inputs;
    start(label);
    this.#observer.start?.();
    this.#samples += 1;
    this.#ticks += inputs.length;
    for (const [tick, active] of inputs.entries()) {
      if (tick < last) for (const input of active) activate(input);
      const counts = tick > 0 && tick >= targetFrom;
      run(Number(tick === 0), Number(counts), Number(learns), Number(tick === last));
    }
    return at(this.#chip.read('winner', 0), 0);
  }

  watch(watcher: Watcher): readonly number[] {
    return this.#chip.watch(watcher);
  }

  /** Writes down what the chip does from here on. The function that it returns gives the trace. */
  record(about: RecordingAbout): () => unknown {
    this.#chip.write('stated', 0, [statedTicks]);
    const recording = recordingOf(this.#chip, about);
    this.#inputs = {
      start: (...values) => recording.send('start', values),
      input: (...values) => recording.send('input', values),
      tick: (...values) => recording.send('tick', values),
    };
    return () => recording.finish();
  }
}

/** Where the bits of a seed are in the sequence of a generator: y[first] and on, by bit of the seed. */
interface SeedOrder {
  readonly first: number;
  readonly bits: readonly number[];
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** y[-22] to y[-1] are bits 3 to 24, y[0] to y[2] bits 0 to 2. */
const ofWeights: SeedOrder = { first: -22, bits: [...range(3, 25), 0, 1, 2] };
/** y[0] is bit 0; the others precede it. */
const ofOutputWeights: SeedOrder = { first: -21, bits: [...range(1, 22), 0] };
const ofWideRounding: SeedOrder = { first: -14, bits: [...range(1, 15), 0] };
/** y[-14] to y[-8] are the odd bits, y[-7] to y[-1] the even ones from 2 on. */
const ofNarrowRounding: SeedOrder = { first: -14, bits: [1, 3, 5, 7, 9, 11, 13, 2, 4, 6, 8, 10, 12, 14, 0] };

/** The generators in the order in which their seeds are drawn. */
const seedOrders: readonly (readonly [generator: string, order: SeedOrder])[] = [
  ['inputWeights', ofWeights],
  ['recurrentWeights', ofWeights],
  ['outputWeights', ofOutputWeights],
  ['evenPotential', ofWideRounding],
  ['oddPotential', ofWideRounding],
  ['evenInputTrace', ofWideRounding],
  ['oddInputTrace', ofWideRounding],
  ['evenRecurrentTrace', ofWideRounding],
  ['oddRecurrentTrace', ofWideRounding],
  ['evenOutputTrace', ofNarrowRounding],
  ['oddOutputTrace', ofNarrowRounding],
  ['output', ofNarrowRounding],
];

/** States of the generators, by name, for seeds that are drawn. A shift register of zeros would stay at zero. */
function generatorStates(seed: number, { cores }: DataController): [name: string, state: number][] {
  const { generators } = at(cores, 0).image;
  return seedOrders.flatMap(([name, { first, bits }], register) => {
    const generator = generators.find((candidate) => candidate.name === name);
    if (generator === undefined) return [];
    const word = hash32(seed, streams.generator, register) >>> (32 - bits.length) || 1;
    const values = bits.map((bit) => (word >>> bit) & 1);
    return [[`generators.${name}`, stateFrom(generator, first, values)]];
  });
}

/** A sample to present. */
interface ReckonPresentation extends EncodingContext {
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
  readonly chip: ReckonSamples;
  #observe: () => void = () => {};

  constructor(core: Core, options: ReckonOptions, registers: ControllerRegisters) {
    this.#core = core;
    this.#options = options;
    this.#registers = registers;
    this.chip = new ReckonSamples(core, registers, {
      // Once for each tick: the first has no STEP.
      start: () => this.#observe(),
      stepped: () => this.#observe(),
    });
    this.chip.seed(core.image.seed);
    this.#program();
    this.chip.resetCounters();
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
      return this.chip.run({ label, targetFrom, learns, inputs });
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
