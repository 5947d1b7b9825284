import * as z from 'zod';
import {
  contentOf,
  type Dataset,
  describeEncoding,
  describePart,
  type LabelledSet,
  type ValidationPart,
} from '../../data/index.ts';
import { writeImage } from '../../image/index.ts';
import { sha256 } from '../../native/index.ts';
import type { Report } from '../../report/index.ts';
import { option, PlasticoreError } from '../../text/index.ts';
import type { Cell } from '../description/index.ts';
import { type RecordingPlan, recordedNames } from './recording.ts';

/** Everything that a run's result depends on. Two runs of equal identity produce the same bytes. */
export const identitySchema = z.strictObject({
  cell: z.string(),
  precision: z.string(),
  hwModel: z.string(),
  seed: z.number(),
  epochs: z.number(),
  encoder: z.string(),
  /** The test set, or a part of the training set. */
  scoredOn: z.string(),
  settings: z.array(z.string()).readonly(),
  imageSha256: z.string(),
  dataSha256: z.string(),
  recorded: z.array(z.string()).readonly(),
});
type ReportedValidation = NonNullable<Report['provenance']['validation']>;

export type RunIdentity = Readonly<z.infer<typeof identitySchema>>;

export function runIdentity(
  cell: Cell,
  data: Dataset,
  record: RecordingPlan | undefined,
  neurobench = false,
): RunIdentity {
  const { image } = cell;
  return {
    cell: cell.name,
    precision: image.core.precision,
    hwModel: image.core.hwModel,
    seed: image.seed,
    epochs: cell.epochs,
    encoder: describeInput(cell),
    scoredOn: scoredOn(cell.validation),
    settings: cell.settings,
    imageSha256: cell.function ?? imageHash(cell),
    dataSha256: dataHash(data),
    recorded: [...recordedNames(record, image), ...(neurobench ? ['neurobench'] : [])],
  };
}

/** Of the image and, on a chip of many cores, of where the neurons are. */
export function imageHash({ image, system }: Pick<Cell, 'image' | 'system'>): string {
  const placement = system === undefined ? [] : [new TextEncoder().encode(JSON.stringify(system.placement))];
  return sha256([writeImage(image), ...placement]);
}

/** How samples become events, on one line. */
export function describeInput({ chip, encoder }: Cell): string {
  return chip?.input ?? describeEncoding(encoder);
}

function scoredOn(validation: ValidationPart | undefined): string {
  return validation === undefined ? 'the test set' : describePart(validation);
}

/** What a report says of the part that was held out. */
export function reportedPart(part: ValidationPart): Omit<ReportedValidation, 'heldOut'> {
  return typeof part === 'number' ? { fraction: part } : part;
}

function partOf({ fraction, speakers, recordings }: ReportedValidation): ValidationPart | undefined {
  if (speakers !== undefined) return { speakers };
  return recordings === undefined ? fraction : { recordings };
}

/** The identity of the run that produced a report. */
export function identityOfReport({ provenance }: Report): RunIdentity {
  const { experiment, precision, hwModel, seed, epochs, encoder, settings, data, recorded } = provenance;
  return {
    cell: experiment,
    precision,
    hwModel,
    seed,
    epochs,
    encoder,
    scoredOn: scoredOn(provenance.validation && partOf(provenance.validation)),
    settings,
    imageSha256: provenance.imageSha256,
    dataSha256: data.sha256,
    recorded,
  };
}

/**
 * Refuses to continue from the files of a different run.
 *
 * @param what names the file: this checkpoint, this report
 * @throws PlasticoreError `usage` with the first difference
 */
export function checkIdentity(found: RunIdentity, expected: RunIdentity, what: string, file: string): void {
  for (const key of Object.keys(names) as (keyof RunIdentity)[]) {
    const [had, has] = [shown(found[key]), shown(expected[key])];
    if (had === has) continue;
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
  if (typeof value !== 'object') return `is ${value}`;
  return value.length === 0 ? 'are none' : `are ${value.join(', ')}`;
}

const names: Readonly<Record<keyof RunIdentity, string>> = {
  cell: 'its experiment',
  precision: 'its precision',
  hwModel: 'its hw-model',
  seed: 'its seed',
  epochs: 'its number of epochs',
  encoder: 'its encoder',
  scoredOn: 'what it is scored on',
  settings: 'its settings',
  recorded: 'its recorded values',
  dataSha256: 'its data',
  imageSha256: 'its image, made of program, rules and hw-model,',
};

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
