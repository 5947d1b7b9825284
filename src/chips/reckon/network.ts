import {
  addAt,
  type Core,
  type Counters,
  fieldNamed,
  type RecordingAbout,
  type SpikeTrain,
  sizeNamed,
} from '../api.ts';
import type { ReckonNetworkOptions } from './options.ts';
import { ReckonSamples } from './samples.ts';

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

/**
 * A network in ReckOn's memories. A time step is a tick; what a neuron does in it is seen in the STEP of the next. The
 * outputs count the spikes of the neurons that answer, without a leak, and the chip finds the largest in its last tick.
 */
export class ReckonNetwork {
  readonly #core: Core;
  readonly #options: ReckonNetworkOptions;
  readonly #registers: NetworkRegisters;
  readonly #chip: ReckonSamples;
  readonly #potentials: number;
  readonly #outputs: number;
  #stepped: (step: number) => void = () => {};
  /** Whether each neuron has spiked in the latest step. */
  readonly spiked = new Int32Array(256);

  constructor(core: Core, registers: NetworkRegisters, options: ReckonNetworkOptions) {
    this.#core = core;
    this.#options = options;
    this.#registers = registers;
    this.#potentials = fieldNamed(core.image, 'neurons.u');
    this.#outputs = fieldNamed(core.image, 'outputs.o');
    this.#program();
    // A chip that does not learn.
    this.#chip = new ReckonSamples(
      core,
      { ...registers, do_eprop: 0, force_traces: 0 },
      {
        stepped: (tick, spikes) => {
          this.spiked.fill(0);
          for (const neuron of spikes) addAt(this.spiked, neuron, 1);
          this.#stepped(tick - 1);
        },
      },
    );
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
    this.#chip.run({ label, targetFrom, learns: false, inputs });
    return this.#core.read(this.#outputs).slice(0, this.#registers.num_out);
  }

  /** See {@link ReckonSamples.record}. */
  record(about: RecordingAbout): () => unknown {
    return this.#chip.record(about);
  }
}

/** A pair that is not used keeps what it has, and never spikes. */
const unused = { alpha: 0x8000, threshold: 2 ** 15 - 1 } as const;
