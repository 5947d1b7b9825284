import { CsvError, parse } from 'csv-parse/browser/esm/sync';
import * as z from 'zod';
import { type NdArray, readNpz } from '../../data/index.ts';
import { command, found, option, PlasticoreError, recordOf } from '../../text/index.ts';
import { type Drift, readDrift } from '../drift.ts';
import {
  chipSchema,
  coreKernelSchema,
  coreSchema,
  costsSchema,
  energySchema,
  epochSchema,
  kernelSchema,
  networkCountsSchema,
  networkSchema,
  phaseSchema,
  remarkSchema,
  reportCountersSchema,
} from '../schema.ts';
import { lifeSchema } from '../schema-life.ts';
import { fieldMemorySchema, memorySchema, savingSchema } from '../schema-parts.ts';
import { dataSchema, provenanceSchema } from '../schema-provenance.ts';
import { readTagged } from '../tagged.ts';

/** The files of one run. Only the report is required; arrays are read when a picture needs them. */
export interface RunFolder {
  /** The folder's path below the folder being reported on. It names the run on the page and its files in errors. */
  readonly name: string;
  /** `report.json`. */
  readonly report: string;
  /** `predictions.csv`. */
  readonly predictions?: string | undefined;
  /** `weights.npz`. */
  readonly weights?: (() => Uint8Array) | undefined;
  /** `record.npz`. */
  readonly recording?: (() => Uint8Array) | undefined;
  /** `drift.json`, which an import has left beside the program, in this folder or one above. */
  readonly drift?: string | undefined;
}

/** One run, read and validated. */
export interface Run {
  readonly name: string;
  readonly report: RunReport;
  /** Of classes. */
  readonly predictions: readonly Prediction[] | undefined;
  readonly weights: (() => Arrays) | undefined;
  readonly recording: (() => Arrays) | undefined;
  readonly drift: Drift | undefined;
}

export type Arrays = ReadonlyMap<string, NdArray>;

interface Prediction {
  readonly label: number;
  readonly prediction: number;
}

/** The keys of a report section that the page reads. The file may have other keys. */
function reads<Shape extends z.core.$ZodLooseShape, Key extends keyof Shape & string>(
  { shape }: z.ZodObject<Shape>,
  ...keys: readonly Key[]
): z.ZodObject<Pick<Shape, Key>, z.core.$strip> {
  return z.object(Object.fromEntries(keys.map((key) => [key, shape[key]])) as Pick<Shape, Key>);
}

const phase = reads(phaseSchema, 'accuracy', 'samples', 'chance', 'regression').extend({
  perSample: reads(costsSchema, 'latencyNs')
    .extend({
      counters: reads(reportCountersSchema, 'cycles', 'sops', 'updates').extend({
        byKernel: z.array(
          reads(kernelSchema, 'name', 'items', 'tiles', 'cycles', 'boundBy', 'wordsRead', 'wordsWritten'),
        ),
        byBank: reportCountersSchema.shape.byBank,
        network: networkCountsSchema.optional(),
      }),
      energyPj: energySchema,
    })
    .nullable(),
});

/** The part of a report that the page reads. */
const fileSchema = z.object({
  remarks: z.array(remarkSchema),
  train: phase.extend({
    history: z.array(reads(epochSchema, 'epoch', 'accuracy', 'validationAccuracy')),
  }),
  test: phase.optional(),
  validation: phase.optional(),
  memory: reads(memorySchema, 'totalBits', 'allocatedBits', 'inferenceBits').extend({
    fields: z.array(
      reads(fieldMemorySchema, 'name', 'bank', 'bitsPerItem', 'count', 'totalBits', 'neededFor'),
    ),
    savings: z.array(reads(savingSchema, 'inferenceWeights', 'bits', 'fp32Bits', 'ratio', 'basis')),
  }),
  core: reads(coreSchema, 'clockMhz', 'lanes', 'area', 'activity').extend({
    kernels: z.array(reads(coreKernelSchema, 'name', 'intervalCycles', 'utilisation')),
  }),
  life: lifeSchema.optional(),
  chip: chipSchema.optional(),
  network: networkSchema,
  provenance: reads(
    provenanceSchema,
    'plasticore',
    'experiment',
    'program',
    'hwModel',
    'precision',
    'seed',
    'epochs',
    'encoder',
    'life',
    'limit',
    'settings',
    'sources',
    'arrays',
    'imageSha256',
  ).extend({ data: reads(dataSchema, 'name', 'description', 'train', 'test', 'validation', 'sha256') }),
});

/** The page calls the scored phase `test` even if it is a validation split; `scoredOn` tells which. */
const reportSchema = fileSchema.transform(({ validation, test, provenance, ...report }, context) => {
  const { validation: held, test: tested, ...data } = provenance.data;
  const scored = validation ?? test;
  if (scored === undefined) {
    context.addIssue({ code: 'custom', path: ['test'], message: 'both test and validation are missing' });
    return z.NEVER;
  }
  const scoredOn = validation === undefined ? ('test' as const) : ('validation' as const);
  return {
    ...report,
    scoredOn,
    test: scored,
    provenance: { ...provenance, data: { ...data, test: held ?? tested ?? scored.samples } },
  };
});
export type RunReport = z.infer<typeof reportSchema>;
export type RunPhase = RunReport['test'];

/**
 * Reads and validates the files of a run.
 *
 * @throws PlasticoreError `format` if the report is damaged, foreign or too new, `data` if another file is faulty
 */
export function readRun({ name, report, predictions, weights, recording, drift }: RunFolder): Run {
  const file = (own: string) => (name === '' ? own : `${name}/${own}`);
  const arrays = (own: string, read: (() => Uint8Array) | undefined) =>
    read === undefined ? undefined : () => readNpz(read(), file(own));
  const checked = readTagged(report, file('report.json'), {
    tag: 'plasticore/report/1',
    schema: reportSchema,
    what: 'report',
    hint: `${command('run EXPERIMENT', option('out', 'DIR'))} writes one`,
  });
  return {
    name,
    report: checked,
    // Numbers are not taken for each other.
    predictions:
      predictions === undefined || checked.test.regression !== undefined
        ? undefined
        : readPredictions(predictions, file('predictions.csv'), mostClassesOf(checked)),
    weights: arrays('weights.npz', weights),
    recording: arrays('record.npz', recording),
    drift: drift === undefined ? undefined : readDrift(drift, 'drift.json'),
  };
}

/** A matrix with more classes would be illegible, and its memory grows with the square of their number. */
const mostClasses = 4096;

/** Each class is a neuron of some population. */
function mostClassesOf({ network }: RunReport): number {
  return Math.min(mostClasses, Math.max(...network.populations.map(({ size }) => size)));
}

function readPredictions(text: string, file: string, classes: number): Prediction[] {
  const classOf = (cell: string | undefined, what: string, line: number): number => {
    if (cell !== undefined && /^\d+$/.test(cell) && Number(cell) < classes) return Number(cell);
    throw new PlasticoreError(
      'data',
      `expected a ${what} (a whole number below ${classes}), found ${found(cell)}`,
      { file, line },
    );
  };
  return parseCsv(text, file).flatMap(({ label, prediction }, index): Prediction[] => {
    // A chip may give none.
    const answer = prediction === '-1' ? -1 : classOf(prediction, 'prediction', index + 2);
    // A sample without a label.
    return label === '' ? [] : [{ label: classOf(label, 'label', index + 2), prediction: answer }];
  });
}

const rows = z.array(recordOf(z.string(), z.string()));

/**
 * Reads the rows of a CSV file below its header, by column.
 *
 * @throws PlasticoreError `data` with the line
 */
function parseCsv(text: string, file: string): Readonly<Record<string, string>>[] {
  try {
    return rows.parse(parse(text, { columns: true, skip_empty_lines: true }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new PlasticoreError('data', `not a readable CSV file: ${error.message}`, { file });
  }
}
