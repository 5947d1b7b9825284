import type { Core } from '../engine/index.ts';
import { type ChipModel, Mesh, type NetworkCosts } from '../hardware/index.ts';
import type { NetworkCounts } from '../image/index.ts';
import { addAt, numberAt } from '../text/index.ts';
import { countLost, PhasePackets } from './phase-packets.ts';

/** Watches packets between cores, and the phases of steps; cores are named by index. */
export interface PhaseWatch {
  /** Packets have been sent: those that fork count once for each core that they reach. */
  sent(from: number, to: number, packets: number): void;
  /** Spikes have been taken from the FIFO of a core. */
  arrived?(core: number, spikes: number): void;
  /** A phase has ended, at a time since the clock began. */
  phase(timePs: number, setBy: TimeSetter): void;
}

/**
 * Keeps the time of a chip's steps, and counts the traffic of its network. A step has phases: cores compute, send, and
 * wait for each other at a barrier before any goes on. A phase takes as long as its slowest core or link. Cores are
 * named by their position in the list given, as in a {@link SpreadImage}.
 */
export class StepClock {
  readonly #cores: readonly Core[];
  /** Numbers on the chip. */
  readonly #numbers: readonly number[];
  readonly packets: PhasePackets;
  readonly #costs: NetworkCosts;
  readonly #barrier: number;
  readonly #tickPs: number;
  /** By core: its clock, and the cycles of an event from its FIFO. */
  readonly #clocksMhz: Float64Array;
  readonly #eventCycles: Float64Array;
  /** By core: its cycles of work at the end of the latest phase. */
  readonly #worked: Float64Array;
  /** By core: events taken from its FIFO since then. */
  readonly #arrivals: Float64Array;
  /** By core: ns of computing in this phase. */
  readonly #computedNs: Float64Array;
  /** By number on the chip: time of computing, and spikes received from the host. */
  readonly #busyPs: Float64Array;
  readonly #fromHost: Float64Array;
  #timePs = 0;
  /** By the part that set the time of a phase. */
  readonly #setPs: Record<TimeSetter, number> = { sending: 0, receiving: 0, link: 0 };
  #barriers = 0;
  /** Time spent waiting for ticks. */
  #waitingPs = 0;
  #stepBeganPs = 0;
  #values = 0;
  /** Whether packets can be lost. */
  readonly #loses: boolean;
  readonly watch: PhaseWatch | undefined;

  constructor(
    { mesh: shape, costs }: ChipModel,
    cores: readonly Core[],
    numbers: readonly number[],
    { watch, loses = false }: { readonly watch?: PhaseWatch | undefined; readonly loses?: boolean } = {},
  ) {
    this.#loses = loses;
    const mesh = new Mesh(shape);
    const tiles = new Set(numbers.map((number) => mesh.tileOf[number]));
    this.#cores = cores;
    this.#numbers = numbers;
    this.watch = watch;
    this.#costs = costs;
    this.packets = new PhasePackets(mesh, numbers);
    this.#barrier = cores.length === 1 ? 0 : barrierTime(costs.barrier, tiles.size);
    this.#tickPs = picoseconds(costs.barrier.tickNs ?? 0);
    this.#clocksMhz = Float64Array.from(cores, ({ image }) => image.costs.clockMhz);
    this.#eventCycles = Float64Array.from(cores, ({ image }) => image.costs.eventCycles);
    this.#worked = new Float64Array(cores.length);
    this.#arrivals = new Float64Array(cores.length);
    this.#computedNs = new Float64Array(cores.length);
    this.#busyPs = new Float64Array(mesh.cores);
    this.#fromHost = new Float64Array(mesh.cores);
  }

  /** Spikes arrive from the host, or from other cores, and are taken from the FIFO. */
  arrive(core: number, spikes: number): void {
    addAt(this.#arrivals, core, spikes);
    this.watch?.arrived?.(core, spikes);
  }

  /** The host sends spikes to a core. */
  receive(core: number, spikes: number): void {
    const number = numberAt(this.#numbers, core);
    addAt(this.#fromHost, number, spikes);
  }

  /** Cores have computed: packets from here on leave after that work. */
  work(): void {
    for (let core = 0; core < this.#cores.length; core++) {
      const busy = this.#cores[core]?.busyCycles() ?? 0;
      const taking = numberAt(this.#eventCycles, core) * numberAt(this.#arrivals, core);
      const cycles = busy - numberAt(this.#worked, core) + taking;
      this.#worked[core] = busy;
      this.#arrivals[core] = 0;
      if (cycles === 0) continue;
      const ns = (cycles * 1000) / numberAt(this.#clocksMhz, core);
      const number = numberAt(this.#numbers, core);
      addAt(this.#computedNs, core, ns);
      addAt(this.#busyPs, number, picoseconds(ns));
    }
  }

  /** A core sends packets to another one; nothing is sent to itself. */
  send(from: number, to: number, packets: number, kind: 'spikes' | 'values'): void {
    if (from === to) return;
    this.packets.count(from, to, packets);
    this.watch?.sent(from, to, packets);
    if (kind === 'values') this.#values += packets;
  }

  /** A core sends packets that fork on their way to several others. */
  sendTree(from: number, to: Iterable<number>, packets: number): void {
    const others = [...to].filter((core) => core !== from);
    for (const core of others) this.watch?.sent(from, core, packets);
    if (others.length > 0) this.packets.countTree(from, others, packets);
  }

  /** Packets that have been sent are lost. */
  lose(packets: number): void {
    countLost(this.packets.counts, packets);
  }

  /** All cores wait for each other. */
  endPhase(): void {
    const [slowest, setBy] = this.#slowest();
    const whole = picoseconds(slowest + this.#barrier);
    this.#timePs += whole;
    this.#setPs[setBy] += whole - picoseconds(this.#barrier);
    this.#barriers += 1;
    this.packets.turn();
    this.watch?.phase(this.#timePs, setBy);
  }

  /** A step has ended: all cores wait for the tick of a timer, if the chip has one that begins the next. */
  endStep(): void {
    const waiting = Math.max(0, this.#tickPs - (this.#timePs - this.#stepBeganPs));
    this.#timePs += waiting;
    this.#waitingPs += waiting;
    this.#stepBeganPs = this.#timePs;
  }

  /** The slowest part of the current phase, in ns. */
  #slowest(): [ns: number, setBy: TimeSetter] {
    const { send, receive, link } = this.#costs;
    const linkNs = link?.packetNs ?? 0;
    const { sent, received } = this.packets;
    const computed = this.#computedNs;
    const packets = this.packets.addUp();
    let sending = 0;
    let receiving = 0;
    for (let core = 0; core < computed.length; core++) {
      const ns = numberAt(computed, core);
      computed[core] = 0;
      sending = Math.max(sending, packets === 0 ? ns : numberAt(sent, core) * send.latencyNs + ns);
      if (packets > 0) receiving = Math.max(receiving, numberAt(received, core) * receive.latencyNs);
    }
    // A link carries no more than all packets.
    const isLink = packets * linkNs > Math.max(sending, receiving);
    const busiest = isLink ? this.packets.busiestLoad() * linkNs : 0;
    const slowest = Math.max(sending, receiving, busiest);
    return [slowest, slowest === sending ? 'sending' : slowest === receiving ? 'receiving' : 'link'];
  }

  counts(): NetworkCounts {
    const carried = this.packets.carried();
    const { packetsSent, packetsReceived } = carried;
    const received = packetsReceived.reduce((sum, packets) => sum + packets, 0);
    const [east, west, south, north] = carried.hopsByDirection();
    const fromHost = this.#fromHost.reduce((sum, spikes) => sum + spikes, 0);
    const barriers = this.#cores.length > 1 ? this.#barriers : 0;
    return {
      timePs: this.#timePs,
      sendingPs: this.#setPs.sending,
      receivingPs: this.#setPs.receiving,
      linkPs: this.#setPs.link,
      barrierPs: barriers * picoseconds(this.#barrier) + this.#waitingPs,
      barrier: barriers,
      send: carried.packets,
      receive: received + fromHost,
      tile: received,
      values: this.#values,
      hopX: east + west,
      hopY: south + north,
      busyPs: [...this.#busyPs],
      sent: [...packetsSent],
      received: Array.from(packetsReceived, (packets, core) => packets + numberAt(this.#fromHost, core)),
      loads: [...carried.loads()],
      ...(this.#loses && { lost: this.packets.lost }),
    };
  }

  /** Starts from zero; the cores' counters have been reset, too. */
  reset(): void {
    this.#timePs = 0;
    Object.assign(this.#setPs, { sending: 0, receiving: 0, link: 0 });
    this.#barriers = 0;
    this.#waitingPs = 0;
    this.#stepBeganPs = 0;
    this.#values = 0;
    this.#busyPs.fill(0);
    this.#fromHost.fill(0);
    this.packets.clear();
    this.#worked.fill(0);
    this.#arrivals.fill(0);
    this.#computedNs.fill(0);
  }
}

/** Whole, so that sums of times do not depend on their order, nor on where a run was interrupted. */
function picoseconds(ns: number): number {
  return Math.round(ns * 1000);
}

/** The part that set the time of a phase. */
type TimeSetter = 'sending' | 'receiving' | 'link';

/** The time of a barrier, in ns, over a number of tiles, those that hold neurons. */
export function barrierTime({ latencyNs, between }: NetworkCosts['barrier'], tiles: number): number {
  const at = latencyNs.findLastIndex((entry) => entry.tiles <= tiles);
  const below = latencyNs[at] ?? latencyNs[0];
  const above = latencyNs[at + 1];
  if (below === undefined) return 0;
  if (above === undefined || between === 'step' || tiles <= below.tiles) return below.ns;
  const share = (tiles - below.tiles) / (above.tiles - below.tiles);
  return below.ns + share * (above.ns - below.ns);
}
