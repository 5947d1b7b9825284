// The format `catalyst-n1-golden/1` (../n1.md, section 6), as types.

/** Parameters of neurons, in the order of the files. */
export const n1Parameters = [
  'threshold',
  'leak',
  'rest',
  'refractory',
  'noise',
  'tau1',
  'tau2',
  'dend_thr1',
  'dend_thr2',
  'dend_thr3',
  'homeo_target',
  'homeo_eta',
  'dend_parent',
  'decay_v',
  'decay_u',
  'bias',
  'tau_x2',
  'tau_y2',
  'tau_y3',
  'parent',
  'join',
  'root',
  'noise_target',
  'vmin',
  'vmax',
] as const;
export type N1Parameter = (typeof n1Parameters)[number];

/** What neurons hold, in the order of the files. */
export const n1States = [
  'potential',
  'current',
  'refractory',
  'acc',
  'dend1',
  'dend2',
  'dend3',
  'trace1',
  'trace2',
  'x2',
  'y2',
  'y3',
  'threshold',
  'spike_count',
  'spike_time',
] as const;
export type N1State = (typeof n1States)[number];

export interface N1Flags {
  learn: number;
  graded: number;
  dendritic: number;
  three_factor: number;
  noise: number;
  skip_idle: number;
  scale_u: number;
  reward: number;
}

export type N1PoolEntry = [source: number, target: number, weight: number, compartment: number, delay: number];
export type N1Route = [
  core: number,
  neuron: number,
  slot: number,
  toCore: number,
  toNeuron: number,
  weight: number,
];

export interface N1Core {
  readonly neurons: Readonly<Record<N1Parameter, readonly number[]>>;
  readonly epoch_interval: number;
  readonly update_passes: number;
  readonly reward_tau: number;
  readonly pool: readonly N1PoolEntry[];
  /** Neuron, base, count, format. */
  readonly index: readonly [number, number, number, number][];
  readonly microcode: Readonly<Record<string, string>>;
}

export interface N1Stimulus {
  readonly format: 'catalyst-n1-golden/1';
  readonly name: string;
  readonly description: string;
  readonly rtl: Readonly<Record<'repository' | 'commit' | 'licence' | 'top' | 'simulator', string>>;
  readonly seed: number;
  readonly config: {
    readonly cores: number;
    readonly neurons: number;
    readonly neuron_bits: number;
    readonly core_bits: number;
    readonly threshold_parameter: number;
  };
  readonly cores: readonly N1Core[];
  readonly routes: readonly N1Route[];
  readonly global_routes: readonly N1Route[];
  readonly stimulus: readonly {
    readonly flags?: Partial<N1Flags>;
    /** Core, neuron, current. */
    readonly inject: readonly [number, number, number][];
  }[];
}

export interface N1CoreState {
  cycles: number;
  lfsr: number;
  reward_trace: number;
  epoch_counter: number;
  neurons: Partial<Record<N1State, number[]>>;
  /** Address, weight, eligibility, delay, tag. */
  synapses: [number, number, number, number, number][];
}

export interface N1Expected {
  spikes: number;
  cycles: number;
  steps: {
    cycles: number;
    /** Cycle, core, neuron, payload. */
    spikes: [number, number, number, number][];
    cores: N1CoreState[];
  }[];
}

export interface N1Trace extends N1Stimulus {
  readonly expected: N1Expected;
}
