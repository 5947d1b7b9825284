import {
  type Controller,
  type Core,
  type Counters,
  DataController,
  indexOfLargest,
  type SendInput,
} from '../api.ts';
import { loadReckonSeeds, type ReckonSeeds } from './seeds.ts';

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
