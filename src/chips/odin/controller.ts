import {
  at,
  type Controller,
  type Core,
  type Counters,
  DataController,
  PlasticoreError,
  type SendInput,
} from '../api.ts';

/** Addresses of input events, as the chip decodes them. */

/** A spike of a neuron: its row of synapses. */
export const spikeOf = (pre: number): number => (pre << 8) | 7;
/** The leak of one neuron. */
export const timeReference = (post: number): number => (post << 8) | 0xff;
/** The leak of all neurons. */
export const timeReferenceOfAll = 0x7f;
/** The largest weight, of a synapse or of a virtual event. */
export const largestWeight = 7;
/** A virtual event: an update of one neuron by the largest weight, without a synapse. */
export const virtual = (post: number, inhibits: boolean): number =>
  (post << 8) | (largestWeight << 5) | (Number(inhibits) << 4) | 1;

/** Configuration of the chip, apart from its memories. */
export interface OdinConfig {
  /** Whether spikes only leave the chip. In a closed loop they also enter the scheduler. */
  readonly openLoop: boolean;
  readonly updateUnmappedSynapses: boolean;
  readonly propagateUnmappedSynapses: boolean;
  /** Whether SDSP acts on events of a single synapse. */
  readonly learnAtSynapseEvents: boolean;
}

/** Operations by their number in the records of the controller. */
export const odinOperations = ['PUSH', 'POP_NEUR', 'POP_VIRT', 'SYNAPSE', 'TREF', 'BIST'] as const;
export type OdinOperation = (typeof odinOperations)[number];

/** Receives what the chip does, in order. Cycles count from 0. */
export interface OdinObserver {
  /**
   * `cycles` include the operation's `stalls`. `argument`: the event's address, or the scheduler's entry of 13 bits.
   */
  operation(start: number, kind: OdinOperation, argument: number, cycles: number, stalls: number): void;
  /** `fate`: lost to a full scheduler (0), pushed into the scheduler (1), or sent out in an open loop (2). */
  spike(cycle: number, neuron: number, fate: 0 | 1 | 2): void;
  /**
   * An event, whether the chip was drained after it, and its five cycles: request, start of the operation, acknowledge,
   * done, and idle (or done, if not drained).
   */
  event(
    address: number,
    drains: boolean,
    request: number,
    start: number,
    acknowledge: number,
    done: number,
    idle: number,
  ): void;
}

/**
 * ODIN's controller, which the hw-model `odin` states as data, with the events that it takes and what it records.
 *
 * Source: C. Frenkel et al., IEEE TBioCAS 13(1), 2019, and the behaviour of its published RTL (test/golden).
 */
export class OdinController implements Controller {
  readonly core: Core;
  readonly #chip: DataController;
  readonly #event: SendInput;
  readonly #drain: SendInput;
  /** The event that is being sent. */
  #address = 0;
  #drains = false;

  /**
   * @param observer its parts that are there are called
   * @throws PlasticoreError `image` if the core's image is not ODIN's
   */
  constructor(core: Core, config: OdinConfig, observer: Partial<OdinObserver> = {}) {
    this.core = core;
    this.#chip = new DataController([core]);
    this.#checkSizes();
    const registers = {
      isOpen: config.openLoop,
      updatesUnmapped: config.updateUnmappedSynapses,
      propagatesUnmapped: config.propagateUnmappedSynapses,
      learnsAtSynapses: config.learnAtSynapseEvents,
    };
    for (const [name, value] of Object.entries(registers)) this.#chip.write(name, 0, [Number(value)]);
    this.#event = this.#chip.input('event');
    this.#drain = this.#chip.input('drain');
    this.observe(observer);
  }

  /** Calls those of an observer's parts that are there, from here on. */
  observe({ operation, spike, event }: Partial<OdinObserver>): void {
    if (operation !== undefined)
      this.#chip.hear('operations', ([start = 0, kind = 0, argument = 0, cycles = 0, stalls = 0]) =>
        operation(start, at(odinOperations, kind), argument, cycles, stalls),
      );
    if (spike !== undefined)
      this.#chip.hear('spikes', ([cycle = 0, neuron = 0, fate]) =>
        spike(cycle, neuron, fate === 2 ? 2 : fate === 1 ? 1 : 0),
      );
    if (event !== undefined)
      this.#chip.hear('events', ([request = 0, start = 0, acknowledge = 0, done = 0, idle = 0]) =>
        event(this.#address, this.#drains, request, start, acknowledge, done, idle),
      );
  }

  get cores(): readonly Core[] {
    return [this.core];
  }

  get cycle(): number {
    return this.#chip.cycle;
  }

  counters(): Counters {
    return this.#chip.counters();
  }

  resetCounters(): void {
    this.#chip.resetCounters();
  }

  /**
   * Requests an input event in the current cycle and runs the chip until the event is done, so that the next one can
   * follow back to back.
   *
   * @param address 17 bits
   * @param drains whether to run on until the chip is idle
   */
  send(address: number, drains: boolean): void {
    this.#address = address;
    this.#drains = drains;
    this.#event(drains ? 0 : 1, address);
  }

  /** Serves the scheduler until it is empty and the output is free. Activity that feeds itself never ends. */
  drain(): void {
    this.#drain();
  }

  /** The hw-model states the size of the scheduler twice: what it costs, and what it holds. */
  #checkSizes(): void {
    const { core } = this.core.image;
    const depth = this.#chip.data.queues?.scheduler?.depth;
    if (depth === core.fifoDepth) return;
    throw new PlasticoreError(
      'image',
      `hw-model '${core.hwModel}': its router has a FIFO of ${core.fifoDepth} entries, and its controller a scheduler of ${depth}`,
      { hint: 'router.fifoDepth and controller.queues.scheduler.depth are the same' },
    );
  }
}
