import {
  at,
  type Core,
  type Counters,
  DataController,
  hash32,
  type RecordingAbout,
  recordingOf,
  type SendInput,
  stateFrom,
  streams,
} from '../api.ts';

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
