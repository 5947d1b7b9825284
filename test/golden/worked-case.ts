import type { OdinExpected, OdinField, OdinStimulus } from './plain/odin.ts';

/** The worked example of section 1.7, computed by hand and confirmed by the RTL's output. */
export function workedCase(): OdinStimulus {
  const all = (value: number) => Array.from({ length: 256 }, () => value);
  const two = (value: number, others: number) => [value, value, ...all(others).slice(2)];
  const neurons: Record<OdinField, number[]> = {
    leak_str: two(2, 0),
    leak_en: two(1, 0),
    thr: two(10, 255),
    ca_en: all(0),
    thetamem: all(0),
    ca_theta1: all(0),
    ca_theta2: all(0),
    ca_theta3: all(0),
    ca_leak: all(0),
    core: all(0),
    calcium: all(0),
    caleak_cnt: all(0),
    disable: two(0, 1),
  };
  const row = (digits: string) => digits.padEnd(256, '0');
  const virtual = 0xe1;
  return {
    name: 'worked case',
    description: 'section 1.7',
    config: {
      open_loop: 0,
      update_unmapped_syn: 0,
      propagate_unmapped_syn: 1,
      sdsp_on_syn_stim: 0,
      syn_sign: [0, 1, ...all(0).slice(2)],
    },
    neurons,
    synapses: [
      row('07'),
      row('d0'),
      ...all(0)
        .slice(2)
        .map(() => row('')),
    ],
    initial_up: [],
    initial_down: [],
    events: [
      [0, virtual],
      [0, virtual],
      [0, 0x7f],
      [0, 0x07],
      [0, 0x180],
      [0, 0x000],
    ],
  };
}

const virtualEntry = 28 << 8;

/** What section 1.7 says of it, and what follows from the sections before. */
export const workedResult: Pick<OdinExpected, 'event_cycles' | 'ops' | 'spikes' | 'counters'> = {
  event_cycles: [
    [0, 3, 4, 7, 10],
    [10, 13, 14, 17, 539],
    [539, 542, 1054, 1057, 1057],
    [1057, 1060, 1061, 1064, 2096],
    [2096, 2099, 2163, 2166, 2166],
    [2166, 2169, 18553, 18556, 18556],
  ],
  ops: [
    [3, 'PUSH', 0xe1, 1, 0],
    [8, 'POP_VIRT', virtualEntry, 2, 0],
    [13, 'PUSH', 0xe1, 1, 0],
    [18, 'POP_VIRT', virtualEntry, 2, 0],
    [27, 'POP_NEUR', 0, 512, 0],
    [542, 'TREF', 0x7f, 512, 0],
    [1060, 'PUSH', 0x07, 1, 0],
    [1065, 'POP_NEUR', 0, 518, 6],
    [1584, 'POP_NEUR', 1, 512, 0],
    [2099, 'BIST', 0x180, 64, 0],
    [2169, 'BIST', 0, 16384, 0],
  ],
  spikes: [
    [19, 0, 1],
    [1068, 1, 1],
  ],
  // Two virtual events, three spikes and one time reference; 32 words for each of the spikes and rows.
  counters: {
    end_cycle: 18556,
    neuron_reads: 2 + 4 * 256,
    neuron_writes: 2 + 4 * 256,
    synapse_word_reads: 3 * 32 + 32 + 256 * 32,
    synapse_word_writes: 3 * 32 + 32 + 256 * 32,
    output_stall_cycles: 12,
  },
};

/** The potentials in the end. */
export const workedPotentials = Array.from({ length: 256 }, () => 0);

/** Neuron 0's word: thr 10 in 16:9, leak enabled in 8, leak 2 in 7:1, LIF in 0. And the two synapses. */
export const workedWord = '00000000000000000000000000001505';
export const workedSynapses = ['070', 'f00'];
