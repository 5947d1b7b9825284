import * as z from 'zod';
import { command, option } from '../text/index.ts';
import { readTagged } from './tagged.ts';

const share = z.number().min(0).max(1);
const both = z.object({ float: z.number(), integer: z.number() });

const layerSchema = z.object({
  /** The node of the graph, and the population that it became. */
  node: z.string(),
  population: z.string(),
  neurons: z.number(),
  /** Spikes of a neuron in a step, on average; absent for neurons that do not spike. */
  rate: both.optional(),
  /** How often a neuron gave the most spikes of a step that it can tell; absent for those that fire at most once. */
  saturated: z.number().optional(),
  /** Share of the spikes that only one of both has, of those that any has. */
  differing: share.optional(),
  /**
   * Shares of spikes that differ where one part of the layer alone is that of the integers, on the spikes that its
   * sources give in floats; absent for neurons that do not spike.
   */
  causes: z.object({ weights: share, leak: share, threshold: share, accumulator: share }).optional(),
  /** Pearson's correlation of potentials after each step; absent where they do not vary. */
  correlation: z.number().optional(),
  /** Root of the mean square of the difference of potentials, in units of the graph. */
  error: z.number().optional(),
});

const sampleSchema = z.object({
  label: z.number().optional(),
  /** The answers of another program, by the data. */
  recorded: z.number().optional(),
  float: z.number(),
  integer: z.number(),
  /** By layer, the share of spikes that only one of both has; null for layers that do not spike. */
  differing: z.array(share.nullable()),
});

const driftTag = 'plasticore/drift/1';

const driftSchema = z.object({
  schema: z.literal(driftTag),
  program: z.string(),
  hwModel: z.string(),
  precision: z.string(),
  samples: z.number(),
  steps: z.number(),
  /** Samples that set the scales, and how many of those checked are among them; absent if none were used. */
  calibration: z.object({ samples: z.number(), shared: z.number() }).optional(),
  /** In the order in which they act. */
  layers: z.array(layerSchema),
  /** In the order of the data. */
  bySample: z.array(sampleSchema),
  /** Share of samples that both answer alike. */
  agreement: share,
  /** Shares of right answers; absent for data without labels. */
  accuracy: both.optional(),
  /** Shares of the answers in the data that are given, too; absent for data without any. */
  recorded: both
    .extend({
      /** How many samples have such an answer. */
      samples: z.number().optional(),
    })
    .optional(),
});

/** A network in doubles, and in integers on a core, on the same samples. */
export type Drift = z.infer<typeof driftSchema>;
export type LayerDrift = z.infer<typeof layerSchema>;
export type SampleDrift = z.infer<typeof sampleSchema>;

/** As a file, for {@link readDrift}. */
export function driftJson(drift: Omit<Drift, 'schema'>): string {
  return `${JSON.stringify({ schema: driftTag, ...drift }, null, 2)}\n`;
}

/**
 * Reads a `drift.json`.
 *
 * @throws PlasticoreError `format` for another file, or a damaged one
 */
export function readDrift(text: string, file: string): Drift {
  return readTagged(text, file, {
    tag: driftTag,
    schema: driftSchema,
    what: 'comparison of floats and integers',
    hint: `${command('import FILE.nir', option('check', 'DATA'))} writes one`,
  });
}

/** Layers that could spike and never did, in floats and in integers. */
export function silentLayers({ layers }: Pick<Drift, 'layers'>): readonly LayerDrift[] {
  return layers.filter(({ rate }) => rate !== undefined && rate.float === 0 && rate.integer === 0);
}

/** What a comparison does not show at a glance: layers that never spiked agree, whatever they are. */
export function driftRemarks({
  layers,
  bySample,
  calibration,
}: Pick<Drift, 'layers' | 'bySample' | 'calibration'>): string[] {
  const silent = silentLayers({ layers });
  const saturated = layers.filter(({ saturated = 0 }) => saturated > 0);
  return [
    ...(calibration === undefined || calibration.shared === 0
      ? []
      : [
          `${calibration.shared} of ${bySample.length} checked samples are among those that set the scales: others may drift more; calibrate on samples that are not checked`,
        ]),
    ...(silent.length === 0
      ? []
      : [
          `no spike in ${bySample.length} samples of ${silent.map(({ node }) => `'${node}'`).join(', ')}: floats and integers agree there on nothing; is the time step (dt) right?`,
        ]),
    ...saturated.map(
      ({ node, saturated: count = 0 }) =>
        `node '${node}': ${count} times a neuron fired more often in a step than a spike carries; a calibration makes room for more`,
    ),
  ];
}
