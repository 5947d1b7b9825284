import type { ParameterStage } from '../../compiler/index.ts';
import { noShift, type Shift } from '../../data/index.ts';
import { fileOf, numberAt, type Path, type Place, PlasticoreError, suggest } from '../../text/index.ts';
import type { Experiment } from './load.ts';
import type { ExperimentSpec } from './schema.ts';
import type { StageSpec } from './schema-life.ts';

/** Where the samples of a stage come from: the data of the experiment, where it states nothing. */
interface LifeSource {
  /** Another data set: its path, and the file that names it. */
  readonly data?: { readonly path: string; readonly from: string } | undefined;
  /** How its samples are changed, instead of as the experiment says. */
  readonly shift?: Shift | undefined;
}

/** A stage of a life. */
export interface LifeStage {
  readonly name: string;
  /** Index of its source. */
  readonly source: number;
  readonly classes?: readonly number[] | undefined;
  readonly speakers?: readonly number[] | undefined;
  readonly samples?: { readonly first: number; readonly last: number } | undefined;
  readonly samplesPerClass?: StageSpec['samplesPerClass'];
  readonly passes: number;
  readonly order: 'stored' | 'shuffled';
  /** False if its samples are not changed at random; absent if the encoder decides. */
  readonly augment?: false | undefined;
  readonly isFrozen: boolean;
  /** The projections that learn; undefined for all. */
  readonly learn?: readonly string[] | undefined;
  /** Stages whose tasks are tested after it, by index; undefined for none. */
  readonly tested: readonly number[] | undefined;
  readonly parameters: StageSpec['parameters'];
  /** Where the experiment states its keys and their items, by their path within the stage; '' is the stage itself. */
  readonly places: Readonly<Record<string, Place>>;
}

/** The stages that a cell learns, in order. Plain data, so that it passes between threads. */
export interface Life {
  readonly stages: readonly LifeStage[];
  /** Distinct ones; the first is the data of the experiment. */
  readonly sources: readonly LifeSource[];
  /** Whether all tasks are also tested before the first stage. */
  readonly isTestedBefore: boolean;
  /** Whether the samples of all stages are presented together, in random order. */
  readonly isJoint: boolean;
}

/**
 * The life that an experiment describes; undefined if it has none.
 *
 * @param epochs passes of the stages that state none; 0 only tests, and leaves no life
 * @throws PlasticoreError for stages that contradict themselves or each other
 */
export function lifeOf(
  { spec, locate }: Pick<Experiment, 'spec' | 'locate'>,
  epochs: number,
): Life | undefined {
  const { life } = spec;
  if (life === undefined || epochs === 0) return undefined;
  const names = namesOf(life, (index) => locate(['life', index, 'name']));
  const sources: LifeSource[] = [{}];
  const stages = life.map((stage, index): LifeStage => {
    const place = (...path: Path): Place => locate(['life', index, ...path]);
    const { classes, speakers, samples, samplesPerClass, order, parameters } = stage;
    return {
      name: names[index] ?? '',
      source: sourceOf(stage, sources, spec, place),
      classes,
      speakers,
      samples,
      samplesPerClass,
      passes: stage.passes ?? epochs,
      order,
      ...(!stage.augment && { augment: false }),
      isFrozen: stage.frozen,
      learn: learningIn(stage, place),
      tested: testedAfter(life, index, names, place),
      parameters,
      places: placesOf(stage, place),
    };
  });
  return { stages, sources, isTestedBefore: life[0]?.test === 'all' && !spec.joint, isJoint: spec.joint };
}

/** The passes over samples that a cell learns, or in which it meets them. */
export function passesOf({
  epochs,
  life,
}: {
  readonly epochs: number;
  readonly life?: Life | undefined;
}): number {
  if (life === undefined) return epochs;
  return life.isJoint ? epochs : life.stages.reduce((sum, { passes }) => sum + passes, 0);
}

/** The first pass of each stage of a life, in the order of its stages. */
function firstPasses({ stages }: Life): number[] {
  return stages.map((_, index) => stages.slice(0, index).reduce((sum, { passes }) => sum + passes, 0));
}

/** The stages of a life for the compiler: schedules that follow its passes. */
export function parameterStages(life: Life | undefined): readonly ParameterStage[] | undefined {
  if (life === undefined || life.isJoint) return undefined;
  const firsts = firstPasses(life);
  return life.stages.map(({ parameters, learn, places }, index): ParameterStage => {
    const names = Object.keys(parameters);
    return {
      first: numberAt(firsts, index),
      parameters,
      learns: learn,
      places: Object.fromEntries([
        ...names.map((name) => [name, places[`parameters.${name}`] ?? {}]),
        ...(learn ?? []).map((name) => [`learn.${name}`, places[`learn.${name}`] ?? {}]),
      ]),
    };
  });
}

/** A life on one line, for the identity of a run: all that decides what is presented and tested. */
export function describeLife({ sources, stages, isTestedBefore, isJoint }: Life): string {
  const described = stages.map(({ places: _, ...stage }) => stage);
  return JSON.stringify({
    sources: sources.map(({ data, shift }) => ({ data: data?.path, shift })),
    stages: described,
    ...(isTestedBefore && { isTestedBefore }),
    ...(isJoint && { isJoint }),
  });
}

/** The names of stages, each once. */
function namesOf(life: readonly StageSpec[], placeOf: (index: number) => Place): readonly string[] {
  const given = life.map((stage) => stage.name ?? defaultName(stage));
  for (const [index, { name }] of life.entries()) {
    if (name === undefined || given.indexOf(name) === index) continue;
    throw new PlasticoreError('invalid-value', `two stages are called '${name}'`, placeOf(index));
  }
  return given.map((name, index) => {
    const before = given.slice(0, index).filter((other) => other === name).length;
    return before === 0 ? name : `${name} (${before + 1})`;
  });
}

function defaultName({ data, shift, classes, speakers, samples }: StageSpec): string {
  const list = (one: string, many: string, numbers: readonly number[] | undefined): string[] =>
    numbers === undefined ? [] : [`${numbers.length === 1 ? one : many} ${numbers.join(', ')}`];
  const parts = [
    ...list('class', 'classes', classes),
    ...list('speaker', 'speakers', speakers),
    ...(samples === undefined ? [] : [`samples ${samples.first} to ${samples.last}`]),
    ...(shift === undefined || shift.rotateDegrees === 0 ? [] : [`turned by ${shift.rotateDegrees} degrees`]),
    ...(shift === undefined || shift.noise === 0 ? [] : [`with noise ${shift.noise}`]),
    ...(data === undefined ? [] : [`of ${data}`]),
  ];
  return parts.length === 0 ? 'all' : parts.join(', ');
}

/** The index of a stage's source, which is added to the others if it is a new one. */
function sourceOf(
  { data, shift }: StageSpec,
  sources: LifeSource[],
  spec: ExperimentSpec,
  place: (...path: Path) => Place,
): number {
  const own: LifeSource = {
    ...(data !== undefined && { data: { path: data, from: fileOf(place('data')) } }),
    ...(shift !== undefined && !isSameShift(shift, spec.shift) && { shift }),
  };
  if (spec.task !== undefined && Object.keys(own).length > 0) {
    const key = data === undefined ? 'shift' : 'data';
    throw new PlasticoreError(
      'invalid-value',
      `'task' generates the samples: a stage has no '${key}'`,
      place(key),
    );
  }
  const text = JSON.stringify(own);
  const known = sources.findIndex((source) => JSON.stringify(source) === text);
  return known >= 0 ? known : sources.push(own) - 1;
}

function isSameShift(one: Shift, other: Shift = noShift): boolean {
  return one.rotateDegrees === other.rotateDegrees && one.noise === other.noise;
}

/** The projections that learn in a stage, each once. */
function learningIn(
  { frozen, learn }: StageSpec,
  place: (...path: Path) => Place,
): readonly string[] | undefined {
  if (learn === undefined) return undefined;
  const [first] = learn;
  if (frozen)
    throw new PlasticoreError('invalid-value', `the stage is frozen: '${first}' cannot learn in it`, {
      ...place('learn'),
      hint: 'leave out `frozen` or `learn`',
    });
  const again = learn.findIndex((name, index) => learn.indexOf(name) < index);
  if (again < 0) return learn;
  throw new PlasticoreError('invalid-value', `'${learn[again]}' is listed twice`, place('learn', again));
}

/** The stages whose tasks are tested after one of them. */
function testedAfter(
  life: readonly StageSpec[],
  index: number,
  names: readonly string[],
  place: (...path: Path) => Place,
): readonly number[] | undefined {
  const test = life[index]?.test ?? 'met';
  if (test === 'none') {
    if (index + 1 < life.length) return undefined;
    throw new PlasticoreError('invalid-value', 'the last stage has no test', {
      ...place('test'),
      hint: 'leave `test` out, and the tasks of all stages are tested',
    });
  }
  const all = life.map((_, stage) => stage);
  if (typeof test === 'string') return test === 'all' ? all : all.slice(0, index + 1);
  return test.map((name, item) => {
    const stage = names.indexOf(name);
    if (stage >= 0) return stage;
    throw new PlasticoreError('invalid-value', `no stage is called '${name}'`, {
      ...place('test', item),
      hint: suggest(name, names),
    });
  });
}

function placesOf(stage: StageSpec, place: (...path: Path) => Place): Readonly<Record<string, Place>> {
  const items = (['classes', 'speakers'] as const).flatMap((list) =>
    (stage[list] ?? []).map((_, item): Path => [list, item]),
  );
  const keys = (['samples', 'samplesPerClass', 'frozen'] as const).map((key): Path => [key]);
  const parameters = Object.keys(stage.parameters).map((name): Path => ['parameters', name]);
  const paths: readonly Path[] = [[], ...keys, ...items, ...parameters];
  return Object.fromEntries([
    ...paths.map((path) => [path.join('.'), place(...path)]),
    ...(stage.learn ?? []).map((name, item) => [`learn.${name}`, place('learn', item)]),
  ]);
}
