import { chips as bundledChips, type Chip, type ChipHost } from '../../chips/index.ts';
import type { Split } from '../../data/index.ts';
import {
  type Override,
  type Path,
  type Place,
  PlasticoreError,
  parseYaml,
  type SourceText,
  suggest,
} from '../../text/index.ts';
import { type ExperimentSpec, experimentSchema, type NamingSpec, withDefaultCell } from './schema.ts';

/** A chip with its host and the host's options. */
export interface HostedChip {
  readonly chip: string;
  readonly host: ChipHost;
  readonly options: unknown;
}

/** An experiment, validated as far as possible without its program and hw-model. */
export interface Experiment {
  readonly spec: ExperimentSpec;
  /** The chip it hosts, with its section; absent if samples run in time steps. */
  readonly hosted?: HostedChip | undefined;
  /** The chips that it may host: the bundled ones, and those of modules. */
  readonly chips: readonly Chip[];
  readonly source: SourceText;
  /** Overrides applied to it. */
  readonly overrides: readonly Override[];
  locate(path: Path): Place;
}

/**
 * Reads an experiment.
 *
 * @param overrides replace parts of it before validation
 * @param chips chips that it may host
 * @throws PlasticoreError with the faults that were found, each with its place
 */
export function loadExperiment(
  source: SourceText,
  overrides: readonly Override[] = [],
  chips: readonly Chip[] = bundledChips,
): Experiment {
  const { value, locate } = parseYaml(source.text, source.file, experimentSchema(chips), overrides);
  const spec = withSpeakers(withDefaultCell(value), locate);
  const member = <T extends string | number>(value: T, values: readonly T[], what: string, path: Path) => {
    if (values.includes(value)) return;
    throw new PlasticoreError('invalid-value', `'${value}' is not one of the experiment's ${what}`, {
      ...locate(path),
      hint: suggest(String(value), values.map(String)),
    });
  };
  const distinct = (values: readonly (string | number)[], key: string) => {
    const again = values.findIndex((value, index) => values.indexOf(value) < index);
    if (again < 0) return;
    throw new PlasticoreError('invalid-value', `'${values[again]}' is listed twice`, locate([key, again]));
  };
  distinct(spec.precisions, 'precisions');
  distinct(spec.seeds, 'seeds');
  for (const name of Object.keys(spec.precisionParameters)) {
    member(name, spec.precisions, 'precisions', ['precisionParameters', name]);
  }
  const excluded = (first: string, second: string, why: string) =>
    new PlasticoreError('invalid-value', `'${first}' and '${second}' exclude each other: ${why}`, {
      ...locate([second]),
      hint: 'leave one of them out',
    });
  const exclude = (first: keyof ExperimentSpec, second: keyof ExperimentSpec, why: string) => {
    if (spec[first] !== undefined && spec[second] !== undefined) throw excluded(first, second, why);
  };
  exclude('data', 'task', 'the samples of a task are generated');
  exclude('task', 'arrays', 'the samples of a task are generated');
  exclude('arrays', 'split', 'arrays name no speakers');
  exclude('task', 'split', 'a task has its own training and test set, and no speakers');
  exclude('task', 'shift', 'the samples of a task are generated');
  if (spec.testEpoch === 'best' && spec.life !== undefined)
    throw new PlasticoreError(
      'invalid-value',
      "'testEpoch: best' chooses an epoch of one training set, and there is a life",
      {
        ...locate(['testEpoch']),
        hint: 'leave one of them out',
      },
    );
  if (spec.joint && spec.life === undefined)
    throw new PlasticoreError('invalid-value', "'joint' is about the stages of a life, and there is none", {
      ...locate(['joint']),
      hint: 'add `life`, or leave `joint` out',
    });
  const [hosted, another] = hostedChips(value, chips);
  if (hosted !== undefined && another !== undefined)
    throw excluded(hosted.chip, another.chip, 'an experiment hosts one chip');
  member(spec.default.precision, spec.precisions, 'precisions', ['default', 'precision']);
  member(spec.default.seed, spec.seeds, 'seeds', ['default', 'seed']);
  return { spec, hosted, chips, source, overrides, locate };
}

/** The chips for which the experiment has a section. */
function hostedChips(sections: Readonly<Record<string, unknown>>, chips: readonly Chip[]): HostedChip[] {
  return chips.flatMap(({ name, host }) => {
    const options = sections[name];
    return host === undefined || options === undefined ? [] : [{ chip: name, host, options }];
  });
}

type Groups = Readonly<Record<string, readonly number[]>>;
type NamingSplit = NonNullable<NamingSpec['split']>;
type NamingPart = Exclude<NamingSplit['holdOut'], readonly unknown[]>;

/**
 * Replaces the names of groups of speakers by their numbers.
 *
 * @throws PlasticoreError `invalid-value` for a group that the experiment does not have, or may not have
 */
function withSpeakers({ split, life, ...spec }: NamingSpec, locate: (path: Path) => Place): ExperimentSpec {
  const groups: Groups = spec.speakers ?? {};
  if (Object.hasOwn(groups, 'file'))
    throw new PlasticoreError(
      'invalid-value',
      "'file' stands for the speakers that the data list, and is no name of a group",
      locate(['speakers', 'file']),
    );
  const numbersOf = (
    named: readonly number[] | string | undefined,
    path: Path,
  ): readonly number[] | undefined => {
    if (typeof named !== 'string') return named;
    const numbers = Object.hasOwn(groups, named) ? groups[named] : undefined;
    if (numbers !== undefined) return numbers;
    const known = Object.keys(groups);
    throw new PlasticoreError('invalid-value', `the experiment has no group of speakers '${named}'`, {
      ...locate(path),
      hint: known.length === 0 ? `name them: speakers: {${named}: [4]}` : suggest(named, known),
    });
  };
  const held = ({ speakers, ...part }: NamingPart, path: Path) => ({
    ...part,
    speakers: speakers === 'file' ? ('file' as const) : numbersOf(speakers, [...path, 'speakers']),
  });
  const splitOf = ({ holdOut }: NamingSplit): Split => {
    const path = ['split', 'holdOut'];
    return {
      holdOut: Array.isArray(holdOut)
        ? holdOut.map((part, index) => held(part, [...path, index]))
        : held(holdOut, path),
    };
  };
  return {
    ...spec,
    ...(split !== undefined && { split: splitOf(split) }),
    ...(life !== undefined && {
      life: life.map(({ speakers, ...stage }, index) => ({
        ...stage,
        speakers: numbersOf(speakers, ['life', index, 'speakers']),
      })),
    }),
  };
}
