import { type Core, fieldNamed } from '../api.ts';
import { type OdinConfig, OdinController, type OdinObserver } from './controller.ts';
import type { OdinTrace } from './trace.ts';

/** The part of a trace that goes into the chip: configuration, memories and events. */
export interface OdinStimulus {
  readonly config: Readonly<Record<Exclude<keyof OdinTrace['config'], 'syn_sign'>, number>> & {
    readonly syn_sign: readonly number[];
  };
  readonly neurons: Readonly<Record<keyof OdinTrace['neurons'], readonly number[]>>;
  /** By pre-synaptic neuron: a digit for each post-synaptic one. */
  readonly synapses: readonly string[];
  readonly initial_up: readonly number[];
  readonly initial_down: readonly number[];
  readonly events: readonly (readonly [mode: number, address: number])[];
}

export type OdinExpected = OdinTrace['expected'];

const stateNames = ['core', 'calcium', 'caleak_cnt'] as const;

/**
 * Loads ODIN's memories from a stimulus, runs its events, and states what the chip did, in the form of its traces.
 *
 * @param core one that runs program `odin` on hw-model `odin`
 * @param mostOperations after this number of operations the run ends with `isOver` false: activity may feed itself for
 * ever
 */
export function recordOdin(
  stimulus: OdinStimulus,
  core: Core,
  mostOperations = Number.POSITIVE_INFINITY,
): { readonly recorded: OdinExpected; readonly isOver: boolean } {
  loadOdin(stimulus, core);
  const event_cycles: OdinExpected['event_cycles'] = [];
  const ops: OdinExpected['ops'] = [];
  const spikes: OdinExpected['spikes'] = [];
  const observer: OdinObserver = {
    operation: (...operation) => {
      ops.push(operation);
      if (ops.length > mostOperations) throw enough;
    },
    spike: (...spike) => spikes.push(spike),
    event: (...cycles) => event_cycles.push(cycles),
  };
  const controller = new OdinController(core, odinConfig(stimulus), observer);
  core.resetCounters();
  const isOver = runEvents(stimulus, controller);
  return { recorded: { event_cycles, ops, spikes, ...finalState(stimulus, controller) }, isOver };
}

/** The configuration of the chip that a stimulus states. */
export function odinConfig({ config }: OdinStimulus): OdinConfig {
  return {
    openLoop: config.open_loop === 1,
    updateUnmappedSynapses: config.update_unmapped_syn === 1,
    propagateUnmappedSynapses: config.propagate_unmapped_syn === 1,
    learnAtSynapseEvents: config.sdsp_on_syn_stim === 1,
  };
}

const enough = new Error('enough operations');

function runEvents({ events }: OdinStimulus, controller: OdinController): boolean {
  try {
    for (const [mode, address] of events) controller.send(address, mode === 0);
    controller.drain();
    return true;
  } catch (error) {
    if (error === enough) return false;
    throw error;
  }
}

/** Writes a stimulus's neurons, synapses, signs and conditions into the core's memory. */
export function loadOdin(stimulus: OdinStimulus, core: Core): void {
  const { neurons, synapses, config, initial_up, initial_down } = stimulus;
  const count = neurons.core.length;
  const write = (name: string, values: ArrayLike<number>): void =>
    core.write(fieldNamed(core.image, name), values);
  for (const [name, values] of Object.entries(neurons)) write(`neurons.${name}`, values);
  write('neurons.lif', new Uint8Array(count).fill(1));
  write('neurons.syn_sign', config.syn_sign);
  write('neurons.up', flags(initial_up, count));
  write('neurons.down', flags(initial_down, count));
  const nibbles = Uint8Array.from(synapses.join(''), (digit) => Number.parseInt(digit, 16));
  write(
    'synapses.w',
    nibbles.map((nibble) => nibble & 7),
  );
  write(
    'synapses.map',
    nibbles.map((nibble) => nibble >> 3),
  );
}

function finalState(
  { synapses, config }: OdinStimulus,
  controller: OdinController,
): Pick<
  OdinExpected,
  'final_neurons' | 'final_neuron_words' | 'final_synapses' | 'final_up' | 'final_down' | 'counters'
> {
  const { core } = controller;
  const read = (name: string): number[] => [...core.read(fieldNamed(core.image, name))];
  const weights = read('synapses.w');
  const maps = read('synapses.map');
  const digits = weights.map((weight, s) => ((maps[s] ?? 0) * 8 + weight).toString(16)).join('');
  const length = config.syn_sign.length;
  const rows = synapses.map((_, pre) => digits.slice(pre * length, (pre + 1) * length));
  const words = (bank: string, which: 'reads' | 'writes'): number => {
    const index = core.image.banks.findIndex(({ name }) => name === bank);
    return core.counters().work.reduce((sum, work) => sum + (work[which][index] ?? 0), 0);
  };
  const [potentials = [], calcium = [], caleak_cnt = []] = stateNames.map((name) => read(`neurons.${name}`));
  return {
    final_neurons: { core: potentials, calcium, caleak_cnt },
    final_neuron_words: wordsOf(core, 'neurons'),
    final_synapses: rows.every((row, pre) => row === synapses[pre]) ? null : rows,
    final_up: indicesOf(read('neurons.up')),
    final_down: indicesOf(read('neurons.down')),
    counters: {
      end_cycle: controller.cycle,
      neuron_reads: words('neurons', 'reads'),
      neuron_writes: words('neurons', 'writes'),
      synapse_word_reads: words('synapses', 'reads'),
      synapse_word_writes: words('synapses', 'writes'),
      output_stall_cycles: controller.stalls,
    },
  };
}

/** The words of a bank as the core packs them, in hexadecimal digits. */
function wordsOf(core: Core, bank: string): string[] {
  const index = core.image.banks.findIndex(({ name }) => name === bank);
  const { wordBits = 32, usedWords = 0 } = core.image.banks[index] ?? {};
  const elements = core.save().banks[index] ?? new Uint32Array();
  const perWord = wordBits / 32;
  return Array.from({ length: usedWords }, (_, word) =>
    [...elements.subarray(word * perWord, (word + 1) * perWord)]
      .reverse()
      .map((element) => element.toString(16).padStart(8, '0'))
      .join(''),
  );
}

function flags(set: readonly number[], count: number): Uint8Array {
  const values = new Uint8Array(count);
  for (const index of set) values[index] = 1;
  return values;
}

function indicesOf(values: readonly number[]): number[] {
  return values.flatMap((value, index) => (value === 0 ? [] : [index]));
}
