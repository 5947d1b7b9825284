import type { Split } from '../../data/index.ts';
import { type Path, type Place, PlasticoreError, suggest } from '../../text/index.ts';
import type { ExperimentSpec, NamingSpec } from './schema.ts';

type Groups = Readonly<Record<string, readonly number[]>>;
type NamingSplit = NonNullable<NamingSpec['split']>;
type NamingPart = Exclude<NamingSplit['holdOut'], readonly unknown[]>;

/**
 * Replaces the names of groups of speakers by their numbers.
 *
 * @throws PlasticoreError `invalid-value` for a group that the experiment does not have, or may not have
 */
export function withSpeakers(
  { split, life, ...spec }: NamingSpec,
  locate: (path: Path) => Place,
): ExperimentSpec {
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
