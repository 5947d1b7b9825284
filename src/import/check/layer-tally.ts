import type { LayerDrift } from '../../report/index.ts';
import type { RunningLayer } from './running.ts';

/** Compares a layer in doubles with the same layer in integers, step by step. */
export class LayerTally {
  readonly #layer: RunningLayer;
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

  constructor(layer: RunningLayer) {
    this.#layer = layer;
  }

  beginSample(): void {
    this.#sampleDiffering = 0;
    this.#sampleAny = 0;
  }

  /** The share of the sample's spikes that only one of the two had; undefined for neurons that do not spike. */
  endSample(): number | undefined {
    return this.#layer.isSpiking ? share(this.#sampleDiffering, this.#sampleAny) : undefined;
  }

  /** @param float spikes of the step; @param integer the same, by the numbers of the program */
  spikes(float: ArrayLike<number>, integer: ArrayLike<number>): void {
    this.#steps += 1;
    const { countBits } = this.#layer;
    for (let neuron = 0; neuron < float.length; neuron++) {
      const [a, b] = [float[neuron] ?? 0, integer[this.#layer.number(neuron)] ?? 0];
      if (a === 0 && b === 0) continue;
      this.#floatSpikes += a;
      this.#integerSpikes += b;
      if (countBits !== undefined && a > b && b === 2 ** countBits - 1) this.#saturated += 1;
      this.#sampleDiffering += Math.abs(a - b);
      this.#sampleAny += Math.max(a, b);
      this.#differing += Math.abs(a - b);
      this.#any += Math.max(a, b);
    }
  }

  /** @param v potentials of the graph after the step; @param stored those in the core's memory */
  potentials(v: ArrayLike<number>, float: ArrayLike<number>, stored: ArrayLike<number>): void {
    const layer = this.#layer;
    for (let neuron = 0; neuron < v.length; neuron++) {
      const x = layer.expected(neuron, v[neuron] ?? 0, float[neuron] ?? 0);
      const y = layer.inGraph(neuron, stored[layer.number(neuron)] ?? 0);
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
    const { node, name, size } = this.#layer.stage;
    const perNeuron = (spikes: number) => spikes / Math.max(1, this.#steps * size);
    const n = Math.max(1, this.#count);
    const [varianceX, varianceY] = [this.#xx / n - (this.#x / n) ** 2, this.#yy / n - (this.#y / n) ** 2];
    const correlation = (this.#xy / n - (this.#x / n) * (this.#y / n)) / Math.sqrt(varianceX * varianceY);
    return {
      node,
      population: name,
      neurons: size,
      ...(this.#layer.isSpiking && {
        rate: { float: perNeuron(this.#floatSpikes), integer: perNeuron(this.#integerSpikes) },
        differing: share(this.#differing, this.#any),
        ...(this.#layer.countBits !== undefined && { saturated: this.#saturated }),
      }),
      ...(Number.isFinite(correlation) && { correlation }),
      ...(this.#count > 0 && { error: Math.sqrt(this.#squares / n) }),
    };
  }
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
