// ReckOn's recordings (../specification.md, section 2.8), as what the plain model takes and gives, and back.

import {
  type ReckonConfig,
  type ReckonExpected,
  type ReckonSample,
  type ReckonStimulus,
  type ReckonTrace,
  reckonParameters,
} from './reckon-format.ts';
import { type Memories, numbersOf, type RecordedTrace, rowsOf } from './recorded-trace.ts';

type Step = RecordedTrace['expected']['inputs'][number];
type Input = RecordedTrace['inputs'][number];

/** Neurons of a group, weights of a word, and outputs. */
const group = 16;
const banks = ['neurons', 'inputWeights', 'recurrentWeights', 'outputWeights'];

/** Neurons of the program: whole groups of them. */
const sizeOf = ({ num_inp, num_rec }: ReckonConfig): number =>
  group * Math.ceil(Math.max(num_inp, num_rec) / group);

const padded = (values: readonly number[], length: number): number[] =>
  Array.from({ length }, (_, index) => values[index] ?? 0);

/** A matrix in rows of a length; what is not in use is zero. */
const matrixOf = (rows: readonly (readonly number[])[], size: number, length: number): number[] =>
  Array.from({ length: size }, (_, row) => padded(rows[row] ?? [], length)).flat();

/** A stimulus of the plain model, with what is expected of it, as a recording. */
export function reckonTrace({ expected, ...stimulus }: ReckonTrace): RecordedTrace {
  const { config, samples, name, description } = stimulus;
  const size = sizeOf(config);
  return {
    format: 'plasticore-controller-trace/1',
    name,
    description,
    program: 'reckon',
    hwModel: 'reckon',
    settings: {
      program: {
        'populations.neurons.size': size,
        ...Object.fromEntries(reckonParameters.map((register) => [`parameters.${register}`, config[register]])),
      },
    },
    memories: [memoryOf(stimulus, size, expected.state_after_step.length)],
    inputs: samples.flatMap(inputsOf),
    expected: {
      inputs: samples.flatMap((sample, index) => stepsOf(sample, expected, index)),
      states: [statesOf(stimulus, expected, size)],
    },
  };
}

function memoryOf({ config, alpha, thr, w_inp, w_rec, w_out }: ReckonStimulus, size: number, stated: number) {
  const ofPairs = (values: readonly number[], of: (value: number) => number): number[] =>
    Array.from({ length: size }, (_, neuron) => of(values[neuron >> 1] ?? 0));
  return {
    inputCount: [config.num_inp],
    neuronCount: [config.num_rec],
    outputCount: [config.num_out],
    learning: [config.do_eprop],
    forcesTraces: [config.force_traces],
    stated: [stated],
    'neurons.alpha': ofPairs(alpha, (value) => value % 0x1000),
    'neurons.alpha_conf': ofPairs(alpha, (value) => Number(value >= 0x8000)),
    'neurons.thr': ofPairs(thr, (value) => value),
    'synapses.winp': matrixOf(w_inp, size, size),
    'synapses.wrec': matrixOf(w_rec, size, size),
    'readout.wout': matrixOf(w_out, size, group),
    ...generatorsOf(config),
  };
}

function inputsOf({ label, target_from, train, inputs }: ReckonSample): Input[] {
  return [
    ['start', label],
    ...inputs.flatMap((active, tick): Input[] => [
      ...active.map((input): Input => ['input', input]),
      [
        'tick',
        Number(tick === 0),
        Number(tick > 0 && tick >= target_from),
        train,
        Number(tick === inputs.length - 1),
      ],
    ]),
  ];
}

/** What an input brings: nothing but for ticks. */
function stepsOf({ inputs }: ReckonSample, { samples, state_after_step }: ReckonExpected, index: number): Step[] {
  const { spikes, out, cycles, sram, winner, winner_counts } = samples[index] ?? none;
  const rows = (values: readonly number[]): number[][] => values.map((value, output) => [output, value]);
  return [
    {},
    ...inputs.flatMap((active, tick): Step[] => {
      const state = state_after_step.find((found) => found.sample === index && found.tick === tick);
      const records: Record<string, number[][]> = {
        ...(tick > 0 && {
          steps: [[tick]],
          spikes: (spikes[tick] ?? []).map((neuron) => [neuron]),
          outputs: rows(out[tick] ?? []),
        }),
        ...(state !== undefined && {
          neurons: state.u.map((u, n) => [
            n,
            u,
            state.trace_inp[n] ?? 0,
            state.trace_rec[n] ?? 0,
            state.trace_out[n] ?? 0,
          ]),
        }),
        ...(tick < inputs.length - 1
          ? { ticks: [cycles[tick] ?? []] }
          : { wins: rows(winner_counts), answers: [[winner]] }),
      };
      const words = rowsOf(sram[tick] ?? [], 2).map(([wordsRead = 0, wordsWritten = 0], bank) => ({
        name: banks[bank] ?? '',
        wordsRead,
        wordsWritten,
      }));
      return [
        ...active.map((): Step => ({})),
        {
          records: Object.fromEntries(Object.entries(records).filter(([, found]) => found.length > 0)),
          ...(words.length > 0 && { banks: words }),
        },
      ];
    }),
  ];
}

const none = { spikes: [], out: [], cycles: [], sram: [], winner: 0, winner_counts: [] };

function statesOf({ w_inp, w_rec, w_out }: ReckonStimulus, expected: ReckonExpected, size: number) {
  const { final_state } = expected;
  return {
    'neurons.u': final_state.u,
    'neurons.ti': final_state.trace_inp,
    'neurons.tr': final_state.trace_rec,
    'neurons.to': final_state.trace_out,
    'synapses.winp': matrixOf(expected.final_w_inp ?? w_inp, size, size),
    'synapses.wrec': matrixOf(expected.final_w_rec ?? w_rec, size, size),
    'readout.wout': matrixOf(expected.final_w_out ?? w_out, size, group),
  };
}

/** What goes into the chip in a recording, as the plain model takes it. */
export function reckonStimulus({ name, description, settings, memories, inputs }: RecordedTrace): ReckonStimulus {
  const [memory = {}] = memories;
  const of = (field: string): number[] => numbersOf(memory, field);
  const config = {
    ...Object.fromEntries(
      reckonParameters.map((register) => [register, settings?.program[`parameters.${register}`] ?? 0]),
    ),
    ...seedsOf(memory),
  } as ReckonConfig;
  const { num_inp, num_rec, num_out } = config;
  const size = sizeOf(config);
  const pairs = Math.ceil(Math.max(num_rec, num_inp, num_out) / 2);
  const [high, low, thr] = [of('neurons.alpha_conf'), of('neurons.alpha'), of('neurons.thr')];
  const ofPairs = (value: (neuron: number) => number): number[] =>
    Array.from({ length: pairs }, (_, pair) => value(2 * pair));
  const columns = group * Math.ceil(num_rec / group);
  const matrix = (field: string, length: number, rows: number, width: number): number[][] =>
    rowsOf(of(field), length)
      .slice(0, rows)
      .map((row) => row.slice(0, width));
  return {
    name,
    description,
    config,
    alpha: ofPairs((n) => (high[n] === 1 ? 0x8000 : 0x7000) + (low[n] ?? 0)),
    thr: ofPairs((n) => thr[n] ?? 0),
    w_inp: matrix('synapses.winp', size, num_inp, columns),
    w_rec: matrix('synapses.wrec', size, num_rec, columns),
    w_out: matrix('readout.wout', group, num_rec, num_out),
    samples: samplesOf(inputs),
  };
}

function samplesOf(inputs: readonly Input[]): ReckonSample[] {
  const samples: { label: number; target_from: number; train: number; inputs: number[][] }[] = [];
  let active: number[] = [];
  for (const [what, first = 0, counts, learns = 0] of inputs) {
    const sample = samples.at(-1);
    if (what === 'start') samples.push({ label: first, target_from: Number.POSITIVE_INFINITY, train: 0, inputs: [] });
    else if (what === 'input') active.push(first);
    else if (sample !== undefined) {
      if (counts === 1) sample.target_from = Math.min(sample.target_from, sample.inputs.length);
      sample.train = learns;
      sample.inputs.push(active);
      active = [];
    }
  }
  return samples;
}

const bit = (value: number, index: number): number => Math.floor(value / 2 ** index) % 2;
const replaced = (value: number, index: number, by: number): number => value + (by - bit(value, index)) * 2 ** index;

/*
 * 2.6: a seed gives y[-B] and on but for a few bits, in whose place it has those that follow y[-1]. A recording states
 * y[-B] to y[-1], which is the seed with y[n - B] = y[n] xor y[n - a] in their places. The other way, it is the same.
 */
const wide = (value: number): number => replaced(value, 0, bit(value, 0) ^ bit(value, 14));
const weights = (value: number): number =>
  [0, 1, 2].reduce((sum, i) => replaced(sum, i, bit(value, i) ^ bit(value, 22 + i)), value);
const outputWeights = (value: number): number => replaced(value, 0, bit(value, 0) ^ bit(value, 21));
/** y[-14 + i] is bit 1 + 2i of the seed, y[-7 + i] bit 2 + 2i. */
const narrowPlaces = [0, 1, 3, 5, 7, 9, 11, 13, 2, 4, 6, 8, 10, 12, 14];
const narrow = (seed: number): number =>
  wide(narrowPlaces.reduce((sum, from, to) => sum + bit(seed, from) * 2 ** to, 0));
const narrowSeed = (state: number): number =>
  narrowPlaces.reduce((sum, to, from) => sum + bit(wide(state), from) * 2 ** to, 0);

/** Registers of two seeds: that of the even neurons' generator is below. */
const pairs = [
  ['seed_strnd_neur', 'evenPotential', 'oddPotential', wide, wide],
  ['seed_strnd_tinp', 'evenInputTrace', 'oddInputTrace', wide, wide],
  ['seed_strnd_trec', 'evenRecurrentTrace', 'oddRecurrentTrace', wide, wide],
  ['seed_strnd_tout', 'evenOutputTrace', 'oddOutputTrace', narrow, narrowSeed],
] as const;
const single = [
  ['seed_inp', 'inputWeights', weights, weights],
  ['seed_rec', 'recurrentWeights', weights, weights],
  ['seed_out', 'outputWeights', outputWeights, outputWeights],
  ['seed_strnd_oneur', 'output', narrow, narrowSeed],
] as const;

function generatorsOf(config: ReckonConfig): Record<string, number[]> {
  const states = [
    ...single.map(([register, name, state]) => [name, state(config[register])] as const),
    ...pairs.flatMap(([register, even, odd, state]) => [
      [even, state(config[register] % 2 ** 15)] as const,
      [odd, state(Math.floor(config[register] / 2 ** 15))] as const,
    ]),
  ];
  return Object.fromEntries(states.map(([name, state]) => [`generators.${name}`, [state]]));
}

function seedsOf(memory: Memories[number]): Record<string, number> {
  const stateOf = (name: string): number => numbersOf(memory, `generators.${name}`)[0] ?? 0;
  return Object.fromEntries([
    ...single.map(([register, name, , seed]) => [register, seed(stateOf(name))] as const),
    ...pairs.map(
      ([register, even, odd, , seed]) =>
        [register, seed(stateOf(even)) + seed(stateOf(odd)) * 2 ** 15] as const,
    ),
  ]);
}
