import { addAt, at, type Core, type Counters, fieldNamed, numberAt, type SpikeTrain } from '../../api.ts';
import { spikeOf, timeReferenceOfAll, virtual } from '../addresses.ts';
import type { OdinConfig } from '../controller.ts';
import { RecordableOdin } from '../recordable.ts';
import type { OdinNetworkOptions } from './options.ts';

const config: Omit<OdinConfig, 'openLoop'> = {
  updateUnmappedSynapses: false,
  // No synapse is mapped, so that none learns.
  propagateUnmappedSynapses: true,
  learnAtSynapseEvents: false,
};

/**
 * A network in ODIN's memories. A time step is what the host makes of it: a time reference, the row of constants, then
 * the rows of the inputs that spike, each until the chip is idle.
 */
export class OdinNetwork {
  readonly #core: Core;
  readonly #options: OdinNetworkOptions;
  readonly #recordable: RecordableOdin;
  readonly #potentials: number;
  readonly #disabled: number;
  /** Neurons that have been reset to 0 and are to be raised to where they rest. */
  #reset: number[] = [];
  /** How often each neuron has spiked in the latest step. */
  readonly spiked = new Int32Array(256);

  constructor(core: Core, options: OdinNetworkOptions) {
    this.#core = core;
    this.#options = options;
    this.#potentials = fieldNamed(core.image, 'neurons.core');
    this.#disabled = fieldNamed(core.image, 'neurons.disable');
    this.#recordable = new RecordableOdin(core, { ...config, openLoop: !options.closedLoop }, (neuron) => {
      addAt(this.spiked, neuron, 1);
      this.#reset.push(neuron);
    });
  }

  /** See {@link RecordableOdin.record}. */
  record(...about: Parameters<RecordableOdin['record']>): ReturnType<RecordableOdin['record']> {
    return this.#recordable.record(...about);
  }

  counters(): Counters {
    return this.#recordable.chip.counters();
  }

  resetCounters(): void {
    this.#recordable.chip.resetCounters();
  }

  /** The potentials of all neurons. */
  potentials(): ArrayLike<number> {
    return this.#core.read(this.#potentials);
  }

  /**
   * Presents a sample, from rest.
   *
   * @param stepped called after each step
   * @returns how often each neuron that answers has spiked
   */
  present({ steps, offsets, indices }: SpikeTrain, stepped: (step: number) => void): Int32Array {
    const { inputs, answers, leaks, constant } = this.#options;
    const scores = new Int32Array(answers.length);
    this.#rest();
    for (let step = 0; step < steps; step++) {
      this.spiked.fill(0);
      if (leaks) this.#send(timeReferenceOfAll);
      if (constant !== undefined) this.#repeat(constant);
      const spiking = indices.subarray(offsets[step], offsets[step + 1]);
      for (const input of spiking) for (const row of at(inputs, input)) this.#send(spikeOf(row));
      for (const [place, neuron] of answers.entries()) addAt(scores, place, numberAt(this.spiked, neuron));
      stepped(step);
    }
    return scores;
  }

  /** Brings all neurons to 0, and those of the network to where they rest. */
  #rest(): void {
    const { row, times } = this.#options.rest;
    for (let time = 0; time < times; time++) this.#recordable.chip.send(spikeOf(row), true);
    this.#reset = Array.from(this.#core.read(this.#disabled)).flatMap((disabled, neuron) =>
      disabled === 0 ? [neuron] : [],
    );
    this.#raise();
  }

  #repeat({ row, times }: OdinNetworkOptions['rest']): void {
    for (let time = 0; time < times; time++) this.#send(spikeOf(row));
  }

  #send(address: number): void {
    this.#recordable.chip.send(address, true);
    this.#raise();
  }

  /** Raises neurons that have been reset. A level is below each threshold, so that none spikes by that. */
  #raise(): void {
    const reset = this.#reset;
    this.#reset = [];
    for (const neuron of reset)
      for (let time = 0; time < this.#options.level; time++)
        this.#recordable.chip.send(virtual(neuron, false), true);
  }
}
