import { chooseByClass, type Dataset, type LabelledSet, quotas } from '../../data/index.ts';
import { at, option, type Place, PlasticoreError } from '../../text/index.ts';
import type { Cell, Life, LifeStage } from '../description/index.ts';

/** What stages of a life have in common that ask for the same: the part of the test set on which it is measured. */
interface Task {
  /** The name of the first stage that has it. */
  readonly name: string;
  /** Its samples, by their numbers in the test set, ascending. */
  readonly samples: Uint32Array;
}

/** The samples of a life. */
export interface LifeSamples {
  readonly tasks: readonly Task[];
  /** Of each stage: its samples, by their numbers in the training set, ascending; and its task, by index. */
  readonly stages: readonly { readonly samples: Uint32Array; readonly task: number }[];
}

/** The data from which the samples of a life are chosen. */
export type LivingCell = Pick<Cell, 'image' | 'limit'> & { readonly life: Life };

/**
 * Finds the samples of each stage of a life, and those that its tasks are measured on.
 *
 * @throws PlasticoreError `data`, at the key of the stage that the data do not have
 */
export function lifeSamples({ image, limit, life }: LivingCell, data: Dataset): LifeSamples {
  const tasks: (Task & { readonly key: string })[] = [];
  const chosen = new Map<string, Uint32Array>();
  const stages = life.stages.map((stage) => {
    checkNames(stage, data);
    const key = JSON.stringify([stage.source, sorted(stage.classes), sorted(stage.speakers)]);
    let task = tasks.findIndex((known) => known.key === key);
    if (task < 0) task = tasks.push({ key, name: stage.name, samples: taskSamples(stage, data, limit) }) - 1;
    // A long life asks for the same samples again and again.
    const asked = `${key} ${JSON.stringify([stage.samples, stage.samplesPerClass])}`;
    const samples = chosen.get(asked) ?? stageSamples(stage, data, { seed: image.seed, limit });
    chosen.set(asked, samples);
    return { samples, task };
  });
  return { stages, tasks: tasks.map(({ name, samples }) => ({ name, samples })) };
}

/** The samples of all stages together, ascending, each once. */
export function jointSamples({ stages }: LifeSamples): Uint32Array {
  return Uint32Array.from(new Set(stages.flatMap(({ samples }) => [...samples]))).sort();
}

/** The samples of some tasks, ascending, each once. */
export function samplesOfTasks({ tasks }: LifeSamples, tested: readonly number[]): Uint32Array {
  return Uint32Array.from(new Set(tested.flatMap((task) => [...at(tasks, task).samples]))).sort();
}

function sorted(numbers: readonly number[] | undefined): readonly number[] | null {
  return numbers === undefined ? null : [...numbers].sort((a, b) => a - b);
}

/** Classes and speakers that the data do not have would leave a part of a stage empty without a word. */
function checkNames({ source, classes = [], speakers = [], places }: LifeStage, data: Dataset): void {
  const { train } = data;
  if (train.classes === 0 && classes.length > 0)
    throw new PlasticoreError(
      'data',
      `data set '${data.name}' has no labels, and so no classes`,
      places['classes.0'],
    );
  for (const [item, number] of classes.entries()) {
    if (number < train.classes) continue;
    throw new PlasticoreError('data', `data set '${data.name}' has no class ${number}`, {
      ...places[`classes.${item}`],
      hint: `its classes are 0 to ${train.classes - 1}`,
    });
  }
  if (speakers.length === 0) return;
  const known = train.kind === 'events' ? train.speakers : undefined;
  if (known === undefined)
    throw new PlasticoreError('data', `data set '${data.name}' does not identify speakers`, {
      ...places['speakers.0'],
      hint: 'leave `speakers` out',
    });
  const { first, end } = spanOf(data, 'train', source);
  const heard = new Set(known.subarray(first, end));
  for (const [item, number] of speakers.entries()) {
    if (heard.has(number)) continue;
    throw new PlasticoreError(
      'data',
      `data set '${data.name}' has no speaker ${number} in its training set`,
      {
        ...places[`speakers.${item}`],
        hint: `its speakers are ${[...heard].sort((a, b) => a - b).join(', ')}`,
      },
    );
  }
}

/** The samples that a source has in one of the sets of the data. */
function spanOf(
  data: Dataset,
  set: 'train' | 'test',
  source: number,
): { readonly first: number; readonly end: number } {
  const { sources = [{ train: 0, test: 0 }] } = data;
  return { first: at(sources, source)[set], end: sources[source + 1]?.[set] ?? data[set].count };
}

function stageSamples(
  stage: LifeStage,
  data: Dataset,
  { seed, limit }: { readonly seed: number; readonly limit: number | undefined },
): Uint32Array {
  const { samples, samplesPerClass, places, name } = stage;
  const own = samplesOf(stage, data, 'train', samples);
  if (own.length === 0)
    throw empty(
      `stage '${name}' has no samples to learn from`,
      samples === undefined ? places[''] : places.samples,
    );
  const limited = within(data.train, own, limit);
  if (samplesPerClass === undefined) return limited;
  const { first, last } =
    typeof samplesPerClass === 'number' ? { first: 0, last: samplesPerClass - 1 } : samplesPerClass;
  const what = first === 0 ? `${last + 1} samples` : `samples ${first} to ${last}`;
  /** The first samples of each class, in the order of the seed. */
  const foremost = (wanted: number): Uint32Array =>
    chooseByClass(data.train, limited, seed, (counts) =>
      counts.map((count, label) => {
        const isAsked = stage.classes?.includes(label) ?? count > 0;
        if (!isAsked || count >= wanted) return wanted;
        throw new PlasticoreError(
          'data',
          `stage '${name}' takes ${what} of each class, and has ${count} of class ${label}`,
          {
            ...places.samplesPerClass,
            ...(limit !== undefined && { hint: `${option('limit', limit)} leaves no more` }),
          },
        );
      }),
    );
  const chosen = foremost(last + 1);
  const earlier = new Set(first === 0 ? [] : foremost(first));
  return chosen.filter((sample) => !earlier.has(sample));
}

function taskSamples(stage: LifeStage, data: Dataset, limit: number | undefined): Uint32Array {
  const own = samplesOf(stage, data, 'test');
  if (own.length === 0) throw empty(`stage '${stage.name}' has no samples to be tested on`, stage.places['']);
  return within(data.test, own, limit);
}

function empty(message: string, place: Place | undefined): PlasticoreError {
  return new PlasticoreError('data', message, {
    ...place,
    hint: 'no sample of the data has all that its keys ask for',
  });
}

/** At most so many samples, with the classes in proportion; the same for every seed, as limits are. */
function within(set: LabelledSet, samples: Uint32Array, limit: number | undefined): Uint32Array {
  if (limit === undefined || limit >= samples.length) return samples;
  return chooseByClass(set, samples, 0, (counts) => quotas(counts, limit));
}

/** The samples of a set that have what a stage asks for. */
function samplesOf(
  { source, classes, speakers }: LifeStage,
  data: Dataset,
  from: 'train' | 'test',
  range: { readonly first: number; readonly last: number } = { first: 0, last: Infinity },
): Uint32Array {
  const set = data[from];
  const { first, end } = spanOf(data, from, source);
  const isOfClass = classes && new Set(classes);
  const isOfSpeaker = speakers && new Set(speakers);
  const heard = set.kind === 'events' ? set.speakers : undefined;
  const found: number[] = [];
  const last = Math.min(end - 1, first + range.last);
  for (let sample = first + range.first; sample <= last; sample++) {
    const isRight =
      isOfClass?.has(at(set.labels, sample)) !== false && isOfSpeaker?.has(heard?.[sample] ?? -1) !== false;
    if (isRight) found.push(sample);
  }
  return Uint32Array.from(found);
}
