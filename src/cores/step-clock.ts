import type { Core } from '../engine/index.ts';
import { type ChipModel, Mesh } from '../hardware/index.ts';
import type { NetworkCounts } from '../image/index.ts';
import {
  barrierTime,
  networkFigures,
  simpleTime,
  type TimeSetter,
  Traffic,
  TrafficCounters,
} from '../system/index.ts';

/** Watches what cores send each other, and the phases of steps; cores are named by index. */
export interface PhaseWatch {
  /** Packets have been sent: those that fork count for each core that they reach. */
  sent(from: number, to: number, packets: number): void;
  /** A phase has ended, at a time since the clock began. */
  phase(timePs: number, setBy: TimeSetter): void;
}

/** Counts packets as any other, and tells of each. */
class WatchedCounters extends TrafficCounters {
  readonly #sent: (source: number, destination: number, packets: number) => void;

  constructor(mesh: Mesh, sent: (source: number, destination: number, packets: number) => void) {
    super(mesh);
    this.#sent = sent;
  }

  override count(source: number, destination: number, events: number, packets = 1): number {
    this.#sent(source, destination, packets);
    return super.count(source, destination, events, packets);
  }

  override countTree(source: number, destinations: readonly number[], packets = 1): void {
    for (const destination of destinations) this.#sent(source, destination, packets);
    super.countTree(source, destinations, packets);
  }
}

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
  /** By core: its clock, and the cycles that an event from its FIFO takes. */
  readonly #clocksMhz: Float64Array;
  readonly #eventCycles: Float64Array;
  /** By core: cycles that it had worked when the latest phase ended. */
  readonly #worked: Float64Array;
  /** By core: events taken from its FIFO since then. */
  readonly #arrivals: Float64Array;
  /** What other threads have counted in this phase. */
  readonly #others: TrafficCounters[] = [];
  #carried: TrafficCounters;
  /** By number on the chip: time that a core has computed, and spikes that the host has sent to it. */
  readonly #busyPs: Float64Array;
  readonly #fromHost: Float64Array;
  #timePs = 0;
  /** By what set the time of a phase. */
  readonly #setPs: Record<TimeSetter, number> = { sending: 0, receiving: 0, link: 0 };
  #barriers = 0;
  #values = 0;
  readonly #watch: PhaseWatch | undefined;

  constructor(
    { mesh: shape, costSet, costs }: ChipModel,
    cores: readonly Core[],
    numbers: readonly number[],
    watch?: PhaseWatch,
  ) {
    const mesh = new Mesh(shape);
    const figures = networkFigures(costSet, costs);
    const tiles = new Set(numbers.map((number) => mesh.tileOf[number]));
    this.#cores = cores;
    this.#numbers = numbers;
    this.#watch = watch;
    const counters =
      watch &&
      new WatchedCounters(mesh, (source, destination, packets) =>
        watch.sent(numbers.indexOf(source), numbers.indexOf(destination), packets),
      );
    this.#traffic = new Traffic(mesh, figures, counters);
    this.#barrier = cores.length === 1 ? 0 : barrierTime(figures, tiles.size);
    this.#loads = new Float64Array(4 * mesh.tiles);
    this.#clocksMhz = Float64Array.from(cores, ({ image }) => image.costs.clockMhz);
    this.#eventCycles = Float64Array.from(cores, ({ image }) => image.costs.eventCycles);
    this.#worked = new Float64Array(cores.length);
    this.#arrivals = new Float64Array(cores.length);
    this.#carried = new TrafficCounters(mesh);
    this.#busyPs = new Float64Array(mesh.cores);
    this.#fromHost = new Float64Array(mesh.cores);
  }

  /** The packets of the phase at hand, by numbers on the chip. */
  get counters(): TrafficCounters {
    return this.#traffic.counters;
  }

  /** Makes further counters of the phase, which other threads can write while the clock stands still. */
  shareCounters(): SharedArrayBuffer {
    const { mesh } = this.#traffic;
    const buffer = new SharedArrayBuffer(TrafficCounters.bytesFor(mesh));
    this.#others.push(new TrafficCounters(mesh, buffer));
    return buffer;
  }

  /** Spikes arrive from the host, or from other cores, and are taken from the FIFO. */
  arrive(core: number, spikes: number): void {
    this.#arrivals[core] = (this.#arrivals[core] ?? 0) + spikes;
  }

  /** The host sends spikes to a core. */
  receive(core: number, spikes: number): void {
    const number = this.#numbers[core] ?? 0;
    this.#fromHost[number] = (this.#fromHost[number] ?? 0) + spikes;
  }

  /** Cores have computed: what they send from here on leaves when they are done. */
  work(): void {
    for (let core = 0; core < this.#cores.length; core++) {
      const busy = this.#cores[core]?.busyCycles() ?? 0;
      const taking = (this.#eventCycles[core] ?? 0) * (this.#arrivals[core] ?? 0);
      const cycles = busy - (this.#worked[core] ?? 0) + taking;
      this.#worked[core] = busy;
      this.#arrivals[core] = 0;
      if (cycles === 0) continue;
      const ns = (cycles * 1000) / (this.#clocksMhz[core] ?? 0);
      const number = this.#numbers[core] ?? 0;
      this.#traffic.work(number, ns);
      this.#busyPs[number] = (this.#busyPs[number] ?? 0) + picoseconds(ns);
    }
  }

  /** A core sends packets to another one; nothing is sent to itself. */
  send(from: number, to: number, packets: number, kind: 'spikes' | 'values'): void {
    if (from === to) return;
    const source = this.#numbers[from] ?? 0;
    const destination = this.#numbers[to] ?? 0;
    this.counters.count(source, destination, 0, packets);
    if (kind === 'values') this.#values += packets;
  }

  /** A core sends packets that fork on their way to several others. */
  sendTree(from: number, to: Iterable<number>, packets: number): void {
    const others = [...to].filter((core) => core !== from).map((core) => this.#numbers[core] ?? 0);
    if (others.length > 0) this.counters.countTree(this.#numbers[from] ?? 0, others, packets);
  }

  /** All cores wait for each other. */
  endPhase(): void {
    for (const others of this.#others) {
      this.counters.add(others);
      others.clear();
    }
    this.#traffic.sendCounted(this.#traffic.figures.receiveTime);
    const { time, setBy } = simpleTime(this.#traffic, this.#barrier, this.#loads);
    const whole = picoseconds(time);
    this.#timePs += whole;
    this.#setPs[setBy] += whole - picoseconds(this.#barrier);
    this.#barriers += 1;
    this.#carried.add(this.counters);
    this.#traffic.begin();
    this.#watch?.phase(this.#timePs, setBy);
  }

  counts(): NetworkCounts {
    const { packetsSent, packetsReceived } = this.#carried;
    const received = packetsReceived.reduce((sum, packets) => sum + packets, 0);
    const [east, west, south, north] = this.#carried.hopsByDirection();
    const fromHost = this.#fromHost.reduce((sum, spikes) => sum + spikes, 0);
    const barriers = this.#cores.length > 1 ? this.#barriers : 0;
    return {
      timePs: this.#timePs,
      sendingPs: this.#setPs.sending,
      receivingPs: this.#setPs.receiving,
      linkPs: this.#setPs.link,
      barrierPs: barriers * picoseconds(this.#barrier),
      barrier: barriers,
      send: this.#carried.packets,
      receive: received + fromHost,
      tile: received,
      values: this.#values,
      hopX: east + west,
      hopY: south + north,
      busyPs: [...this.#busyPs],
      sent: [...packetsSent],
      received: Array.from(packetsReceived, (packets, core) => packets + (this.#fromHost[core] ?? 0)),
      loads: [...this.#carried.loads()],
    };
  }

  /** Starts from zero; the cores' counters have been reset, too. */
  reset(): void {
    this.#timePs = 0;
    Object.assign(this.#setPs, { sending: 0, receiving: 0, link: 0 });
    this.#barriers = 0;
    this.#values = 0;
    this.#busyPs.fill(0);
    this.#fromHost.fill(0);
    this.#carried = new TrafficCounters(this.#traffic.mesh);
    this.#worked.fill(0);
    this.#arrivals.fill(0);
    this.#traffic.begin();
  }
}

/** Whole, so that sums of times do not depend on their order, nor on where a run was interrupted. */
function picoseconds(ns: number): number {
  return Math.round(ns * 1000);
}
