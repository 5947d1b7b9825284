import type { RancConfig, RancMemories, Word } from './ranc-format.ts';

/** What a core does at a rising edge. */
export interface CoreEdge {
  /** A neuron whose packet is written into a local FIFO at this edge. */
  readonly spike?: number | undefined;
  /** Whether the tick is over, and its row cleared. */
  readonly isReady: boolean;
  readonly missed: boolean;
}

const wrap = (value: number, bits: number): number => {
  const range = 2 ** bits;
  const low = ((value % range) + range) % range;
  return low >= range / 2 ? low - range : low;
};

/** A core of RANC, edge by edge, axon by axon (../ranc.md, sections 2 to 4). */
export class PlainCore {
  readonly memories: RancMemories;
  readonly potentials: number[];
  readonly rows: Uint8Array[];
  pointer: number;
  tick = -1;
  accepted = -1;
  stalls = 0;
  synops = 0;
  errorFrom = Number.POSITIVE_INFINITY;
  isBusy = false;
  neuron = 0;
  readonly #config: RancConfig;
  readonly #connected: boolean[][];
  #first = 0;
  #sum = 0;
  #spikeAt = -1;
  #spiking = 0;
  #readyAt = -1;

  constructor(config: RancConfig, memories: RancMemories) {
    this.#config = config;
    this.memories = memories;
    this.potentials = [...memories.potential];
    this.rows = Array.from({ length: config.slots }, () => new Uint8Array(config.axons));
    this.pointer = config.slots - 1;
    this.#connected = memories.crossbar.map((digits) => {
      const bits = BigInt(`0x${digits}`);
      return Array.from({ length: config.axons }, (_, axon) => ((bits >> BigInt(axon)) & 1n) === 1n);
    });
  }

  /**
   * A rising edge. `isFull`: whether either local FIFO was full before it. `tick`: its number if the line is 1, else
   * -1.
   */
  rise(cycle: number, tick: number, isFull: boolean): CoreEdge {
    const spike = this.#spikeAt === cycle ? this.#spiking : undefined;
    const isReady = this.#readyAt === cycle;
    if (isReady) {
      this.isBusy = false;
      this.rows[this.pointer]?.fill(0);
    }
    const missed = tick >= 0 && this.isBusy;
    if (missed) this.errorFrom = Math.min(this.errorFrom, cycle + 1);
    if (tick >= 0 && !this.isBusy) {
      this.isBusy = true;
      this.tick = tick;
      this.accepted = cycle;
      this.stalls = 0;
      this.synops = 0;
      this.neuron = 0;
      this.#first = cycle + 2;
      this.#readyAt = -1;
    } else if (this.isBusy && this.neuron < this.#config.neurons && cycle >= this.#first) {
      this.#work(cycle, isFull);
    }
    return { spike, isReady, missed };
  }

  /** The falling edge of the same cycle. */
  fall(cycle: number): void {
    if (this.isBusy && cycle === this.accepted + 1) this.pointer = (this.pointer + 1) % this.#config.slots;
  }

  /** A packet at a rising edge, after the edge has been served. Returns its slot and its fate. */
  deliver([, , axon, offset]: Word, wasReady: boolean): [slot: number, fate: number] {
    const slot = (this.pointer + 1 + offset) % this.#config.slots;
    if (wasReady) return [slot, 2];
    const row = this.rows[slot];
    if (row === undefined) throw new Error(`no slot ${slot}`);
    if (row[axon] === 1) return [slot, 1];
    row[axon] = 1;
    return [slot, slot === this.pointer ? 3 : 0];
  }

  #work(cycle: number, isFull: boolean): void {
    const { axons, potential_width } = this.#config;
    const n = this.neuron;
    const axon = cycle - this.#first;
    if (axon === 0) this.#sum = this.potentials[n] ?? 0;
    if (axon < axons) {
      if (this.#connected[n]?.[axon] !== true || this.rows[this.pointer]?.[axon] !== 1) return;
      const weight = this.memories.weights[n]?.[Number(this.memories.axon_types[axon])] ?? 0;
      this.#sum = wrap(this.#sum + weight, potential_width);
      this.synops += 1;
      return;
    }
    const [spikes, potential] = this.#decide(n);
    if (spikes && isFull) {
      this.stalls += 1;
      return;
    }
    this.potentials[n] = potential;
    if (spikes) {
      this.#spikeAt = cycle + 1;
      this.#spiking = n;
    }
    this.neuron += 1;
    this.#first = cycle + 2;
    if (this.neuron === this.#config.neurons) this.#readyAt = cycle + 3;
  }

  #decide(n: number): [spikes: boolean, potential: number] {
    const { leak, pos_threshold, neg_threshold, reset_potential, reset_mode } = this.memories;
    const bits = this.#config.potential_width;
    const [positive = 0, negative = 0, reset = 0] = [pos_threshold[n], neg_threshold[n], reset_potential[n]];
    const p = wrap(this.#sum + (leak[n] ?? 0), bits);
    const isLinear = reset_mode[n] === 1;
    if (p >= positive) return [true, isLinear ? wrap(p - positive, bits) : reset];
    if (p < negative) return [false, isLinear ? wrap(p - negative, bits) : wrap(-reset, bits)];
    return [false, p];
  }
}
