// ODIN from its specification (../specification.md, section 1), rule by rule: a plain model that shares no code with
// src/. Read it beside the text; it uses the same section numbers.

import {
  type OdinExpected,
  type OdinField,
  type OdinOperation,
  type OdinStimulus,
  wordFields,
} from './odin-format.ts';

export * from './odin-format.ts';

const fieldNames = Object.keys(wordFields) as OdinField[];

const neuronCount = 256;
const fifoDepth = 32;
const stallCyclesPerSpike = 6;

interface Neuron extends Record<OdinField, number> {
  up: boolean;
  down: boolean;
}

interface Synapse {
  map: number;
  w: number;
}

/** The updates of one neuron (1.2): a time reference, or a weight with the sign of its synapse. */
type Update = { readonly kind: 'T' } | { readonly kind: 'S'; readonly w: number; readonly inh: boolean };

const timeReference: Update = { kind: 'T' };

/**
 * Runs a stimulus on the plain model.
 *
 * @param mostOperations activity that feeds itself never ends: beyond so many operations it is given up
 * @throws StillActive
 */
export function plainOdin(stimulus: OdinStimulus, mostOperations = Number.POSITIVE_INFINITY): OdinExpected {
  return new PlainOdin(stimulus, mostOperations).run();
}

/** The core is not idle after as many operations as were allowed. */
export class StillActive extends Error {}

/** 1.6: the flags that a neuron's state has by the formula of 1.2. */
export function odinFlags(neuron: Readonly<Record<OdinField, number>>): { up: boolean; down: boolean } {
  const { ca_en, core, thetamem, calcium, ca_theta1, ca_theta2, ca_theta3 } = neuron;
  return {
    up: ca_en === 1 && core >= thetamem && ca_theta1 <= calcium && calcium < ca_theta3,
    down: ca_en === 1 && core < thetamem && ca_theta1 <= calcium && calcium < ca_theta2,
  };
}

class PlainOdin {
  readonly stimulus: OdinStimulus;
  readonly neurons: Neuron[];
  readonly synapses: Synapse[][];
  /** The scheduler: entries of 13 bits. */
  readonly fifo: number[] = [];
  readonly expected: OdinExpected;
  /** The last cycle in which the output is busy. */
  outputBusyUntil = -1;
  readonly mostOperations: number;

  constructor(stimulus: OdinStimulus, mostOperations: number) {
    this.stimulus = stimulus;
    this.mostOperations = mostOperations;
    const ups = new Set(stimulus.initial_up);
    const downs = new Set(stimulus.initial_down);
    this.neurons = Array.from({ length: neuronCount }, (_, index) => {
      const fields = Object.fromEntries(
        fieldNames.map((name) => [name, at(stimulus.neurons[name], index)]),
      ) as Record<OdinField, number>;
      return { ...fields, up: ups.has(index), down: downs.has(index) };
    });
    this.synapses = stimulus.synapses.map((row) =>
      Array.from(row, (digit) => {
        const nibble = Number.parseInt(digit, 16);
        return { map: nibble >> 3, w: nibble & 7 };
      }),
    );
    this.expected = {
      event_cycles: [],
      ops: [],
      spikes: [],
      final_neurons: { core: [], calcium: [], caleak_cnt: [] },
      final_neuron_words: [],
      final_synapses: null,
      final_up: [],
      final_down: [],
      counters: {
        end_cycle: 0,
        neuron_reads: 0,
        neuron_writes: 0,
        synapse_word_reads: 0,
        synapse_word_writes: 0,
        output_stall_cycles: 0,
      },
    };
  }

  // 1.5: the controller's rule, in each waiting cycle d.
  run(): OdinExpected {
    let d = 0;
    let request = 0;
    for (const [mode, address] of this.stimulus.events) {
      const isBistability = (address & 0x1007f) === 0;
      let start = -1;
      while (start < 0) {
        const isVisible = d >= request + 2;
        if (d <= this.outputBusyUntil) d += 1;
        else if (this.fifo.length === fifoDepth) d = this.pop(d);
        else if (isVisible && !isBistability) start = d + 1;
        else if (this.fifo.length > 0) d = this.pop(d);
        else if (isVisible && isBistability) start = d + 1;
        else d += 1;
      }
      const ack = this.inputEvent(start, address);
      const done = ack + 3;
      d = done;
      // 1.6: mode 0 waits for everything to be idle, mode 1 only for done.
      if (mode === 0) d = this.drain(d);
      this.expected.event_cycles.push([request, start, ack, done, d]);
      request = d;
    }
    this.expected.counters.end_cycle = this.drain(d);
    this.finish();
    return this.expected;
  }

  /** Serves the scheduler until the controller waits, the scheduler is empty and the output is free. */
  drain(from: number): number {
    let d = from;
    while (true) {
      if (d <= this.outputBusyUntil) d += 1;
      else if (this.fifo.length > 0) d = this.pop(d);
      else return d;
    }
  }

  // 1.4: input events, in the order of decoding.
  /** @returns the first cycle after the operation */
  inputEvent(start: number, address: number): number {
    const high = (address >> 8) & 0xff;
    const low = address & 0xff;
    if (address >> 16 === 1) return this.singleSynapse(start, address, high, low);
    if ((low & 0x7f) === 0x7f) {
      const targets = low >> 7 === 1 ? [high] : everyNeuron;
      return this.operation(start, 'TREF', address, targets, () => timeReference);
    }
    if ((low & 0x7f) === 0) return this.bistability(start, address, low >> 7 === 1 ? [high] : everyNeuron);
    // A virtual event where [2:0] = 1, else a neuron's spike with virt = 0 by convention: both are pushed alike.
    this.fifo.push(((low >> 3) << 8) | high);
    return this.record(start, 'PUSH', address, 1, 0);
  }

  // 1.4: a scheduler entry.
  /** @returns the cycle in which the controller waits again */
  pop(d: number): number {
    const start = d + 1;
    const entry = at(this.fifo, 0);
    const virt = entry >> 8;
    const address = entry & 0xff;
    if (virt === 0) return this.popNeuron(start, entry, address);
    const update: Update =
      (virt & 1) === 1 ? timeReference : { kind: 'S', w: virt >> 2, inh: ((virt >> 1) & 1) === 1 };
    return this.operation(start, 'POP_VIRT', entry, [address], () => update, true);
  }

  // 1.4: POP_NEUR. All updates use the old weights; SDSP uses the flags before any of its 8 neurons is updated.
  popNeuron(start: number, entry: number, pre: number): number {
    const row = at(this.synapses, pre);
    const inh = at(this.stimulus.config.syn_sign, pre) === 1;
    let weights: number[] = [];
    return this.operation(
      start,
      'POP_NEUR',
      entry,
      everyNeuron,
      (post) => {
        if (post % 8 === 0) {
          const word = row.slice(post, post + 8);
          weights = word.map((synapse) => this.effectiveWeight(synapse));
          for (const [offset, synapse] of word.entries()) this.sdsp(synapse, at(this.neurons, post + offset));
          this.countSynapseWords(1);
        }
        return { kind: 'S', w: at(weights, post % 8), inh };
      },
      true,
    );
  }

  // 1.4: a single synapse: old weight, old flags.
  singleSynapse(start: number, address: number, pre: number, post: number): number {
    const synapse = at(at(this.synapses, pre), post);
    const w = this.effectiveWeight(synapse);
    if (this.stimulus.config.sdsp_on_syn_stim === 1) this.sdsp(synapse, at(this.neurons, post));
    this.countSynapseWords(1);
    const inh = at(this.stimulus.config.syn_sign, pre) === 1;
    return this.operation(start, 'SYNAPSE', address, [post], () => ({ kind: 'S', w, inh }));
  }

  // 1.3 and 1.5: 64 cycles for a row.
  bistability(start: number, address: number, rows: readonly number[]): number {
    for (const pre of rows) {
      for (const synapse of at(this.synapses, pre)) {
        if (!this.isPlastic(synapse)) continue;
        synapse.w = synapse.w >= 4 ? Math.min(7, synapse.w + 1) : Math.max(0, synapse.w - 1);
      }
      this.countSynapseWords(32);
    }
    return this.record(start, 'BIST', address, 64 * rows.length, 0);
  }

  // 1.3
  effectiveWeight({ map, w }: Synapse): number {
    return map === 1 || this.stimulus.config.propagate_unmapped_syn === 1 ? w : 0;
  }

  isPlastic({ map }: Synapse): boolean {
    return map === 1 || this.stimulus.config.update_unmapped_syn === 1;
  }

  sdsp(synapse: Synapse, post: Neuron): void {
    if (!this.isPlastic(synapse)) return;
    if (post.up) synapse.w = Math.min(7, synapse.w + 1);
    else if (post.down) synapse.w = Math.max(0, synapse.w - 1);
  }

  // 1.5: the i-th neuron is written, and spikes, in cycle start + 2i + 1 + 6 x (earlier spikes of this operation).
  /** @returns the first cycle after the operation */
  operation(
    start: number,
    kind: OdinOperation,
    argument: number,
    targets: readonly number[],
    updateOf: (neuron: number) => Update,
    isPop = false,
  ): number {
    let spikes = 0;
    let stalls = 0;
    for (const [i, index] of targets.entries()) {
      const neuron = at(this.neurons, index);
      const cycle = start + 2 * i + 1 + stallCyclesPerSpike * spikes;
      const isLast = i === targets.length - 1;
      const hasSpiked = updateNeuron(neuron, updateOf(index));
      if (!hasSpiked || neuron.disable === 1) continue;
      spikes += 1;
      // The stall after the last neuron runs outside the operation.
      if (!isLast) stalls += stallCyclesPerSpike;
      this.outputBusyUntil = cycle + stallCyclesPerSpike;
      this.spike(cycle, index);
    }
    // 1.4: the entry being popped keeps its place until, and including, the last cycle: a last spike finds it taken.
    if (isPop) this.fifo.shift();
    const { counters } = this.expected;
    counters.neuron_reads += targets.length;
    counters.neuron_writes += targets.length;
    counters.output_stall_cycles += stallCyclesPerSpike * spikes;
    return this.record(start, kind, argument, 2 * targets.length + stalls, stalls);
  }

  // 1.4: in closed loop a spike is pushed; where 32 entries are there already, it is lost.
  spike(cycle: number, neuron: number): void {
    let fate = 2;
    if (this.stimulus.config.open_loop === 0) {
      fate = this.fifo.length < fifoDepth ? 1 : 0;
      if (fate === 1) this.fifo.push(neuron);
    }
    this.expected.spikes.push([cycle, neuron, fate]);
  }

  record(start: number, kind: OdinOperation, argument: number, cycles: number, stalls: number): number {
    this.expected.ops.push([start, kind, argument, cycles, stalls]);
    if (this.expected.ops.length > this.mostOperations) throw new StillActive();
    return start + cycles;
  }

  // 1.6: words are written even where nothing changed.
  countSynapseWords(words: number): void {
    this.expected.counters.synapse_word_reads += words;
    this.expected.counters.synapse_word_writes += words;
  }

  finish(): void {
    const { expected, neurons } = this;
    const { final_neurons } = expected;
    for (const [index, neuron] of neurons.entries()) {
      final_neurons.core.push(neuron.core);
      final_neurons.calcium.push(neuron.calcium);
      final_neurons.caleak_cnt.push(neuron.caleak_cnt);
      expected.final_neuron_words.push(wordOf(neuron));
      if (neuron.up) expected.final_up.push(index);
      if (neuron.down) expected.final_down.push(index);
    }
    const final = this.synapses.map((row) => row.map(({ map, w }) => ((map << 3) | w).toString(16)).join(''));
    const isAsBefore = final.every((row, pre) => row === this.stimulus.synapses[pre]);
    expected.final_synapses = isAsBefore ? null : final;
  }
}

const everyNeuron: readonly number[] = Array.from({ length: neuronCount }, (_, index) => index);

// 1.2
/** @returns whether it spikes, disabled or not */
function updateNeuron(neuron: Neuron, update: Update): boolean {
  let c = neuron.core;
  if (update.kind === 'T') c = neuron.leak_en === 1 ? Math.max(0, c - neuron.leak_str) : c;
  else c = update.inh ? Math.max(0, c - update.w) : Math.min(255, c + update.w);
  const spike = c >= neuron.thr;
  neuron.core = spike ? 0 : c;

  let leakev = false;
  if (neuron.ca_en === 1 && neuron.ca_leak !== 0 && update.kind === 'T') {
    if (neuron.caleak_cnt === neuron.ca_leak - 1) {
      neuron.caleak_cnt = 0;
      leakev = true;
    } else neuron.caleak_cnt = (neuron.caleak_cnt + 1) % 32;
  }
  if (neuron.ca_en === 1) {
    if (spike && !leakev) neuron.calcium = Math.min(7, neuron.calcium + 1);
    else if (leakev && !spike) neuron.calcium = Math.max(0, neuron.calcium - 1);
  }
  Object.assign(neuron, odinFlags(neuron));
  return spike;
}

// 1.1
function wordOf(neuron: Neuron): string {
  let word = 1n;
  for (const name of fieldNames) word |= BigInt(neuron[name]) << BigInt(wordFields[name][0]);
  return word.toString(16).padStart(32, '0');
}

function at<T>(items: ArrayLike<T>, index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`nothing at ${index} of ${items.length}`);
  return item;
}
