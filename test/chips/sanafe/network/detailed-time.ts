import type { Mesh } from 'plasticore/chips';
import { addAt, numberAt, PlasticoreError } from 'plasticore/chips';
import type { NetworkFigures } from './figures.ts';
import { shortestFlight } from './flight.ts';
import { TimeHeap } from './time-heap.ts';
import type { Traffic } from './traffic.ts';

/** The journey of each packet of a step; times count from the start of the step. */
export interface Journeys {
  /** When its core sent it. */
  readonly sent: Float64Array;
  /** When its destination began to process it, and was done. */
  readonly received: Float64Array;
  readonly processed: Float64Array;
  /** Time on the way. */
  readonly flight: Float64Array;
  /** How long its core could not send it because links were full. */
  readonly blocked: Float64Array;
  /** Packets on its route when it was sent, each weighted by the share of its own route in common. */
  readonly along: Float64Array;
}

/**
 * The time of a step with congestion: a queueing model after that of SANA-FE (its `detailed` timing). Packets are sent
 * in the order of time. A packet in flight is spread evenly over the links of its route, including the port of its
 * core. Other packets on the route slow it down; if the links are full, its core waits. A core receives one packet
 * after the other. The model keeps one mean of the processing times of all packets in flight, from which it estimates
 * how fast queues move. It takes no memory per step beyond lists that grow to the largest step.
 */
export class DetailedTime {
  readonly #mesh: Mesh;
  readonly #figures: NetworkFigures;
  readonly #depth: number;
  #journeys = journeysOf(0);
  /** By core: when its work after its last packet is done. */
  readonly done: Float64Array;
  /** Cores by the time at which they send their next packet. */
  readonly #senders: TimeHeap;
  /** By core: its next packet; -1 if it only computes. */
  readonly #upcoming: Int32Array;
  /** By core: when it will have processed all received packets. */
  readonly #free: Float64Array;
  /** Packets by link, as shares; behind the links of the mesh, the ports of cores. */
  readonly #density: Float64Array;
  /** Room for the route of a packet: the port, then the links. */
  readonly #way: Int32Array;
  readonly #links: Int32Array;
  /** Packets in flight, a queue for each destination. */
  readonly #front: Int32Array;
  readonly #back: Int32Array;
  #behind = new Int32Array(0);
  /** Destinations by the time at which the first packet of their queue is received. */
  readonly #arrivals: TimeHeap;
  readonly #due: Int32Array;
  #inFlight = 0;
  #mean = 0;

  /** @throws PlasticoreError `invalid-value` if the figures lack the number of packets that a link holds */
  constructor(mesh: Mesh, figures: NetworkFigures) {
    if (figures.linkDepth === undefined) {
      throw new PlasticoreError(
        'invalid-value',
        `the detailed model of time needs the depth of links, which cost set '${figures.costSet}' does not state`,
        { hint: `choose another cost set, or state chip.costSets.${figures.costSet}.link.depth` },
      );
    }
    this.#mesh = mesh;
    this.#figures = figures;
    this.#depth = figures.linkDepth;
    this.done = new Float64Array(mesh.cores);
    this.#senders = new TimeHeap(mesh.cores);
    this.#upcoming = new Int32Array(mesh.cores);
    this.#free = new Float64Array(mesh.cores);
    this.#density = new Float64Array(4 * mesh.tiles + mesh.cores);
    this.#way = new Int32Array(mesh.longest + 1);
    this.#links = this.#way.subarray(1);
    this.#front = new Int32Array(mesh.cores);
    this.#back = new Int32Array(mesh.cores);
    this.#arrivals = new TimeHeap(mesh.cores);
    this.#due = new Int32Array(mesh.cores);
  }

  /** Journeys of the latest call of {@link time}; valid until the next one. */
  get journeys(): Journeys {
    return this.#journeys;
  }

  /** The time of a step: until the last packet is processed and the last core is done, and the barrier. */
  time(traffic: Traffic, barrier: number): number {
    this.#start(traffic);
    let last = 0;
    for (let core = this.#senders.pop(); core >= 0; core = this.#senders.pop()) {
      const packet = this.#upcoming[core] ?? -1;
      let sent = (packet < 0 ? this.done[core] : this.#journeys.sent[packet]) ?? 0;
      last = Math.max(last, sent);
      if (this.#arrivals.earliest <= sent) this.#leave(traffic, sent);
      if (packet < 0) continue;
      sent = this.#send(traffic, packet, sent);
      last = Math.max(last, numberAt(this.#journeys.processed, packet));
      last = Math.max(last, this.#plan(traffic, core, traffic.next[packet] ?? -1, sent));
    }
    return last + barrier;
  }

  #start(traffic: Traffic): void {
    if (this.#behind.length < traffic.packets) {
      this.#behind = new Int32Array(traffic.source.length);
      this.#journeys = journeysOf(traffic.source.length);
    }
    this.#free.fill(0);
    this.#density.fill(0);
    this.#front.fill(-1);
    this.done.fill(0);
    this.#arrivals.clear();
    this.#senders.clear();
    this.#inFlight = 0;
    this.#mean = 0;
    for (let core = 0; core < this.#mesh.cores; core++)
      this.#plan(traffic, core, traffic.first[core] ?? -1, 0);
  }

  /** Queues a core's next packet, or the end of its work if it has none. Returns its time; 0 for nothing. */
  #plan(traffic: Traffic, core: number, packet: number, now: number): number {
    const delay = (packet < 0 ? traffic.pending[core] : traffic.delay[packet]) ?? 0;
    if (packet < 0 && delay === 0) return 0;
    const time = now + delay;
    this.#upcoming[core] = packet;
    if (packet < 0) this.done[core] = time;
    else this.#journeys.sent[packet] = time;
    this.#senders.push(core, time);
    return time;
  }

  /** A packet enters the network as soon as there is room on its route. Returns that time. */
  #send(traffic: Traffic, packet: number, planned: number): number {
    const { sent, received, processed, flight, blocked, along } = this.#journeys;
    const destination = numberAt(traffic.destination, packet);
    const source = numberAt(traffic.source, packet);
    const processing = numberAt(traffic.processing, packet);
    const tiles = this.#route(source, destination);
    let crowd = 0;
    for (let i = 0; i < tiles; i++) crowd += numberAt(this.#density, numberAt(this.#way, i));
    const room = tiles * this.#depth;
    const waits = crowd > room ? (crowd - room) * this.#mean : 0;
    const leaves = planned + waits;
    const takes = Math.max(
      shortestFlight(this.#mesh, this.#figures, source, destination),
      (crowd * this.#mean) / tiles,
    );
    const arrival = leaves + takes;
    const free = numberAt(this.#free, destination);
    const done = Math.max(free + processing, arrival + processing);
    sent[packet] = leaves;
    blocked[packet] = waits;
    along[packet] = crowd;
    flight[packet] = takes;
    received[packet] = Math.max(free, arrival);
    processed[packet] = done;
    this.#free[destination] = done;
    const share = 1 / (tiles + 1);
    for (let i = 0; i < tiles; i++) {
      const link = numberAt(this.#way, i);
      addAt(this.#density, link, share);
    }
    this.#mean += (processing - this.#mean) / (this.#inFlight + 1);
    this.#inFlight += 1;
    this.#queue(packet, destination, Math.max(free, arrival));
    return leaves;
  }

  #queue(packet: number, destination: number, received: number): void {
    this.#behind[packet] = -1;
    if ((this.#front[destination] ?? -1) < 0) {
      this.#front[destination] = packet;
      this.#arrivals.push(destination, received);
    } else {
      this.#behind[numberAt(this.#back, destination)] = packet;
    }
    this.#back[destination] = packet;
  }

  /**
   * Removes all packets that have been received by now from the network, by number of their destination. Those of one
   * destination are received in the order in which they were sent.
   */
  #leave(traffic: Traffic, now: number): void {
    let count = 0;
    while (this.#arrivals.earliest <= now) this.#due[count++] = this.#arrivals.pop();
    if (count > 1) this.#due.subarray(0, count).sort();
    for (let i = 0; i < count; i++) {
      const destination = numberAt(this.#due, i);
      let packet = this.#front[destination] ?? -1;
      while (packet >= 0 && numberAt(this.#journeys.received, packet) <= now) {
        this.#take(traffic, packet, destination);
        packet = this.#behind[packet] ?? -1;
      }
      this.#front[destination] = packet;
      if (packet >= 0) this.#arrivals.push(destination, numberAt(this.#journeys.received, packet));
    }
  }

  #take(traffic: Traffic, packet: number, destination: number): void {
    const tiles = this.#route(numberAt(traffic.source, packet), destination);
    const share = 1 / (tiles + 1);
    for (let i = 0; i < tiles; i++) {
      const link = numberAt(this.#way, i);
      addAt(this.#density, link, -share);
    }
    const others = this.#inFlight - 1;
    this.#mean = others > 0 ? this.#mean + (this.#mean - numberAt(traffic.processing, packet)) / others : 0;
    this.#inFlight = others;
  }

  /** Writes the route of a packet: the port of its core, then the links. Returns their number, that of its tiles. */
  #route(source: number, destination: number): number {
    this.#way[0] = 4 * this.#mesh.tiles + source;
    return 1 + this.#mesh.route(source, destination, this.#links);
  }
}

function journeysOf(packets: number): Journeys {
  const times = () => new Float64Array(packets);
  return {
    sent: times(),
    received: times(),
    processed: times(),
    flight: times(),
    blocked: times(),
    along: times(),
  };
}
