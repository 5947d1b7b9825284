import { fileURLToPath } from 'node:url';
import { at } from '../../../src/text/index.ts';
import type { N1Trace } from '../../golden/plain/n1.ts';
import { learningText } from './learning.ts';

/*
 * Recordings of N1 in the format of controllers that are data (data.yaml). Only the form changes: what is loaded, sent
 * and expected are the numbers of the recording.
 */

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

type Core = N1Trace['cores'][number];

/** Parameters of neurons that the controller holds. */
const inTables = ['parent', 'root'];

/** Arrays of a core after a step, with the field of the program that holds each. */
const stateFields: Readonly<Record<string, string>> = {
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
const synapseFields = ['weight', 'eligibility', 'delay', 'tag'];

export function asControllerTrace(trace: N1Trace) {
  const { config, cores } = trace;
  const routes = cores.map((_, core) => routesOf(trace, core));
  const sizes = {
    synapses: Math.max(1, ...cores.map(({ pool }) => pool.length)),
    routes: Math.max(1, ...routes.map(({ length }) => length)),
  };
  const learning = learningOf(trace);
  return {
    format: 'plasticore-controller-trace/1',
    name: trace.name,
    description: trace.description,
    program: here('./program.yaml'),
    hwModel: here('./data.yaml'),
    settings: {
      program: {
        'parameters.threshold': config.threshold_parameter,
        'populations.neurons.size': config.neurons,
        'populations.pool.size': sizes.synapses,
        'populations.routes.size': sizes.routes,
        ...(learning !== undefined && { 'microcode.learning': { text: learning } }),
      },
      hw: {
        'controller.constants.chips': config.cores,
        'controller.constants.neurons': config.neurons,
        'controller.constants.noParent': 2 ** config.neuron_bits - 1,
        'controller.constants.synapses': sizes.synapses,
        'controller.constants.routes': sizes.routes,
      },
    },
    memories: cores.map((core, index) => memoriesOf(core, at(routes, index), sizes)),
    ...inputsOf(trace, sizes.synapses),
  };
}

/** The inputs, and what the recording states after each step. */
function inputsOf({ cores, config, stimulus, expected }: N1Trace, synapses: number) {
  const known = cores.map((core) => new States(core, config.neurons, synapses));
  const inputs: [string, ...number[]][] = [['load']];
  const stated: object[] = [{ cycles: 0, states: known.map((states) => states.changed()) }];
  let flags: Readonly<Record<string, number>> = {};
  let cycles = 0;
  for (const [index, { flags: changed, inject }] of stimulus.entries()) {
    flags = { ...flags, ...changed };
    for (const values of inject) {
      inputs.push(['inject', ...values]);
      stated.push({ cycles });
    }
    inputs.push(['step', ...flagNames.map((name) => flags[name] ?? 0)]);
    const step = at(expected.steps, index);
    cycles += step.cycles;
    const records = {
      cores: step.cores.map((core, number) => [number, core.cycles]),
      ...(step.spikes.length > 0 && { spikes: step.spikes }),
    };
    for (const [number, core] of step.cores.entries()) at(known, number).take(core);
    stated.push({ cycles, records, states: known.map((states) => states.changed()) });
  }
  return { inputs, expected: { inputs: stated } };
}

const flagNames = ['learn', 'graded', 'dendritic', 'three_factor', 'noise', 'skip_idle', 'scale_u', 'reward'];

/** What a core holds. A recording states what has changed; everything starts at 0 but what is loaded. */
class States {
  readonly #values = new Map<string, readonly number[]>();
  #told = new Map<string, string>();

  constructor({ neurons, pool }: Core, size: number, synapses: number) {
    const zeros = (length: number): number[] => Array<number>(length).fill(0);
    for (const field of Object.values(stateFields)) this.#values.set(`neurons.${field}`, zeros(size));
    this.#values.set('neurons.threshold', neurons.threshold);
    for (const name of synapseFields) this.#values.set(`pool.${name}`, zeros(synapses));
    for (const [name, place] of poolPlaces)
      if (name !== 'compartment') this.#values.set(`pool.${name}`, padded(pool, place, synapses));
    this.#values.set('lfsr', [0xace1]);
    this.#values.set('epoch', [0]);
    this.#values.set('registers.reward', [0]);
  }

  take({
    lfsr,
    reward_trace,
    epoch_counter,
    neurons,
    synapses,
  }: N1Trace['expected']['steps'][number]['cores'][number]): void {
    this.#values.set('lfsr', [lfsr]);
    this.#values.set('epoch', [epoch_counter]);
    this.#values.set('registers.reward', [reward_trace]);
    for (const [name, values] of Object.entries(neurons))
      this.#values.set(`neurons.${stateFields[name]}`, values);
    for (const [address, ...values] of synapses)
      for (const [index, name] of synapseFields.entries()) {
        const before = this.#values.get(`pool.${name}`) ?? [];
        this.#values.set(`pool.${name}`, before.with(address, at(values, index)));
      }
  }

  changed(): Record<string, readonly number[]> {
    const found = [...this.#values].filter(([name, values]) => this.#told.get(name) !== String(values));
    this.#told = new Map([...this.#values].map(([name, values]) => [name, String(values)]));
    return Object.fromEntries(found);
  }
}

/** Where an entry of the pool has the fields of a synapse. */
const poolPlaces = [
  ['weight', 2],
  ['compartment', 3],
  ['delay', 4],
] as const;

function padded(rows: readonly (readonly number[])[], place: number, length: number): number[] {
  return Array.from({ length }, (_, index) => rows[index]?.[place] ?? 0);
}

/** What a core is loaded with. */
function memoriesOf(
  { neurons, pool, index, epoch_interval, update_passes, reward_tau }: Core,
  routes: readonly (readonly number[])[],
  sizes: { readonly synapses: number; readonly routes: number },
): Record<string, readonly number[]> {
  const indexed = neurons.threshold.map(
    (_, neuron): readonly number[] => index.find(([of]) => of === neuron) ?? [neuron, 0, 0, 0],
  );
  return {
    ...Object.fromEntries(
      Object.entries(neurons)
        .filter(([name]) => !inTables.includes(name))
        .map(([name, values]) => [`neurons.${name}`, values]),
    ),
    ...Object.fromEntries(
      poolPlaces.map(([name, place]) => [`pool.${name}`, padded(pool, place, sizes.synapses)]),
    ),
    'routes.weight': padded(routes, 5, sizes.routes),
    'registers.reward_tau': [reward_tau],
    interval: [epoch_interval],
    passes: [update_passes],
    used: [pool.length],
    'wiring.source': pool.map(([source]) => source),
    'wiring.target': pool.map(([, target]) => target),
    'wiring.compartment': pool.map(([, , , compartment]) => compartment),
    'index.base': indexed.map(([, base = 0]) => base),
    'index.count': indexed.map(([, , count = 0]) => count),
    'index.format': indexed.map(([, , , format = 0]) => format),
    'tree.parent': neurons.parent,
    'tree.root': neurons.root,
    'paths.valid': routes.map(() => 1),
    'paths.source': routes.map(([, source = 0]) => source),
    'paths.core': routes.map(([, , , core = 0]) => core),
    'paths.neuron': routes.map(([, , , , neuron = 0]) => neuron),
  };
}

/** The routes of a core: those of a neuron by their slots, the global ones after the local ones. */
function routesOf({ routes, global_routes }: N1Trace, core: number) {
  const all = [
    ...routes,
    ...global_routes.map(([from, neuron, slot, ...rest]) => [from, neuron, slot + 8, ...rest] as const),
  ];
  return all.filter(([from]) => from === core).sort((a, b) => a[1] - b[1] || a[2] - b[2]);
}

/** The words of the learning engine as microcode. All cores have the same: they are of one program. */
function learningOf({ cores, stimulus }: N1Trace): string | undefined {
  const used = new Set<number>();
  let [learn, factors] = [0, 0];
  for (const { flags } of stimulus) {
    learn = flags?.learn ?? learn;
    factors = flags?.three_factor ?? factors;
    if (learn !== 0) used.add(factors);
  }
  if (used.size === 0) return undefined;
  const texts = new Set(cores.map(({ microcode }) => learningText(microcode, used)));
  if (texts.size > 1) throw new Error('cores with different learning programs');
  return [...texts][0];
}
