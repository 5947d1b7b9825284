/** Replays recordings of N1, and finds the first place where a model and a recording part. */
import { fileURLToPath } from 'node:url';
import { coreImageOf, createCore, firstDifference } from 'plasticore/chips';
import { N1Controller } from './controller.mjs';
import { initialFlags, stateFields, synapseFields } from './format.mjs';
import { learningText } from './learning.mjs';

/** The program and the hw-model are named relative to this file. */
const from = fileURLToPath(new URL('./program.yaml', import.meta.url));

/** Runs the stimulus of a recording on the chip, and compares everything that it states. */
export function replayN1(trace, { engine, deploy, file }) {
  const images = imagesOf(trace, deploy, file);
  const chip = new N1Controller(trace, (index) => createCore(images[index], { engine, index }));
  const known = chip.units.map(() => ({}));
  let flags = initialFlags;
  let spikes = 0;
  for (const [step, expected] of trace.expected.steps.entries()) {
    const { inject, flags: changed } = trace.stimulus[step];
    flags = { ...flags, ...changed };
    const found = chip.step(inject, flags);
    spikes += found.spikes.length;
    const divergence = stepDivergence(expected, found, chip, known);
    if (divergence !== undefined)
      return { agrees: false, divergence: { when: `step ${step}`, context: [], ...divergence } };
  }
  const { cycles } = chip.counters();
  const sums =
    difference('spikes in all', trace.expected.spikes, spikes) ??
    difference('cycles in all', trace.expected.cycles, cycles);
  if (sums !== undefined) return { agrees: false, divergence: { when: 'in the end', context: [], ...sums } };
  const steps = trace.expected.steps.length;
  const cores = chip.units.length === 1 ? '1 core' : `${chip.units.length} cores`;
  const afterEach = 'all neurons, synapses and registers after each step';
  return {
    agrees: true,
    summary: `${cores}, ${steps} steps, ${spikes} spikes, ${cycles} cycles: to the cycle, with ${afterEach}`,
  };
}

/** The image of each core. Cores differ in the words of their learning engines alone. */
function imagesOf(trace, deploy, file) {
  const used = usedPrograms(trace.stimulus);
  const known = new Map();
  return trace.cores.map(({ microcode }) => {
    const learning = used.size === 0 ? undefined : learningText(microcode, used);
    const request = { program: './program.yaml', hw: './core.yaml', from, precision: 'own', seed: 1 };
    const image = known.get(learning) ?? deploy({ ...request, settings: settingsOf(trace, learning, file) });
    known.set(learning, image);
    return coreImageOf(image);
  });
}

/** Sizes of a recording, and the learning programs as microcode. */
function settingsOf({ config, cores, routes, global_routes }, learning, file) {
  const change = (value, ...path) => ({ path, value, place: { file } });
  const most = (lengths) => Math.max(1, ...lengths);
  const routesOf = (core) => [...routes, ...global_routes].filter(([source]) => source === core).length;
  return {
    program: [
      change(config.threshold_parameter, 'parameters', 'threshold'),
      change(config.neurons, 'populations', 'neurons', 'size'),
      change(most(cores.map(({ pool }) => pool.length)), 'populations', 'pool', 'size'),
      change(most(cores.map((_, core) => routesOf(core))), 'populations', 'routes', 'size'),
      ...(learning === undefined ? [] : [change({ text: learning }, 'microcode', 'learning')]),
    ],
  };
}

/** Which learning programs a stimulus lets run: 0 for those of two factors, 1 for those of three. */
function usedPrograms(stimulus) {
  const used = new Set();
  let flags = initialFlags;
  for (const { flags: changed } of stimulus) {
    flags = { ...flags, ...changed };
    if (flags.learn) used.add(flags.three_factor);
  }
  return used;
}

/** The first difference of a step: spikes in the order of time, then cycles, registers, neurons, synapses. */
function stepDivergence(expected, found, chip, known) {
  const spike = firstDifference(expected.spikes, found.spikes);
  if (spike !== undefined)
    return { what: `spike ${spike.at}`, expected: spikeText(spike.want), found: spikeText(spike.have) };
  for (const [core, unit] of chip.units.entries()) {
    const divergence = coreDivergence(expected.cores[core], unit, known[core], core);
    if (divergence !== undefined) return divergence;
  }
  return difference('cycles of the chip', expected.cycles, found.cycles);
}

function spikeText(spike) {
  if (spike === undefined) return 'none';
  const [cycle, core, neuron, payload] = spike;
  return `neuron ${neuron} of core ${core} in cycle ${cycle} with payload ${payload}`;
}

/** @param known the arrays as they were last stated; a step states those that have changed */
function coreDivergence(expected, unit, known, core) {
  const of = `of core ${core}`;
  const registers =
    difference(`cycles ${of}`, expected.cycles, unit.cycles) ??
    difference(`generator ${of}`, expected.lfsr, unit.lfsr) ??
    difference(`reward trace ${of}`, expected.reward_trace, unit.read('registers.reward')[0]) ??
    difference(`epoch counter ${of}`, expected.epoch_counter, unit.epoch);
  if (registers !== undefined) return registers;
  for (const [name, field] of Object.entries(stateFields)) {
    known[name] = expected.neurons[name] ?? known[name] ?? [];
    const divergence = listDifference(
      known[name],
      [...unit.read(`neurons.${field}`)],
      (at) => `${name} of neuron ${at} ${of}`,
    );
    if (divergence !== undefined) return divergence;
  }
  return synapseDivergence(expected.synapses, unit, known, of);
}

function synapseDivergence(changed, unit, known, of) {
  const arrays = synapseFields.map((name) => unit.read(`pool.${name}`));
  known.synapses ??= arrays.map((values) => [...values]);
  for (const [address, ...values] of changed)
    for (const [index, value] of values.entries()) known.synapses[index][address] = value;
  for (const [index, name] of synapseFields.entries()) {
    const divergence = listDifference(
      known.synapses[index],
      [...arrays[index]],
      (at) => `${name} of synapse ${at} ${of}`,
    );
    if (divergence !== undefined) return divergence;
  }
  return undefined;
}

function listDifference(want, have, nameOf) {
  const first = firstDifference(want, have);
  return first && { what: nameOf(first.at), expected: String(first.want), found: String(first.have) };
}

function difference(what, expected, found) {
  return expected === found ? undefined : { what, expected: String(expected), found: String(found) };
}
