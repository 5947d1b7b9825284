import { type Controller, type Core, type Counters, indexOfLargest, namesIn, neuronOf } from '../api.ts';
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

/** Cycles of a tick in addition to its phases, until the chip is ready again. */
const handshakeCycles = 3;
/** Neurons whose weights share a word and learn together. */
const groupSize = 16;
/** A read and a write of a memory. */
const accessCycles = 2;
const none: readonly number[] = [];

/**
 * ReckOn's controller: walks through a sample tick by tick, propagates active indices, counts winners, and knows the
 * cycles of each phase.
 *
 * Source: C. Frenkel, G. Indiveri, ISSCC 2022, and the behaviour of its published RTL (test/golden).
 */
export class ReckonController implements Controller {
  readonly core: Core;
  readonly #config: ReckonConfig;
  readonly #observer: ReckonObserver;
  readonly #indices: number;
  /** By index: 1 for an active input, 2 for a spike, 3 for both. */
  readonly #active: Uint8Array;
  #cycles = 0;
  /** The cycle from which events are counted. */
  #countedFrom = 0;
  #samples = 0;
  #ticks = 0;

  // Indices of the image's events, scalars and fields.
  readonly #start: number;
  readonly #step: number;
  readonly #input: number;
  readonly #spike: number;
  readonly #trace: number;
  readonly #learn: number;
  readonly #neuron: number;
  readonly #isInput: number;
  readonly #isSpike: number;
  readonly #label: number;
  readonly #outputs: number;

  /**
   * Seeds the generators. A core that has learned before goes on learning, with random words from the first on.
   *
   * @throws PlasticoreError `image` if the core's image is not ReckOn's
   */
  constructor(core: Core, config: ReckonConfig, seeds: ReckonSeeds, observer: ReckonObserver = {}) {
    this.core = core;
    this.#config = config;
    this.#observer = observer;
    this.#indices = Math.max(config.inputs, config.neurons);
    this.#active = new Uint8Array(this.#indices);
    const names = namesIn(core, 'reckon');
    this.#start = names.event('start');
    this.#step = names.event('step');
    this.#input = names.event('input');
    this.#spike = names.event('spike');
    this.#trace = names.event('trace');
    // If only output weights learn, there are no passes over the others.
    this.#learn = names.event(config.doEprop === 4 ? 'learnOutputs' : 'learn');
    this.#neuron = names.scalar('neuron');
    this.#isInput = names.scalar('is_input');
    this.#isSpike = names.scalar('is_spike');
    this.#label = names.scalar('label');
    this.#outputs = core.image.fields.findIndex(({ name }) => name === 'outputs.o');
    loadReckonSeeds(core, seeds);
  }

  get cores(): readonly Core[] {
    return [this.core];
  }

  /** Clock cycles in which the chip has worked. */
  get cycle(): number {
    return this.#cycles;
  }

  counters(): Counters {
    const counters = this.core.counters();
    const cycles = this.#cycles - this.#countedFrom;
    return { ...counters, samples: this.#samples, steps: this.#ticks, cycles };
  }

  resetCounters(): void {
    this.core.resetCounters();
    this.#samples = 0;
    this.#ticks = 0;
    this.#countedFrom = this.#cycles;
  }

  /** Runs a sample. */
  run({ inputs, label, learns, targetFrom }: ReckonSample): ReckonAnswer {
    const { core } = this;
    const last = inputs.length - 1;
    const winnerCounts = Array.from({ length: this.#config.outputs }, () => 0);
    core.trigger(this.#start);
    core.event[this.#label] = label;
    this.#active.fill(0);
    this.#observer.start?.();
    this.#samples += 1;
    this.#ticks += inputs.length;
    for (let tick = 0; tick <= last; tick++) {
      let step = 0;
      let eprop = 0;
      if (tick > 0) {
        step = this.#stepOnce(tick);
        if (tick >= targetFrom) {
          const winner = this.#largestOutput();
          winnerCounts[winner] = (winnerCounts[winner] ?? 0) + 1;
          if (learns && tick < last) eprop = this.#eprop();
        }
        if (tick === last) {
          this.#cycles += handshakeCycles + step + 1;
          break;
        }
      }
      const { passes, traces } = this.#propagate(inputs[tick] ?? none);
      const scan = this.#indices;
      const latency = handshakeCycles + (step > 0 ? step + 1 : 0) + eprop + scan + passes + traces;
      this.#cycles += latency;
      this.#observer.ticked?.(tick, { latency, step, eprop, scan, passes, traces });
    }
    return { winner: indexOfLargest(winnerCounts), winnerCounts };
  }

  /** Leaks all states; neurons at their threshold spike. Returns the cycles. */
  #stepOnce(tick: number): number {
    const count = this.core.trigger(this.#step);
    const { emitted } = this.core;
    for (let i = 0; i < count; i++) {
      const neuron = neuronOf(emitted[i] ?? 0);
      this.#active[neuron] = 2;
    }
    if (this.#observer.stepped !== undefined) {
      const spikes = Array.from(emitted.subarray(0, count), neuronOf);
      this.#observer.stepped(tick, spikes);
    }
    return Math.max(this.#indices, this.#config.outputs);
  }

  #largestOutput(): number {
    return indexOfLargest(this.core.read(this.#outputs).subarray(0, this.#config.outputs));
  }

  /** Learns. Returns the cycles: for each group, those of its neurons and of all rows of weights. */
  #eprop(): number {
    const { doEprop, neurons } = this.#config;
    if (doEprop === 0) return 0;
    this.core.trigger(this.#learn);
    if (doEprop === 4) return accessCycles * neurons;
    return Math.ceil(neurons / groupSize) * accessCycles * (groupSize + this.#indices);
  }

  /** Propagates active indices in order. An input and a spike of the same index share a pass. */
  #propagate(inputs: readonly number[]): { readonly passes: number; readonly traces: number } {
    const { neurons, doEprop, forceTraces } = this.#config;
    const { event } = this.core;
    const active = this.#active;
    for (const input of inputs) active[input] = (active[input] ?? 0) | 1;
    let passes = 0;
    let traces = 0;
    for (let index = 0; index < active.length; index++) {
      const what = active[index] ?? 0;
      if (what === 0) continue;
      const isInput = what & 1;
      event[this.#neuron] = index;
      event[this.#isInput] = isInput;
      event[this.#isSpike] = what >> 1;
      this.core.trigger(what >> 1 === 1 ? this.#spike : this.#input);
      passes += neurons;
      if (isInput === 1 && index >= neurons) {
        const learnsInputs = (doEprop & 1) === 1;
        if (learnsInputs || forceTraces) this.core.trigger(this.#trace);
        if (learnsInputs) traces += accessCycles;
      }
      active[index] = 0;
    }
    return { passes, traces };
  }
}
