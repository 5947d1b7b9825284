/** What cores have sent each other, in packets. */
export interface PacketCounts {
  /** By source x cores + destination: spikes, and values (partial sums, copies of fields, results of tests). */
  readonly spikes: Float64Array;
  readonly values: Float64Array;
  /** Spikes from the host, by destination. */
  readonly fromHost: Float64Array;
}

/** Counts packets between cores. What stays on its core is no packet. */
export class Traffic {
  readonly #cores: number;
  readonly counts: PacketCounts;

  constructor(cores: number) {
    this.#cores = cores;
    this.counts = {
      spikes: new Float64Array(cores * cores),
      values: new Float64Array(cores * cores),
      fromHost: new Float64Array(cores),
    };
  }

  spike(from: number | undefined, to: number): void {
    const { spikes, fromHost } = this.counts;
    if (from === undefined) fromHost[to] = (fromHost[to] ?? 0) + 1;
    else this.#add(spikes, from, to, 1);
  }

  values(from: number, to: number, count: number): void {
    this.#add(this.counts.values, from, to, count);
  }

  reset(): void {
    const { spikes, values, fromHost } = this.counts;
    spikes.fill(0);
    values.fill(0);
    fromHost.fill(0);
  }

  #add(counts: Float64Array, from: number, to: number, more: number): void {
    if (from === to) return;
    const at = from * this.#cores + to;
    counts[at] = (counts[at] ?? 0) + more;
  }
}
