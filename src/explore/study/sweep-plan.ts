import * as z from 'zod';
import { identitySchema, type RunIdentity } from '../../experiment/index.ts';
import type { Axis, DesignKey, Sweep } from '../../report/index.ts';
import { option, PlasticoreError, reasonOf, recordOf } from '../../text/index.ts';
import { cellName } from '../space/index.ts';

/**
 * The contents of a sweep's folder: its designs with their seeds, and everything their results depend on, so
 * that a resumed sweep can be compared with it. All of it is JSON; files and data are represented by their
 * SHA-256.
 */
export interface SweepPlan extends SweepHead, Extent {
  readonly schema: typeof planSchema;
  /** By name; ordered by precision, then by the values of each axis, the last one varying fastest. */
  readonly designs: Readonly<Record<string, DesignPlan>>;
}

export const planSchema = 'plasticore/sweep-plan/3';
const earlierSchema = 'plasticore/sweep-plan/2';

/** Everything that the cells of a sweep have in common. */
export interface SweepHead {
  readonly plasticore: string;
  readonly experiment: string;
  readonly scoredOn: Sweep['scoredOn'];
  readonly record: string | null;
}

/** The values that a sweep covers, in order. Not every design need have every seed. */
export interface Extent {
  readonly precisions: readonly string[];
  readonly seeds: readonly number[];
  readonly axes: readonly Axis[];
}

export interface DesignPlan extends DesignKey {
  readonly seeds: readonly number[];
  /** The identity of its run with seed 0; it is incomplete if an earlier release wrote it. */
  readonly content: KnownIdentity | Refusal;
}

/** An identity, or the part of it that its release knew. */
type KnownIdentity = { readonly [Key in keyof RunIdentity]?: RunIdentity[Key] | undefined };

/** Why a design does not run. */
export interface Refusal {
  readonly status: 'misfit' | 'failed';
  readonly reason: string;
}

export function refusalOf(error: PlasticoreError): Refusal {
  return { status: error.code === 'fit' ? 'misfit' : 'failed', reason: reasonOf(error) };
}

/** Plans of earlier releases know less of an identity, and two values that its hashes cover. */
const identityAtSeed0 = identitySchema
  .partial()
  .extend({ program: z.string().optional(), validation: z.unknown().optional() })
  .transform(({ program: _program, validation: _validation, ...identity }) => identity);

/** The schema of `plan.json`. */
export const sweepPlanSchema: z.ZodType<SweepPlan> = z.strictObject({
  schema: z
    .enum([planSchema, earlierSchema], {
      error: ({ input }) => `schema ${input} found, ${planSchema} expected`,
    })
    .transform((): typeof planSchema => planSchema),
  plasticore: z.string(),
  experiment: z.string(),
  scoredOn: z.enum(['test', 'validation']),
  record: z.string().nullable(),
  precisions: z.array(z.string()),
  seeds: z.array(z.number()),
  axes: z.array(z.strictObject({ path: z.string(), values: z.array(z.unknown()) })),
  designs: recordOf(
    z.string(),
    z.strictObject({
      precision: z.string(),
      values: recordOf(z.string(), z.unknown()),
      seeds: z.array(z.number()),
      content: z.union([
        z.strictObject({ status: z.enum(['misfit', 'failed']), reason: z.string() }),
        identityAtSeed0,
      ]),
    }),
  ),
});

export function isRefusal(content: DesignPlan['content']): content is Refusal {
  return 'status' in content;
}

/** The cells of a design; none if it does not compile. */
export function cellsOf(
  name: string,
  { seeds, content }: DesignPlan,
): { readonly name: string; readonly seed: number }[] {
  return isRefusal(content) ? [] : seeds.map((seed) => ({ name: cellName(name, seed), seed }));
}

/**
 * The combined extent of two sweeps in one folder. If the later one includes everything of the earlier one,
 * its order applies. Otherwise the experiment's order applies, followed by values it does not list: numbers
 * by value, then everything else by its JSON text. The order therefore depends only on the contents of the
 * folder and the last request, not on the steps in between.
 */
export function joinExtents(before: Extent, now: Extent, experiment: Extent): Extent {
  const valuesOf = ({ axes }: Extent, path: string) => axes.find((axis) => axis.path === path)?.values ?? [];
  return {
    precisions: joinLists(before.precisions, now.precisions, experiment.precisions),
    seeds: joinLists(before.seeds, now.seeds, experiment.seeds),
    axes: now.axes.map(({ path, values }) => ({
      path,
      values: joinLists(valuesOf(before, path), values, valuesOf(experiment, path)),
    })),
  };
}

function joinLists<T>(before: readonly T[], now: readonly T[], usual: readonly T[]): readonly T[] {
  const isIn = (value: T, all: readonly T[]) => placeOf(value, all) < all.length;
  if (before.every((value) => isIn(value, now))) return now;
  return [...before, ...now.filter((value) => !isIn(value, before))].sort(
    (a, b) => placeOf(a, usual) - placeOf(b, usual) || compareUnlisted(a, b),
  );
}

function compareUnlisted(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'number' || typeof b === 'number') return typeof a === 'number' ? -1 : 1;
  const [textA, textB] = [JSON.stringify(a), JSON.stringify(b)];
  if (textA === textB) return 0;
  return textA < textB ? -1 : 1;
}

/** The index of a value; one past the end if the list does not have it. */
function placeOf<T>(value: T, all: readonly T[]): number {
  const text = JSON.stringify(value);
  const index = all.findIndex((one) => JSON.stringify(one) === text);
  return index < 0 ? all.length : index;
}

/**
 * Refuses to continue in the folder of another sweep.
 *
 * @param file the plan's, for the message
 * @throws PlasticoreError `usage` with the differences
 */
export function checkHead(
  before: SweepHead & Pick<Extent, 'axes'>,
  now: SweepHead & Pick<Extent, 'axes'>,
  file: string,
) {
  const head = ({ plasticore, experiment, scoredOn, record, axes }: SweepHead & Pick<Extent, 'axes'>) => ({
    plasticore,
    experiment,
    scoredOn,
    record,
    varied: axes.map(({ path }) => path),
  });
  refuse(differences(head(before), head(now)), file);
}

/**
 * Refuses to continue from results that would be different now. A design that did not compile has no results.
 *
 * @param now includes the designs of `before`
 * @throws PlasticoreError `usage` with the differences
 */
export function checkDesigns(before: SweepPlan['designs'], now: SweepPlan['designs'], file: string): void {
  const found = Object.entries(before).flatMap(([name, { content: had }]) => {
    const has = now[name]?.content;
    if (isRefusal(had)) return [];
    if (has === undefined) return [`designs, ${name}: is no longer part of this sweep`];
    return isRefusal(has)
      ? [`designs, ${name}: compiled before, now: ${has.reason}`]
      : differences(sharedKeys(had, has), sharedKeys(has, had), ['designs', name]);
  });
  refuse(found, file);
}

/** The keys of an identity that another one has as well. */
function sharedKeys(own: KnownIdentity, other: KnownIdentity): KnownIdentity {
  return Object.fromEntries(Object.entries(own).filter(([key]) => Object.keys(other).includes(key)));
}

function refuse([first, ...others]: readonly string[], file: string): void {
  if (first === undefined) return;
  const more = others.length === 0 ? '' : `; and ${others.length} more`;
  throw new PlasticoreError('usage', `this is a different sweep: ${first}${more}`, {
    file,
    hint: `with ${option('resume')} only precisions, seeds and values to vary may change; or choose another ${option('out')}`,
  });
}

/** Describes where two JSON values differ: `designs, mp16-8, epochs: 3 before, 4 now`. */
function differences(before: unknown, now: unknown, path: readonly string[] = []): string[] {
  if (isRecord(before) && isRecord(now)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
    return keys.flatMap((key) => differences(before[key], now[key], [...path, key]));
  }
  const [a, b] = [before, now].map((value) => (value === undefined ? 'nothing' : JSON.stringify(value)));
  return a === b ? [] : [`${path.join(', ')}: ${a} before, ${b} now`];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
