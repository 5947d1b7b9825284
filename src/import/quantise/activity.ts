import { type Conventions, type NirGraph, NirNetwork } from '../../nir/index.ts';
import type { InputData } from '../input-data.ts';
import { type Network, type NirStage, storedPotential } from '../map/stages.ts';

/** Counts magnitudes by powers of two. */
export class Magnitudes {
  /** Count i is for magnitudes from 2^(i - 1 - fine) to twice that; count 0 for smaller ones. */
  readonly #counts = new Float64Array(33);
  #all = 0;
  #most = 0;

  /** The largest. */
  get most(): number {
    return this.#most;
  }

  add(value: number): void {
    const magnitude = Math.abs(value);
    const place = 32 - Math.clz32(Math.min(2 ** 32 - 1, magnitude * 2 ** fine));
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
    this.#all += 1;
    if (magnitude > this.#most) this.#most = magnitude;
  }

  /** A bound that at most this share of the magnitudes exceeds: the largest magnitude, or a power of two. */
  bound(share: number): number {
    let beyond = 0;
    for (let place = 32; place > 0; place--) {
      beyond += this.#counts[place] ?? 0;
      if (beyond > share * this.#all) return Math.min(this.#most, 2 ** (place - fine));
    }
    return this.#most;
  }
}

/** Magnitudes below 2^-fine are counted together. */
const fine = 8;

/** The activity of a stage while a network ran in doubles, in units of its model. */
interface StageActivity {
  /** Of its potential and of its current. */
  readonly potential: Magnitudes;
  readonly current: Magnitudes;
  /** The largest magnitude of its output in a step: spikes, or a potential. */
  most: number;
  /** For each neuron, the mean of its output in a step, and of its square. */
  readonly mean: Float64Array;
  readonly meanSquare: Float64Array;
}

/** By the name of the stage. */
export type ActivityByStage = ReadonlyMap<string, StageActivity>;

/**
 * Runs a network in doubles on data, and records the ranges of its values.
 *
 * @param onSample called after each sample, with how many are done
 * @throws PlasticoreError `data` if the data do not fit the graph
 */
export function measureActivity(
  graph: NirGraph,
  rules: Conventions,
  { input, stages }: Network,
  data: InputData,
  onSample?: (done: number) => void,
): ActivityByStage {
  const yardstick = new NirNetwork(graph, rules);
  const activity = new Map<string, StageActivity>();
  const byNode = new Map<string, NirStage>();
  for (const stage of [input, ...stages]) {
    const [mean, meanSquare] = [new Float64Array(stage.size), new Float64Array(stage.size)];
    activity.set(stage.name, {
      potential: new Magnitudes(),
      current: new Magnitudes(),
      most: 0,
      mean,
      meanSquare,
    });
    byNode.set(stage.node, stage);
  }
  for (let sample = 0; sample < data.samples; sample++) {
    const given = new Map([[input.node, data.doubles(sample)]]);
    const seenInput = activity.get(input.name);
    const values = data.sample(sample);
    // In units of the core, as the weights from the input are.
    for (let step = 0; seenInput !== undefined && step < data.steps; step++)
      gather(seenInput, values.subarray(step * input.size, (step + 1) * input.size));
    yardstick.run(given, data.steps, (node, _, output, __, state) => {
      const stage = byNode.get(node);
      const seen = stage && activity.get(stage.name);
      if (seen === undefined || stage === input) return;
      gather(seen, output);
      if (stage?.model === undefined) return;
      const { unit, current, firing } = stage.model;
      if (state === undefined) {
        // A sum has no state: its output is its potential. The input of a threshold is not kept.
        if (firing === undefined) for (const value of output) seen.potential.add(value);
        return;
      }
      for (let at = 0; at < output.length; at++) {
        const stored = storedPotential(stage.model, at, state.v[at] ?? 0, output[at] ?? 0);
        const met = firing === undefined ? stored : (state.met[at] ?? 0) / (unit[at] ?? 1);
        seen.potential.add(Math.max(Math.abs(met), Math.abs(stored)));
        if (current !== undefined) seen.current.add((state.i[at] ?? 0) * (current.share[at] ?? 1));
      }
    });
    onSample?.(sample + 1);
  }
  const steps = data.samples * data.steps;
  for (const { mean, meanSquare } of activity.values()) {
    for (let at = 0; at < mean.length; at++) {
      mean[at] = (mean[at] ?? 0) / steps;
      meanSquare[at] = (meanSquare[at] ?? 0) / steps;
    }
  }
  return activity;
}

function gather(seen: StageActivity, output: ArrayLike<number>): void {
  for (let at = 0; at < output.length; at++) {
    const value = output[at] ?? 0;
    if (value === 0) continue;
    seen.mean[at] = (seen.mean[at] ?? 0) + value;
    seen.meanSquare[at] = (seen.meanSquare[at] ?? 0) + value * value;
    seen.most = Math.max(seen.most, Math.abs(value));
  }
}
