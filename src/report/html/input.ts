import { z } from 'zod';
import { type NdArray, readNpz } from '../../data/index.ts';
import { found, newerFormat, PlasticoreError } from '../../text/index.ts';
import { parseCsv } from './csv-file.ts';

/** The files of one run. Only its report must be there; arrays are read when a picture needs them. */
export interface RunFolder {
  /** Names the run in the page and its files in errors: the folder's path below the one that is reported on. */
  readonly name: string;
  /** `report.json`. */
  readonly report: string;
  /** `predictions.csv`. */
  readonly predictions?: string | undefined;
  /** `weights.npz`. */
  readonly weights?: (() => Uint8Array) | undefined;
  /** `record.npz`. */
  readonly recording?: (() => Uint8Array) | undefined;
}

/** One run, read and checked. */
export interface Run {
  readonly name: string;
  readonly report: RunReport;
  readonly predictions: readonly Prediction[] | undefined;
  readonly weights: (() => Arrays) | undefined;
  readonly recording: (() => Arrays) | undefined;
}

export type Arrays = ReadonlyMap<string, NdArray>;

export interface Prediction {
  readonly label: number;
  readonly prediction: number;
}

const numbers = z.record(z.string(), z.number());
const share = z.number().min(0).max(1).nullable();
const phase = z.object({
  accuracy: share,
  samples: z.number(),
  perSample: z
    .object({
      counters: z.object({
        cycles: z.number(),
        sops: z.number(),
        updates: z.number(),
        byKernel: z.array(
          z.object({
            name: z.string(),
            items: z.number(),
            tiles: z.number(),
            cycles: z.number(),
            boundBy: z.string(),
          }),
        ),
      }),
      energyPj: z.object({
        total: z.number(),
        byUnit: numbers,
        byKernel: z.array(z.object({ name: z.string(), energyPj: z.number() })),
        bySourceKind: numbers,
      }),
      latencyNs: z.number(),
    })
    .nullable(),
});

/** What the page reads of a report; what else is in it passes. */
const fileSchema = z.object({
  train: phase.extend({
    history: z.array(
      z.object({
        epoch: z.number(),
        accuracy: share,
        /** On a validation split, where there is one. */
        validationAccuracy: share.optional(),
      }),
    ),
  }),
  test: phase.optional(),
  validation: phase.optional(),
  memory: z.object({
    fields: z.array(
      z.object({
        name: z.string(),
        bank: z.string().nullable(),
        bitsPerItem: z.number(),
        count: z.number(),
        totalBits: z.number(),
        neededFor: z.enum(['inference', 'learning']),
      }),
    ),
    totalBits: z.number(),
    allocatedBits: z.number(),
    inferenceBits: z.number(),
    savings: z.array(
      z.object({
        basis: z.string(),
        inferenceWeights: z.enum(['stored', 'sliced']),
        bits: z.number(),
        fp32Bits: z.number(),
        ratio: z.number(),
      }),
    ),
  }),
  core: z
    .object({
      clockMhz: z.number(),
      lanes: z.number(),
      kernels: z.array(z.object({ name: z.string(), intervalCycles: z.number(), utilisation: numbers })),
    })
    .optional(),
  network: z
    .object({
      input: z.string(),
      populations: z.array(z.object({ name: z.string(), size: z.number() })),
      projections: z.array(z.object({ name: z.string(), from: z.string(), to: z.string() })),
    })
    .optional(),
  provenance: z.object({
    plasticore: z.string(),
    experiment: z.string(),
    program: z.string(),
    hwModel: z.string(),
    precision: z.string(),
    seed: z.number(),
    epochs: z.number(),
    encoder: z.string(),
    limit: z.number().nullable(),
    settings: z.array(z.string()),
    data: z.object({
      name: z.string(),
      description: z.string(),
      train: z.number(),
      test: z.number().optional(),
      validation: z.number().optional(),
      sha256: z.string(),
    }),
    sources: z.array(z.object({ file: z.string(), sha256: z.string() })),
    imageSha256: z.string(),
  }),
});

/** What was scored, the test set or a validation split, is `test` for the page, and `scoredOn` says which. */
const reportSchema = fileSchema.transform(({ validation, test, provenance, ...report }, context) => {
  const { validation: held, test: tested, ...data } = provenance.data;
  const scored = validation ?? test;
  if (scored === undefined) {
    context.addIssue({ code: 'custom', path: ['test'], message: 'neither test nor validation is there' });
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
 * Reads and checks the files of a run.
 *
 * @throws PlasticoreError `format` for a report that is damaged, foreign or too new, `data` for another file
 */
export function readRun({ name, report, predictions, weights, recording }: RunFolder): Run {
  const file = (own: string) => (name === '' ? own : `${name}/${own}`);
  const arrays = (own: string, read: (() => Uint8Array) | undefined) =>
    read === undefined ? undefined : () => readNpz(read(), file(own));
  const checked = readReport(report, file('report.json'));
  return {
    name,
    report: checked,
    predictions:
      predictions === undefined
        ? undefined
        : readPredictions(predictions, file('predictions.csv'), mostClassesOf(checked)),
    weights: arrays('weights.npz', weights),
    recording: arrays('record.npz', recording),
  };
}

const schemaName = 'plasticore/report/1';

function readReport(text: string, file: string): RunReport {
  const fail = (message: string, hint?: string) => new PlasticoreError('format', message, { file, hint });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw fail(
      `not JSON, or cut short: ${error instanceof Error ? error.message : String(error)}`,
      'the run that writes it can be made again: plasticore run, with --out',
    );
  }
  const tag = typeof parsed === 'object' && parsed !== null && 'schema' in parsed ? parsed.schema : undefined;
  if (tag !== schemaName) {
    const newer = newerFormat(String(tag), schemaName);
    if (newer !== undefined) throw fail(newer);
    const given = typeof tag === 'string' ? `schema '${tag}'` : 'no schema';
    throw fail(
      `not a report of plasticore: expected schema '${schemaName}', found ${given}`,
      'plasticore run and plasticore sweep write reports, with --out',
    );
  }
  const { success, data, error } = reportSchema.safeParse(parsed);
  if (success) return data;
  const [issue] = error.issues;
  const where = issue?.path.join('.') ?? '';
  throw fail(`a damaged report: ${where}: ${issue?.message ?? 'not as expected'}`);
}

/** A matrix of more classes cannot be read as a picture, and takes memory with their square. */
const mostClasses = 4096;

/** A class is a neuron of some population; reports of earlier releases do not list the populations. */
function mostClassesOf({ network }: RunReport): number {
  const sizes = network?.populations.map(({ size }) => size) ?? [mostClasses];
  return Math.min(mostClasses, Math.max(...sizes));
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
  return parseCsv(text, file).map(
    ({ label, prediction }, index): Prediction => ({
      label: classOf(label, 'label', index + 2),
      prediction: classOf(prediction, 'prediction', index + 2),
    }),
  );
}
