import { type Core, neuronOf } from '../../engine/index.ts';
import type { Counters } from '../../image/index.ts';
import { type Controller, namesIn } from '../controller.ts';

/** Configuration of the chip beside its memories. */
export interface OdinConfig {
  /** Spikes go out only; in a closed loop they go into the scheduler too. */
  readonly openLoop: boolean;
  readonly updateUnmappedSynapses: boolean;
  readonly propagateUnmappedSynapses: boolean;
  /** Whether SDSP acts at events of a single synapse. */
  readonly learnAtSynapseEvents: boolean;
}

export const odinOperations = ['PUSH', 'POP_NEUR', 'POP_VIRT', 'SYNAPSE', 'TREF', 'BIST'] as const;
export type OdinOperation = (typeof odinOperations)[number];

/** What became of a spike: lost because the scheduler was full, pushed into it, or sent out in an open loop. */
export const spikeFate = { lost: 0, pushed: 1, openLoop: 2 } as const;
export type SpikeFate = (typeof spikeFate)[keyof typeof spikeFate];

/** Told what the chip does, in the order in which it does it. Cycles count from 0. */
export interface OdinObserver {
  /** `cycles` contain `stalls`, those within the operation. `argument`: the event's address, or the scheduler's entry of 13 bits. */
  operation(start: number, kind: OdinOperation, argument: number, cycles: number, stalls: number): void;
  spike(cycle: number, neuron: number, fate: SpikeFate): void;
  /** Its five cycles: requested, first of the operation, acknowledged, done, and idle (or done, where nothing is waited for). */
  event(request: number, start: number, acknowledge: number, done: number, idle: number): void;
}

/** A spike keeps the output, and with it the controller, for so long, where the receiver acknowledges at once. */
const stallCycles = 6;
/** From a request to where the controller sees it. */
const visibleAfter = 2;
/** From the acknowledge to where the controller waits again. */
const handshakeCycles = 3;
/** A read-modify-write of a memory. */
const accessCycles = 2;
const entryBits = 8;

/**
 * ODIN's controller: a scheduler (a FIFO of entries `{virt, address}`), the rule that decides between it and input
 * events, handshakes and output stalls. It allocates nothing per event.
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
  /** The scheduler: a ring, and where its head is. */
  readonly #entries: Uint16Array;
  #head = 0;
  #waiting = 0;
  /** The cycle under way, in which the controller waits. */
  #cycle = 0;
  /** The last cycle in which the output is busy. */
  #busyUntil = -1;
  /** The cycle from which events are counted. */
  #countedFrom = 0;
  #pushes = 0;
  #pops = 0;
  #drops = 0;
  #stalls = 0;

  // Numbers of the image's events and scalars.
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

  /** @throws PlasticoreError `image` where the core's image is not ODIN's */
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

  get cycle(): number {
    return this.#cycle;
  }

  /** Cycles that the output's handshake has taken: six for each spike. */
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
   * Requests an input event in the cycle under way and runs the chip until it is done with it, so that the next one may
   * follow back to back.
   *
   * @param address 17 bits
   * @param drains whether to go on until the chip is idle
   */
  send(address: number, drains: boolean): void {
    const request = this.#cycle;
    const isBistability = (address & 0x1007f) === 0;
    let start = -1;
    // The first rule is the chip's; it decides nothing where requests follow each other, as here: in the cycle after an
    // event no request is visible yet, and a pop leaves a place.
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
    this.#observer?.event(request, start, acknowledge, done, this.#cycle);
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

  /** Carries out an input event, decoded in the order of the chip. Returns the first cycle after it. */
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

  /** Serves the scheduler's head from the next cycle on. It keeps its place until the last cycle of its operation. */
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
      // The earlier spikes of the operation have held it up.
      const cycle = start + accessCycles * position + 1 + stallCycles * i;
      this.#busyUntil = cycle + stallCycles;
      // Those of the last neuron run when the operation is over.
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
