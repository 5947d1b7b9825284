import type { Mesh } from 'plasticore/chips';
import { addAt, numberAt, TrafficCounters } from 'plasticore/chips';
import type { NetworkFigures } from './figures.ts';

/**
 * The packets of one step and the work between them, in the order in which each core sends.
 *
 * A core computes (`work`) and sends (`send`); what it computes before a packet delays this packet and all after it.
 * All cores start the step together. Times are in the unit of the figures.
 *
 * @example
 * traffic.begin();
 * traffic.work(0, 39.7);                   // core 0 has updated its neurons
 * traffic.send(0, 25, 3, 16 + 3 * 3.8);    // one of them fires: a packet to core 25, for three synapses
 */
export class Traffic {
  readonly mesh: Mesh;
  readonly figures: NetworkFigures;
  readonly counters: TrafficCounters;
  /** Packets so far in this step. The lists by packet are valid up to here. */
  packets = 0;
  /** By packet. */
  source = new Int32Array(64);
  destination = new Int32Array(64);
  hops = new Int32Array(64);
  /** Time of its core since the packet before it, its own sending included. */
  delay = new Float64Array(64);
  /** Time that its destination is busy with it. */
  processing = new Float64Array(64);
  /** The next packet of the same core; -1 for none. */
  next = new Int32Array(64);
  /** By core: its first packet, -1 for none. */
  readonly first: Int32Array;
  readonly #last: Int32Array;
  /** By core: work since its last packet. */
  readonly pending: Float64Array;
  /** By core: the sum of its packets' delays, and of the processing times of the packets that it receives. */
  readonly sending: Float64Array;
  readonly receiving: Float64Array;
  readonly #times: readonly Float64Array[];

  constructor(mesh: Mesh, figures: NetworkFigures) {
    this.mesh = mesh;
    this.figures = figures;
    this.counters = new TrafficCounters(mesh);
    this.first = new Int32Array(mesh.cores).fill(-1);
    this.#last = new Int32Array(mesh.cores);
    this.pending = new Float64Array(mesh.cores);
    this.sending = new Float64Array(mesh.cores);
    this.receiving = new Float64Array(mesh.cores);
    this.#times = [this.pending, this.sending, this.receiving];
  }

  /** Starts a step without packets or work. */
  begin(): void {
    if (this.packets > 0) this.first.fill(-1);
    this.packets = 0;
    this.counters.clear();
    for (const times of this.#times) times.fill(0);
  }

  /** A core computes for some time before it sends its next packet, or before it is done. */
  work(core: number, time: number): void {
    addAt(this.pending, core, time);
  }

  /**
   * A core sends a packet; to its own core, too, if that holds the synapses.
   *
   * @param events synapse events at the destination
   * @param processing time that the destination is busy with it: `figures.receiveTime` and that of its events
   */
  send(source: number, destination: number, events: number, processing: number): void {
    const packet = this.packets;
    if (packet === this.source.length) this.#grow();
    const delay = numberAt(this.pending, source) + this.figures.sendTime;
    this.pending[source] = 0;
    this.source[packet] = source;
    this.destination[packet] = destination;
    this.delay[packet] = delay;
    this.processing[packet] = processing;
    this.next[packet] = -1;
    this.hops[packet] = this.counters.count(source, destination, events);
    if ((this.first[source] ?? -1) < 0) this.first[source] = packet;
    else this.next[numberAt(this.#last, source)] = packet;
    this.#last[source] = packet;
    addAt(this.sending, source, delay);
    addAt(this.receiving, destination, processing);
    this.packets = packet + 1;
  }

  #grow(): void {
    const room = 2 * this.source.length;
    this.source = copied(this.source, new Int32Array(room));
    this.destination = copied(this.destination, new Int32Array(room));
    this.hops = copied(this.hops, new Int32Array(room));
    this.next = copied(this.next, new Int32Array(room));
    this.delay = copied(this.delay, new Float64Array(room));
    this.processing = copied(this.processing, new Float64Array(room));
  }
}

function copied<Numbers extends Int32Array | Float64Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}
