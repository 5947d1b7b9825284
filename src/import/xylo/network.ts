/** Numbers of each neuron of a layer. */
export interface XyloLayer {
  readonly name: string;
  readonly size: number;
  /** Logarithm to base 2 of the time constant in steps: of the membrane, and of each synaptic state. */
  readonly dashMem: Float64Array;
  readonly dashSyn: Float64Array;
  /** Absent where the layer has one synaptic state. */
  readonly dashSyn2?: Float64Array | undefined;
  readonly threshold: Float64Array;
  readonly bias: Float64Array;
}

/** Weights onto a synaptic state of a layer, row by row of their sources. */
export interface XyloWeights {
  /** The source: a hidden layer by its place, or the inputs. */
  readonly from: number | 'input';
  /** The target: a hidden layer by its place, or the outputs. */
  readonly to: number | 'output';
  readonly state: 1 | 2;
  readonly values: Float64Array;
}

/** Neurons whose spikes others take for their own in the same step: neuron `pairs[n][0]` leads to `pairs[n][1]`. */
export interface XyloAlias {
  readonly from: number;
  /** A layer behind `from`: an alias acts in the step of the spike, and neurons are served in their order. */
  readonly to: number;
  readonly pairs: readonly (readonly [number, number])[];
}

/**
 * A network as Xylo has it: inputs, hidden neurons in the order of their numbers on the chip, layer by layer, and
 * outputs. Its numbers are reals before they are quantised, and whole afterwards.
 */
export interface XyloNetwork {
  readonly inputs: number;
  readonly hidden: readonly XyloLayer[];
  readonly outputs: XyloLayer;
  readonly weights: readonly XyloWeights[];
  readonly aliases: readonly XyloAlias[];
}
