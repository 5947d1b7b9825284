import {
  type Controller,
  type Core,
  type Counters,
  DataController,
  indexOfLargest,
  type SendInput,
  stateFrom,
  tableOf,
} from '../api.ts';

/** The part of the chip's configuration that its controller needs; the program's parameters are the rest. */
export interface ReckonConfig {
  /** Even numbers. */
  readonly inputs: number;
  readonly neurons: number;
  readonly outputs: number;
  /** Which weights learn: bit 0 input, bit 1 recurrent, bit 2 output weights. */
  readonly doEprop: number;
  readonly forceTraces: boolean;
}

/** A sample: the inputs that are active before each tick, its label, and whether it is learned. */
export interface ReckonSample {
  readonly label: number;
  /** The first tick whose answer counts and is learned. */
  readonly targetFrom: number;
  readonly learns: boolean;
  /** By tick, indices of inputs, each at most once. At least two ticks; the inputs of the last tick are not used. */
  readonly inputs: readonly (readonly number[])[];
}

export interface ReckonAnswer {
  readonly winner: number;
  /** By output, the number of ticks in which it was the largest. */
  readonly winnerCounts: readonly number[];
}

/** Cycles of a tick, in total and by phase (section 2.7 of test/golden/specification.md). */
export interface ReckonCycles {
  readonly latency: number;
  readonly step: number;
  readonly eprop: number;
  /** Scanning of indices, passes of active ones, and traces of inputs beyond the neurons. */
  readonly scan: number;
  readonly passes: number;
  readonly traces: number;
}

/** Receives what the chip does, in order. */
export interface ReckonObserver {
  /** A sample has started, all states at zero. */
  start?(): void;
  /** The STEP of a tick (1 or later) is done and these neurons spike. None of the spikes has propagated yet. */
  stepped?(tick: number, spikes: readonly number[]): void;
  /** A tick is over. It is not called for the last tick, which ends with its STEP. */
  ticked?(tick: number, cycles: ReckonCycles): void;
}

/**
 * ReckOn's controller, which the hw-model `reckon` states as data, with samples that it goes through tick by tick.
 *
 * Source: C. Frenkel, G. Indiveri, ISSCC 2022, and the behaviour of its published RTL (test/golden).
 */
export class ReckonController implements Controller {
  readonly core: Core;
  readonly #outputs: number;
  readonly #observer: ReckonObserver;
  readonly #chip: DataController;
  readonly #start: SendInput;
  readonly #input: SendInput;
  readonly #tick: SendInput;
  /** The tick that runs. */
  #now = 0;
  #samples = 0;
  #ticks = 0;

  /**
   * Seeds the generators. A core that has learned before goes on learning, with random words from the first on.
   *
   * @throws PlasticoreError `image` if the core's image is not ReckOn's
   */
  constructor(core: Core, config: ReckonConfig, seeds: ReckonSeeds, observer: ReckonObserver = {}) {
    this.core = core;
    this.#outputs = config.outputs;
    this.#observer = observer;
    this.#chip = new DataController([core]);
    const registers = {
      inputCount: config.inputs,
      neuronCount: config.neurons,
      outputCount: config.outputs,
      learning: config.doEprop,
      forcesTraces: Number(config.forceTraces),
    };
    for (const [name, value] of Object.entries(registers)) this.#chip.write(name, 0, [value]);
    this.#start = this.#chip.input('start');
    this.#input = this.#chip.input('input');
    this.#tick = this.#chip.input('tick');
    this.#listen();
    loadReckonSeeds(core, seeds);
  }

  #listen(): void {
    const observer = this.#observer;
    if (observer.stepped !== undefined) {
      const spikes: number[] = [];
      this.#chip.hear('spikes', ([neuron = 0]) => spikes.push(neuron));
      this.#chip.hear('steps', () => observer.stepped?.(this.#now, spikes.splice(0)));
    }
    if (observer.ticked !== undefined)
      this.#chip.hear('ticks', ([latency = 0, step = 0, eprop = 0, scan = 0, passes = 0, traces = 0]) =>
        observer.ticked?.(this.#now, { latency, step, eprop, scan, passes, traces }),
      );
  }

  get cores(): readonly Core[] {
    return [this.core];
  }

  /** Clock cycles in which the chip has worked. */
  get cycle(): number {
    return this.#chip.cycle;
  }

  counters(): Counters {
    return { ...this.#chip.counters(), samples: this.#samples, steps: this.#ticks };
  }

  resetCounters(): void {
    this.#chip.resetCounters();
    this.#samples = 0;
    this.#ticks = 0;
  }

  /** Runs a sample. */
  run({ inputs, label, learns, targetFrom }: ReckonSample): ReckonAnswer {
    const last = inputs.length - 1;
    this.#start(label);
    this.#observer.start?.();
    this.#samples += 1;
    this.#ticks += inputs.length;
    for (const [tick, active] of inputs.entries()) {
      this.#now = tick;
      if (tick < last) for (const input of active) this.#input(input);
      const counts = tick > 0 && tick >= targetFrom;
      this.#tick(Number(tick === 0), Number(counts), Number(learns), Number(tick === last));
    }
    const winnerCounts = Array.from(this.#chip.read('wins.ticks', 0)).slice(0, this.#outputs);
    return { winner: indexOfLargest(winnerCounts), winnerCounts };
  }
}

/** The seed registers. Those of 30 bits hold the even neurons' generator in bits 14 to 0, the odd ones' in 29 to 15. */
export interface ReckonSeeds {
  /** 25 bits each. */
  readonly inputWeights: number;
  readonly recurrentWeights: number;
  /** 22 bits. */
  readonly outputWeights: number;
  /** 30 bits each. */
  readonly potentials: number;
  readonly inputTraces: number;
  readonly recurrentTraces: number;
  readonly outputTraces: number;
  /** 15 bits. */
  readonly outputs: number;
}

/** `bits[i]` is the bit of a seed that is y[first + i] of a generator's sequence; negative: before the first word. */
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

/** Puts the declared generators into the states that the seeds stand for. */
function loadReckonSeeds(core: Core, seeds: ReckonSeeds): void {
  const even = (seed: number): number => seed & 0x7fff;
  const odd = (seed: number): number => (seed >>> 15) & 0x7fff;
  const wanted: Readonly<Record<string, readonly [seed: number, order: SeedOrder]>> = tableOf({
    inputWeights: [seeds.inputWeights, ofWeights],
    recurrentWeights: [seeds.recurrentWeights, ofWeights],
    outputWeights: [seeds.outputWeights, ofOutputWeights],
    evenPotential: [even(seeds.potentials), ofWideRounding],
    oddPotential: [odd(seeds.potentials), ofWideRounding],
    evenInputTrace: [even(seeds.inputTraces), ofWideRounding],
    oddInputTrace: [odd(seeds.inputTraces), ofWideRounding],
    evenRecurrentTrace: [even(seeds.recurrentTraces), ofWideRounding],
    oddRecurrentTrace: [odd(seeds.recurrentTraces), ofWideRounding],
    evenOutputTrace: [even(seeds.outputTraces), ofNarrowRounding],
    oddOutputTrace: [odd(seeds.outputTraces), ofNarrowRounding],
    output: [seeds.outputs, ofNarrowRounding],
  });
  const state = core.save();
  const { lanes } = core.image.core;
  for (const [index, generator] of core.image.generators.entries()) {
    const found = wanted[generator.name];
    if (found === undefined) continue;
    const [seed, { first, bits }] = found;
    const values = bits.map((bit) => (seed >>> bit) & 1);
    state.generators[lanes + index] = stateFrom(generator, first, values);
  }
  core.restore(state);
}
