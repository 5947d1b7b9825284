import type { NodeType } from './graph.ts';

/** The types of a node's parameter. */
export interface ParameterRule {
  /** May be absent. */
  readonly optional?: true;
  /** Has to be above zero: a time constant. */
  readonly positive?: true;
  /** Whole numbers from this one on. */
  readonly wholeFrom?: number;
}

const perNeuron = { r: {}, v_leak: {}, tau: { positive: true } } as const;
const spiking = { v_threshold: {}, v_reset: { optional: true } } as const;
const twoTimes = {
  tau_syn: { positive: true },
  tau_mem: { positive: true },
  r: {},
  v_leak: {},
  w_in: { optional: true },
} as const;
const convolution = {
  weight: {},
  bias: {},
  stride: { wholeFrom: 1 },
  dilation: { wholeFrom: 1 },
  groups: { wholeFrom: 1 },
  input_shape: { optional: true, wholeFrom: 1 },
} as const;
const pooling = {
  kernel_size: { wholeFrom: 1 },
  stride: { wholeFrom: 1 },
  padding: { wholeFrom: 0 },
} as const;

/** The parameters of each type of node. */
export const parametersOf: Readonly<Record<NodeType, Readonly<Record<string, ParameterRule>>>> = {
  Input: { shape: { wholeFrom: 1 } },
  Output: { shape: { wholeFrom: 1 } },
  Affine: { weight: {}, bias: {} },
  Linear: { weight: {} },
  Scale: { scale: {} },
  Flatten: {
    start_dim: { wholeFrom: -32 },
    end_dim: { wholeFrom: -32 },
    input_type: { optional: true, wholeFrom: 0 },
  },
  Conv1d: convolution,
  Conv2d: convolution,
  SumPool2d: pooling,
  AvgPool2d: pooling,
  Delay: { delay: {} },
  Threshold: { threshold: {} },
  I: { r: {} },
  IF: { r: {}, ...spiking },
  LI: perNeuron,
  LIF: { ...perNeuron, ...spiking },
  CubaLI: twoTimes,
  CubaLIF: { ...twoTimes, ...spiking },
};
