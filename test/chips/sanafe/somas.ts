import { addAt, numberAt } from 'plasticore/chips';
import type { LifParameters, MappedNetwork } from './network.ts';

/** The behaviour of a neuron in a step. */
export const idle = 0;
export const updated = 1;
export const fired = 2;
export type Activity = typeof idle | typeof updated | typeof fired;

/**
 * The neurons of a recording. It states which fire, and how many are updated in all; which are updated, and so what
 * each core spends, follows from their potentials alone. They are doubles, as in the program that was recorded.
 */
export class Somas {
  readonly #lif: readonly (LifParameters | undefined)[];
  readonly potential: Float64Array;
  readonly #current: Float64Array;
  readonly #refractory: Int32Array;
  /** The input that has arrived for this step, and that for the next. */
  #charge: Float64Array;
  #nextCharge: Float64Array;
  #hasInput: Uint8Array;
  #nextHasInput: Uint8Array;
  #step = 0;

  constructor({ neurons }: MappedNetwork) {
    this.#lif = neurons.map(({ lif }) => lif);
    this.potential = Float64Array.from(neurons, ({ lif }) => lif?.potential ?? 0);
    this.#current = new Float64Array(neurons.length);
    this.#refractory = new Int32Array(neurons.length);
    this.#charge = new Float64Array(neurons.length);
    this.#nextCharge = new Float64Array(neurons.length);
    this.#hasInput = new Uint8Array(neurons.length);
    this.#nextHasInput = new Uint8Array(neurons.length);
  }

  /** Starts the next step: what was received is now due. */
  begin(): void {
    this.#step += 1;
    [this.#charge, this.#nextCharge] = [this.#nextCharge, this.#charge];
    [this.#hasInput, this.#nextHasInput] = [this.#nextHasInput, this.#hasInput];
    this.#nextCharge.fill(0);
    this.#nextHasInput.fill(0);
  }

  /** A synapse event reaches a neuron; it acts in the next step. */
  receive(neuron: number, weight: number): void {
    addAt(this.#nextCharge, neuron, weight);
    this.#nextHasInput[neuron] = 1;
  }

  /** Updates a neuron that is no input. */
  update(neuron: number): Activity {
    const lif = this.#lif[neuron];
    if (lif === undefined) return idle;
    let v = numberAt(this.potential, neuron);
    let u = numberAt(this.#current, neuron);
    let refractory = numberAt(this.#refractory, neuron);
    const isActive = v !== 0 || this.#hasInput[neuron] === 1 || lif.bias !== 0;
    if (this.#step > 1) {
      u *= lif.input_decay;
      v *= lif.leak_decay;
    }
    v = Math.trunc(v * 64) / 64;
    let fires = false;
    if (refractory === 0) {
      v += lif.bias;
      u += numberAt(this.#charge, neuron);
      v += u;
      fires = v > lif.threshold;
      if (fires) {
        refractory = lif.refractory_delay;
        v = afterSpike(v, lif);
      }
      if (v < lif.reverse_threshold) v = afterReverse(v, lif);
    }
    this.potential[neuron] = v;
    this.#current[neuron] = u;
    this.#refractory[neuron] = Math.max(0, refractory - 1);
    return fires ? fired : isActive ? updated : idle;
  }
}

function afterSpike(v: number, { reset, reset_mode, threshold }: LifParameters): number {
  if (reset_mode === 'hard') return reset;
  return reset_mode === 'soft' ? v - threshold : v;
}

function afterReverse(
  v: number,
  { reverse_reset, reverse_reset_mode, reverse_threshold }: LifParameters,
): number {
  if (reverse_reset_mode === 'soft') return v - reverse_threshold;
  if (reverse_reset_mode === 'hard') return reverse_reset;
  return reverse_reset_mode === 'saturate' ? reverse_threshold : v;
}
