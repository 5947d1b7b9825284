import type { LayerDrift } from '../../report/index.ts';
import { type NirStage, storedPotential } from '../map/index.ts';
import type { IntegerStage } from '../quantise/index.ts';

/** Compares a layer in doubles with the same layer in integers, step by step. */
export class LayerTally {
  readonly #integer: IntegerStage;
  readonly #number: (neuron: number) => number;
  #steps = 0;
  #floatSpikes = 0;
  #integerSpikes = 0;
  #differing = 0;
  #saturated = 0;
  #any = 0;
  /** Of potentials: count, sums, sums of squares and of products. */
  #count = 0;
  #x = 0;
  #y = 0;
  #xx = 0;
  #yy = 0;
  #xy = 0;
  #squares = 0;
  #sampleDiffering = 0;
  #sampleAny = 0;

  /** @param number the number of a neuron in the program */
  constructor(integer: IntegerStage, number: (neuron: number) => number) {
    this.#integer = integer;
    this.#number = number;
  }

  get stage(): NirStage {
    return this.#integer.stage;
  }

  get isSpiking(): boolean {
    return this.#integer.threshold !== undefined;
  }

  beginSample(): void {
    this.#sampleDiffering = 0;
    this.#sampleAny = 0;
  }

  /** The share of the sample's spikes that only one of the two had; undefined for neurons that do not spike. */
  endSample(): number | undefined {
    return this.isSpiking ? share(this.#sampleDiffering, this.#sampleAny) : undefined;
  }

  /** @param float spikes of the step; @param integer the same, by the numbers of the program */
  spikes(float: ArrayLike<number>, integer: ArrayLike<number>): void {
    this.#steps += 1;
    const { given } = this.#integer.scale;
    for (let neuron = 0; neuron < float.length; neuron++) {
      const [a, b] = [float[neuron] ?? 0, integer[this.#number(neuron)] ?? 0];
      if (a === 0 && b === 0) continue;
      this.#floatSpikes += a;
      this.#integerSpikes += b;
      if (given.is === 'count' && a > b && b === 2 ** given.bits - 1) this.#saturated += 1;
      this.#sampleDiffering += Math.abs(a - b);
      this.#sampleAny += Math.max(a, b);
      this.#differing += Math.abs(a - b);
      this.#any += Math.max(a, b);
    }
  }

  /** @param v potentials of the graph after the step; @param stored those in the core's memory */
  potentials(v: ArrayLike<number>, float: ArrayLike<number>, stored: ArrayLike<number>): void {
    const { model } = this.stage;
    if (model === undefined) return;
    const unit = 2 ** -this.#integer.scale.potential;
    for (let neuron = 0; neuron < v.length; neuron++) {
      const scale = model.unit[neuron] ?? 1;
      const x = scale * storedPotential(model, neuron, v[neuron] ?? 0, float[neuron] ?? 0);
      const y = scale * unit * (stored[this.#number(neuron)] ?? 0);
      this.#count += 1;
      this.#x += x;
      this.#y += y;
      this.#xx += x * x;
      this.#yy += y * y;
      this.#xy += x * y;
      this.#squares += (x - y) ** 2;
    }
  }

  result(): LayerDrift {
    const { node, name, size } = this.stage;
    const perNeuron = (spikes: number) => spikes / Math.max(1, this.#steps * size);
    const n = Math.max(1, this.#count);
    const [varianceX, varianceY] = [this.#xx / n - (this.#x / n) ** 2, this.#yy / n - (this.#y / n) ** 2];
    const correlation = (this.#xy / n - (this.#x / n) * (this.#y / n)) / Math.sqrt(varianceX * varianceY);
    return {
      node,
      population: name,
      neurons: size,
      ...(this.isSpiking && {
        rate: { float: perNeuron(this.#floatSpikes), integer: perNeuron(this.#integerSpikes) },
        differing: share(this.#differing, this.#any),
        ...(this.#integer.scale.given.is === 'count' && { saturated: this.#saturated }),
      }),
      ...(Number.isFinite(correlation) && { correlation }),
      ...(this.#count > 0 && { error: Math.sqrt(this.#squares / n) }),
    };
  }
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
