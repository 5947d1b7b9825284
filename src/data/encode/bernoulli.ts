import { hash32, streams } from '../../random/index.ts';
import {
  type BernoulliMemory,
  bernoulliMemory,
  bernoulliModule,
  compactingShuffles,
  type FeatureShare,
} from './bernoulli-module.ts';
import type { Encoder, SpikeTrain } from './spike-train.ts';

const pageBytes = 65_536;

/**
 * Draws in every step: an input spikes if the top 8 bits of the random word are below its feature. A feature of 0 never
 * spikes, 255 spikes in 255 of 256 steps.
 */
export const bernoulli = (): Encoder => drawing(256);

/**
 * The same with a probability of feature / 255: an input spikes if the top 24 bits of the random word, as a fraction of
 * 1, are below that. So 255 spikes in every step.
 */
export const bernoulli255 = (): Encoder => drawing(255);

function drawing(of: FeatureShare): Encoder {
  let machine: BernoulliMachine | undefined;
  return {
    encode(values, { seed, epoch, sample }, steps) {
      if (machine === undefined || machine.inputs < values.length || machine.steps < steps)
        machine = new BernoulliMachine(values.length, steps, of);
      return machine.encode(values, hash32(seed, streams.input, epoch, sample), steps);
    },
  };
}

/** The module of {@link bernoulliModule}, with memory for at most this many inputs and steps. */
class BernoulliMachine {
  readonly inputs: number;
  readonly steps: number;
  readonly #values: Uint8Array;
  #train: SpikeTrain;
  readonly #encode: (inputs: number, prefix: number, steps: number) => void;

  constructor(inputs: number, steps: number, of: FeatureShare) {
    this.inputs = inputs;
    this.steps = steps;
    const map = bernoulliMemory(inputs, steps);
    const memory = new WebAssembly.Memory({ initial: Math.ceil(map.bytes / pageBytes) });
    new Uint8Array(memory.buffer).set(compactingShuffles);
    this.#values = new Uint8Array(memory.buffer, map.values, map.offsets - map.values);
    const offsets = new Uint32Array(memory.buffer, map.offsets, steps + 1);
    const indices = new Uint32Array(memory.buffer, map.indices, inputs * steps);
    this.#train = { steps, offsets, indices };
    this.#encode = encodeOf(map, memory, of);
  }

  encode(values: Uint8Array, prefix: number, steps: number): SpikeTrain {
    this.#values.set(values);
    this.#values.fill(0, values.length);
    this.#encode(values.length, prefix, steps);
    if (this.#train.steps !== steps) this.#train = { ...this.#train, steps };
    return this.#train;
  }
}

function encodeOf(map: BernoulliMemory, memory: WebAssembly.Memory, of: FeatureShare) {
  const module = new WebAssembly.Module(bernoulliModule(map, of));
  const { encode } = new WebAssembly.Instance(module, { host: { memory } }).exports;
  if (typeof encode !== 'function') throw new Error('the encoder exports no function');
  return (inputs: number, prefix: number, steps: number): void => {
    encode(inputs, prefix, steps);
  };
}
