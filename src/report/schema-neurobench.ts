import * as z from 'zod';
import { byName, count, determination, share, smape } from './schema-counts.ts';

/** Few-shot class-incremental learning as NeuroBench scores it (the same paper, Methods): accuracy by session. */
export const fscilSchema = z.strictObject({
  Accuracy: z.array(share).describe('After each session, on the classes of all sessions so far'),
  Base: share.describe('After the first session'),
  SessionAverage: share.describe('Mean over all sessions'),
});

/**
 * NeuroBench metrics under the names of its harness 2.3 (Yik et al., "The neurobench framework for benchmarking
 * neuromorphic computing algorithms and systems", Nature Communications 16:1545, 2025), on the scored samples; counts
 * are per sample.
 */
export const neurobenchSchema = z.strictObject({
  Footprint: count.describe('Bytes of weights, shadow weights and states: payload bits / 8'),
  ParameterCount: count.describe(
    'Weights, and other numbers that inference reads and does not write, such as biases; the synapses of a convolution share theirs',
  ),
  ConnectionSparsity: share.describe(
    'Share of inference weights that are zero, over all projections through which spikes act; pairs that a sparse projection leaves out are zeros',
  ),
  SynapticOperations: z.strictObject({
    Effective_MACs: count.describe('Multiply-accumulates of nonzero weights: by spikes that carry a value'),
    Effective_ACs: count.describe(
      "Accumulations of a nonzero weight by a spike; the core's own `sops` count zero weights too",
    ),
    Dense: count.describe('What hardware without sparsity would do: every connection at every step'),
  }),
  ActivationSparsity: z
    .number()
    .describe(
      'Share of neurons that do not spike in a time step, over all populations that can; input excluded. Spikes beyond the first of a neuron in a step lower it',
    ),
  ActivationSparsityByLayer: byName.describe('The same for each of these populations'),
  FSCIL: fscilSchema
    .exactOptional()
    .describe(
      'Few-shot class-incremental learning, each stage of a life a session; only where a run has a life',
    ),
  SMAPE: smape.exactOptional().describe('Only where samples ask for numbers, in place of an accuracy'),
  R2: determination.exactOptional().describe('Only where samples ask for numbers'),
  MembraneUpdates: count
    .exactOptional()
    .describe(
      'Steps in which a neuron changes its potential, the first of a sample always counted; only with option `neurobench`',
    ),
  NeuronOperations: z
    .strictObject({
      'Effective Neuron Ops': count.describe('Updates of potentials, times the operations of one'),
      'Neuron Dense Ops': count.describe('The same if every neuron were updated at every step'),
    })
    .exactOptional()
    .describe(
      'An update takes the arithmetic, shifts and logic of the kernels over neurons that store the potential; only with option `neurobench`',
    ),
});
