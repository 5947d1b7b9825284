import { type Core, fieldNamed, type Override } from '../api.ts';
import { type ReckonAnswer, ReckonController, type ReckonCycles, type ReckonObserver } from './controller.ts';
import type { ReckonTrace } from './trace.ts';

/** The part of a trace that goes into the chip: configuration, memories and samples. */
export interface ReckonStimulus {
  readonly config: ReckonTrace['config'];
  readonly alpha: readonly number[];
  readonly thr: readonly number[];
  readonly w_inp: Matrix;
  readonly w_rec: Matrix;
  readonly w_out: Matrix;
  readonly samples: readonly {
    readonly label: number;
    readonly target_from: number;
    readonly train: number;
    readonly inputs: Matrix;
  }[];
}

type Matrix = readonly (readonly number[])[];
export type ReckonExpected = ReckonTrace['expected'];
type SampleExpected = ReckonExpected['samples'][number];
type State = ReckonExpected['final_state'];

/** Number of ticks, in the first sample, whose states are recorded. */
const ticksWithState = 12;
/** Neurons of a group, and weights of a word. */
const groupSize = 16;
const sramBanks = ['neurons', 'inputWeights', 'recurrentWeights', 'outputWeights'];

/** The registers that are parameters of program `reckon`. */
const parameters = [
  'num_inp',
  'num_rec',
  'num_out',
  'rst_mode',
  'do_eprop',
  'force_traces',
  'en_stoch_round',
  'no_out_act',
  'fp_loc_winp',
  'fp_loc_wrec',
  'fp_loc_wout',
  'fp_loc_tinp',
  'fp_loc_trec',
  'fp_loc_tout',
  'kappa',
  'learn_sig_scale',
  'thr_h_0',
  'thr_h_1',
  'thr_h_2',
  'thr_h_3',
  'h_0',
  'h_1',
  'h_2',
  'h_3',
  'h_4',
  'lr_p_winp',
  'lr_r_winp',
  'lr_p_wrec',
  'lr_r_wrec',
  'lr_p_wout',
  'lr_r_wout',
  'regul_mode',
  'regul_w',
  'regul_f0',
  'regul_k_inp_p',
  'regul_k_inp_r',
  'regul_k_rec_p',
  'regul_k_rec_r',
  'regul_k_mul',
] as const satisfies readonly (keyof ReckonTrace['config'])[];

/** The changes that a configuration makes to program `reckon`: its parameters, and sizes in whole groups of neurons. */
export function reckonSettings(config: ReckonTrace['config'], file: string): Override[] {
  const place = { file };
  const size = groupSize * Math.ceil(Math.max(config.num_inp, config.num_rec) / groupSize);
  return [
    { path: ['populations', 'neurons', 'size'], value: size, place },
    ...parameters.map((name) => ({ path: ['parameters', name], value: config[name], place })),
  ];
}

/**
 * Loads ReckOn's memories from a stimulus, runs its samples, and states what the chip did, in the form of its traces.
 *
 * @param core one that runs program `reckon`, with the stimulus's settings, on hw-model `reckon`
 * @param statedTicks the number of ticks of the first sample, from tick 1, after whose STEP the states are recorded
 */
export function recordReckon(
  stimulus: ReckonStimulus,
  core: Core,
  statedTicks = ticksWithState,
): ReckonExpected {
  loadReckon(stimulus, core);
  const recording = new ReckonRecording(stimulus, core, statedTicks);
  const controller = reckonController(stimulus, core, recording);
  for (const { label, target_from, train, inputs } of stimulus.samples)
    recording.answered(controller.run({ label, targetFrom: target_from, learns: train === 1, inputs }));
  return recording.expected();
}

/** Writes down what the chip does. */
export class ReckonRecording implements Required<ReckonObserver> {
  readonly #stimulus: Omit<ReckonStimulus, 'samples'>;
  readonly #core: Core;
  readonly #statedTicks: number;
  readonly #outputs: number;
  readonly #samples: SampleExpected[] = [];
  readonly #states: ReckonExpected['state_after_step'] = [];
  #before: number[] = [];

  /** @param statedTicks see {@link recordReckon} */
  constructor(stimulus: Omit<ReckonStimulus, 'samples'>, core: Core, statedTicks = ticksWithState) {
    this.#stimulus = stimulus;
    this.#core = core;
    this.#statedTicks = statedTicks;
    this.#outputs = fieldNamed(core.image, 'outputs.o');
  }

  start(): void {
    this.#samples.push({ spikes: [null], out: [null], cycles: [], sram: [], winner: 0, winner_counts: [] });
    this.#before = sramWords(this.#core);
  }

  stepped(tick: number, spikes: readonly number[]): void {
    const { config } = this.#stimulus;
    this.#sample.spikes.push([...spikes]);
    this.#sample.out.push([...this.#core.read(this.#outputs).subarray(0, config.num_out)]);
    if (this.#samples.length > 1 || tick > this.#statedTicks) return;
    this.#states.push({ sample: 0, tick, ...stateOf(this.#stimulus, this.#core) });
  }

  ticked(_tick: number, { latency, step, eprop, scan, passes, traces }: ReckonCycles): void {
    const now = sramWords(this.#core);
    this.#sample.cycles.push([latency, step, eprop, scan, passes, traces]);
    this.#sample.sram.push(now.map((count, index) => count - (this.#before[index] ?? 0)));
    this.#before = now;
  }

  answered({ winner, winnerCounts }: ReckonAnswer): void {
    this.#sample.winner = winner;
    this.#sample.winner_counts = [...winnerCounts];
  }

  /** The behaviour of the chip, as a trace expects it. */
  expected(): ReckonExpected {
    const core = this.#core;
    const { w_inp, w_rec, w_out } = this.#stimulus;
    return {
      samples: this.#samples,
      state_after_step: this.#states,
      final_state: stateOf(this.#stimulus, core),
      final_w_inp: changedMatrix(core, 'synapses.winp', w_inp),
      final_w_rec: changedMatrix(core, 'synapses.wrec', w_rec),
      final_w_out: changedMatrix(core, 'readout.wout', w_out),
    };
  }

  get #sample(): SampleExpected {
    const sample = this.#samples.at(-1);
    if (sample === undefined) throw new Error('no sample has started');
    return sample;
  }
}

/** A controller with a stimulus's configuration and seeds. */
export function reckonController(
  { config }: Pick<ReckonStimulus, 'config'>,
  core: Core,
  observer: ConstructorParameters<typeof ReckonController>[3] = {},
): ReckonController {
  return new ReckonController(
    core,
    {
      inputs: config.num_inp,
      neurons: config.num_rec,
      outputs: config.num_out,
      doEprop: config.do_eprop,
      forceTraces: config.force_traces === 1,
    },
    {
      inputWeights: config.seed_inp,
      recurrentWeights: config.seed_rec,
      outputWeights: config.seed_out,
      potentials: config.seed_strnd_neur,
      inputTraces: config.seed_strnd_tinp,
      recurrentTraces: config.seed_strnd_trec,
      outputTraces: config.seed_strnd_tout,
      outputs: config.seed_strnd_oneur,
    },
    observer,
  );
}

/** Writes a stimulus's leaks, thresholds and weights into the core's memory. */
export function loadReckon(stimulus: ReckonStimulus, core: Core): void {
  const { image } = core;
  const write = (name: string, values: ArrayLike<number>): void =>
    core.write(fieldNamed(image, name), values);
  const count = image.fields[fieldNamed(image, 'neurons.u')]?.count ?? 0;
  const ofPairs = (values: readonly number[], value: (pair: number) => number): number[] =>
    Array.from({ length: count }, (_, neuron) => value(values[neuron >> 1] ?? 0));
  write(
    'neurons.alpha',
    ofPairs(stimulus.alpha, (alpha) => alpha & 0xfff),
  );
  write(
    'neurons.alpha_conf',
    ofPairs(stimulus.alpha, (alpha) => alpha >> 15),
  );
  write(
    'neurons.thr',
    ofPairs(stimulus.thr, (threshold) => threshold),
  );
  for (const [name, matrix] of [
    ['synapses.winp', stimulus.w_inp],
    ['synapses.wrec', stimulus.w_rec],
    ['readout.wout', stimulus.w_out],
  ] as const) {
    const field = image.fields[fieldNamed(image, name)];
    const { rowLength = 1 } = image.layouts[field?.layout ?? -1] ?? {};
    const values = new Int32Array(field?.count ?? 0);
    for (const [row, weights] of matrix.entries()) values.set(weights, row * rowLength);
    write(name, values);
  }
}

function stateOf({ config }: Pick<ReckonStimulus, 'config'>, core: Core): State {
  const indices = Math.max(config.num_inp, config.num_rec);
  const read = (name: string) => [...core.read(fieldNamed(core.image, name)).subarray(0, indices)];
  return {
    u: read('neurons.u'),
    trace_inp: read('neurons.ti'),
    trace_rec: read('neurons.tr'),
    trace_out: read('neurons.to'),
  };
}

/** A matrix as it is now; null if nothing has changed. */
function changedMatrix(core: Core, name: string, before: Matrix): number[][] | null {
  const index = fieldNamed(core.image, name);
  const { rowLength = 1 } = core.image.layouts[core.image.fields[index]?.layout ?? -1] ?? {};
  const values = core.read(index);
  const now = before.map((row, pre) => [...values.subarray(pre * rowLength, pre * rowLength + row.length)]);
  const isSame = now.every((row, pre) => row.every((weight, post) => weight === before[pre]?.[post]));
  return isSame ? null : now;
}

/** Words read and written so far in each memory, in the order of a trace's counts. */
function sramWords(core: Core): number[] {
  const { work } = core.counters();
  return sramBanks.flatMap((name) => {
    const bank = core.image.banks.findIndex((candidate) => candidate.name === name);
    return (['reads', 'writes'] as const).map((which) =>
      work.reduce((sum, counts) => sum + (counts[which][bank] ?? 0), 0),
    );
  });
}
