import * as z from 'zod';
import { command, newerFormat, option, PlasticoreError, recordOf } from '../../text/index.ts';
import type { Exploration } from '../explore.ts';
import { valueInWords } from '../sweep.ts';
import { type DesignPoint, type DesignSpace, designFigures, readableUnits } from './designs.ts';

const number = z.number().nullable();
const byName = recordOf(z.string(), z.number());
const parts = z.looseObject({ byUnit: byName });

/** The part of `explore.json` that the page reads. */
const explorationSchema = z.looseObject({
  experiment: z.string(),
  scoredOn: z.enum(['test', 'validation']),
  axes: z.array(z.looseObject({ name: z.string(), path: z.string(), values: z.array(z.unknown()) })),
  objectives: z.array(z.looseObject({ name: z.string(), figure: z.string() })),
  designs: z.array(
    z.looseObject({
      name: z.string(),
      precision: z.string(),
      values: recordOf(z.string(), z.unknown()),
      settings: z.array(z.string()),
      status: z.enum(['done', 'outside', 'unknown', 'misfit', 'failed']),
      reason: z.string().nullable(),
      run: z.string().nullable(),
      figures: z.looseObject({
        accuracy: number,
        energyPj: number,
        trainingEnergyPj: number,
        latencyNs: number,
        trainingLatencyNs: number,
        areaUm2: number,
        bits: number,
        inferenceBits: number,
      }),
      accuracySpread: z.looseObject({ n: z.number() }),
      accuracyError: number.default(null),
      spreads: recordOf(z.string(), z.looseObject({ standardError: number })).optional(),
      parts: z
        .looseObject({
          energyPj: parts,
          trainingEnergyPj: parts,
          areaUm2: parts,
          bound: byName,
          trainingBound: byName,
        })
        .nullable(),
      onFront: z.boolean(),
      frontShare: number,
      // Earlier releases did not say.
      standing: z.enum(['surely', 'perhaps', 'not']).nullable().default(null),
      constraintShare: number.default(null),
    }),
  ),
  draws: z.number(),
});

const schemaName: Exploration['schema'] = 'plasticore/explore/1';

/** The result of a search, as the page about it needs it. */
export interface SearchResult extends DesignSpace {
  readonly points: readonly ExploredPoint[];
}

/** A design, and the name of its runs, which it may share with others. */
interface ExploredPoint extends DesignPoint {
  readonly run: string | null;
}

/**
 * Reads `explore.json`.
 *
 * @throws PlasticoreError `format` if it is damaged, foreign or too new
 */
export function readExploration(text: string, file = 'explore.json'): SearchResult {
  const fail = (message: string, hint?: string) => new PlasticoreError('format', message, { file, hint });
  const again = `repeat the search, which keeps its runs: ${command('explore EXPERIMENT', option('out', 'DIR'), option('resume'))}`;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw fail(`not JSON, or cut short: ${error instanceof Error ? error.message : String(error)}`, again);
  }
  const tag = typeof parsed === 'object' && parsed !== null && 'schema' in parsed ? parsed.schema : undefined;
  if (tag !== schemaName) {
    const newer = newerFormat(String(tag), schemaName);
    const given = typeof tag === 'string' ? `schema '${tag}'` : 'no schema';
    throw fail(newer ?? `not a search of plasticore: expected schema '${schemaName}', found ${given}`);
  }
  const { success, data, error } = explorationSchema.safeParse(parsed);
  if (!success) {
    const [issue] = error.issues;
    throw fail(`damaged: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as expected'}`, again);
  }
  const { experiment, scoredOn, axes, objectives, designs, draws } = data;
  return {
    experiment,
    scoredOn,
    axes: axes.map(({ name, values }) => ({ name, values: values.map(textOf) })),
    objectives: objectives.map(({ name }) => name),
    wanted: objectives.flatMap(({ figure }) => designFigures.find(({ key }) => key === figure)?.key ?? []),
    points: designs.map(
      ({ precision, values, parts: consists, spreads, accuracyError, accuracySpread, ...design }) => ({
        ...design,
        seeds: accuracySpread.n,
        standardErrors: errorsIn(spreads, accuracyError),
        choices: axes.map(({ path }) => choiceOf(path === 'precision' ? precision : values[path])),
        energyPj: consists?.energyPj.byUnit ?? {},
        trainingEnergyPj: consists?.trainingEnergyPj.byUnit ?? {},
        areaUm2: readableUnits(consists?.areaUm2.byUnit ?? {}),
        bound: consists?.bound ?? {},
        trainingBound: consists?.trainingBound ?? {},
      }),
    ),
    draws,
  };
}

/** Standard errors by figure, as far as there are any. */
function errorsIn(
  spreads: Readonly<Record<string, { readonly standardError: number | null }>> | undefined,
  accuracy: number | null,
): Record<string, number> {
  const found = Object.entries(spreads ?? {}).flatMap(([figure, { standardError }]): [string, number][] =>
    standardError === null || standardError === 0 ? [] : [[figure, standardError]],
  );
  return { ...Object.fromEntries(found), ...(accuracy !== null && { accuracy }) };
}

function choiceOf(value: unknown): string | undefined {
  return value === undefined ? undefined : textOf(value);
}

function textOf(value: unknown): string {
  return valueInWords(value);
}
