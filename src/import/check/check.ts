import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { type Conventions, type NirGraph, NirNetwork } from '../../nir/index.ts';
import type { Drift, LayerDrift, SampleDrift } from '../../report/index.ts';
import { checkAnswers, type InputData } from '../input-data.ts';
import type { NirStage } from '../map/stages.ts';
import type { OutputsByStage } from './causes.ts';
import type { RunningLayer, RunningNetwork } from './running.ts';

/** A graph in doubles, and what runs it in integers. */
export interface ComparedNetwork {
  readonly graph: NirGraph;
  readonly rules: Conventions;
  readonly running: RunningNetwork;
  /** The stage with the answer, and the output node that it belongs to. */
  readonly readout: NirStage;
  readonly output: string;
  /** Samples that set the scales, if any did. */
  readonly calibration?: InputData | undefined;
}

/**
 * Runs a network in doubles and in integers on the same samples, and compares them layer by layer and step by step.
 *
 * @param onSample called after each sample, with how many are done
 * @throws PlasticoreError `data` if the data do not fit the network
 */
export function compare(
  compared: ComparedNetwork,
  data: InputData,
  onSample?: (done: number) => void,
): Omit<Drift, 'schema'> {
  const { graph, rules, running, readout, output } = compared;
  const { input, causes, image } = running;
  checkAnswers(data, readout.size);
  const yardstick = new NirNetwork(graph, rules);
  const watch = new Watch(running, data.steps);
  const bySample: SampleDrift[] = [];
  for (let sample = 0; sample < data.samples; sample++) {
    const outputs = yardstick.run(
      new Map([[input.node, data.doubles(sample)]]),
      data.steps,
      (node, step, values, v) => watch.float(node, step, values, v),
    );
    if (sample < samplesForCauses) causes?.sample(watch.outputs(inputOf(data, sample)), data.steps);
    watch.beginSample();
    const score = running.present(data, sample, (step) => watch.integer(step));
    const summed = summedBy(outputs.get(output) ?? new Float64Array(), readout.size);
    const label = data.labels?.[sample];
    const known = data.answers?.[sample];
    bySample.push({
      ...(label !== undefined && { label }),
      ...(known !== undefined && { recorded: known }),
      float: largestOf(readout.size, (neuron) => summed[neuron] ?? 0),
      integer: largestOf(readout.size, (neuron) => score(neuron) ?? 0),
      differing: watch.endSample().map((share) => share ?? null),
    });
    onSample?.(sample + 1);
  }
  const recorded = bySample.filter((sample) => sample.recorded !== undefined);
  const shareOf = (of: (sample: SampleDrift) => boolean, among: readonly SampleDrift[] = bySample): number =>
    among.filter(of).length / among.length;
  const causeShares = causes?.results();
  const { program, core: chip } = image;
  return {
    program,
    hwModel: chip.hwModel,
    precision: chip.precision,
    samples: data.samples,
    steps: data.steps,
    ...(compared.calibration && { calibration: sharedOf(compared.calibration, data) }),
    layers: watch.results().map((layer) => {
      const own = causeShares?.get(layer.node);
      return { ...layer, ...(own && { causes: own }) };
    }),
    bySample,
    agreement: shareOf(({ float, integer }) => float === integer),
    ...(data.labels && {
      accuracy: {
        float: shareOf(({ float, label }) => float === label),
        integer: shareOf(({ integer, label }) => integer === label),
      },
    }),
    ...(recorded.length > 0 && {
      recorded: {
        samples: recorded.length,
        float: shareOf((sample) => sample.float === sample.recorded, recorded),
        integer: shareOf((sample) => sample.integer === sample.recorded, recorded),
      },
    }),
  };
}

/** A layer, and its activity in doubles during a sample, step by step. */
interface LayerWatch {
  readonly layer: RunningLayer;
  readonly tally: LayerTally;
  readonly size: number;
  readonly outputs: Float64Array;
  readonly potentials: Float64Array;
  /** Whether it has potentials. */
  hasState: boolean;
}

/** Compares all layers, step by step. */
class Watch {
  readonly #steps: number;
  readonly #input: string;
  readonly #layers: ReadonlyMap<string, LayerWatch>;

  constructor({ input, layers }: RunningNetwork, steps: number) {
    this.#steps = steps;
    this.#input = input.name;
    this.#layers = new Map(
      layers.map((layer) => {
        const { node, size } = layer.stage;
        const watch: LayerWatch = {
          layer,
          tally: new LayerTally(layer),
          size,
          outputs: new Float64Array(steps * size),
          potentials: new Float64Array(steps * size),
          hasState: false,
        };
        return [node, watch];
      }),
    );
  }

  /** The outputs of the stages in the sample that ran in doubles, and the input. */
  outputs(input: ArrayLike<number>): OutputsByStage {
    const all = new Map<string, ArrayLike<number>>([[this.#input, input]]);
    for (const { layer, outputs } of this.#layers.values()) all.set(layer.stage.name, outputs);
    return all;
  }

  beginSample(): void {
    for (const { tally } of this.#layers.values()) tally.beginSample();
  }

  endSample(): (number | undefined)[] {
    return [...this.#layers.values()].map(({ tally }) => tally.endSample());
  }

  /** Keeps the output of a node in a step in doubles. */
  float(node: string, step: number, values: Float64Array, v: Float64Array | undefined): void {
    const layer = this.#layers.get(node);
    if (layer === undefined) return;
    layer.outputs.set(values, step * layer.size);
    layer.hasState = v !== undefined;
    if (v !== undefined) layer.potentials.set(v, step * layer.size);
  }

  /** Compares a step of what runs in integers, which has just been. */
  integer(step: number): void {
    for (const { layer, tally, size, outputs, potentials, hasState } of this.#layers.values()) {
      const own = step - layer.depth;
      if (own < 0 || own >= this.#steps) continue;
      const values = outputs.subarray(own * size, (own + 1) * size);
      if (layer.isSpiking) tally.spikes(values, layer.spikes());
      const stored = hasState ? layer.potentials() : undefined;
      if (stored !== undefined)
        tally.potentials(potentials.subarray(own * size, (own + 1) * size), values, stored);
    }
  }

  results() {
    return [...this.#layers.values()].map(({ tally }) => tally.result());
  }
}

/** Samples whose drift is told apart by its causes. */
const samplesForCauses = 10;

/** A sample in units of the weights from the input, unrounded. */
function inputOf({ numbers: { scale, offset }, ...data }: InputData, sample: number): Float64Array {
  return Float64Array.from(data.doubles(sample), (value) => (value - offset) / scale);
}

/** How many samples are among those of a calibration. */
function sharedOf(calibration: InputData, data: InputData): NonNullable<Drift['calibration']> {
  const digests = (of: InputData) =>
    Array.from({ length: of.samples }, (_, at) => bytesToHex(sha256(of.sample(at))));
  const known = new Set(digests(calibration));
  return { samples: calibration.samples, shared: digests(data).filter((digest) => known.has(digest)).length };
}

/** The total output of each neuron over all steps. */
function summedBy(values: Float64Array, size: number): Float64Array {
  const sums = new Float64Array(size);
  for (const [at, value] of values.entries()) sums[at % size] = (sums[at % size] ?? 0) + value;
  return sums;
}

/** The first neuron with the largest score. */
function largestOf(size: number, score: (neuron: number) => number): number {
  let best = 0;
  for (let neuron = 1; neuron < size; neuron++) if (score(neuron) > score(best)) best = neuron;
  return best;
}

/** Compares a layer in doubles with the same layer in integers, step by step. */
class LayerTally {
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
