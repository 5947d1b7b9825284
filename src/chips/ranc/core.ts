import { type Core, fieldNamed, namesIn, neuronOf, sizeNamed } from '../api.ts';

/** The fate of a packet at a core: stored, merged with one before it, lost, stored in the row that is being read. */
const fate = { stored: 0, merged: 1, lost: 2, storedInRow: 3 } as const;
export type Fate = (typeof fate)[keyof typeof fate];

/** The parts of the surrounding chip that a core needs. */
export interface CoreSurroundings {
  /** Whether both local FIFOs have room, before the rising edge of the current cycle. */
  hasRoom(): boolean;
  /** A neuron spikes. Its packet is written at the rising edge of `cycle`. */
  spike(cycle: number, neuron: number): void;
  /** The tick is over. Its row is cleared at the rising edge of `ready`. */
  ticked(ready: number): void;
}

export const never = Number.POSITIVE_INFINITY;

/** Cycles from a tick until its row is read. */
export const startCycles = 2;
/** Cycles from a decision until the next neuron examines its first axon. */
export const writeCycles = 2;
/** Cycles from the last decision until the row is cleared. */
export const endCycles = 3;

/** The events of the program. */
const eventNames = ['arrive', 'tick', 'clear', 'activate', 'neuron', 'examine', 'commit'] as const;

type Phase = 'waiting' | 'starting' | 'deciding' | 'stalled' | 'ending';

/**
 * The controller of one core of RANC, with the read pointer of its scheduler. It steps through the neurons of a tick,
 * and knows the next cycle in which something happens; between these it need not be asked. What happens to memory is
 * microcode. Cycles are rising edges.
 */
export class RancCore {
  readonly core: Core;
  /** The next cycle in which it does something by itself. */
  next = never;
  /** The slot that is read, or was read last. */
  pointer: number;
  /** Number and cycle of the tick that it works on, and the cycles lost to full FIFOs. */
  tick = -1;
  accepted = -1;
  stalls = 0;
  /** Integrations: axons connected and active, of all neurons of the tick. */
  synops = 0;
  /** The first cycle in which its error flag reads 1. */
  errorFrom = never;
  readonly #around: CoreSurroundings;
  readonly #axons: number;
  readonly #neurons: number;
  readonly #slots: number;
  #phase: Phase = 'waiting';
  #neuron = 0;
  /** The cycle in which the neuron examines its first axon, and that from which it waits for room. */
  #first = 0;
  #stalledFrom = 0;
  #clearedIn = -1;
  /** Axons set after the neuron has examined them; the next one sees them. */
  readonly #late: number[] = [];
  /** By axon, how many neurons are connected to it. */
  readonly #fanOut: Uint32Array;
  /** By neuron and axon, whether they are connected; read when a packet comes late for the first time. */
  #connected: Float64Array | undefined;

  /** Indices of the image's events and scalars. */
  readonly #events: Readonly<Record<(typeof eventNames)[number], number>>;
  readonly #named: number;
  readonly #post: number;

  /**
   * @param core its connections must be in its memory already
   * @throws PlasticoreError `image` if the core's image is not RANC's
   */
  constructor(core: Core, around: CoreSurroundings) {
    const names = namesIn(core, 'ranc');
    this.core = core;
    this.#around = around;
    this.#axons = sizeNamed(core.image, 'axons');
    this.#neurons = sizeNamed(core.image, 'neurons');
    this.#slots = sizeNamed(core.image, 'slots');
    this.pointer = this.#slots - 1;
    const indices = eventNames.map((name) => [name, names.event(name)] as const);
    this.#events = Object.fromEntries(indices) as Record<(typeof eventNames)[number], number>;
    this.#named = names.scalar('neuron');
    this.#post = names.scalar('post');
    this.#fanOut = new Uint32Array(this.#axons);
    for (const [at, connected] of this.#connections().entries()) {
      const axon = at % this.#axons;
      this.#fanOut[axon] = (this.#fanOut[axon] ?? 0) + connected;
    }
  }

  /** The neuron that it works on; undefined while it waits for a tick. */
  get busyWith(): number | undefined {
    return this.#phase === 'waiting' ? undefined : Math.min(this.#neuron, this.#neurons - 1);
  }

  /** A tick is seen at a rising edge. Returns whether it is accepted; a core that works misses it. */
  accept(cycle: number, tick: number): boolean {
    if (this.#phase !== 'waiting') {
      this.errorFrom = Math.min(this.errorFrom, cycle + 1);
      return false;
    }
    this.tick = tick;
    this.accepted = cycle;
    this.stalls = 0;
    this.synops = 0;
    this.#neuron = 0;
    this.#phase = 'starting';
    this.next = cycle + startCycles;
    return true;
  }

  /** Does what is due in a cycle, before packets arrive in it. */
  act(cycle: number): void {
    switch (this.#phase) {
      case 'starting':
        this.#start(cycle);
        break;
      case 'deciding':
        this.#decide(cycle);
        break;
      case 'stalled':
        this.stalls += cycle - this.#stalledFrom;
        this.#run('commit', this.#neuron);
        this.#written(cycle, true);
        break;
      case 'ending':
        this.#run('clear', this.pointer);
        this.#clearedIn = cycle;
        this.#phase = 'waiting';
        this.next = never;
        this.#around.ticked(cycle);
        break;
      case 'waiting':
        break;
    }
  }

  /** A packet has left a local FIFO in a cycle: a neuron that waits looks again in the next one. */
  notice(cycle: number): void {
    if (this.#phase === 'stalled' && this.#around.hasRoom()) this.next = cycle + 1;
  }

  /** The slot that a packet of an offset goes to. */
  slotOf(offset: number): number {
    return (this.pointer + 1 + offset) % this.#slots;
  }

  /** A packet arrives at a rising edge. */
  deliver(cycle: number, axon: number, offset: number): Fate {
    if (cycle === this.#clearedIn) return fate.lost;
    const slot = this.slotOf(offset);
    this.core.event[this.#post] = axon;
    if (this.#run('arrive', slot) > 0) return fate.merged;
    if (slot !== this.pointer) return fate.stored;
    const isReading = this.#phase === 'deciding' || this.#phase === 'stalled';
    if (isReading && cycle < this.#first + axon) this.#show(axon);
    else if (isReading) this.#late.push(axon);
    return fate.storedInRow;
  }

  #start(cycle: number): void {
    this.pointer = (this.pointer + 1) % this.#slots;
    const active = this.#run('tick', this.pointer);
    const { emitted } = this.core;
    for (let at = 0; at < active; at++) this.synops += this.#fanOut[neuronOf(emitted[at] ?? 0)] ?? 0;
    this.#begin(cycle);
  }

  #begin(cycle: number): void {
    this.#first = cycle;
    this.#phase = 'deciding';
    this.next = cycle + this.#axons;
  }

  #decide(cycle: number): void {
    if (this.#around.hasRoom()) {
      this.#written(cycle, this.#run('neuron', this.#neuron) > 0);
      return;
    }
    if (this.#run('examine', this.#neuron) === 0) {
      this.#run('commit', this.#neuron);
      this.#written(cycle, false);
      return;
    }
    this.#phase = 'stalled';
    this.#stalledFrom = cycle;
    this.next = never;
  }

  /** The potential is written at the falling edge of a cycle. */
  #written(cycle: number, spikes: boolean): void {
    if (spikes) this.#around.spike(cycle + 1, this.#neuron);
    this.#neuron += 1;
    if (this.#neuron < this.#neurons) {
      this.#begin(cycle + writeCycles);
      for (const axon of this.#late) this.#show(axon);
    } else {
      this.#phase = 'ending';
      this.next = cycle + endCycles;
    }
    if (this.#late.length > 0) this.#late.length = 0;
  }

  /** Makes an axon active for the current neuron and those after it. */
  #show(axon: number): void {
    this.#run('activate', axon);
    this.#connected ??= this.#connections();
    for (let at = this.#neuron * this.#axons + axon; at < this.#connected.length; at += this.#axons)
      this.synops += this.#connected[at] ?? 0;
  }

  #connections(): Float64Array {
    return this.core.read(fieldNamed(this.core.image, 'crossbar.connected'));
  }

  #run(event: (typeof eventNames)[number], neuron: number): number {
    this.core.event[this.#named] = neuron;
    return this.core.trigger(this.#events[event]);
  }
}
