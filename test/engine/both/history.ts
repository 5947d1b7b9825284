import { softmaxErrors } from './speech.ts';

/*
 * The rules of speech-windows and speech-delays from their definition, in plain loops over whole numbers: no
 * kernels, no rings, no positions. A spike is looked up as many steps ago as its delay says.
 */

/** Synapses from the inputs to the hidden neurons, row by row, with the delay of each in steps. */
export interface Connection {
  readonly weights: readonly number[];
  readonly delays: readonly number[];
}

export interface Network {
  readonly inputs: number;
  readonly hidden: number;
  readonly connections: readonly Connection[];
  /** From the hidden neurons to the outputs, row by row. */
  readonly last: readonly number[];
  readonly weightBits: number;
  readonly threshold: number;
  readonly softmaxShift: number;
  readonly signalShift: number;
  /** Steps of a window; 1 to remember every step. */
  readonly window: number;
}

export interface Heard {
  readonly scores: readonly number[];
  readonly counts: readonly number[];
  readonly errors: readonly number[];
  readonly signals: readonly number[];
  /** For a connection, each synapse's sum; `later`: as if its delay were so many windows longer. */
  readonly credits: (connection: number, later?: number) => number[];
}

/** A sample: in each step, the count of each input. `label` is the class. */
export function heard(network: Network, sample: readonly (readonly number[])[], label: number): Heard {
  const { inputs, hidden, connections, last, weightBits, threshold, window } = network;
  const outputs = last.length / hidden;
  const align = 2 ** Math.max(0, 8 - weightBits);
  const levels = levelsOf(sample, inputs);
  const v = new Array<number>(hidden).fill(0);
  const counts = new Array<number>(hidden).fill(0);
  const scores = new Array<number>(outputs).fill(0);
  const near: boolean[][] = [];
  for (const step of sample.keys()) {
    near.push([]);
    for (let neuron = 0; neuron < hidden; neuron++) {
      let sum = (v[neuron] ?? 0) - Math.floor((v[neuron] ?? 0) / 8);
      for (const { weights, delays } of connections)
        for (let input = 0; input < inputs; input++) {
          const synapse = input * hidden + neuron;
          const count = sample[step - (delays[synapse] ?? 0)]?.[input] ?? 0;
          sum += count * (weights[synapse] ?? 0) * align;
        }
      near[step]?.push(Math.abs(sum - threshold) < threshold);
      const spikes = sum >= threshold;
      v[neuron] = spikes ? 0 : sum;
      if (!spikes) continue;
      counts[neuron] = (counts[neuron] ?? 0) + 1;
      for (let output = 0; output < outputs; output++)
        scores[output] = (scores[output] ?? 0) + (last[neuron * outputs + output] ?? 0);
    }
  }
  const errors = softmaxErrors(scores, label, network.softmaxShift);
  const signals = counts.map((_, neuron) => {
    const sum = errors.reduce(
      (all, error, output) => all + error * (last[neuron * outputs + output] ?? 0),
      0,
    );
    return Math.min(127, Math.max(-127, Math.floor(sum / 2 ** network.signalShift)));
  });
  const windows = Math.ceil(sample.length / window);
  const isOpen = (neuron: number, at: number): boolean =>
    near.slice(at * window, (at + 1) * window).some((step) => step[neuron] === true);
  // The level in the last step of a window, if the sample has it.
  const levelIn = (input: number, at: number): number => levels[(at + 1) * window - 1]?.[input] ?? 0;
  const credits = (connection: number, later = 0): number[] =>
    (connections[connection]?.delays ?? []).map((delay, synapse) => {
      let sum = 0;
      for (let at = 0; at < windows; at++)
        if (isOpen(synapse % hidden, at))
          sum += levelIn(Math.floor(synapse / hidden), at - delay / window - later);
      return sum;
    });
  return { scores, counts, errors, signals, credits };
}

/** The level of each input's trace, after the spikes of each step. */
function levelsOf(sample: readonly (readonly number[])[], inputs: number): number[][] {
  const traces = new Array<number>(inputs).fill(0);
  return sample.map((counts) => {
    for (const [input, trace] of traces.entries())
      traces[input] = Math.min(trace - Math.floor(trace / 8) + 2048 * (counts[input] ?? 0), 65535);
    return traces.map((trace) => Math.floor(trace / 256));
  });
}
