// What the plain model of ReckOn takes and gives (../specification.md, section 2), as types.

/** Registers, memories and samples. */
export interface ReckonStimulus {
  readonly name: string;
  readonly description: string;
  readonly config: ReckonConfig;
  /** By pair of neurons. */
  readonly alpha: readonly number[];
  readonly thr: readonly number[];
  /** By pre, then by post or output; columns of the first two padded to a multiple of 16. */
  readonly w_inp: readonly (readonly number[])[];
  readonly w_rec: readonly (readonly number[])[];
  readonly w_out: readonly (readonly number[])[];
  readonly samples: readonly ReckonSample[];
}

export interface ReckonSample {
  readonly label: number;
  readonly target_from: number;
  readonly train: number;
  /** By tick, indices of inputs. */
  readonly inputs: readonly (readonly number[])[];
}

/** Registers that are parameters of the program. */
export const reckonParameters = [
  'num_inp',
  'num_rec',
  'num_out',
  'rst_mode',
  'do_eprop',
  'fp_loc_winp',
  'fp_loc_wrec',
  'fp_loc_wout',
  'fp_loc_tinp',
  'fp_loc_trec',
  'fp_loc_tout',
  'learn_sig_scale',
  'regul_mode',
  'regul_w',
  'en_stoch_round',
  'no_out_act',
  'force_traces',
  'kappa',
  'thr_h_0',
  'thr_h_1',
  'thr_h_2',
  'thr_h_3',
  'h_0',
  'h_1',
  'h_2',
  'h_3',
  'h_4',
  'lr_r_winp',
  'lr_p_winp',
  'lr_r_wrec',
  'lr_p_wrec',
  'lr_r_wout',
  'lr_p_wout',
  'regul_f0',
  'regul_k_inp_r',
  'regul_k_inp_p',
  'regul_k_rec_r',
  'regul_k_rec_p',
  'regul_k_mul',
] as const;

export const reckonRegisters = [
  ...reckonParameters,
  'seed_inp',
  'seed_rec',
  'seed_out',
  'seed_strnd_neur',
  'seed_strnd_oneur',
  'seed_strnd_tinp',
  'seed_strnd_trec',
  'seed_strnd_tout',
] as const;

export type ReckonConfig = Readonly<Record<(typeof reckonRegisters)[number], number>>;

export interface ReckonState {
  u: number[];
  trace_inp: number[];
  trace_rec: number[];
  trace_out: number[];
}

/** Of a sample: what a tick's STEP left (null at tick 0), and what each tick but the last cost. */
export interface ReckonSampleExpected {
  spikes: (number[] | null)[];
  out: (number[] | null)[];
  /** latency, STEP, EPROP, CNT, EVT, SUPP */
  cycles: number[][];
  /** Reads and writes of neurons, winp, wrec, wout. */
  sram: number[][];
  winner: number;
  winner_counts: number[];
}

/** What the chip did. */
export interface ReckonExpected {
  samples: ReckonSampleExpected[];
  state_after_step: ({ sample: number; tick: number } & ReckonState)[];
  final_state: ReckonState;
  final_w_inp: number[][] | null;
  final_w_rec: number[][] | null;
  final_w_out: number[][] | null;
}

export interface ReckonTrace extends ReckonStimulus {
  readonly expected: ReckonExpected;
}
