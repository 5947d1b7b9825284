// Catalyst N1 from its rules (../n1.md): a plain model that shares no code with src/ or test/chips. It uses the same
// section numbers.

import {
  type N1Core,
  type N1CoreState,
  type N1Expected,
  type N1Flags,
  type N1Stimulus,
  n1Parameters,
  n1States,
} from './n1-format.ts';
import { runWords, s16 } from './n1-learning.ts';
import { type Neuron, type Parameters, s24, updateNeuron } from './n1-neuron.ts';

export * from './n1-format.ts';

interface Synapse {
  weight: number;
  eligibility: number;
  delay: number;
  tag: number;
}

/** More spikes of a core than its FIFO holds: what it does then is not known. */
export class TooManySpikes extends Error {}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}

/**
 * Runs a stimulus on the plain model.
 *
 * @throws TooManySpikes
 */
export function plainN1(stimulus: N1Stimulus): N1Expected {
  const cores = stimulus.cores.map((core) => new PlainCore(core, stimulus.config));
  const flags: N1Flags = {
    learn: 0,
    graded: 0,
    dendritic: 0,
    three_factor: 0,
    noise: 0,
    skip_idle: 0,
    scale_u: 0,
    reward: 0,
  };
  let arriving: [core: number, neuron: number, current: number][] = [];
  const steps = stimulus.stimulus.map(({ flags: changed, inject }) => {
    Object.assign(flags, changed);
    for (const [core, neuron, current] of [...inject, ...arriving])
      at(at(cores, core).neurons, neuron).acc = current;
    const k = arriving.length;
    const wait = k === 0 ? 0 : k + 1;
    const states = cores.map((core) => core.step(flags));
    const sent = cores.flatMap((core, c) => core.sent.map((spike) => ({ ...spike, core: c })));
    arriving = sent.flatMap(({ core, neuron, payload }) =>
      [stimulus.routes, stimulus.global_routes].flatMap((routes) =>
        routes
          .filter(([c, n]) => c === core && n === neuron)
          .sort((a, b) => a[2] - b[2])
          .map(([, , , c, n, weight]): [number, number, number] => [
            c,
            n,
            flags.graded === 1 ? s16((weight * payload) >> 7) : weight,
          ]),
      ),
    );
    return {
      cycles:
        7 + Math.max(...states.map(({ cycles }) => cycles)) + cores.length + 37 * sent.length + wait,
      spikes: sent
        .map(({ cycle, core, neuron, payload }): [number, number, number, number] => [
          cycle + 5 + wait,
          core,
          neuron,
          payload,
        ])
        .sort((a, b) => a[0] - b[0] || a[1] - b[1]),
      cores: states,
    };
  });
  return {
    spikes: steps.reduce((sum, { spikes }) => sum + spikes.length, 0),
    cycles: steps.reduce((sum, { cycles }) => sum + cycles, 0),
    steps,
  };
}

class PlainCore {
  readonly neurons: Neuron[];
  sent: { neuron: number; payload: number; cycle: number }[] = [];
  readonly #core: N1Core;
  readonly #threshold: number;
  /** The parent of a neuron that has none. */
  readonly #noParent: number;
  readonly #parameters: Parameters[];
  readonly #synapses: Synapse[];
  readonly #queue = Array.from({ length: 64 }, (): { target: number; current: number; part: number }[] => []);
  readonly #reverse: Map<number, number>[];
  #before: { neurons: Neuron[]; synapses: Synapse[] } | undefined;
  #lfsr = 0xace1;
  #reward = 0;
  #epoch = 0;
  #step = 0;
  #cycles = 0;

  constructor(core: N1Core, { threshold_parameter, neuron_bits }: N1Stimulus["config"]) {
    this.#core = core;
    this.#threshold = threshold_parameter;
    this.#noParent = 2 ** neuron_bits - 1;
    this.#parameters = core.neurons.threshold.map(
      (_, n) =>
        Object.fromEntries(n1Parameters.map((name) => [name, at(core.neurons[name], n)])) as Parameters,
    );
    this.neurons = this.#parameters.map(
      (parameters) =>
        ({
          ...Object.fromEntries(n1States.map((name) => [name, 0])),
          threshold: parameters.threshold,
          spiked: false,
        }) as Neuron,
    );
    this.#synapses = core.pool.map(([, , weight, , delay]) => ({ weight, eligibility: 0, delay, tag: 0 }));
    const seen = new Map<number, number>();
    this.#reverse = this.neurons.map(() => new Map<number, number>());
    for (const [address, [, target]] of core.pool.entries()) {
      const k = seen.get(target) ?? 0;
      at(this.#reverse, target).set(k % 32, address);
      seen.set(target, k + 1);
    }
  }

  /** 2. */
  step(flags: N1Flags): N1CoreState {
    for (const neuron of this.neurons) neuron.spiked = false;
    this.#cycles = 0;
    this.#drain();
    this.#deliver(flags);
    this.#update(flags);
    const spiked = this.neurons.flatMap((neuron, n) => (neuron.spiked ? [n] : []));
    const isDue = this.#epoch === 0 && !(flags.skip_idle === 1 && spiked.length === 0);
    if (isDue && flags.learn === 1) this.#learn(spiked, flags);
    if (isDue && flags.three_factor === 1) this.#consolidate();
    this.#epoch = this.#epoch >= this.#core.epoch_interval - 1 ? 0 : this.#epoch + 1;
    const lost = this.#reward >> this.#core.reward_tau;
    const decayed = this.#reward > 0 && lost === 0 ? this.#reward - 1 : this.#reward - lost;
    this.#reward = s16(decayed + flags.reward);
    this.#cycles += 1;
    this.#step += 1;
    return this.#state();
  }

  #act(target: number, current: number, part: number): void {
    const neuron = at(this.neurons, target);
    if (part === 0) neuron.acc = s24(neuron.acc + current);
    if (part === 1) neuron.dend1 = s16(neuron.dend1 + current);
    if (part === 2) neuron.dend2 = s16(neuron.dend2 + current);
    if (part === 3) neuron.dend3 = s16(neuron.dend3 + current);
  }

  #drain(): void {
    const due = at(this.#queue, this.#step % 64);
    for (const { target, current, part } of due) this.#act(target, current, part);
    this.#cycles += 1 + 4 * due.length;
    due.length = 0;
  }

  #deliver({ graded }: N1Flags): void {
    for (const { neuron, payload } of this.sent) {
      this.#cycles += 3;
      const [, base, count, format] = this.#core.index.find(([n]) => n === neuron) ?? [neuron, 0, 0, 0];
      for (let i = 0; i < count; i++) {
        const address = format === 2 ? base : base + i;
        const [, own, , part] = at(this.#core.pool, address);
        const first = at(this.#core.pool, base)[1];
        const target = format === 0 ? own : (first + i) % this.neurons.length;
        const { weight, delay } = at(this.#synapses, address);
        const current = graded === 1 ? s16((weight * payload) >> 7) : weight;
        const slot = at(this.#queue, (this.#step + delay) % 64);
        if (delay !== 0 && slot.length < 64) slot.push({ target, current, part });
        else this.#act(target, current, part);
        this.#cycles += format === 2 && i > 0 ? 5 : 6;
      }
    }
    this.#cycles += 1;
  }

  #update(flags: N1Flags): void {
    this.sent = [];
    const isLast = this.#epoch === this.#core.epoch_interval - 1;
    for (let pass = 0; pass < this.#core.update_passes; pass++)
      for (const [n, neuron] of this.neurons.entries()) {
        const parameters = at(this.#parameters, n);
        const around = { flags, lfsr: this.#lfsr, epoch: this.#epoch, isLast, threshold: this.#threshold };
        const spike = updateNeuron(neuron, parameters, around);
        const feedback = this.#lfsr & 1;
        this.#lfsr = ((feedback << 15) | (this.#lfsr >> 1)) ^ (feedback === 1 ? 0xb400 : 0);
        if (spike !== undefined && parameters.root === 1)
          this.sent.push({ neuron: n, payload: spike.payload, cycle: this.#cycles + 2 });
        this.#cycles += 4;
        if (spike === undefined || parameters.parent === this.#noParent) continue;
        this.#join(at(this.neurons, parameters.parent), spike.carry, parameters.join & 3);
        this.#cycles += 3;
      }
    if (this.sent.length > 64) throw new TooManySpikes();
  }

  #join(parent: Neuron, c: number, way: number): void {
    const a = parent.acc;
    if (way === 0) parent.acc = s24(a + c);
    if (way === 1) parent.acc = Math.abs(c) > Math.abs(a) ? c : a;
    if (way === 2) parent.acc = a | c;
  }

  /** 4. */
  #learn(spiked: readonly number[], { three_factor }: N1Flags): void {
    for (const mode of [0, 1]) {
      this.#cycles += 1 + this.neurons.length;
      for (const n of spiked) {
        if (mode === 0) {
          const [, base, count, format] = this.#core.index.find(([k]) => k === n) ?? [n, 0, 0, 0];
          this.#cycles += 2;
          for (let i = 0; i < count && format === 0; i++) {
            this.#cycles += 6;
            this.#change(base + i, at(this.#core.pool, base + i)[1], 128 * three_factor);
          }
          continue;
        }
        this.#cycles += 6 * 32;
        for (let slot = 0; slot < 32; slot++) {
          const address = at(this.#reverse, n).get(slot);
          if (address !== undefined)
            this.#change(address, at(this.#core.pool, address)[0], 128 * three_factor + 64);
        }
      }
    }
  }

  #change(address: number, other: number, start: number): void {
    const { trace1, x2, trace2, y2, y3, spike_time } = at(this.neurons, other);
    const synapse = at(this.#synapses, address);
    const { weight, delay, tag, eligibility } = synapse;
    const initial = [trace1, x2, trace2, y2, y3, weight, delay, tag, eligibility, this.#reward, spike_time];
    const { words, ...stored } = runWords(this.#core.microcode, start, initial, this.#lfsr);
    Object.assign(synapse, stored);
    this.#cycles += 2 * words;
  }

  #consolidate(): void {
    for (const synapse of this.#synapses) {
      const e = synapse.eligibility;
      const change = s16((e * this.#reward) >> 7);
      if (this.#reward !== 0) synapse.weight = Math.min(2000, Math.max(0, s16(synapse.weight + change)));
      synapse.eligibility = e > 0 && e >> 3 === 0 ? e - 1 : s16(e - (e >> 3));
    }
    this.#cycles += 1 + 3 * this.#synapses.length;
  }

  /** What a file states: what has changed. */
  #state(): N1CoreState {
    const before = this.#before;
    const neurons = Object.fromEntries(
      n1States.flatMap((name) => {
        const values = this.neurons.map((neuron) => neuron[name]);
        const same = before?.neurons.every((neuron, n) => neuron[name] === values[n]);
        return same === true ? [] : [[name, values] as const];
      }),
    );
    const initial = (address: number): Synapse => {
      const [, , weight, , delay] = at(this.#core.pool, address);
      return before?.synapses[address] ?? { weight, eligibility: 0, delay, tag: 0 };
    };
    const synapses = this.#synapses.flatMap(({ weight, eligibility, delay, tag }, address) => {
      const old = initial(address);
      const same =
        old.weight === weight && old.eligibility === eligibility && old.delay === delay && old.tag === tag;
      return same ? [] : [[address, weight, eligibility, delay, tag] as [number, number, number, number, number]];
    });
    this.#before = structuredClone({ neurons: this.neurons, synapses: this.#synapses });
    return {
      cycles: this.#cycles,
      lfsr: this.#lfsr,
      reward_trace: this.#reward,
      epoch_counter: this.#epoch,
      neurons,
      synapses,
    };
  }
}
