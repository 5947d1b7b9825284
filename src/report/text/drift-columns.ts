import type { Drift, LayerDrift, SampleDrift } from '../drift.ts';
import { type Columns, column, numbers } from './columns.ts';
import { csvOf } from './csv.ts';
import { decimals, digits, grouped, percent } from './format.ts';

/** A layer in floats and in integers. @param core what the latter are called */
export function layerColumns(core = 'integer'): Columns<LayerDrift> {
  return [
    column('layer', ({ node }) => node),
    column('population', ({ population }) => population),
    numbers('neurons', ({ neurons }) => neurons, grouped),
    numbers('rate, float', ({ rate }) => rate?.float, decimals(4), 'rateFloat'),
    numbers(core, ({ rate }) => rate?.integer, decimals(4), 'rateInteger'),
    numbers('spikes that differ', ({ differing }) => differing, percent, 'differing'),
    numbers('correlation', ({ correlation }) => correlation, decimals(4)),
    numbers('error of potentials', ({ error }) => error, digits(3), 'error'),
  ];
}

/** A sample with its number in the data. */
type NumberedSample = SampleDrift & { readonly sample: number };

export function numberedSamples({ bySample }: Drift): NumberedSample[] {
  return bySample.map((own, sample) => ({ ...own, sample }));
}

/** The answers to a sample, and the share of spikes that differ by layer. @param has whether there is such a column */
export function sampleColumns(
  { layers }: Drift,
  has: (key: 'label' | 'recorded') => boolean = () => true,
): Columns<NumberedSample> {
  return [
    column('sample', ({ sample }) => sample),
    has('label') && numbers('label', ({ label }) => label),
    has('recorded') && numbers('recorded', ({ recorded }) => recorded),
    numbers('float', ({ float }) => float),
    numbers('integer', ({ integer }) => integer),
    ...layers.map(({ node }, layer) =>
      numbers(
        `differ in ${node}`,
        ({ differing }: SampleDrift) => differing[layer],
        percent,
        `differing.${node}`,
      ),
    ),
  ];
}

/** `drift-layers.csv`: a line for each layer. */
export function driftLayersCsv({ layers }: Drift): string {
  return csvOf(layers, layerColumns());
}

/** `drift-samples.csv`: a line for each sample, with the share of spikes that differ by layer. */
export function driftSamplesCsv(drift: Drift): string {
  return csvOf(numberedSamples(drift), sampleColumns(drift));
}
