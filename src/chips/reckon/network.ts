import { addAt, at, type Core, type Counters, fieldNamed, type SpikeTrain, sizeNamed } from '../api.ts';
import type { ReckonController } from './controller.ts';
import type { ReckonNetworkOptions } from './options.ts';
import { ReckonRecording, type ReckonStimulus, reckonController } from './record.ts';
import { type ReckonTrace, reckonFormat } from './trace.ts';

/** Registers that a network has values for, by their names in the program. */
export const networkRegisters = [
  'num_inp',
  'num_rec',
  'num_out',
  'rst_mode',
  'en_stoch_round',
  'fp_loc_winp',
  'fp_loc_wrec',
  'fp_loc_wout',
  'kappa',
] as const;
export type NetworkRegisters = Readonly<Record<(typeof networkRegisters)[number], number>>;

/** All registers of a chip that does not learn: those that only learning reads are zero. */
function configOf(registers: NetworkRegisters): ReckonTrace['config'] {
  return {
    do_eprop: 0,
    force_traces: 0,
    no_out_act: 0,
    local_tick: 0,
    error_halt: 0,
    fp_loc_tinp: 0,
    fp_loc_trec: 0,
    fp_loc_tout: 0,
    learn_sig_scale: 0,
    regul_mode: 0,
    regul_w: 0,
    timing_mode: 0,
    regression: 0,
    single_label: 1,
    send_per_timestep: 0,
    send_label_only: 1,
    noise_en: 0,
    thr_h_0: 0,
    thr_h_1: 0,
    thr_h_2: 0,
    thr_h_3: 0,
    h_0: 0,
    h_1: 0,
    h_2: 0,
    h_3: 0,
    h_4: 0,
    lr_r_winp: 0,
    lr_p_winp: 0,
    lr_r_wrec: 0,
    lr_p_wrec: 0,
    lr_r_wout: 0,
    lr_p_wout: 0,
    seed_inp: 1,
    seed_rec: 1,
    seed_out: 1,
    seed_strnd_neur: 1,
    seed_strnd_oneur: 1,
    seed_strnd_tinp: 1,
    seed_strnd_trec: 1,
    seed_strnd_tout: 1,
    seed_noise_neur: 1,
    regul_f0: 0,
    regul_k_inp_r: 0,
    regul_k_inp_p: 0,
    regul_k_rec_r: 0,
    regul_k_rec_p: 0,
    regul_k_mul: 0,
    noise_str: 0,
    ...registers,
    rst_mode: registers.rst_mode === 1 ? 1 : 0,
    en_stoch_round: registers.en_stoch_round === 1 ? 1 : 0,
  };
}

/**
 * A network in ReckOn's memories. A time step is a tick; what a neuron does in it is seen in the STEP of the next. The
 * outputs count the spikes of the neurons that answer, without a leak, and the chip finds the largest in its last tick.
 */
export class ReckonNetwork {
  readonly #core: Core;
  readonly #options: ReckonNetworkOptions;
  readonly #config: ReckonTrace['config'];
  readonly #chip: ReckonController;
  readonly #potentials: number;
  readonly #outputs: number;
  #recording: { readonly of: ReckonRecording; readonly samples: ReckonTrace['samples'] } | undefined;
  #stepped: (step: number) => void = () => {};
  /** Whether each neuron has spiked in the latest step. */
  readonly spiked = new Int32Array(256);

  constructor(core: Core, registers: NetworkRegisters, options: ReckonNetworkOptions) {
    this.#core = core;
    this.#options = options;
    this.#config = configOf(registers);
    this.#potentials = fieldNamed(core.image, 'neurons.u');
    this.#outputs = fieldNamed(core.image, 'outputs.o');
    this.#program();
    this.#chip = reckonController({ config: this.#config }, core, {
      start: () => this.#recording?.of.start(),
      stepped: (tick, spikes) => {
        this.#recording?.of.stepped(tick, spikes);
        this.spiked.fill(0);
        for (const neuron of spikes) addAt(this.spiked, neuron, 1);
        this.#stepped(tick - 1);
      },
      ticked: (...ticked) => this.#recording?.of.ticked(...ticked),
    });
  }

  /** Writes leaks and thresholds: a word has those of a pair. Weights are in the program's arrays. */
  #program(): void {
    const { alpha, threshold } = this.#options;
    const { image } = this.#core;
    const write = (name: string, ofPair: (pair: number) => number) =>
      this.#core.write(
        fieldNamed(image, name),
        Int32Array.from({ length: sizeNamed(image, 'neurons') }, (_, neuron) => ofPair(neuron >> 1)),
      );
    write('neurons.alpha', (pair) => (alpha[pair] ?? unused.alpha) & 0xfff);
    write('neurons.alpha_conf', (pair) => (alpha[pair] ?? unused.alpha) >> 15);
    write('neurons.thr', (pair) => threshold[pair] ?? unused.threshold);
  }

  counters(): Counters {
    return this.#chip.counters();
  }

  resetCounters(): void {
    this.#chip.resetCounters();
  }

  /** The potentials of all neurons. */
  potentials(): ArrayLike<number> {
    return this.#core.read(this.#potentials);
  }

  /**
   * Presents a sample.
   *
   * @param stepped called after each step
   * @returns how often each neuron that answers has spiked
   */
  present(
    { steps, offsets, indices }: SpikeTrain,
    stepped: (step: number) => void,
    label = 0,
  ): ArrayLike<number> {
    const { constant, settle } = this.#options;
    this.#stepped = stepped;
    const inputs = Array.from({ length: steps + settle }, (_, tick) => {
      const given = tick < steps ? indices.subarray(offsets[tick], offsets[tick + 1]) : [];
      const constants = constant.filter(({ from }) => from <= tick).map(({ input }) => input);
      // An input is active or not.
      return [...new Set([...given, ...constants])];
    });
    const targetFrom = inputs.length - 1;
    const answer = this.#chip.run({ label, targetFrom, learns: false, inputs });
    this.#recording?.of.answered(answer);
    this.#recording?.samples.push({ label, target_from: targetFrom, train: 0, inputs });
    return this.#core.read(this.#outputs).slice(0, this.#config.num_out);
  }

  /** Writes down what the chip does from here on. The function that it returns gives the trace. */
  record({ name, description }: Pick<ReckonTrace, 'description' | 'name'>): () => ReckonTrace {
    const start = this.#start();
    const recording = { of: new ReckonRecording(start, this.#core), samples: [] };
    this.#recording = recording;
    return () => {
      this.#recording = undefined;
      const { samples } = recording;
      const { seed } = this.#core.image;
      const expected = recording.of.expected();
      return { format: reckonFormat, name, description, generator_seed: seed, ...start, samples, expected };
    };
  }

  /** The contents of the memories, as a trace states them. */
  #start(): Omit<ReckonStimulus, 'samples'> &
    Pick<ReckonTrace, 'config' | 'alpha' | 'thr' | 'w_inp' | 'w_rec' | 'w_out'> {
    const config = this.#config;
    const { image } = this.#core;
    const read = (name: string): ArrayLike<number> => this.#core.read(fieldNamed(image, name));
    const [alpha, high, thr] = [read('neurons.alpha'), read('neurons.alpha_conf'), read('neurons.thr')];
    const pairs = Math.ceil(Math.max(config.num_inp, config.num_rec, config.num_out) / 2);
    const ofPairs = (value: (neuron: number) => number) =>
      Array.from({ length: pairs }, (_, pair) => value(2 * pair));
    const columns = sizeNamed(image, 'neurons');
    const matrix = (name: string, rows: number, width: number, rowLength: number) => {
      const values = read(name);
      return Array.from({ length: rows }, (_, row) =>
        Array.from({ length: width }, (_, column) => at(values, row * rowLength + column)),
      );
    };
    const width = 16 * Math.ceil(config.num_rec / 16);
    return {
      config,
      alpha: ofPairs((neuron) => (at(high, neuron) === 1 ? 0x8000 : 0x7000) + at(alpha, neuron)),
      thr: ofPairs((neuron) => at(thr, neuron)),
      w_inp: matrix('synapses.winp', config.num_inp, width, columns),
      w_rec: matrix('synapses.wrec', config.num_rec, width, columns),
      w_out: matrix('readout.wout', config.num_rec, config.num_out, sizeNamed(image, 'outputs')),
    };
  }
}

/** A pair that is not used keeps what it has, and never spikes. */
const unused = { alpha: 0x8000, threshold: 2 ** 15 - 1 } as const;
