/** One core of N1: the memories that its microcode works on, and the order of its visits, with what they cost. */
import { fieldNamed, namesIn, PlasticoreError } from 'plasticore/chips';

/** Steps that the queue looks ahead, and the entries of each. */
const slots = 64;
const slotDepth = 64;
/** Spikes that wait to be sent in a step, and synapses that a neuron finds in its reverse table. */
const fifoDepth = 64;
const reverseSlots = 32;

/** What the generator starts with, and the bits that its feedback changes; its mask meets the feedback in bit 15. */
const generator = { start: 0xace1, mask: 0xb400 };

/** Formats of an index: what the entries of a neuron's synapses are. */
const sparse = 0;
const population = 2;

/** Clock cycles of what a core does. Cycles of a step are sums of these over its visits. */
const cycles = {
  drain: { start: 1, entry: 4 },
  deliver: { end: 1, spike: 3, synapse: 6, shared: 5 },
  update: { neuron: 4, join: 3, /** From a neuron's first cycle to the one of its spike. */ spike: 2 },
  learn: { mode: 1, neuron: 1, /** Of mode 0 alone. */ spike: 2, synapse: 6, word: 2 },
  consolidate: { start: 1, entry: 3 },
  end: 1,
};

/** The flags of the chip that kernels see, by their name in the program. */
const flagScalars = { graded: 'graded', dendritic: 'dendritic', noise: 'noise', scaled: 'scale_u' };

const events = [
  'inject',
  'begin',
  'drain',
  'deliver',
  'enqueue',
  'update',
  'join',
  'learn0',
  'learn1',
  'learn2',
  'learn3',
  'consolidate',
  'finish',
  'route',
];
const scalars = [
  'neuron',
  'post',
  'payload',
  'compartment',
  'current',
  'lfsr',
  'reward',
  'time',
  'last',
  ...Object.keys(flagScalars),
];

/**
 * @typedef {object} Description what a core is loaded with beside its neurons' parameters
 * @property {readonly (readonly number[])[]} pool `[source, target, weight, compartment, delay]`, by address
 * @property {readonly (readonly number[])[]} index `[neuron, base, count, format]`
 * @property {number} epoch_interval
 * @property {number} update_passes
 */

export class N1Core {
  #core;
  #events;
  #scalars;
  #neurons;
  #pool;
  #index;
  #reverse;
  #passes;
  #interval;
  #parents;
  #none;
  #isRoot;
  /** Entries of the queue by slot: the target and the compartment of each. The currents are in the core. */
  #queue = Array.from({ length: slots }, () => []);
  #delays;
  #step = 0;
  #lfsr = generator.start;
  #epoch = 0;
  /** The spikes of the latest step: neuron, payload. */
  #spikes = [];
  /** What the latest step took, and the cycle of each of its spikes that were sent. */
  #cycles = 0;
  #spikeCycles = [];

  /**
   * @param {import('plasticore/chips').Core} core of program `n1`, loaded
   * @param {Description} description
   * @param {{parents: readonly number[], roots: readonly number[], none: number}} tables a parent of `none` is no neuron
   */
  constructor(core, { pool, index, epoch_interval, update_passes }, { parents, roots, none }) {
    const names = namesIn(core, 'n1');
    this.#core = core;
    this.#events = Object.fromEntries(events.map((name) => [name, names.event(name)]));
    this.#scalars = Object.fromEntries(scalars.map((name) => [name, names.scalar(name)]));
    this.#neurons = parents.length;
    this.#pool = pool;
    this.#index = new Map(index.map(([neuron, base, count, format]) => [neuron, { base, count, format }]));
    this.#reverse = reverseTable(pool, parents.length);
    this.#passes = update_passes;
    this.#interval = epoch_interval;
    this.#parents = parents;
    this.#none = none;
    this.#isRoot = roots;
    this.#delays = this.read('pool.delay');
  }

  get core() {
    return this.#core;
  }

  get spikes() {
    return this.#spikes;
  }

  get spikeCycles() {
    return this.#spikeCycles;
  }

  get cycles() {
    return this.#cycles;
  }

  get lfsr() {
    return this.#lfsr;
  }

  get epoch() {
    return this.#epoch;
  }

  /** The items of a field of the core. */
  read(name) {
    return this.#core.read(fieldNamed(this.#core.image, name));
  }

  /** A current from outside, or from another core. */
  inject(neuron, current) {
    this.#run('inject', { neuron, current });
  }

  /** The current that a route sends for a spike. */
  routed(route, payload) {
    this.#run('route', { neuron: route, payload });
    return this.read('routes.current')[route];
  }

  /** Runs a step. */
  step(flags) {
    for (const [scalar, flag] of Object.entries(flagScalars)) this.#set(scalar, flags[flag]);
    this.#run('begin');
    this.#cycles = 0;
    this.#drain();
    this.#deliver();
    const spiked = this.#update();
    const isLearning = this.#epoch === 0 && !(flags.skip_idle && spiked.length === 0);
    const reward = this.read('registers.reward')[0];
    if (flags.learn && isLearning) this.#learn(spiked, flags.three_factor, reward);
    if (flags.three_factor && isLearning) this.#consolidate(reward);
    this.#run('finish', { neuron: 0, reward: flags.reward });
    this.#cycles += cycles.end;
    this.#epoch = this.#epoch >= this.#interval - 1 ? 0 : this.#epoch + 1;
    this.#step += 1;
  }

  #drain() {
    const slot = this.#step % slots;
    for (const [place, { target, compartment }] of this.#queue[slot].entries())
      this.#run('drain', { neuron: slot * slotDepth + place, post: target, compartment });
    this.#cycles += cycles.drain.start + cycles.drain.entry * this.#queue[slot].length;
    this.#queue[slot] = [];
  }

  #deliver() {
    for (const [neuron, payload] of this.#spikes) {
      this.#cycles += cycles.deliver.spike;
      const { base, count, format } = this.#index.get(neuron) ?? { base: 0, count: 0, format: sparse };
      for (let i = 0; i < count; i++) {
        const entry = format === population ? base : base + i;
        const target = format === sparse ? this.#pool[entry][1] : (this.#pool[base][1] + i) % this.#neurons;
        this.#act(entry, target, payload);
        this.#cycles += format === population && i > 0 ? cycles.deliver.shared : cycles.deliver.synapse;
      }
    }
    this.#cycles += cycles.deliver.end;
  }

  /** A synapse acts: later if it has a delay and its slot has room, else at once. */
  #act(entry, target, payload) {
    const delay = this.#delays[entry];
    const slot = (this.#step + delay) % slots;
    const waiting = this.#queue[slot];
    if (delay === 0 || waiting.length === slotDepth) {
      this.#run('deliver', { neuron: entry, post: target, payload });
      return;
    }
    this.#run('enqueue', { neuron: entry, post: slot * slotDepth + waiting.length, payload });
    waiting.push({ target, compartment: this.#pool[entry][3] });
  }

  /** Updates all neurons, and returns those that have spiked, ascending. */
  #update() {
    this.#spikes = [];
    this.#spikeCycles = [];
    const spiked = new Set();
    const last = Number(this.#epoch === this.#interval - 1);
    for (let pass = 0; pass < this.#passes; pass++) {
      for (let neuron = 0; neuron < this.#neurons; neuron++) {
        const count = this.#run('update', { neuron, lfsr: this.#lfsr, time: this.#epoch, last });
        this.#advance();
        if (count > 0) this.#spiked(neuron, spiked);
        this.#cycles += cycles.update.neuron;
        if (count > 0 && this.#parents[neuron] !== this.#none) {
          this.#run('join', { neuron, post: this.#parents[neuron] });
          this.#cycles += cycles.update.join;
        }
      }
    }
    return [...spiked].sort((a, b) => a - b);
  }

  #spiked(neuron, spiked) {
    spiked.add(neuron);
    if (this.#isRoot[neuron] === 0) return;
    if (this.#spikes.length === fifoDepth)
      throw new PlasticoreError('data', `more than ${fifoDepth} spikes of a core in a step`, {
        hint: 'what its FIFO loses then is not known',
      });
    this.#spikes.push([neuron, this.read('neurons.payload')[neuron]]);
    this.#spikeCycles.push(this.#cycles + cycles.update.spike);
  }

  #advance() {
    const feedback = this.#lfsr & 1;
    this.#lfsr = ((feedback << 15) | (this.#lfsr >> 1)) ^ (feedback ? generator.mask : 0);
  }

  #learn(spiked, threeFactor, reward) {
    this.#set('reward', reward);
    this.#set('lfsr', this.#lfsr);
    for (const mode of [0, 1]) {
      this.#cycles += cycles.learn.mode + cycles.learn.neuron * this.#neurons;
      const program = `learn${2 * threeFactor + mode}`;
      for (const neuron of spiked) this.#learnOf(neuron, mode, program);
    }
    this.#delays = this.read('pool.delay');
  }

  /** Mode 0 visits the synapses of a neuron, mode 1 those to it. The program sees the neuron at the other end. */
  #learnOf(neuron, mode, program) {
    const synapses = mode === 0 ? this.#sparseOf(neuron) : this.#reverse[neuron];
    for (const entry of synapses) {
      const other = this.#pool[entry][mode === 0 ? 1 : 0];
      this.#run(program, { neuron: other, post: entry });
      this.#cycles += cycles.learn.word * this.read('pool.executed')[entry];
    }
    this.#cycles +=
      mode === 0
        ? cycles.learn.spike + cycles.learn.synapse * synapses.length
        : cycles.learn.synapse * reverseSlots;
  }

  #sparseOf(neuron) {
    const { base, count, format } = this.#index.get(neuron) ?? { base: 0, count: 0, format: sparse };
    return format === sparse ? Array.from({ length: count }, (_, i) => base + i) : [];
  }

  #consolidate(reward) {
    this.#run('consolidate', { reward });
    this.#cycles += cycles.consolidate.start + cycles.consolidate.entry * this.#pool.length;
  }

  #set(scalar, value) {
    this.#core.event[this.#scalars[scalar]] = value;
  }

  /** Triggers an event; returns how many spikes it emits. */
  #run(event, values = {}) {
    for (const [scalar, value] of Object.entries(values)) this.#set(scalar, value);
    return this.#core.trigger(this.#events[event]);
  }
}

/** For each neuron, the addresses of the synapses to it by slot. A later one may have the slot of an earlier one. */
function reverseTable(pool, neurons) {
  const table = Array.from({ length: neurons }, () => []);
  const seen = new Uint32Array(neurons);
  for (const [entry, [, target]] of pool.entries()) {
    table[target][seen[target] % reverseSlots] = entry;
    seen[target] += 1;
  }
  return table;
}
