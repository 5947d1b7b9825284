// The format `ranc-golden/1` (../ranc.md, section 8), as types.

/** dx, dy, axon, offset; null where a FIFO does not hold it. */
export type Word = readonly [dx: number, dy: number, axon: number, offset: number];
type Numbers = readonly number[];
type Rows = readonly Numbers[];

export interface RancStimulus {
  readonly format: 'ranc-golden/1';
  readonly name: string;
  readonly description: string;
  readonly seed: number | null;
  readonly config: RancConfig;
  /** By router; null for the output bus. */
  readonly cores: readonly (RancMemories | null)[];
  readonly stimulus: {
    readonly ticks: Numbers;
    /** [cycle, dx, dy, axon, offset] */
    readonly packets: readonly (readonly [number, ...Word])[];
    readonly end: number;
    readonly axis?: RancAxis | undefined;
  };
}

export interface RancConfig {
  readonly grid: readonly [number, number];
  readonly output_core: readonly [number, number];
  readonly outputs: number;
  readonly axons: number;
  readonly neurons: number;
  readonly slots: number;
  readonly axon_types: number;
  readonly potential_width: number;
  readonly weight_width: number;
  readonly leak_width: number;
  readonly threshold_width: number;
  readonly dx_width: number;
  readonly dy_width: number;
  readonly fifo_depth: number;
  readonly input_fifo_depth: number;
}

export interface RancMemories {
  readonly xy: readonly [number, number];
  readonly axon_types: string;
  readonly crossbar: readonly string[];
  readonly weights: Rows;
  readonly leak: Numbers;
  readonly pos_threshold: Numbers;
  readonly neg_threshold: Numbers;
  readonly reset_potential: Numbers;
  readonly reset_mode: Numbers;
  readonly potential: Numbers;
  readonly dest: readonly Word[];
}

export interface RancAxis {
  readonly max_packets: number;
  readonly bursts: readonly (readonly [number, readonly Word[]])[];
}

export interface RancExpected {
  readonly core_ticks: Rows;
  readonly potentials: Rows;
  readonly spikes: Rows;
  readonly deliveries: Rows;
  readonly outputs: Rows;
  readonly hops?: readonly (readonly (number | null)[])[] | undefined;
  readonly hops_sha256: string;
  readonly fifo_writes: Rows;
  readonly fifo_max: Rows;
  readonly input_fifo_max: number;
  readonly input_drops: Rows;
  readonly missed_ticks: Rows;
  readonly flags: {
    readonly token_controller_error: Rows;
    readonly scheduler_error: Rows;
    readonly packet_read_error?: Numbers | undefined;
    readonly fifo_write_error?: Numbers | undefined;
  };
  readonly axis_accepted?: Numbers | undefined;
  readonly final: {
    readonly potentials: readonly (Numbers | null)[];
    readonly read_pointer: readonly (number | null)[];
    readonly pending: Rows;
    readonly busy: Rows;
    readonly fifo: readonly (readonly (number | null)[])[];
    readonly input_fifo: number;
  };
}

export interface RancTrace extends RancStimulus {
  readonly expected: RancExpected;
}
