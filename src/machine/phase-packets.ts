import type { Mesh } from '../hardware/index.ts';
import { addAt, largest, numberAt } from '../text/index.ts';
import { TrafficCounters } from './traffic-counters.ts';

/**
 * The packets between cores, in the current phase and in total. They are counted by sender and receiver, which is
 * fastest; routes are computed on request. Cores are named by index.
 */
export class PhasePackets {
  readonly #mesh: Mesh;
  /** By core: its number on the chip. */
  readonly #numbers: readonly number[];
  /** Of the current phase: packets from core `from` to `to` at `from` x cores + `to`; then all, and those lost. */
  readonly counts: Float64Array;
  /** Counts of other threads in this phase. */
  readonly #others: Float64Array[] = [];
  /** Of earlier phases. */
  readonly #earlier: Float64Array;
  /** Packets that fork on their way: the total, and those of earlier phases. */
  readonly #forked: TrafficCounters;
  readonly #forkedEarlier: TrafficCounters;
  /** By core: packets of the phase sent and received, once they are added up, and their total. */
  readonly sent: Float64Array;
  readonly received: Float64Array;
  /** The counts of the phase that are not zero. */
  readonly #pairs: Int32Array;
  #used = 0;
  /** Packets lost in earlier phases. */
  lost = 0;
  /** Room for the loads of all links, zero in between, and for the links of a packet's route. */
  readonly #loads: Float64Array<ArrayBuffer>;
  readonly #way: Int32Array;

  constructor(mesh: Mesh, numbers: readonly number[]) {
    const cores = numbers.length;
    this.#mesh = mesh;
    this.#numbers = numbers;
    this.counts = new Float64Array(cores ** 2 + 2);
    this.#earlier = new Float64Array(cores ** 2);
    this.#forked = new TrafficCounters(mesh);
    this.#forkedEarlier = new TrafficCounters(mesh);
    this.sent = new Float64Array(cores);
    this.received = new Float64Array(cores);
    this.#pairs = new Int32Array(cores ** 2);
    this.#loads = new Float64Array(4 * mesh.tiles);
    this.#way = new Int32Array(mesh.longest);
  }

  /** Makes further counts of the phase, which another thread can write. */
  share(): Float64Array {
    const counts = new Float64Array(new SharedArrayBuffer(this.counts.byteLength));
    this.#others.push(counts);
    return counts;
  }

  count(from: number, to: number, packets: number): void {
    countPackets(this.counts, from * this.#numbers.length + to, packets);
  }

  /** Counts packets that fork on their way to several other cores. */
  countTree(from: number, to: readonly number[], packets: number): void {
    const numbers = to.map((core) => numberAt(this.#numbers, core));
    this.#forked.countTree(numberAt(this.#numbers, from), numbers, packets);
  }

  /** Adds up the current phase, and returns the number of its packets. */
  addUp(): number {
    const { counts } = this;
    for (const other of this.#others) {
      for (let pair = 0; pair < counts.length; pair++) addAt(counts, pair, numberAt(other, pair));
      other.fill(0);
    }
    const all = numberAt(counts, counts.length - 2);
    const forked = this.#forked.packets - this.#forkedEarlier.packets;
    this.#used = 0;
    if (all > 0 || forked > 0) this.#addPairs();
    if (forked > 0) this.#addForked();
    return all + forked;
  }

  #addPairs(): void {
    const { counts, sent, received } = this;
    const pairs = this.#pairs;
    const cores = sent.length;
    for (let core = 0; core < cores; core++) {
      sent[core] = 0;
      received[core] = 0;
    }
    let used = 0;
    for (let from = 0, pair = 0; from < cores; from++)
      for (let to = 0; to < cores; to++, pair++) {
        const packets = numberAt(counts, pair);
        if (packets === 0) continue;
        pairs[used++] = pair;
        addAt(sent, from, packets);
        addAt(received, to, packets);
      }
    this.#used = used;
  }

  #addForked(): void {
    for (const [core, number] of this.#numbers.entries())
      for (const [sums, of] of [
        [this.sent, 'packetsSent'],
        [this.received, 'packetsReceived'],
      ] as const) {
        const forked = numberAt(this.#forked[of], number) - numberAt(this.#forkedEarlier[of], number);
        addAt(sums, core, forked);
      }
  }

  /** The packets of the phase, added up before, on the busiest link. */
  busiestLoad(): number {
    const { counts } = this;
    const loads = this.#loads;
    const way = this.#way;
    const numbers = this.#numbers;
    const pairs = this.#pairs;
    let busiest = this.#forked.packets > 0 ? largest(this.#forked.loads(this.#forkedEarlier, loads), 0) : 0;
    for (let place = 0; place < this.#used; place++) {
      const pair = numberAt(pairs, place);
      const packets = numberAt(counts, pair);
      const from = Math.floor(pair / numbers.length);
      const to = pair - from * numbers.length;
      const hops = this.#mesh.route(numberAt(numbers, from), numberAt(numbers, to), way);
      for (let hop = 0; hop < hops; hop++) {
        const link = numberAt(way, hop);
        const load = numberAt(loads, link) + packets;
        loads[link] = load;
        busiest = Math.max(busiest, load);
      }
    }
    loads.fill(0);
    return busiest;
  }

  /** Starts the next phase. */
  turn(): void {
    const { counts } = this;
    const earlier = this.#earlier;
    const pairs = this.#pairs;
    for (let place = 0; place < this.#used; place++) {
      const pair = numberAt(pairs, place);
      addAt(earlier, pair, numberAt(counts, pair));
      counts[pair] = 0;
    }
    this.lost += numberAt(counts, counts.length - 1);
    counts.fill(0, counts.length - 2);
    if (this.#forked.packets > 0) this.#forkedEarlier.copy(this.#forked);
  }

  /** The packets of all phases that have ended. */
  carried(): TrafficCounters {
    const sum = new TrafficCounters(this.#mesh);
    sum.copy(this.#forked);
    const cores = this.#numbers.length;
    for (const [pair, packets] of this.#earlier.entries()) {
      const from = numberAt(this.#numbers, Math.floor(pair / cores));
      if (packets > 0) sum.count(from, numberAt(this.#numbers, pair % cores), 0, packets);
    }
    return sum;
  }

  clear(): void {
    this.lost = 0;
    for (const counts of [this.counts, this.#earlier, ...this.#others]) counts.fill(0);
    for (const counts of [this.#forked, this.#forkedEarlier]) counts.clear();
  }
}

/** Counts packets of a pair of cores, see {@link PhasePackets.counts}. */
export function countPackets(counts: Float64Array, pair: number, packets: number): void {
  const all = counts.length - 2;
  addAt(counts, pair, packets);
  addAt(counts, all, packets);
}

/** Counts packets that are lost, which have been counted as sent. */
export function countLost(counts: Float64Array, packets: number): void {
  addAt(counts, counts.length - 1, packets);
}
