import { type Controller, type Core, type Counters, namesIn, neuronOf } from '../api.ts';

/** Configuration of the chip, apart from its memories. */
export interface OdinConfig {
  /** Whether spikes only leave the chip. In a closed loop they also enter the scheduler. */
  readonly openLoop: boolean;
  readonly updateUnmappedSynapses: boolean;
  readonly propagateUnmappedSynapses: boolean;
  /** Whether SDSP acts on events of a single synapse. */
  readonly learnAtSynapseEvents: boolean;
}

export const odinOperations = ['PUSH', 'POP_NEUR', 'POP_VIRT', 'SYNAPSE', 'TREF', 'BIST'] as const;
export type OdinOperation = (typeof odinOperations)[number];

/** The fate of a spike: lost to a full scheduler, pushed into the scheduler, or sent out in an open loop. */
const spikeFate = { lost: 0, pushed: 1, openLoop: 2 } as const;
type SpikeFate = (typeof spikeFate)[keyof typeof spikeFate];

/** Receives what the chip does, in order. Cycles count from 0. */
export interface OdinObserver {
  /**
   * `cycles` include the operation's `stalls`. `argument`: the event's address, or the scheduler's entry of 13 bits.
   */
  operation(start: number, kind: OdinOperation, argument: number, cycles: number, stalls: number): void;
  spike(cycle: number, neuron: number, fate: SpikeFate): void;
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

/** Cycles for which a spike occupies the output, and with it the controller, if the receiver acknowledges at once. */
const stallCycles = 6;
/** Cycles from a request until the controller sees it. */
const visibleAfter = 2;
/** Cycles from the acknowledge until the controller waits again. */
const handshakeCycles = 3;
/** A read-modify-write of a memory. */
const accessCycles = 2;
const entryBits = 8;

/**
 * ODIN's controller: a scheduler (a FIFO of entries `{virt, address}`), the choice between the scheduler and input
 * events, handshakes, and output stalls. It allocates nothing per event.
 *
 * Source: C. Frenkel et al., IEEE TBioCAS 13(1), 2019, and the behaviour of its published RTL (test/golden).
 */
export class OdinController implements Controller {
  readonly core: Core;
  readonly #observer: OdinObserver | undefined;
  readonly #isOpenLoop: boolean;
  readonly #learnsAtSynapseEvents: number;
  readonly #neurons: number;
  readonly #rowWords: number;
  /** The scheduler: a ring buffer, and the index of its head. */
  readonly #entries: Uint16Array;
  #head = 0;
  #waiting = 0;
  /** The current cycle, in which the controller waits. */
  #cycle = 0;
  /** The last cycle in which the output is busy. */
  #busyUntil = -1;
  /** The cycle from which events are counted. */
  #countedFrom = 0;
  #pushes = 0;
  #pops = 0;
  #drops = 0;
  #stalls = 0;

  // Indices of the image's events and scalars.
  readonly #popNeuron: number;
  readonly #popVirtual: number;
  readonly #synapse: number;
  readonly #timeReference: number;
  readonly #timeReferenceOne: number;
  readonly #bistability: number;
  readonly #bistabilityRow: number;
  readonly #neuron: number;
  readonly #post: number;
  readonly #weight: number;
  readonly #inhibits: number;
  readonly #sdsp: number;

  /** @throws PlasticoreError `image` if the core's image is not ODIN's */
  constructor(core: Core, config: OdinConfig, observer?: OdinObserver) {
    const names = namesIn(core, 'odin');
    this.core = core;
    this.#observer = observer;
    this.#isOpenLoop = config.openLoop;
    this.#learnsAtSynapseEvents = Number(config.learnAtSynapseEvents);
    this.#neurons = core.image.populations[0]?.size ?? 0;
    this.#rowWords = Math.ceil(this.#neurons / core.image.core.lanes);
    this.#entries = new Uint16Array(core.image.core.fifoDepth);
    this.#popNeuron = names.event('popNeuron');
    this.#popVirtual = names.event('popVirtual');
    this.#synapse = names.event('synapse');
    this.#timeReference = names.event('timeReference');
    this.#timeReferenceOne = names.event('timeReferenceOne');
    this.#bistability = names.event('bistability');
    this.#bistabilityRow = names.event('bistabilityRow');
    this.#neuron = names.scalar('neuron');
    this.#post = names.scalar('post');
    this.#weight = names.scalar('w');
    this.#inhibits = names.scalar('inh');
    this.#sdsp = names.scalar('sdsp');
    core.event[names.scalar('update_unmapped_syn')] = Number(config.updateUnmappedSynapses);
    core.event[names.scalar('propagate_unmapped_syn')] = Number(config.propagateUnmappedSynapses);
  }

  get cores(): readonly Core[] {
    return [this.core];
  }

  get cycle(): number {
    return this.#cycle;
  }

  /** Cycles that the output's handshakes have taken: six for each spike. */
  get stalls(): number {
    return this.#stalls;
  }

  counters(): Counters {
    return {
      ...this.core.counters(),
      pushes: this.#pushes,
      pops: this.#pops,
      drops: this.#drops,
      cycles: this.#cycle - this.#countedFrom,
    };
  }

  resetCounters(): void {
    this.core.resetCounters();
    this.#pushes = 0;
    this.#pops = 0;
    this.#drops = 0;
    this.#countedFrom = this.#cycle;
  }

  /**
   * Requests an input event in the current cycle and runs the chip until the event is done, so that the next one can
   * follow back to back.
   *
   * @param address 17 bits
   * @param drains whether to run on until the chip is idle
   */
  send(address: number, drains: boolean): void {
    const request = this.#cycle;
    const isBistability = (address & 0x1007f) === 0;
    let start = -1;
    // The first rule is the chip's. It changes nothing while requests follow each other, as they do here: in the cycle
    // after an event no request is visible yet, and a pop leaves a free place.
    while (start < 0) {
      this.#waitForOutput();
      const isVisible = this.#cycle >= request + visibleAfter;
      if (this.#waiting === this.#entries.length) this.#pop();
      else if (isVisible && !isBistability) start = this.#cycle + 1;
      else if (this.#waiting > 0) this.#pop();
      else if (isVisible) start = this.#cycle + 1;
      else this.#cycle = request + visibleAfter;
    }
    const acknowledge = this.#input(start, address);
    const done = acknowledge + handshakeCycles;
    this.#cycle = done;
    if (drains) this.drain();
    this.#observer?.event(address, drains, request, start, acknowledge, done, this.#cycle);
  }

  /** Serves the scheduler until it is empty and the output is free. Activity that feeds itself never ends. */
  drain(): void {
    this.#waitForOutput();
    while (this.#waiting > 0) {
      this.#pop();
      this.#waitForOutput();
    }
  }

  #waitForOutput(): void {
    if (this.#cycle <= this.#busyUntil) this.#cycle = this.#busyUntil + 1;
  }

  /** Runs an input event, decoded in the chip's order. Returns the first cycle after it. */
  #input(start: number, address: number): number {
    const high = (address >> 8) & 0xff;
    const low = address & 0xff;
    const { event } = this.core;
    event[this.#neuron] = high;
    if (address >> 16 !== 0) {
      event[this.#post] = low;
      event[this.#sdsp] = this.#learnsAtSynapseEvents;
      return this.#run(this.#synapse, start, 'SYNAPSE', address, 1);
    }
    const isSingle = (low & 0x80) !== 0;
    if ((low & 0x7f) === 0x7f) {
      return isSingle
        ? this.#run(this.#timeReferenceOne, start, 'TREF', address, 1)
        : this.#run(this.#timeReference, start, 'TREF', address, this.#neurons);
    }
    if ((low & 0x7f) === 0) {
      this.core.trigger(isSingle ? this.#bistabilityRow : this.#bistability);
      const words = isSingle ? this.#rowWords : this.#rowWords * this.#neurons;
      return this.#end(start, 'BIST', address, accessCycles * words, 0);
    }
    this.#push(((low >> 3) << entryBits) | high);
    return this.#end(start, 'PUSH', address, 1, 0);
  }

  /** Serves the scheduler's head from the next cycle on. The entry keeps its place until its operation's last cycle. */
  #pop(): void {
    const start = this.#cycle + 1;
    const entry = this.#entries[this.#head] ?? 0;
    const { event } = this.core;
    event[this.#neuron] = entry & (2 ** entryBits - 1);
    const virtual = entry >> entryBits;
    if (virtual === 0) {
      event[this.#sdsp] = 1;
      this.#cycle = this.#run(this.#popNeuron, start, 'POP_NEUR', entry, this.#neurons);
    } else {
      event[this.#weight] = virtual >> 2;
      event[this.#inhibits] = (virtual >> 1) & 1;
      const list = (virtual & 1) === 1 ? this.#timeReferenceOne : this.#popVirtual;
      this.#cycle = this.#run(list, start, 'POP_VIRT', entry, 1);
    }
    this.#pops += 1;
    this.#head = (this.#head + 1) % this.#entries.length;
    this.#waiting -= 1;
  }

  /** Runs an operation on one neuron or on all of them, and sends its spikes. Returns the first cycle after it. */
  #run(list: number, start: number, kind: OdinOperation, argument: number, targets: number): number {
    const spikes = this.core.trigger(list);
    const { emitted } = this.core;
    let stalls = 0;
    for (let i = 0; i < spikes; i++) {
      const neuron = neuronOf(emitted[i] ?? 0);
      const position = targets === 1 ? 0 : neuron;
      // Earlier spikes of the operation have delayed it.
      const cycle = start + accessCycles * position + 1 + stallCycles * i;
      this.#busyUntil = cycle + stallCycles;
      // The last neuron's stalls fall after the operation.
      if (position < targets - 1) stalls += stallCycles;
      this.#spike(cycle, neuron);
    }
    this.#stalls += stallCycles * spikes;
    return this.#end(start, kind, argument, accessCycles * targets + stalls, stalls);
  }

  #end(start: number, kind: OdinOperation, argument: number, cycles: number, stalls: number): number {
    this.#observer?.operation(start, kind, argument, cycles, stalls);
    return start + cycles;
  }

  #spike(cycle: number, neuron: number): void {
    let fate: SpikeFate = spikeFate.openLoop;
    if (!this.#isOpenLoop) {
      fate = this.#waiting < this.#entries.length ? spikeFate.pushed : spikeFate.lost;
      if (fate === spikeFate.pushed) this.#push(neuron);
      else this.#drops += 1;
    }
    this.#observer?.spike(cycle, neuron, fate);
  }

  #push(entry: number): void {
    this.#entries[(this.#head + this.#waiting) % this.#entries.length] = entry;
    this.#waiting += 1;
    this.#pushes += 1;
  }
}
