import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { type Conventions, type NirGraph, NirNetwork } from '../../nir/index.ts';
import type { Drift, LayerDrift, SampleDrift } from '../../report/index.ts';
import { indexOfLargest } from '../../text/index.ts';
import { checkAnswers, type InputData } from '../input-data.ts';
import type { NirStage } from '../map/stages.ts';
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
  const layers = new Map(
    running.layers.map((layer) => [layer.stage.node, new LayerTally(layer, data.steps)]),
  );
  const tallies = [...layers.values()];
  const bySample: SampleDrift[] = [];
  for (let sample = 0; sample < data.samples; sample++) {
    const outputs = yardstick.run(
      new Map([[input.node, data.doubles(sample)]]),
      data.steps,
      (node, step, values, v) => layers.get(node)?.float(step, values, v),
    );
    if (sample < samplesForCauses)
      causes?.sample(
        new Map<string, ArrayLike<number>>([
          [input.name, inputOf(data, sample)],
          ...tallies.map(({ layer, outputs: own }) => [layer.stage.name, own] as const),
        ]),
        data.steps,
      );
    const score = running.present(data, sample, (step) => {
      for (const tally of tallies) tally.integer(step);
    });
    const summed = summedBy(outputs.get(output) ?? new Float64Array(), readout.size);
    const label = data.labels?.[sample];
    const known = data.answers?.[sample];
    bySample.push({
      ...(label !== undefined && { label }),
      ...(known !== undefined && { recorded: known }),
      float: indexOfLargest(summed),
      integer: indexOfLargest(summed.map((_, neuron) => score(neuron) ?? 0)),
      differing: tallies.map((tally) => tally.endSample()),
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
    layers: tallies.map((tally) => {
      const layer = tally.result();
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

/** Compares a layer in doubles with the same layer in integers, step by step. */
class LayerTally {
  readonly layer: RunningLayer;
  /** Its outputs in doubles in a sample, step by step. */
  readonly outputs: Float64Array;
  readonly #potentials: Float64Array;
  /** Whether it has potentials in doubles. */
  #hasState = false;
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

  constructor(layer: RunningLayer, steps: number) {
    this.layer = layer;
    this.outputs = new Float64Array(steps * layer.stage.size);
    this.#potentials = new Float64Array(steps * layer.stage.size);
  }

  /** Keeps its output of a step in doubles. */
  float(step: number, values: Float64Array, v: Float64Array | undefined): void {
    this.outputs.set(values, step * values.length);
    this.#hasState = v !== undefined;
    if (v !== undefined) this.#potentials.set(v, step * v.length);
  }

  /** Compares a step of what runs in integers, which has just been. */
  integer(step: number): void {
    const { layer, outputs } = this;
    const { size } = layer.stage;
    const first = (step - layer.depth) * size;
    if (first < 0 || first >= outputs.length) return;
    const values = outputs.subarray(first, first + size);
    if (layer.isSpiking) this.#compareSpikes(values, layer.spikes());
    const stored = this.#hasState ? layer.potentials() : undefined;
    if (stored !== undefined)
      this.#comparePotentials(this.#potentials.subarray(first, first + size), values, stored);
  }

  /** The share of the sample's spikes that only one of the two had; null for neurons that do not spike. */
  endSample(): number | null {
    const differing = share(this.#sampleDiffering, this.#sampleAny);
    this.#sampleDiffering = 0;
    this.#sampleAny = 0;
    return this.layer.isSpiking ? differing : null;
  }

  /** @param float spikes of the step; @param integer the same, by the numbers of the program */
  #compareSpikes(float: ArrayLike<number>, integer: ArrayLike<number>): void {
    this.#steps += 1;
    const { countBits } = this.layer;
    for (let neuron = 0; neuron < float.length; neuron++) {
      const [a, b] = [float[neuron] ?? 0, integer[this.layer.number(neuron)] ?? 0];
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
  #comparePotentials(v: ArrayLike<number>, float: ArrayLike<number>, stored: ArrayLike<number>): void {
    const { layer } = this;
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
    const { node, name, size } = this.layer.stage;
    const perNeuron = (spikes: number) => spikes / Math.max(1, this.#steps * size);
    const n = Math.max(1, this.#count);
    const [varianceX, varianceY] = [this.#xx / n - (this.#x / n) ** 2, this.#yy / n - (this.#y / n) ** 2];
    const correlation = (this.#xy / n - (this.#x / n) * (this.#y / n)) / Math.sqrt(varianceX * varianceY);
    return {
      node,
      population: name,
      neurons: size,
      ...(this.layer.isSpiking && {
        rate: { float: perNeuron(this.#floatSpikes), integer: perNeuron(this.#integerSpikes) },
        differing: share(this.#differing, this.#any),
        ...(this.layer.countBits !== undefined && { saturated: this.#saturated }),
      }),
      ...(Number.isFinite(correlation) && { correlation }),
      ...(this.#count > 0 && { error: Math.sqrt(this.#squares / n) }),
    };
  }
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
