/**
 * Xylo in plain loops, written from the description of its integers in docs/xylo.md: the specification against which
 * the microcode is held. Events one after the other, spikes one after the other, flat lists of all hidden neurons.
 */

import { at } from '../../../src/text/index.ts';
import type { WholeXylo } from './support.ts';

interface PlainNeuron {
  readonly dashes: readonly number[];
  readonly dashMem: number;
  readonly threshold: number;
  readonly bias: number;
  readonly most: number;
  readonly i: number[];
  v: number;
  /** Spikes of this step: those of aliases, until it is its turn. */
  n: number;
}

interface Synapse {
  readonly to: PlainNeuron;
  readonly state: number;
  readonly weight: number;
}

export class PlainXylo {
  readonly hidden: PlainNeuron[] = [];
  readonly outputs: PlainNeuron[];
  readonly #first: number[] = [];
  readonly #fromInput: Synapse[][];
  readonly #fromHidden: Synapse[][];
  readonly #aliases: number[][];
  #before: number[] = [];

  constructor({ inputs, hidden, outputs, weights, aliases = [] }: WholeXylo) {
    for (const layer of hidden) {
      this.#first.push(this.hidden.length);
      this.hidden.push(...neuronsOf(layer, 31));
    }
    this.outputs = neuronsOf(outputs, 1);
    this.#fromInput = Array.from({ length: inputs }, () => []);
    this.#fromHidden = this.hidden.map(() => []);
    this.#aliases = this.hidden.map(() => []);
    for (const { from, to, state = 1, values } of weights) {
      const columns = to === 'output' ? outputs.size : at(hidden, to).size;
      for (const [place, weight] of values.entries()) {
        const [row, column] = [Math.floor(place / columns), place % columns];
        const target =
          to === 'output' ? at(this.outputs, column) : at(this.hidden, at(this.#first, to) + column);
        const source =
          from === 'input' ? at(this.#fromInput, row) : at(this.#fromHidden, at(this.#first, from) + row);
        source.push({ to: target, state: state - 1, weight });
      }
    }
    for (const { from, to, pairs } of aliases)
      for (const [a, b] of pairs) at(this.#aliases, at(this.#first, from) + a).push(at(this.#first, to) + b);
    this.#before = this.hidden.map(() => 0);
  }

  /** Runs a step; returns the spikes of hidden neurons and of outputs in it. */
  step(events: readonly number[]): { readonly hidden: number[]; readonly outputs: number[] } {
    for (const [input, count] of events.entries())
      for (let event = 0; event < count; event++) arrive(at(this.#fromInput, input));
    for (const [neuron, count] of this.#before.entries())
      for (let spike = 0; spike < count; spike++) arrive(at(this.#fromHidden, neuron));
    for (const neuron of this.hidden) neuron.n = 0;
    for (const neuron of this.outputs) neuron.n = 0;
    for (const [index, neuron] of this.hidden.entries()) {
      neuron.n = Math.min(neuron.n, neuron.most);
      update(neuron);
      for (const target of at(this.#aliases, index)) at(this.hidden, target).n += neuron.n;
    }
    for (const neuron of this.outputs) update(neuron);
    this.#before = this.hidden.map(({ n }) => n);
    return { hidden: this.#before, outputs: this.outputs.map(({ n }) => n) };
  }
}

function neuronsOf(layer: WholeXylo['hidden'][number], most: number): PlainNeuron[] {
  return Array.from({ length: layer.size }, (_, place) => {
    const dashes = [at(layer.dashSyn, place), ...(layer.dashSyn2 ? [at(layer.dashSyn2, place)] : [])];
    return {
      dashes,
      dashMem: at(layer.dashMem, place),
      threshold: at(layer.threshold, place),
      bias: at(layer.bias, place),
      most,
      i: dashes.map(() => 0),
      v: 0,
      n: 0,
    };
  });
}

function arrive(synapses: readonly Synapse[]): void {
  for (const { to, state, weight } of synapses) to.i[state] = saturated(at(to.i, state) + weight);
}

function update(neuron: PlainNeuron): void {
  const { i, dashes, dashMem, threshold, bias, most } = neuron;
  let sum = 0;
  for (const [state, dash] of dashes.entries()) {
    const left = at(i, state) - decay(at(i, state), dash);
    i[state] = left;
    sum += left;
  }
  let dv = -decay(neuron.v, dashMem);
  dv = saturated(dv + sum);
  dv = saturated(dv + bias);
  neuron.v = saturated(neuron.v + dv);
  while (neuron.v >= threshold && neuron.n < most) {
    neuron.n += 1;
    neuron.v -= threshold;
  }
}

/** The floor of x / 2^dash; where that is 0, the sign of x. */
export function decay(x: number, dash: number): number {
  const quotient = Math.floor(x / 2 ** dash);
  return quotient === 0 ? Math.sign(x) : quotient;
}

function saturated(value: number): number {
  return Math.max(-32_768, Math.min(32_767, value));
}
