// What the plain model of ODIN takes and gives (../specification.md, sections 1.1 and 1.6), as types.

/** Configuration, memories and events. */
export interface OdinStimulus {
  readonly name: string;
  readonly description: string;
  readonly config: OdinConfig;
  readonly neurons: Readonly<Record<OdinField, readonly number[]>>;
  /** By pre: 256 hex digits by post, `{map, w[2:0]}`. */
  readonly synapses: readonly string[];
  readonly initial_up: readonly number[];
  readonly initial_down: readonly number[];
  /** Mode and address. */
  readonly events: readonly (readonly [number, number])[];
}

export interface OdinConfig {
  readonly open_loop: number;
  readonly update_unmapped_syn: number;
  readonly propagate_unmapped_syn: number;
  readonly sdsp_on_syn_stim: number;
  /** By pre: 1 is inhibitory. */
  readonly syn_sign: readonly number[];
}

export type OdinField = keyof typeof wordFields;

/** What the chip did. */
export interface OdinExpected {
  /** Of each event: request, start, acknowledge, done, idle. */
  event_cycles: [number, number, number, number, number][];
  /** Start, kind, argument, cycles, stalls. */
  ops: [number, OdinOperation, number, number, number][];
  /** Cycle, neuron, fate (1 pushed, 0 lost, 2 open loop). */
  spikes: [number, number, number][];
  final_neurons: { core: number[]; calcium: number[]; caleak_cnt: number[] };
  final_neuron_words: string[];
  final_synapses: string[] | null;
  final_up: number[];
  final_down: number[];
  counters: {
    end_cycle: number;
    neuron_reads: number;
    neuron_writes: number;
    synapse_word_reads: number;
    synapse_word_writes: number;
    output_stall_cycles: number;
  };
}

export type OdinOperation = 'PUSH' | 'POP_NEUR' | 'POP_VIRT' | 'SYNAPSE' | 'TREF' | 'BIST';

export interface OdinTrace extends OdinStimulus {
  readonly expected: OdinExpected;
}

// 1.1: first bit and number of bits of each field of a neuron's word. Bit 0 is set for LIF.
export const wordFields = {
  leak_str: [1, 7],
  leak_en: [8, 1],
  thr: [9, 8],
  ca_en: [17, 1],
  thetamem: [18, 8],
  ca_theta1: [26, 3],
  ca_theta2: [29, 3],
  ca_theta3: [32, 3],
  ca_leak: [35, 5],
  core: [70, 8],
  calcium: [78, 3],
  caleak_cnt: [81, 5],
  disable: [127, 1],
} as const;
