import * as z from 'zod';
import {
  contentOf,
  type Dataset,
  describeEncoding,
  describePart,
  type LabelledSet,
} from '../../data/index.ts';
import { writeImage } from '../../image/index.ts';
import { sha256 } from '../../random/index.ts';
import { isSharedRun, type ReportProvenance, sharedModel } from '../../report/index.ts';
import { option, PlasticoreError, recordOf } from '../../text/index.ts';
import { type Cell, describeLife } from '../description/index.ts';
import { jointSamples, lifeSamples, scoredSamples } from '../session/index.ts';
import { type RecordingPlan, recordedNames } from './recording.ts';

/**
 * Everything that a run's result depends on. Two runs of equal identity produce the same bytes. It stands in
 * each file of a run, and names the runs of a study.
 */
export const identitySchema = z.strictObject({
  cell: z.string(),
  precision: z.string(),
  hwModel: z.string(),
  seed: z.number(),
  epochs: z.number(),
  encoder: z.string(),
  /** The stages of its life, on one line; only where it has one. */
  life: z.string().optional(),
  /** The test set, or a part of the training set. */
  scoredOn: z.string(),
  limit: z.number().nullable(),
  settings: z.array(z.string()).readonly(),
  /** SHA-256 of the program's files; absent for a run that designs share, whatever their files. */
  sources: recordOf(z.string(), z.string()).readonly().optional(),
  /** File and SHA-256 of the module of its controller; only where it is in one. */
  controller: z.string().optional(),
  /** Of the image; for a run that designs share, of what they do alike. */
  imageSha256: z.string(),
  dataSha256: z.string(),
  recorded: z.array(z.string()).readonly(),
});

export type RunIdentity = Readonly<z.infer<typeof identitySchema>>;

/** @param neurobench whether updates of potentials are counted, too */
export function runIdentity(
  cell: Cell,
  data: Dataset,
  record: RecordingPlan | undefined,
  neurobench = false,
): RunIdentity {
  const { image, function: shared } = cell;
  return identityOfRun(
    provenanceOf(cell, data, {
      imageSha256: shared ?? imageHash(cell),
      dataSha256: dataHash(data),
      recorded: [...recordedNames(record, image), ...(neurobench ? ['neurobench'] : [])],
    }),
  );
}

/** Where the report of a run comes from, as far as it is known before the run. */
export function provenanceOf(
  cell: Cell,
  data: Dataset,
  { recorded, dataSha256, imageSha256 }: Pick<RunIdentity, 'recorded' | 'dataSha256' | 'imageSha256'>,
): ReportProvenance {
  const { image, validation, selection } = cell;
  const part = validation ?? selection;
  const held = data.validationFrom === undefined ? undefined : data.test.count - data.validationFrom;
  return {
    plasticore: image.provenance.compiler,
    experiment: cell.name,
    program: image.program,
    hwModel: image.core.hwModel,
    precision: image.core.precision,
    seed: image.seed,
    epochs: cell.epochs,
    ...(cell.inference === true && { inference: true as const }),
    encoder: describeInput(cell),
    ...(cell.life !== undefined && { life: describeLife(cell.life) }),
    limit: cell.limit ?? null,
    settings: cell.settings,
    data: {
      name: data.name,
      description: data.description,
      train: learnedSamples(cell, data),
      [validation === undefined ? 'test' : 'validation']: scoredSamples(cell, data).length,
      ...(held !== undefined && { validation: held }),
      corrections: data.corrections ?? [],
      sha256: dataSha256,
    },
    ...(part !== undefined && {
      validation: {
        ...(typeof part === 'number' ? { fraction: part } : part),
        heldOut: data.heldOut ?? 'stratified',
        // The run finds out which.
        ...(selection !== undefined && { bestEpoch: 0 }),
      },
    }),
    recorded,
    sources: image.provenance.sources,
    ...(image.core.controllerModule !== undefined && { controller: image.core.controllerModule }),
    ...(image.provenance.arrays.length > 0 && {
      arrays: image.provenance.arrays.map((array) => ({ ...array })),
    }),
    imageSha256,
  };
}

/** Samples for training that a run presents, each counted once. */
function learnedSamples(cell: Cell, data: Dataset): number {
  if (cell.life === undefined) return data.train.count;
  return jointSamples(lifeSamples({ ...cell, life: cell.life }, data)).length;
}

/** The identity of the run that has, or will have, a report of some provenance. */
export function identityOfRun(provenance: ReportProvenance): RunIdentity {
  const { experiment, precision, hwModel, seed, epochs, encoder, life, limit, settings } = provenance;
  const { validation, sources, controller, data, imageSha256, recorded } = provenance;
  const isShared = isSharedRun({ provenance });
  return {
    cell: experiment,
    precision,
    hwModel: isShared ? sharedModel : hwModel,
    seed,
    epochs,
    encoder,
    ...(life !== undefined && { life }),
    scoredOn: scoredOn(validation),
    limit,
    settings,
    ...(!isShared && { sources: Object.fromEntries(sources.map(({ file, sha256: hash }) => [file, hash])) }),
    ...(controller !== undefined && { controller: `${controller.file} ${controller.sha256}` }),
    imageSha256,
    dataSha256: data.sha256,
    recorded,
  };
}

function scoredOn(validation: ReportProvenance['validation']): string {
  if (validation === undefined) return 'the test set';
  const { fraction = 0, order, speakers, recordings, bestEpoch } = validation;
  const ofSamples = order === undefined ? fraction : { fraction, order };
  const ofRecordings = recordings === undefined ? ofSamples : { recordings };
  const part = describePart(speakers === undefined ? ofRecordings : { speakers });
  return bestEpoch === undefined ? part : `the test set, at the epoch that is best on ${part}`;
}

/**
 * A name for all that decides a run's result but its seed: equal for runs that differ in that alone.
 */
export function runKey(identity: RunIdentity): string {
  return digest(identityKeys.flatMap((key) => (key === 'seed' ? [] : [identity[key] ?? null])));
}

/** A name for a value of JSON, the same for equal values: the first 16 digits of its SHA-256. */
export function digest(value: unknown): string {
  return sha256([new TextEncoder().encode(JSON.stringify(value))]).slice(0, 16);
}

/** The hash of a cell's image, as its file has it. */
export function imageHash({ image }: Pick<Cell, 'image'>): string {
  return sha256([writeImage(image)]);
}

/**
 * A name for all that a cell does with given data: equal where only comments, layout or the order of keys differ in the
 * texts that it was made of.
 */
export function meaningOf(cell: Cell): string {
  const { image, name, epochs, life, limit, shift, split, arrays, task, validation, selection, chip } = cell;
  const provenance = { ...image.provenance, sources: [] };
  const plain = {
    ...image,
    provenance,
    cores: image.cores.map((core) => ({ ...core, image: { ...core.image, provenance } })),
  };
  return digest([
    imageHash({ image: plain }),
    describeInput(cell),
    name,
    epochs,
    life ?? null,
    limit ?? null,
    [shift, split, arrays, task, validation, chip].map((part) => part ?? null),
    ...(selection === undefined ? [] : [selection]),
  ]);
}

/** How samples become events, on one line. */
export function describeInput({ chip, encoder }: Cell): string {
  return chip?.input ?? describeEncoding(encoder);
}

/**
 * Refuses to continue from the files of a different run.
 *
 * @param what names the file: this checkpoint, this report
 * @throws PlasticoreError `usage` with the first difference
 */
export function checkIdentity(found: RunIdentity, expected: RunIdentity, what: string, file: string): void {
  for (const key of identityKeys) {
    const [had, has] = [shown(found[key]), shown(expected[key])];
    if (had === has) continue;
    // A formula that is written anew and comes to the same leaves the same image.
    if (key === 'settings' && found.imageSha256 === expected.imageSha256) continue;
    throw new PlasticoreError(
      'usage',
      `${what} belongs to another run: ${names[key]} ${had}, this run's ${has}`,
      {
        file,
        hint: `resume with the options that the run was started with, or choose another ${option('out')}`,
      },
    );
  }
}

function shown(value: RunIdentity[keyof RunIdentity]): string {
  if (typeof value !== 'object' || value === null) return `is ${value ?? 'none'}`;
  const items = Array.isArray(value) ? value : Object.entries(value).map((source) => source.join(' '));
  return items.length === 0 ? 'are none' : `are ${items.join(', ')}`;
}

const names: Readonly<Record<keyof RunIdentity, string>> = {
  cell: 'its experiment',
  precision: 'its precision',
  hwModel: 'its hw-model',
  seed: 'its seed',
  epochs: 'its number of epochs',
  encoder: 'its encoder',
  life: 'its life',
  scoredOn: 'what it is scored on',
  limit: 'its limit of samples',
  settings: 'its settings',
  sources: "its program's files",
  controller: 'the module of its controller',
  recorded: 'its recorded values',
  dataSha256: 'its data',
  imageSha256: 'its image, made of program, rules and hw-model,',
};
const identityKeys = Object.keys(names) as (keyof RunIdentity)[];

const hashes = new WeakMap<LabelledSet, Map<LabelledSet, string>>();

/** SHA-256 of all samples and labels; computed once for each data set in memory. */
export function dataHash({ train, test }: Dataset): string {
  const known = hashes.get(train) ?? new Map<LabelledSet, string>();
  hashes.set(train, known);
  const digest = known.get(test) ?? sha256(contentOfBoth(train, test));
  known.set(test, digest);
  return digest;
}

function* contentOfBoth(train: LabelledSet, test: LabelledSet): Generator<Uint8Array> {
  yield* contentOf(train);
  yield* contentOf(test);
}
