import { found, list, oneOf, recordOf, strictObject, text, whole } from 'plasticore/chips';
import * as z from 'zod';

export const sanafeFormat = 'sanafe-golden/1';

const number = (what: string) =>
  z.number({ error: ({ input }) => `expected ${what} (a number), found ${found(input)}` });
const figure = (what: string) =>
  number(what).min(0, { error: ({ input }) => `expected ${what}, at least 0, found ${found(input)}` });
const joules = figure('an energy in joules');
const seconds = figure('a time in seconds');
const nothing = z.literal(0, {
  error: ({ input }) => `expected 0, for this cost is not covered, found ${found(input)}`,
});
const neuron = whole('a neuron', 0);
const core = whole('a core', 0);
const counts = list(whole('a number', 0), 'one for each step');
const energies = list(joules, 'one for each step');
const times = list(seconds, 'one for each step');

const directed = <Value extends z.ZodType>(value: Value) =>
  strictObject({ east: value, west: value, north: value, south: value });
const stages = <Value extends z.ZodType>(value: Value) =>
  strictObject({ access: value, update: value, spike: value });
const perEvent = strictObject({ energy_per_event: joules, latency_per_event: seconds });

const synapseUnits = ['loihi_dense_synapse', 'loihi_sparse_synapse', 'loihi_conv_synapse'] as const;
const synapse = oneOf('a synapse unit', synapseUnits);

const architecture = strictObject({
  preset: z.literal('loihi.yaml'),
  units: z.literal('energies in joules, times in seconds'),
  mesh: strictObject({
    width: whole('a number of columns', 1),
    height: whole('a number of rows', 1),
    tiles: whole('a number of tiles', 1),
    cores_per_tile: whole('a number of cores', 1),
    link_buffer_size: whole('a number of packets', 1),
    position: z.literal(
      'tile t is at x = t div 4, y = t mod 4; core c is core c mod 4 of tile c div 4; east = larger x, north = larger y',
    ),
  }),
  sync_latency_by_mapped_tiles: recordOf(z.string().regex(/^[1-9]\d*$/), seconds),
  hop: strictObject({ energy: directed(joules), latency: directed(seconds) }),
  axon_out: strictObject({ energy_per_packet: joules, latency_per_packet: seconds }),
  axon_in: strictObject({ energy_per_packet: joules, latency_per_packet: seconds }),
  synapse: strictObject({
    loihi_dense_synapse: perEvent,
    loihi_sparse_synapse: perEvent,
    loihi_conv_synapse: perEvent,
  }),
  dendrite: strictObject({
    loihi_dendrites: strictObject({ energy_per_update: nothing, latency_per_update: nothing }),
  }),
  soma: strictObject({
    loihi_lif: strictObject({ energy: stages(joules), latency: stages(seconds) }),
    loihi_inputs: strictObject({ energy: stages(nothing), latency: stages(nothing) }),
  }),
});

const resetMode = oneOf('a reset mode', ['hard', 'soft', 'none']);
const reverseResetMode = oneOf('a reset mode', ['hard', 'soft', 'saturate', 'none']);

/** Parameters of neurons, all optional, as a value of each kind gives them. */
const numbers = {
  threshold: number('a threshold'),
  reset: number('a potential'),
  reverse_threshold: number('a threshold'),
  reverse_reset: number('a potential'),
  leak_decay: number('a factor'),
  input_decay: number('a factor'),
  bias: number('a bias'),
  refractory_delay: whole('a number of steps', 0, 2 ** 31 - 1),
  potential: number('a potential'),
};

const lif = strictObject({
  name: text('a name'),
  first: neuron,
  count: whole('a number of neurons', 1),
  model: z.literal('lif'),
  synapse: synapse.optional(),
  params: strictObject({
    ...numbers,
    reset_mode: resetMode,
    reverse_reset_mode: reverseResetMode,
  }).partial(),
  per_neuron: strictObject({
    threshold: list(numbers.threshold, 'one for each neuron'),
    reset: list(numbers.reset, 'one for each neuron'),
    reverse_threshold: list(numbers.reverse_threshold, 'one for each neuron'),
    reverse_reset: list(numbers.reverse_reset, 'one for each neuron'),
    leak_decay: list(numbers.leak_decay, 'one for each neuron'),
    input_decay: list(numbers.input_decay, 'one for each neuron'),
    bias: list(numbers.bias, 'one for each neuron'),
    refractory_delay: list(numbers.refractory_delay, 'one for each neuron'),
    potential: list(numbers.potential, 'one for each neuron'),
    reset_mode: list(resetMode, 'one for each neuron'),
    reverse_reset_mode: list(reverseResetMode, 'one for each neuron'),
    synapse: list(synapse, 'one for each neuron'),
  }).partial(),
});

const inputs = strictObject({
  name: text('a name'),
  first: neuron,
  count: whole('a number of neurons', 1),
  model: z.literal('input'),
});

const group = z.discriminatedUnion('model', [lif, inputs], {
  error: ({ input }) => `expected a group of model 'lif' or 'input', found ${found(input)}`,
});

/** Neurons of the largest network: 128 cores of 1024. */
const most = 131_072;

const network = strictObject({
  neurons: whole('a number of neurons', 1, most),
  groups: list(group, 'groups of neurons'),
  core: list(core, 'the core of each neuron'),
  mapping_order: z.union([z.literal('as numbered'), list(neuron, 'neurons')], {
    error: ({ input }) => `expected 'as numbered' or a list of neurons, found ${found(input)}`,
  }),
  edges: list(
    z.tuple([list(neuron, 'targets'), list(number('a weight'), 'weights')], {
      error: ({ input }) => `expected [targets, weights], found ${found(input)}`,
    }),
    'the edges of each neuron',
  ),
  packet_core_order: list(core, 'cores'),
});

const energyUnits = <Value extends z.ZodType>(value: Value) =>
  strictObject({ synapse: value, dendrite: value, soma: value, network: value, total: value });
const timings = <Value extends z.ZodType>(value: Value) =>
  strictObject({ simple: value, detailed: value, cycle: value });

const message = list(number('a number of a message'), 'a message').refine(
  ({ length }) => length === packetColumns.length || length === restColumns.length,
  { error: 'expected the 14 columns of a packet or the 7 of a placeholder' },
);

export const packetColumns = [
  'neuron',
  'core',
  'dest_core (-1: placeholder)',
  'hops',
  'synapse_events',
  'generation_delay',
  'processing_delay',
  'min_hop_delay',
  'detailed.sent',
  'detailed.received',
  'detailed.processed',
  'detailed.network_delay',
  'detailed.blocking_delay',
  'detailed.messages_along_route',
] as const;
export const restColumns = ['neuron', 'core', '-1', '0', '0', 'generation_delay', 'detailed.sent'] as const;

const columns = (names: readonly string[]) =>
  list(text('the name of a column'), 'names of columns', names.length).refine(
    (given) => given.every((name, at) => name === names[at]),
    { error: `expected the columns ${names.join(', ')}` },
  );

/** The parts of a recording. Steps count from 1. */
export const sanafeParts = strictObject({
  format: z.literal(sanafeFormat),
  case: text('a name'),
  description: text('a description'),
  steps: whole('a number of steps', 1),
  source: strictObject({
    program: text('a program'),
    licence: text('a licence'),
    command: text('a command'),
    precision: text('a precision'),
  }),
  architecture,
  network,
  inputs: list(list(neuron, 'neurons'), 'by step, the inputs that fire'),
  outputs: strictObject({
    spikes: list(list(neuron, 'neurons'), 'by step, the neurons that fire'),
    per_step: strictObject({
      fired: counts,
      updated: counts,
      packets: counts,
      hops: counts,
      synapse_events: counts,
      energy: energyUnits(energies),
      sim_time: timings(times),
    }),
    totals: strictObject({
      synapse_events: whole('a number', 0),
      packets: whole('a number', 0),
      hops: whole('a number', 0),
      updated: whole('a number', 0),
      fired: whole('a number', 0),
      energy: energyUnits(joules),
      sim_time: timings(seconds),
    }),
    potentials: strictObject({
      neurons: text('first..last').regex(/^\d+\.\.\d+$/, { error: "expected neurons such as '32..287'" }),
      after_step: recordOf(z.string().regex(/^[1-9]\d*$/), list(number('a potential'), 'potentials')),
    }),
    messages: strictObject({
      columns: columns(packetColumns),
      placeholder_columns: columns(restColumns),
      step: recordOf(z.string().regex(/^[1-9]\d*$/), list(message, 'messages')),
    }),
  }),
});

export type SanafeTrace = z.infer<typeof sanafeParts>;
export type SanafeNetwork = SanafeTrace['network'];
export type LifGroup = z.infer<typeof lif>;
export type SynapseUnit = (typeof synapseUnits)[number];
