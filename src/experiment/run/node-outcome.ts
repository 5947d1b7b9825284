import { rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import { type Dataset, writeNpz } from '../../data/index.ts';
import { readText, readTextIfThere, writeAtomically } from '../../fs/index.ts';
import { functionOf } from '../../hardware/index.ts';
import { copyCounts, countersSchema, type Image, learntImage, writeImage } from '../../image/index.ts';
import {
  formatReport,
  historyCsv,
  lifeCsv,
  numbersCsv,
  predictionsCsv,
  type Report,
  type RunCounts,
  reportFault,
  stepsCsv,
} from '../../report/index.ts';
import {
  at,
  errorCodes,
  isBareName,
  jsonValue,
  PlasticoreError,
  recordOf,
  validated,
} from '../../text/index.ts';
import type { Cell } from '../description/index.ts';
import { runFiles } from '../disk/node-folder.ts';
import { damagedResults } from '../disk/node-results.ts';
import { scoredSamples } from '../session/index.ts';
import { identityOfRun, identitySchema, type RunIdentity } from './identity.ts';
import { targetsAndAnswers } from './outcome.ts';
import { type RecordingPlan, recordingArrays } from './recording.ts';
import type { RunResult } from './run.ts';
import { weightArrays } from './weights.ts';

/** Everything that a run writes to its folder. */
export interface RunResults {
  /** Whether to write an image of what was learnt, too. */
  readonly keepImage: boolean;
  readonly cell: Cell;
  readonly data: Dataset;
  readonly plan: RecordingPlan | undefined;
  readonly result: RunResult;
  readonly report: Report;
}

/**
 * Writes the results of a run, the report last, so its presence means that the other files are complete. Then removes
 * the checkpoint, which is no longer needed.
 */
export function writeResults(out: string, { keepImage, cell, data, plan, result, report }: RunResults): void {
  const { history, scored, recording, machine } = result;
  // Samples without labels have no right answers, but answers.
  const { classes, inputs, targets, origins } = data.test;
  const samples = scoredSamples(cell, data);
  const labels =
    classes > 0 || targets !== undefined ? Array.from(samples, (sample) => at(data.test.labels, sample)) : [];
  if (plan?.costs) writeAtomically(join(out, runFiles.steps), stepsCsv(recording.steps, recording.costs));
  if (plan !== undefined && plan.fields.length + plan.populations.length > 0) {
    const arrays = recordingArrays(cell.image, plan, recording, labels, scored.predictions);
    writeAtomically(join(out, runFiles.recording), writeNpz(arrays));
  }
  writeCounts(join(out, runFiles.counts), cell, { history, scored: scored.counters });
  writeAtomically(join(out, runFiles.weights), writeNpz(weightArrays(machine)));
  if (keepImage) {
    const samples = history.reduce((sum, epoch) => sum + epoch.samples, 0);
    if (history.length === 0) writeAtomically(join(out, runFiles.compiled), writeImage(cell.image));
    else {
      const learnt = learntImage(cell.image, (field) => machine.read(field), samples);
      writeAtomically(join(out, runFiles.image), writeImage(learnt));
    }
  }
  if (history.length > 0) writeAtomically(join(out, runFiles.history), historyCsv(report.train.history));
  if (classes > 0 || inputs > 0) {
    const numbers = targetsAndAnswers(cell, data.test, labels, scored.scores);
    const table =
      numbers === undefined
        ? predictionsCsv({ samples, origins }, labels, scored.predictions, scored.scores)
        : numbersCsv({ samples, origins }, numbers);
    writeAtomically(join(out, runFiles.predictions), table);
  }
  if (report.life !== undefined) writeAtomically(join(out, runFiles.life), lifeCsv(report.life));
  writeAtomically(join(out, runFiles.report), formatReport(report));
  removeCheckpoint(out);
}

const failureName = 'plasticore/failure/1';

/** `failure.json`: an error that would occur again if the run were repeated. */
const failureSchema = z.strictObject({
  schema: z.literal(failureName, {
    error: ({ input }) => `schema ${input} found, ${failureName} expected`,
  }),
  identity: identitySchema,
  code: z.enum(errorCodes),
  message: z.string(),
  place: z.strictObject({
    file: z.string().optional(),
    line: z.number().optional(),
    column: z.number().optional(),
  }),
  hint: z.string().optional(),
});
type Failure = z.infer<typeof failureSchema>;

export function writeFailure(out: string, identity: RunIdentity, error: PlasticoreError): void {
  const { code, message, file, line, column, hint } = error;
  const failure: Failure = {
    schema: failureName,
    identity,
    code,
    message,
    place: { file, line, column },
    hint,
  };
  writeAtomically(join(out, runFiles.failure), `${JSON.stringify(failure, null, 2)}\n`);
  removeCheckpoint(out);
}

/**
 * The report of a finished run; undefined if the run is not finished.
 *
 * @param check rejects the results of another run
 * @throws PlasticoreError `usage` for the results of another run, `file` for damaged ones; if the run failed, its own
 * error
 */
export function readFinished(
  out: string,
  check: (found: RunIdentity, what: string, file: string) => void = () => undefined,
): Report | undefined {
  const report = readReport(join(out, runFiles.report));
  const failure = readFailure(join(out, runFiles.failure));
  if (report !== undefined) {
    check(identityOfRun(report.provenance), 'this report', join(out, runFiles.report));
    // The process may have been killed between writing the report and removing the checkpoint.
    removeCheckpoint(out);
    return report;
  }
  if (failure === undefined) return undefined;
  check(failure.identity, 'this failure', join(out, runFiles.failure));
  removeCheckpoint(out);
  const { code, message, place, hint } = failure;
  throw new PlasticoreError(code, message, { ...place, hint });
}

/** The report in a file; undefined if there is none. */
export function readReport(path: string): Report | undefined {
  const text = readTextIfThere(path);
  if (text === undefined) return undefined;
  const value = readJson(path, text);
  const fault = reportFault(value);
  if (fault !== undefined) throw damagedResults(path, fault);
  return value as Report;
}

function readFailure(path: string): Failure | undefined {
  const text = readTextIfThere(path);
  return text === undefined ? undefined : checked(failureSchema, path, text);
}

function readJson(path: string, text: string): unknown {
  return jsonValue(text, (reason) => damagedResults(path, reason));
}

function checked<T>(schema: z.ZodType<T>, path: string, text: string): T {
  return validated(schema, readJson(path, text), (fault) => damagedResults(path, fault));
}

function removeCheckpoint(out: string): void {
  rmSync(join(out, runFiles.checkpoint), { force: true });
}

const schemaName = 'plasticore/counts/1';

/** The counts of a run, and the function of the core that decided them. */
export interface StoredCounts extends RunCounts {
  /** `functionOf` the hw-model; null if the run had an image from a file. */
  readonly function: Readonly<Record<string, unknown>> | null;
  /**
   * The hw-model's bundled name, or its path; null if the image came from a file, or the designs of a search share it.
   */
  readonly hw: string | null;
}

/** Writes `counts.json`. Keys have one order, also in a run that was resumed from a file. */
function writeCounts(path: string, cell: Cell, { history, scored }: RunCounts): void {
  const stored = {
    schema: schemaName,
    function: cell.hw === undefined ? null : functionOf(cell.hw),
    hw: hwNameOf(cell),
    history: history.map(({ epoch, samples, correct, validationCorrect, counters }) => ({
      epoch,
      samples,
      correct,
      validationCorrect,
      counters: copyCounts(counters),
    })),
    scored: copyCounts(scored),
  };
  writeAtomically(path, `${JSON.stringify(stored)}\n`);
}

/** Paths are absolute: `reprice` may be called from another folder. */
function hwNameOf({ hwReference, function: shared }: Cell): string | null {
  if (hwReference === undefined || shared !== undefined) return null;
  const { name, from } = hwReference;
  return isBareName(name) ? name : resolve(dirname(from), name);
}

/**
 * Reads `counts.json`.
 *
 * @param image the run's
 * @throws PlasticoreError `file` if it is missing or damaged
 */
export function readCounts(path: string, image: Image): StoredCounts {
  const counters = countersSchema(image);
  const count = z.number().int().min(0);
  const schema = z.strictObject({
    schema: z.literal(schemaName, { error: ({ input }) => `schema ${input} found, ${schemaName} expected` }),
    function: recordOf(z.string(), z.unknown()).nullable(),
    hw: z.string().nullable().default(null),
    history: z.array(
      z.strictObject({
        epoch: count,
        samples: count,
        correct: count,
        validationCorrect: count.optional(),
        counters,
      }),
    ),
    scored: counters,
  });
  return checked(schema, path, readText(path));
}
