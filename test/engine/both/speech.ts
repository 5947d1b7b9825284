/*
 * The rule of the speech programs from its definition, in plain loops over whole numbers: no kernels, no fields, no
 * tiles.
 */

/** A matrix of synapses, row by row. */
export interface Synapses {
  readonly weights: readonly number[];
  readonly columns: number;
}

export interface Network {
  readonly delays: readonly number[];
  readonly inputs: number;
  readonly first: Synapses;
  /** Between hidden neurons, if the network is recurrent. */
  readonly recurrent?: Synapses | undefined;
  readonly last: Synapses;
  readonly weightBits: number;
  readonly threshold: number;
  readonly softmaxShift: number;
  readonly signalShift: number;
}

export interface Learnt {
  readonly scores: readonly number[];
  readonly counts: readonly number[];
  readonly errors: readonly number[];
  readonly signals: readonly number[];
  readonly eligibility: readonly number[];
  readonly recurrentEligibility: readonly number[];
  /** In the order of the steps: the level of each row, and which neurons are near their thresholds. */
  readonly steps: readonly { readonly levels: readonly number[]; readonly boxes: readonly boolean[] }[];
  readonly largest: number;
}

const clip = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** A sample: in each step, the count of each input. `label` is the class. */
export function learnt(network: Network, sample: readonly (readonly number[])[], label: number): Learnt {
  const { delays, inputs, first, recurrent, last, weightBits, threshold } = network;
  const hidden = first.columns;
  const rows = delays.length * inputs;
  const align = Math.max(0, 8 - weightBits);
  const traces = new Array<number>(rows + hidden).fill(0);
  const eligibility = new Array<number>(rows * hidden).fill(0);
  const recurrentEligibility = new Array<number>(hidden * hidden).fill(0);
  const v = new Array<number>(hidden).fill(0);
  const counts = new Array<number>(hidden).fill(0);
  const scores = new Array<number>(last.columns).fill(0);
  const steps: Learnt['steps'][number][] = [];
  let spikes = new Array<number>(hidden).fill(0);
  let largest = 0;
  for (const [step] of sample.entries()) {
    const heard = delays.flatMap((delay) =>
      Array.from({ length: inputs }, (_, input) => sample[step - delay]?.[input] ?? 0),
    );
    for (const [row, count] of [...heard, ...spikes].entries()) {
      const trace = traces[row] ?? 0;
      traces[row] = Math.min(trace - (trace >> 3) + 2048 * count, 65535);
    }
    const levels = traces.map((trace) => trace >> 8);
    const next: number[] = [];
    const boxes: boolean[] = [];
    for (let neuron = 0; neuron < hidden; neuron++) {
      let sum = (v[neuron] ?? 0) - ((v[neuron] ?? 0) >> 3);
      for (const [row, count] of heard.entries())
        sum += count * ((first.weights[row * hidden + neuron] ?? 0) << align);
      for (const [row, spike] of spikes.entries())
        sum += spike * ((recurrent?.weights[row * hidden + neuron] ?? 0) << align);
      boxes.push(Math.abs(sum - threshold) < threshold);
      const spike = sum >= threshold ? 1 : 0;
      next.push(spike);
      v[neuron] = spike === 1 ? 0 : sum;
      largest = Math.max(largest, Math.abs(sum));
      counts[neuron] = (counts[neuron] ?? 0) + spike;
      for (let output = 0; output < last.columns; output++)
        scores[output] = (scores[output] ?? 0) + spike * (last.weights[neuron * last.columns + output] ?? 0);
    }
    for (const [neuron, isNear] of boxes.entries()) {
      if (!isNear) continue;
      for (let row = 0; row < rows; row++)
        eligibility[row * hidden + neuron] = (eligibility[row * hidden + neuron] ?? 0) + (levels[row] ?? 0);
      for (let row = 0; row < hidden; row++)
        recurrentEligibility[row * hidden + neuron] =
          (recurrentEligibility[row * hidden + neuron] ?? 0) + (levels[rows + row] ?? 0);
    }
    steps.push({ levels, boxes });
    spikes = next;
  }
  const errors = softmaxErrors(scores, label, network.softmaxShift);
  const signals = Array.from({ length: hidden }, (_, neuron) => {
    const sum = errors.reduce(
      (all, error, out) => all + error * (last.weights[neuron * last.columns + out] ?? 0),
      0,
    );
    return clip(Math.floor(sum / 2 ** network.signalShift), -127, 127);
  });
  return { scores, counts, errors, signals, eligibility, recurrentEligibility, steps, largest };
}

/**
 * The shadow weights of 16 bits after the sample has been presented again, with nothing rounded off: in each step, the
 * product of level and signal is added where a neuron is near its threshold, and the next step uses the weights cut
 * from the sums.
 */
export function replayed(
  network: Network,
  shadows: { readonly first: readonly number[]; readonly recurrent: readonly number[] },
  sample: readonly (readonly number[])[],
  signals: readonly number[],
): { readonly first: number[]; readonly recurrent: number[] } {
  const { delays, inputs, weightBits, threshold } = network;
  const hidden = network.first.columns;
  const rows = delays.length * inputs;
  const kept = [...shadows.first, ...shadows.recurrent];
  const isRecurrent = shadows.recurrent.length > 0;
  const cut = 2 ** (16 - weightBits);
  const most = 2 ** (weightBits - 1);
  const weightOf = (synapse: number): number =>
    clip(Math.floor((kept[synapse] ?? 0) / cut + 0.5), -most, most - 1) << Math.max(0, 8 - weightBits);
  const traces = new Array<number>(isRecurrent ? rows + hidden : rows).fill(0);
  const v = new Array<number>(hidden).fill(0);
  let spikes = new Array<number>(hidden).fill(0);
  for (const [step] of sample.entries()) {
    const heard = delays.flatMap((delay) =>
      Array.from({ length: inputs }, (_, input) => sample[step - delay]?.[input] ?? 0),
    );
    const counts = [...heard, ...spikes];
    for (const [row, trace] of traces.entries())
      traces[row] = Math.min(trace - (trace >> 3) + 2048 * (counts[row] ?? 0), 65535);
    const next: number[] = [];
    for (let neuron = 0; neuron < hidden; neuron++) {
      let sum = (v[neuron] ?? 0) - ((v[neuron] ?? 0) >> 3);
      for (const row of traces.keys()) sum += (counts[row] ?? 0) * weightOf(row * hidden + neuron);
      if (Math.abs(sum - threshold) < threshold)
        for (const [row, trace] of traces.entries()) {
          const synapse = row * hidden + neuron;
          const moved = (kept[synapse] ?? 0) + (trace >> 8) * (signals[neuron] ?? 0);
          kept[synapse] = clip(moved, -32767, 32767);
        }
      next.push(sum >= threshold ? 1 : 0);
      v[neuron] = sum >= threshold ? 0 : sum;
    }
    spikes = next;
  }
  return { first: kept.slice(0, rows * hidden), recurrent: kept.slice(rows * hidden) };
}

/** 127 for the label, less 127 times the share of an output among powers of 2^(-1/16), in whole numbers. */
export function softmaxErrors(scores: readonly number[], label: number, shift: number): number[] {
  const best = Math.max(...scores);
  const shares = scores.map((score) => {
    const distance = Math.floor((best - score) / 2 ** shift);
    if (distance >= 256) return 0;
    return Math.floor(Math.round(4096 * 2 ** (-(distance % 16) / 16)) / 2 ** Math.floor(distance / 16));
  });
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map(
    (share, output) =>
      (output === label ? 127 : 0) - Math.floor((127 * share + Math.floor(total / 2)) / total),
  );
}
