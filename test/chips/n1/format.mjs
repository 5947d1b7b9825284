/** The format `catalyst-n1-golden/1` of N1's recordings. */
import { flag, list, literal, Part, recordOf, strictObject, text, whole } from 'plasticore/chips';

export const formatName = 'catalyst-n1-golden/1';

const signed = (what, bits) => whole(what, -(2 ** (bits - 1)), 2 ** (bits - 1) - 1);
const unsigned = (what, bits) => whole(what, 0, 2 ** bits - 1);
const entries = (what, length) =>
  list(list(whole('a number', -(2 ** 31)), what, length), `a list of ${what}`);

/** Parameters of a neuron, with their widths. */
const parameters = {
  threshold: signed('a threshold', 16),
  leak: signed('a leak', 16),
  rest: signed('a potential', 16),
  vmin: signed('a potential', 16),
  vmax: signed('a potential', 16),
  refractory: unsigned('a period', 16),
  decay_v: unsigned('a decay', 12),
  decay_u: unsigned('a decay', 12),
  bias: unsigned('a bias', 16),
  noise: unsigned('a mask', 9),
  noise_target: whole('a target of noise', 0, 2),
  dend_thr1: signed('a threshold', 16),
  dend_thr2: signed('a threshold', 16),
  dend_thr3: signed('a threshold', 16),
  dend_parent: unsigned('parents of dendrites', 6),
  tau1: unsigned('a time constant', 4),
  tau2: unsigned('a time constant', 4),
  tau_x2: unsigned('a time constant', 4),
  tau_y2: unsigned('a time constant', 4),
  tau_y3: unsigned('a time constant', 4),
  homeo_target: unsigned('a count', 8),
  homeo_eta: unsigned('a step', 8),
  parent: whole('a neuron', 0),
  join: unsigned('a way to join', 4),
  root: flag('whether it sends spikes'),
};

/** Arrays of a core after a step, with the field of the program that holds each. */
export const stateFields = {
  potential: 'v',
  current: 'u',
  refractory: 'ref',
  acc: 'acc',
  dend1: 'd1',
  dend2: 'd2',
  dend3: 'd3',
  trace1: 't1',
  trace2: 't2',
  x2: 'x2',
  y2: 'y2',
  y3: 'y3',
  threshold: 'threshold',
  spike_count: 'spike_count',
  spike_time: 'spike_time',
};

/** Numbers of a synapse after a step, in the order of the recording. */
export const synapseFields = ['weight', 'eligibility', 'delay', 'tag'];

const flags = {
  learn: flag('a flag'),
  graded: flag('a flag'),
  dendritic: flag('a flag'),
  three_factor: flag('a flag'),
  noise: flag('a flag'),
  skip_idle: flag('a flag'),
  scale_u: flag('a flag'),
  reward: signed('a reward', 16),
};

/** What holds until a step states something else. */
export const initialFlags = Object.fromEntries(Object.keys(flags).map((name) => [name, 0]));

const optional = (shape) =>
  Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, schema.optional()]));

const numbers = list(whole('a number', -(2 ** 31)), 'a number for each neuron');

const coreSchema = strictObject({
  neurons: strictObject(
    Object.fromEntries(
      Object.entries(parameters).map(([name, schema]) => [name, list(schema, `${name} of each neuron`)]),
    ),
  ),
  epoch_interval: whole('an interval', 1, 255),
  update_passes: whole('a number of passes', 1, 255),
  reward_tau: unsigned('a time constant', 4),
  pool: entries('[source, target, weight, compartment, delay]', 5),
  index: entries('[neuron, base, count, format]', 4),
  microcode: recordOf(
    text('an address').regex(/^\d+$/, 'expected the address of a word'),
    text('a word').regex(/^[0-9A-F]{8}$/, 'expected a word (8 digits 0-9 and A-F)'),
  ),
});

const stepSchema = strictObject({
  cycles: whole('cycles', 0),
  spikes: entries('[cycle, core, neuron, payload]', 4),
  cores: list(
    strictObject({
      cycles: whole('cycles', 0),
      lfsr: unsigned('a word', 16),
      reward_trace: signed('a trace', 16),
      epoch_counter: whole('a counter', 0),
      neurons: strictObject(
        optional(Object.fromEntries(Object.keys(stateFields).map((name) => [name, numbers]))),
      ),
      synapses: entries('[address, weight, eligibility, delay, tag]', 5),
    }),
    'cores',
  ),
});

export const n1Schema = strictObject({
  format: literal(formatName),
  name: text('a name'),
  description: text('a description'),
  rtl: strictObject({
    repository: text('an address'),
    commit: text('a commit'),
    licence: text('a licence'),
    top: text('a module'),
    simulator: text('a simulator'),
  }),
  seed: whole('a seed', 0),
  config: strictObject({
    cores: whole('a number of cores', 1, 128),
    neurons: whole('a number of neurons', 2, 1024),
    neuron_bits: whole('bits', 1, 10),
    core_bits: whole('bits', 1, 7),
    threshold_parameter: whole('a threshold', 4, 32767),
  }),
  cores: list(coreSchema, 'cores'),
  routes: entries('[core, neuron, slot, core, neuron, weight]', 6),
  global_routes: entries('[core, neuron, slot, core, neuron, weight]', 6),
  stimulus: list(
    strictObject({
      flags: strictObject(optional(flags)).optional(),
      inject: entries('[core, neuron, current]', 3),
    }),
    'steps',
  ),
  expected: strictObject({
    spikes: whole('a number of spikes', 0),
    cycles: whole('cycles', 0),
    steps: list(stepSchema, 'steps'),
  }),
}).superRefine((trace, context) => checkParts(new Part(trace, context)));

/** The parts of a trace have to fit each other. */
function checkParts(trace) {
  const { cores, neurons, neuron_bits } = trace.value.config;
  trace
    .at('config')
    .at('neurons')
    .expect(neurons <= 2 ** neuron_bits, `at most 2 to the power of ${neuron_bits}`);
  if (!trace.at('cores').length(cores, 'one for each core')) return;
  for (const core of trace.at('cores').items()) checkCore(core, neurons, 2 ** neuron_bits - 1);
  const ranges = [cores, neurons, undefined, cores, neurons];
  for (const [name, slots] of [
    ['routes', 8],
    ['global_routes', 4],
  ]) {
    const limits = ranges.map((limit) => limit ?? slots);
    for (const route of trace.at(name).items()) checkEntry(route, [...limits, 'weight']);
    trace
      .at(name)
      .as(trace.value[name].map((route) => route.slice(0, 3).join()))
      .distinct('route');
  }
  for (const { at } of trace
    .at('stimulus')
    .items()
    .map((step) => ({ at: step.at('inject') })))
    for (const entry of at.items()) checkEntry(entry, [cores, neurons, 'weight']);
  const expected = trace.at('expected').at('steps');
  if (!expected.length(trace.value.stimulus.length, 'one for each step of the stimulus')) return;
  for (const step of expected.items()) {
    for (const spike of step.at('spikes').items()) checkEntry(spike, [undefined, cores, neurons, 256]);
    if (!step.at('cores').length(cores, 'one for each core')) return;
    for (const [index, core] of step.at('cores').items().entries())
      checkState(core, neurons, trace.value.cores[index].pool.length);
  }
}

/** @param none the parent of a neuron that has none */
function checkCore(core, neurons, none) {
  const size = core.value.pool.length;
  for (const [, values] of core.at('neurons').entries()) values.length(neurons, 'one for each neuron');
  core
    .at('neurons')
    .at('parent')
    .all((parent) => parent < neurons || parent === none, `a neuron below ${neurons}, or ${none} for none`);
  for (const entry of core.at('pool').items()) checkEntry(entry, [neurons, neurons, 'weight', 4, 64]);
  const index = core.at('index');
  for (const entry of index.items()) {
    if (!checkEntry(entry, [neurons, undefined, undefined, 3])) continue;
    const [, base, count, format] = entry.value;
    const last = format === 2 ? base : base + count - 1;
    entry.expect(count === 0 || (base >= 0 && last < size), `a part of ${size} synapses`);
  }
  index.as(index.value.map(([neuron]) => neuron)).distinct('the index of neuron');
}

function checkState(core, neurons, synapses) {
  for (const [, values] of core.at('neurons').entries())
    values.present()?.length(neurons, 'one for each neuron');
  const changed = core.at('synapses');
  for (const entry of changed.items()) checkEntry(entry, [synapses, 'weight', 'weight', 64, 'weight']);
  changed.as(changed.value.map(([address]) => address)).ascending(synapses, 'addresses');
}

/** Checks the numbers of an entry: each below a limit, or of 16 bits and signed. */
function checkEntry(entry, limits) {
  return limits.every((limit, index) => {
    const number = entry.at(index);
    if (limit === undefined) return number.expect(number.value >= 0, 'a number, at least 0');
    if (limit === 'weight')
      return number.expect(Math.abs(number.value + 0.5) < 2 ** 15, 'a number of 16 bits');
    return number.expect(number.value >= 0 && number.value < limit, `a number from 0 to ${limit - 1}`);
  });
}
