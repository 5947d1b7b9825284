import * as z from 'zod';
import { flag, hexDigits, indices, list, oneOf, Part, strictObject, text, whole, wholes } from '../api.ts';
import { odinOperations } from './controller.ts';

/** Neurons of the core; also rows and columns of its crossbar. */
const neurons = 256;

export const odinFormat = 'odin-golden/1';

const unused = (what: string) => whole(`0, for ${what} is not covered by this format`, 0, 0);

const cycle = whole('a cycle', 0);

/** Bits of each field of a neuron, by its name in the file. */
const neuronBits = {
  leak_str: 7,
  leak_en: 1,
  thr: 8,
  ca_en: 1,
  thetamem: 8,
  ca_theta1: 3,
  ca_theta2: 3,
  ca_theta3: 3,
  ca_leak: 5,
  core: 8,
  calcium: 3,
  caleak_cnt: 5,
  disable: 1,
} as const;

const perNeuron = (name: keyof typeof neuronBits) =>
  list(
    whole(`a number of ${neuronBits[name]} bits`, 0, 2 ** neuronBits[name] - 1),
    'one for each neuron',
    neurons,
  );

const synapses = list(
  hexDigits('the synapses of a row, {map, weight} by post', neurons),
  'one row for each pre',
  neurons,
);

/** ODIN's recordings: the schema of `odin-golden/1`. Neurons are 0 to 255; cycles are clock periods. */
export const odinSchema = strictObject({
  format: z.literal(odinFormat),
  name: text('a name'),
  description: text('a description'),
  generator_seed: whole('a seed', 0),
  config: strictObject({
    open_loop: flag('whether the loop is open'),
    update_unmapped_syn: flag('whether unmapped synapses learn'),
    propagate_unmapped_syn: flag('whether unmapped synapses propagate'),
    sdsp_on_syn_stim: flag('whether events of a single synapse make it learn'),
    aer_src_ctrl_nneur: unused('the source of output events'),
    monitor_en: unused('monitoring'),
    burst_timeref: unused('bursts of time references'),
    syn_sign: list(flag('1 for an inhibitory pre'), 'one for each pre', neurons),
  }),
  neurons: strictObject({
    leak_str: perNeuron('leak_str'),
    leak_en: perNeuron('leak_en'),
    thr: perNeuron('thr'),
    ca_en: perNeuron('ca_en'),
    thetamem: perNeuron('thetamem'),
    ca_theta1: perNeuron('ca_theta1'),
    ca_theta2: perNeuron('ca_theta2'),
    ca_theta3: perNeuron('ca_theta3'),
    ca_leak: perNeuron('ca_leak'),
    core: perNeuron('core'),
    calcium: perNeuron('calcium'),
    caleak_cnt: perNeuron('caleak_cnt'),
    disable: perNeuron('disable'),
  }),
  synapses,
  initial_up: indices('neurons whose flag up is set', neurons),
  initial_down: indices('neurons whose flag down is set', neurons),
  events: list(
    z.tuple([flag('a mode: 0 waits for idle, 1 for done'), whole('an address of 17 bits', 0, 2 ** 17 - 1)], {
      error: 'expected an event, [mode, address]',
    }),
    'events',
  ),
  expected: strictObject({
    event_cycles: list(wholes('[request, start, acknowledge, done, idle]', 5), 'one for each event'),
    ops: list(
      z.tuple(
        [
          cycle,
          oneOf('an operation', odinOperations),
          whole('an address or a scheduler entry', 0, 2 ** 17 - 1),
          whole('a number of cycles', 1),
          whole('a number of stall cycles', 0),
        ],
        { error: 'expected an operation, [start, kind, argument, cycles, stalls]' },
      ),
      'operations',
    ),
    spikes: list(
      z.tuple(
        [cycle, whole('a neuron', 0, neurons - 1), whole('a fate: 0 lost, 1 pushed, 2 open loop', 0, 2)],
        {
          error: 'expected a spike, [cycle, neuron, fate]',
        },
      ),
      'spikes',
    ),
    final_neurons: strictObject({
      core: perNeuron('core'),
      calcium: perNeuron('calcium'),
      caleak_cnt: perNeuron('caleak_cnt'),
    }),
    final_neuron_words: list(hexDigits('a word of 128 bits', 32), 'one for each neuron', neurons),
    final_synapses: synapses.nullable(),
    final_up: indices('neurons whose flag up is set', neurons),
    final_down: indices('neurons whose flag down is set', neurons),
    counters: strictObject({
      end_cycle: cycle,
      neuron_reads: whole('a number of reads', 0),
      neuron_writes: whole('a number of writes', 0),
      synapse_word_reads: whole('a number of reads', 0),
      synapse_word_writes: whole('a number of writes', 0),
      output_stall_cycles: whole('a number of cycles', 0),
    }),
  }),
}).superRefine((trace, context) => {
  const cycles = new Part(trace, context).at('expected').at('event_cycles');
  cycles.length(trace.events.length, 'one for each event');
});

export type OdinTrace = z.infer<typeof odinSchema>;
