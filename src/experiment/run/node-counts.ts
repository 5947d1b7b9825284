import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import { readText, writeAtomically } from '../../fs/index.ts';
import { functionOf } from '../../hardware/index.ts';
import { copyCounts, countersSchema, type Image } from '../../image/index.ts';
import type { RunCounts } from '../../report/index.ts';
import { isBareName, plainMessage, recordOf } from '../../text/index.ts';
import type { Cell } from '../description/index.ts';
import { damagedResults } from '../disk/node.ts';

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
export function writeCounts(path: string, cell: Cell, { history, scored }: RunCounts): void {
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
  const result = schema.safeParse(parsed(path), { error: plainMessage });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw damagedResults(path, `${issue?.path.join('.')}: ${issue?.message}`);
}

function parsed(path: string): unknown {
  const text = readText(path);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw damagedResults(path, error instanceof Error ? error.message : String(error));
  }
}
