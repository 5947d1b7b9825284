import type { Core } from '../engine/index.ts';
import { type ChipModel, Mesh } from '../hardware/index.ts';
import { type NetworkCounts, noNetwork } from '../image/index.ts';
import { barrierTime, networkFigures, simpleTime, Traffic, TrafficCounters } from '../system/index.ts';

type Tally = {
  -readonly [Name in keyof NetworkCounts]: NetworkCounts[Name] extends number ? number : number[];
};

/**
 * Keeps the time of a chip's steps, and counts what its network carries. A step has phases: cores compute, send, and wait
 * for each other at a barrier before any goes on. A phase takes as long as its slowest core or link.
 *
 * Cores are named by their position in the list given, as a {@link SystemImage} does.
 */
export class StepClock {
  readonly #cores: readonly Core[];
  /** Numbers on the chip. */
  readonly #numbers: readonly number[];
  readonly #traffic: Traffic;
  readonly #barrier: number;
  /** Room for the loads of all links. */
  readonly #loads: Float64Array;
  /** By core: cycles that it had worked when the latest phase ended. */
  readonly #worked: Float64Array;
  /** By core: events taken from its FIFO since then. */
  readonly #arrivals: Float64Array;
  #carried: TrafficCounters;
  readonly #counts: Tally;

  constructor(
    { mesh: shape, costSet, costs }: ChipModel,
    cores: readonly Core[],
    numbers: readonly number[],
  ) {
    const mesh = new Mesh(shape);
    const figures = networkFigures(costSet, costs);
    const tiles = new Set(numbers.map((number) => mesh.tileOf[number]));
    this.#cores = cores;
    this.#numbers = numbers;
    this.#traffic = new Traffic(mesh, figures);
    this.#barrier = cores.length === 1 ? 0 : barrierTime(figures, tiles.size);
    this.#loads = new Float64Array(4 * mesh.tiles);
    this.#worked = new Float64Array(cores.length);
    this.#arrivals = new Float64Array(cores.length);
    this.#carried = new TrafficCounters(mesh);
    this.#counts = tallyFor(mesh);
  }

  /** Spikes arrive from the host, or from other cores, and are taken from the FIFO. */
  arrive(core: number, spikes: number): void {
    this.#arrivals[core] = (this.#arrivals[core] ?? 0) + spikes;
  }

  /** The host sends spikes to a core. */
  receive(core: number, spikes: number): void {
    this.#add('receive', spikes);
    const number = this.#numbers[core] ?? 0;
    this.#counts.received[number] = (this.#counts.received[number] ?? 0) + spikes;
  }

  /** Cores have computed: what they send from here on leaves when they are done. */
  work(): void {
    for (const [index, core] of this.#cores.entries()) {
      const { clockMhz, eventCycles } = core.image.costs;
      const busy = core.busyCycles();
      const cycles = busy - (this.#worked[index] ?? 0) + eventCycles * (this.#arrivals[index] ?? 0);
      this.#worked[index] = busy;
      this.#arrivals[index] = 0;
      const ns = (cycles * 1000) / clockMhz;
      const number = this.#numbers[index] ?? 0;
      this.#traffic.work(number, ns);
      this.#counts.busyPs[number] = (this.#counts.busyPs[number] ?? 0) + picoseconds(ns);
    }
  }

  /** A core sends packets to another one; nothing is sent to itself. */
  send(from: number, to: number, packets: number, kind: 'spikes' | 'values'): void {
    if (from === to) return;
    const source = this.#numbers[from] ?? 0;
    const destination = this.#numbers[to] ?? 0;
    const { receiveTime } = this.#traffic.figures;
    this.#traffic.sendMany(source, destination, packets, receiveTime);
    if (kind === 'values') this.#add('values', packets);
  }

  /** All cores wait for each other. */
  endPhase(): void {
    const { time, setBy } = simpleTime(this.#traffic, this.#barrier, this.#loads);
    const barrier = picoseconds(this.#barrier);
    const slowest = picoseconds(time) - barrier;
    this.#add('timePs', slowest + barrier);
    this.#add(timeSetBy[setBy], slowest);
    if (this.#cores.length > 1) {
      this.#add('barrierPs', barrier);
      this.#add('barrier', 1);
    }
    this.#carried.add(this.#traffic.counters);
    this.#traffic.begin();
  }

  counts(): NetworkCounts {
    const { packets, packetsSent, packetsReceived } = this.#carried;
    const [east, west, south, north] = this.#carried.hopsByDirection();
    const { received } = this.#counts;
    return {
      ...this.#counts,
      send: packets,
      receive: this.#counts.receive + packets,
      tile: packets,
      hopX: east + west,
      hopY: south + north,
      busyPs: [...this.#counts.busyPs],
      sent: [...packetsSent],
      received: received.map((fromHost, core) => fromHost + (packetsReceived[core] ?? 0)),
      loads: [...this.#carried.loads()],
    };
  }

  /** Starts from zero; the cores' counters have been reset, too. */
  reset(): void {
    Object.assign(this.#counts, tallyFor(this.#traffic.mesh));
    this.#carried = new TrafficCounters(this.#traffic.mesh);
    this.#worked.fill(0);
    this.#arrivals.fill(0);
    this.#traffic.begin();
  }

  #add(name: NumberName, more: number): void {
    this.#counts[name] += more;
  }
}

/** Whole, so that sums of times do not depend on their order, nor on where a run was interrupted. */
function picoseconds(ns: number): number {
  return Math.round(ns * 1000);
}

const timeSetBy = { sending: 'sendingPs', receiving: 'receivingPs', link: 'linkPs' } as const;

type NumberName = {
  [Name in keyof NetworkCounts]: NetworkCounts[Name] extends number ? Name : never;
}[keyof NetworkCounts];

function tallyFor({ cores, tiles }: Mesh): Tally {
  const { busyPs, sent, received, loads, ...numbers } = noNetwork(cores, 4 * tiles);
  return { ...numbers, busyPs: [...busyPs], sent: [...sent], received: [...received], loads: [...loads] };
}
