/** Recordings of public models of Loihi, `loihi-golden/1`. It shares no code with `src`. */

export type Model = 'text' | 'brian2loihi' | 'lava' | 'nengo_loihi';
export type Mode = 'mixed' | 'exc' | 'inh';
export type Format = { readonly mode: Mode; readonly bits: number; readonly exp: number };

/** By compartment and step, currents and voltages; by step, spikes. */
export interface Trace {
  u: number[][];
  v: number[][];
  spikes: number[][];
}

export interface Different {
  compartment: number;
  first_difference: number;
  u: number[];
  v: number[];
  spikes: number[];
}

export interface OtherModel {
  identical: number[];
  different: Different[];
  not_run: number[];
}

export interface Lif {
  format: 'loihi-golden/1';
  kind: 'lif';
  name: string;
  sources: Record<'brian2loihi' | 'nengo_loihi' | 'lava', string>;
  config: {
    steps: number;
    inputs: number;
    vmin: number;
    vmax: number;
    compartments: number;
    synapse_formats: Format[];
    decay_u: number[];
    decay_v: number[];
    vth: number[];
    bias_mant: number[];
    bias_exp: number[];
    refract: number[];
    class: string;
  };
  synapses: [input: number, compartment: number, format: number, mantissa: number][];
  stimulus: { inputs: number[][] };
  expected: Trace;
  other: Record<'brian2loihi' | 'lava', OtherModel>;
  weight_cases: {
    columns: string[];
    rows: [Mode, number, number, number, number, number, number | null][];
  };
}

export interface Layer {
  n: number;
  decay_u: number;
  decay_v: number;
  vth: number;
  bias_mant: number;
  bias_exp: number;
  refract: number;
}

export interface Run {
  config: {
    steps: number;
    inputs: number;
    vmin: number;
    vmax: number;
    layers: Record<string, Layer>;
    projections: (Format & {
      pre: string;
      post: string;
      synapses: [pre: number, post: number, mantissa: number, delay: number][];
    })[];
  };
  stimulus: { inputs: number[][] };
  expected: Record<string, Trace | string>;
  other: Record<string, 'identical' | Record<string, Trace>>;
}

export interface Net {
  format: 'loihi-golden/1';
  kind: 'net';
  name: string;
  sources: Lif['sources'];
  runs: Record<string, Run>;
}
