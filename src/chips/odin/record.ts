import { type Core, fieldNamed, numberAt, sizeNamed } from '../api.ts';
import { type OdinConfig, OdinController, type OdinObserver } from './controller.ts';
import { type OdinTrace, odinFormat } from './trace.ts';

/** ODIN's controller on a core, and what writes down what it does. */
export class RecordableOdin {
  readonly chip: OdinController;
  readonly #config: OdinConfig;

  /** @param spiked called with each neuron that spikes */
  constructor(core: Core, config: OdinConfig, spiked: (neuron: number) => void) {
    this.#config = config;
    this.chip = new OdinController(core, config, { spike: (_, neuron) => spiked(neuron) });
  }

  /** Writes down what the chip does from its start on. The function that it returns gives the trace. */
  record({ name, description }: Pick<OdinTrace, 'description' | 'name'>): () => OdinTrace {
    const { chip } = this;
    const { core } = chip;
    if (chip.cycle > 0) throw new Error('a recording begins with the chip');
    const start = odinStart(core, this.#config);
    const recording = new OdinRecording();
    chip.observe({
      operation: (...operation) => recording.operation(...operation),
      event: (...event) => recording.event(...event),
      spike: (...spike) => recording.spike(...spike),
    });
    return () => {
      chip.drain();
      const { events } = recording;
      const expected = recording.expected(start, chip);
      const { seed } = core.image;
      return { format: odinFormat, name, description, generator_seed: seed, ...start, events, expected };
    };
  }
}

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
  const recording = new OdinRecording(mostOperations);
  const controller = new OdinController(core, odinConfig(stimulus), {
    operation: (...operation) => recording.operation(...operation),
    event: (...event) => recording.event(...event),
    spike: (...spike) => recording.spike(...spike),
  });
  core.resetCounters();
  const isOver = runEvents(stimulus, controller);
  return { recorded: recording.expected(stimulus, controller), isOver };
}

/** Cycles that each spike occupies the output. */
const stallCycles = 6;

/** Writes down what the chip does. */
class OdinRecording implements OdinObserver {
  readonly #events: OdinTrace['events'] = [];
  readonly #cycles: OdinExpected['event_cycles'] = [];
  readonly #operations: OdinExpected['ops'] = [];
  readonly #spikes: OdinExpected['spikes'] = [];
  readonly #mostOperations: number;

  /** @param mostOperations after this number of operations it throws */
  constructor(mostOperations = Number.POSITIVE_INFINITY) {
    this.#mostOperations = mostOperations;
  }

  /** The events so far. */
  get events(): OdinTrace['events'] {
    return this.#events;
  }

  operation(...operation: Parameters<OdinObserver['operation']>): void {
    this.#operations.push(operation);
    if (this.#operations.length > this.#mostOperations) throw enough;
  }

  spike(...spike: Parameters<OdinObserver['spike']>): void {
    this.#spikes.push(spike);
  }

  event(...[address, drains, ...cycles]: Parameters<OdinObserver['event']>): void {
    this.#events.push([Number(!drains), address]);
    this.#cycles.push(cycles);
  }

  /** The behaviour of the chip, as a trace expects it. */
  expected(start: Pick<OdinStimulus, 'synapses'>, controller: OdinController): OdinExpected {
    return {
      event_cycles: this.#cycles,
      ops: this.#operations,
      spikes: this.#spikes,
      ...finalState(start, controller, this.#spikes.length),
    };
  }
}

/** The contents of a core's memories, and a configuration, as a trace states them. */
function odinStart(
  core: Core,
  { openLoop, updateUnmappedSynapses, propagateUnmappedSynapses, learnAtSynapseEvents }: OdinConfig,
): Pick<OdinTrace, 'config' | 'neurons' | 'synapses' | 'initial_up' | 'initial_down'> {
  const read = (name: string): number[] => [...core.read(fieldNamed(core.image, `neurons.${name}`))];
  return {
    config: {
      open_loop: bit(openLoop),
      update_unmapped_syn: bit(updateUnmappedSynapses),
      propagate_unmapped_syn: bit(propagateUnmappedSynapses),
      sdsp_on_syn_stim: bit(learnAtSynapseEvents),
      aer_src_ctrl_nneur: 0,
      monitor_en: 0,
      burst_timeref: 0,
      syn_sign: read('syn_sign').map((sign) => bit(sign === 1)),
    },
    neurons: {
      leak_str: read('leak_str'),
      leak_en: read('leak_en'),
      thr: read('thr'),
      ca_en: read('ca_en'),
      thetamem: read('thetamem'),
      ca_theta1: read('ca_theta1'),
      ca_theta2: read('ca_theta2'),
      ca_theta3: read('ca_theta3'),
      ca_leak: read('ca_leak'),
      core: read('core'),
      calcium: read('calcium'),
      caleak_cnt: read('caleak_cnt'),
      disable: read('disable'),
    },
    synapses: rowsOf(core),
    initial_up: indicesOf(read('up')),
    initial_down: indicesOf(read('down')),
  };
}

function bit(value: boolean): 0 | 1 {
  return value ? 1 : 0;
}

/** The synapses of each pre-synaptic neuron, a digit each: {map, weight}. */
function rowsOf(core: Core): string[] {
  const { image } = core;
  const weights = core.read(fieldNamed(image, 'synapses.w'));
  const maps = core.read(fieldNamed(image, 'synapses.map'));
  const digits = Array.from(weights, (weight, s) => (numberAt(maps, s) * 8 + weight).toString(16)).join('');
  const length = sizeNamed(image, 'neurons');
  return Array.from({ length }, (_, pre) => digits.slice(pre * length, (pre + 1) * length));
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
  { synapses }: Pick<OdinStimulus, 'synapses'>,
  controller: OdinController,
  spikes: number,
): Pick<
  OdinExpected,
  'final_neurons' | 'final_neuron_words' | 'final_synapses' | 'final_up' | 'final_down' | 'counters'
> {
  const { core } = controller;
  const read = (name: string): number[] => [...core.read(fieldNamed(core.image, name))];
  const rows = rowsOf(core);
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
      output_stall_cycles: stallCycles * spikes,
    },
  };
}

/** The words of a bank as the core packs them, in hexadecimal digits. */
export function wordsOf(core: Core, bank: string): string[] {
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
