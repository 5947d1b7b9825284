import { PlasticoreError } from '../../text/index.ts';
import type { NamedBytes } from '../formats/idx.ts';
import { classesOf, readShd, type ShdFile } from '../formats/shd.ts';
import { checkLabels, type Dataset, type EventSet } from './dataset.ts';
import { joinEvents } from './join.ts';
import { describeHeld, type HeldPart, holdOut, type Split, splitFifth } from './split.ts';

/** A single file, to be split, or one file to train on and one to test on. */
export type ShdParts = readonly [NamedBytes] | readonly [train: NamedBytes, test: NamedBytes];

/**
 * Makes a data set from files in SHD's layout.
 *
 * @param split selects the samples held out for testing, across all files. Without it, two files are used as training
 * and test set; a single file is split, with a fixed stratified fifth for testing
 * @throws a `data` error for a file that is damaged or holds something else, and for unknown speakers
 */
export async function shdDataset(
  name: string,
  parts: ShdParts,
  split?: Split | undefined,
): Promise<Dataset<EventSet>> {
  const files: ShdFile[] = [];
  for (const part of parts) files.push(await readShd(part));
  const [first, second] = checkParts(files);
  const classes = classesOf(files);
  const train = eventSet('train', first, classes);
  const test = second === undefined ? undefined : eventSet('test', second, classes);
  const corrections = files.flatMap((file) => file.corrections.map((text) => `${file.name}: ${text}`));
  const description = files.map((file) => file.name).join(' and ');
  if (split !== undefined) {
    const all = test === undefined ? train : joinEvents('all', train, test);
    const parts = partsOf(split, files);
    const { count } = all;
    return {
      name,
      description: `${description}: ${count} samples, ${parts.map(describeHeld).join(' and ')} held out for testing`,
      ...holdOut(all, parts, first.name),
      corrections,
    };
  }
  if (test !== undefined) {
    return { name, description: `${description}: for training and for testing`, train, test, corrections };
  }
  return { name, ...splitFifth(train, description, { file: first.name }), corrections };
}

/** A whole file in SHD's layout, with the corrections made to it. */
export async function shdSet(
  file: NamedBytes,
): Promise<{ readonly set: EventSet; readonly corrections: readonly string[] }> {
  const contents = await readShd(file);
  return { set: eventSet('all', contents, classesOf([contents])), corrections: contents.corrections };
}

/** Checks that the files are of the same kind. */
function checkParts(files: readonly ShdFile[]): readonly [ShdFile, ShdFile | undefined] {
  const [first, second] = files;
  if (first === undefined) throw new PlasticoreError('data', 'no file given');
  if (second !== undefined && first.channels !== second.channels) {
    throw new PlasticoreError('data', `${second.channels} channels found, ${first.channels} expected`, {
      file: second.name,
      hint: `as in ${first.name}`,
    });
  }
  if (second?.keys !== undefined && first.keys !== undefined && second.keys.join() !== first.keys.join()) {
    throw new PlasticoreError('data', `classes ${second.keys.join(', ')} found`, {
      file: second.name,
      hint: `${first.name} has ${first.keys.join(', ')}`,
    });
  }
  return [first, second];
}

function eventSet(name: string, file: ShdFile, classes: number): EventSet {
  const { count, channels, labels, times, units, starts, ends, speakers, recordings } = file;
  return {
    kind: 'events',
    name,
    inputs: channels,
    classes,
    count,
    labels: checkLabels(labels, classes, `${file.name}:labels`),
    times,
    units,
    starts,
    ends,
    speakers,
    recordings,
  };
}

/** The parts that a split holds out, with the speakers that it or the files list. */
function partsOf({ holdOut: held }: Split, files: readonly ShdFile[]): readonly HeldPart[] {
  return [held].flat().map(({ speakers, ...part }) => ({
    ...part,
    speakers: speakers === 'file' ? listedIn(files) : speakers,
  }));
}

function listedIn(files: readonly ShdFile[]): readonly number[] {
  const listed = files.find(({ heldOut }) => heldOut !== undefined)?.heldOut;
  if (listed !== undefined) return listed;
  throw new PlasticoreError('data', 'lists no speakers to hold out (extra/held_out_speakers)', {
    file: files[0]?.name,
    hint: 'name them: split: {holdOut: {speakers: [4, 5]}}',
  });
}
