import * as z from 'zod';
import { command, option, recordOf, type ValueOf } from '../text/index.ts';
import { type FigureName, figureNames } from './figures.ts';
import { lifeMetricNames } from './life.ts';
import { boundsSchema, remarkSchema } from './schema.ts';
import { lifeSchema } from './schema-life.ts';
import { count, determination, numbersByName, shareSchema, smape } from './schema-parts.ts';
import { readTagged } from './tagged.ts';

/*
 * The only definition of the result of a study: of a sweep, or of a search for designs. Its types are inferred from the
 * schemas below, and `npm run generate` writes them as JSON Schema. Keys are in the order of the file.
 */

const schemaName = 'plasticore/study/1';

function byFigure<Schema extends z.ZodType>(schema: Schema): z.ZodObject<Record<FigureName, Schema>> {
  const shape = Object.fromEntries(figureNames.map((name) => [name, schema])) as Record<FigureName, Schema>;
  return z.strictObject(shape);
}

// A study that was kept before there was a figure does not know it.
const figuresSchema = byFigure(z.number().nullable().default(null)).describe(
  'Figures of a sample, means over seeds; null where nobody knows one, or nothing was counted. Energies and latencies are those of an inference unless they are called those of training; `areaUm2` is that of all cores, `bits` the memory that learning needs',
);

const spreadSchema = z.strictObject({
  n: count,
  mean: z.number().nullable().describe('null for n = 0'),
  standardDeviation: count.nullable().describe('Of the sample (n - 1); null for n < 2'),
  standardError: count.nullable().describe('Of the mean: standard deviation / sqrt(n); null for n < 2'),
});

const { shape: life } = lifeSchema;
const lifeMetricsSchema = lifeSchema.pick(
  Object.fromEntries(lifeMetricNames.map((name) => [name, true])) as Record<
    (typeof lifeMetricNames)[number],
    true
  >,
);
const lifeSpreadsSchema = z.strictObject(
  Object.fromEntries(
    lifeMetricNames.map((name) => [name, spreadSchema.describe(life[name].description ?? '')]),
  ) as Record<(typeof lifeMetricNames)[number], typeof spreadSchema>,
);

const partsOfFigure = z.strictObject({
  byUnit: numbersByName,
  bySource: numbersByName.describe('By source of the figures of the hw-model'),
  interval: boundsSchema.exactOptional().describe('The bounds of the figure; absent where nobody knows it'),
});

/** The parts of figures. */
const partsSchema = z.strictObject({
  energyPj: partsOfFigure.describe('Of an inference'),
  trainingEnergyPj: partsOfFigure,
  areaUm2: partsOfFigure.describe('Of all cores'),
  bound: numbersByName.describe(
    'Shares of the cycles of an inference by what bounds them: `issue`, a class of units, ports of a bank',
  ),
  trainingBound: numbersByName,
});

const statusSchema = z
  .enum(['done', 'outside', 'unknown', 'misfit', 'failed', 'unfinished'])
  .describe(
    'outside: it runs, but misses a constraint; unknown: it runs, but nobody knows a figure that is wanted; misfit: the program does not fit; failed: any other error; unfinished: it has not run to its end',
  );

/** What designs without a place among those that are compared do, by their status. */
export const lacking = {
  outside: 'miss a constraint',
  unknown: 'have a figure that nobody knows',
  misfit: 'do not fit',
  failed: 'failed',
} as const;

const key = {
  precision: z.string(),
  values: recordOf(z.string(), z.unknown()).describe('The value on each axis but precision, by its path'),
};

const missSchema = z.strictObject({
  constraint: z.string(),
  figure: z
    .number()
    .nullable()
    .describe('What stands on its left; null, as the next, if it compares nothing'),
  by: count.nullable().describe('Share of the bound on its right by which the figure misses it'),
});

const designSchema = z.strictObject({
  name: z.string().describe('`mp16-8_lanes=8`'),
  ...key,
  settings: z.array(z.string()).describe('All that it changes, as the option `set` takes it'),
  status: statusSchema,
  reason: z
    .string()
    .nullable()
    .describe('Why it has no figures, which constraints it misses, or what nobody knows of it'),
  misses: z.array(missSchema).exactOptional().describe('The constraints that it misses, if it does'),
  run: z
    .string()
    .nullable()
    .describe('Names its runs, which it may share with other designs: folder `runs/RUN_seed=SEED`'),
  n: count.describe('Runs that its figures are means of'),
  figures: figuresSchema,
  spreads: byFigure(spreadSchema).exactOptional().describe('Over the seeds; absent for a single one'),
  accuracyError: count
    .nullable()
    .describe('Standard error of the accuracy: of seeds, as far as they are known, and of samples'),
  regression: z
    .strictObject({ sMAPE: spreadSchema, R2: spreadSchema })
    .exactOptional()
    .describe('Over the seeds; only where samples ask for numbers'),
  life: lifeSpreadsSchema.exactOptional().describe('Over the seeds; only where its runs were lives'),
  parts: partsSchema.nullable(),
  remarks: z.array(remarkSchema),
  onFront: z.boolean().describe('Whether its figures, taken as exact, put it on the front'),
  frontShare: shareSchema
    .nullable()
    .describe('Share of the draws in which it is on the front; null, as the next two, without a front'),
  standing: z
    .enum(['surely', 'perhaps', 'not'])
    .nullable()
    .describe(
      'Whether it is on the front, given that figures and accuracies are uncertain: surely in at least 95 % of the draws, not in at most 5 %. Nothing is sure of an accuracy that rests on a single seed',
    ),
  constraintShare: shareSchema.nullable().describe('Share of the draws in which it meets all constraints'),
});

/** A run of a design with a seed; of a design that does not compile, a single cell without seed. */
const cellSchema = z.strictObject({
  design: z.string().describe('The name of its design'),
  ...key,
  seed: count.nullable(),
  run: z.string().nullable().describe('Its folder below `runs/`'),
  status: statusSchema,
  reason: z.string().nullable().describe('Why figures are missing'),
  figures: figuresSchema,
  regression: z
    .strictObject({ sMAPE: smape, R2: determination })
    .exactOptional()
    .describe('Only where samples ask for numbers'),
  life: lifeMetricsSchema.exactOptional().describe('Only where it was a life'),
  remarks: z.array(remarkSchema),
});

const objectiveSchema = z.strictObject({
  name: z.string(),
  figure: z.enum(figureNames),
  unit: z.string(),
  better: z.enum(['more', 'less']),
});

const roundSchema = z
  .strictObject({
    limit: count.describe('The most samples that each of its runs learns from in a pass, and is scored on'),
    designs: count,
    runs: count.describe('Runs that no earlier round has'),
    seeds: count.exactOptional().describe('How many seeds its designs have then; absent for one'),
  })
  .describe('A round of a search by forecast: many designs with few samples, or few with many');

/** The searches for designs. */
export const searchNames = ['grid', 'random', 'evolve', 'forecast'] as const;

const studySchema = z.strictObject({
  schema: z.literal(schemaName),
  experiment: z.string(),
  scoredOn: z.enum(['test', 'validation']).describe('The samples on which accuracies were measured'),
  axes: z
    .array(
      z.strictObject({
        name: z.string().describe('In formulas and in tables'),
        path: z.string().describe('As the option `vary` takes it: `hw.lanes`; or `precision`'),
        values: z.array(z.unknown()),
      }),
    )
    .describe('What tells designs apart'),
  objectives: z.array(objectiveSchema).describe('What the front is of; none in a sweep'),
  constraints: z
    .array(z.string())
    .describe('Formulas that the figures of a design have to meet to be on the front'),
  search: z.strictObject({
    name: z.enum(searchNames).describe('A sweep looks at the whole grid'),
    seed: count,
    designs: count.nullable().describe('The most designs; null for no bound but the space, or a time'),
    rounds: z.array(roundSchema).exactOptional().describe('Of a search by forecast'),
  }),
  seeds: z
    .array(count)
    .describe(
      'Seeds of the runs. Of a search, the first is that of all designs; those near the front have all',
    ),
  runs: count.describe('Runs that are done'),
  intervals: recordOf(z.string(), z.strictObject({ low: z.number(), high: z.number() })).describe(
    'Intervals of the figures of each source, as factors, by its name',
  ),
  designs: z.array(designSchema).describe('In the order in which they were looked at'),
  front: z.array(z.string()).describe('Names of the designs that no other dominates'),
  draws: count.describe(
    'How often figures and accuracies were drawn anew for `frontShare` and `constraintShare`',
  ),
  cells: z
    .array(cellSchema)
    .exactOptional()
    .describe('Each design with each seed; only of a sweep, whose designs have runs of their own'),
});

/**
 * The result of a study, `study.json`, `schema: plasticore/study/1`. It does not depend on where and on how many
 * workers its runs ran, nor on how often it was interrupted.
 */
export type StudyReport = ValueOf<typeof studySchema>;
export type StudyDesign = ValueOf<typeof designSchema>;
/** A constraint that a design misses. */
export type Miss = ValueOf<typeof missSchema>;
export type StudyCell = ValueOf<typeof cellSchema>;
export type DesignParts = ValueOf<typeof partsSchema>;
export type Parts = ValueOf<typeof partsOfFigure>;
export type StudyStatus = ValueOf<typeof statusSchema>;
/** A round of a search by forecast. */
export type SearchRound = ValueOf<typeof roundSchema>;
/** A figure that is wanted, and whether more or less of it is better. */
export type Objective = ValueOf<typeof objectiveSchema>;
export type Standing = NonNullable<StudyDesign['standing']>;
/** A parameter that a study varies, with its values. */
export type Axis = Pick<StudyReport['axes'][number], 'path' | 'values'>;
/** All that defines a run except its seed. */
export type DesignKey = Pick<StudyDesign, 'precision' | 'values'>;

/** The share of the draws up to which a design is not on the front; surely, from one less this. */
export const doubtful = 0.05;

/** The JSON Schema (draft 7) of `study.json`. */
export function studyJsonSchema(): object {
  return {
    title: 'Plasticore study',
    ...z.toJSONSchema(studySchema, { target: 'draft-7', reused: 'ref' }),
  };
}

/**
 * Reads `study.json`.
 *
 * @throws PlasticoreError `format` if it is damaged, foreign or of another version
 */
export function readStudy(text: string, file = 'study.json'): StudyReport {
  return readTagged(text, file, {
    tag: schemaName,
    schema: studySchema,
    what: 'study',
    hint: `repeat the command, which keeps its runs: ${command('explore EXPERIMENT', option('out', 'DIR'), option('resume'))}`,
  });
}
