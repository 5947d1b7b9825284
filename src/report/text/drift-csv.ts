import type { Drift } from '../drift.ts';
import { csv } from './csv.ts';

/** `drift-layers.csv`: a line for each layer. */
export function driftLayersCsv({ layers }: Drift): string {
  return csv([
    ['layer', 'population', 'neurons', 'rateFloat', 'rateInteger', 'differing', 'correlation', 'error'],
    ...layers.map(({ node, population, neurons, rate, differing, correlation, error }) => [
      node,
      population,
      neurons,
      rate?.float ?? '',
      rate?.integer ?? '',
      differing ?? '',
      correlation ?? '',
      error ?? '',
    ]),
  ]);
}

/** `drift-samples.csv`: a line for each sample, with the share of spikes that differ by layer. */
export function driftSamplesCsv({ layers, bySample }: Drift): string {
  return csv([
    ['sample', 'label', 'recorded', 'float', 'integer', ...layers.map(({ node }) => `differing.${node}`)],
    ...bySample.map(({ label, recorded, float, integer, differing }, sample) => [
      sample,
      label ?? '',
      recorded ?? '',
      float,
      integer,
      ...differing.map((share) => share ?? ''),
    ]),
  ]);
}
