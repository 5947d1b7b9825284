import * as z from 'zod';
import {
  type CellChoice,
  type Experiment,
  joinSettings,
  noSettings,
  type Settings,
} from '../../experiment/index.ts';
import { fileOf, isBareName, type Path, type Place, parseYaml, yamlText } from '../../text/index.ts';
import type { SpaceDesign } from './space.ts';

/** Rewrites the path of a file that an experiment names, relative to the folder of the new file. */
export type Relocate = (reference: string, from: string) => string;

/**
 * A design as an experiment of its own: the explored experiment with all choices of the design.
 *
 * @param relocate finds files that the experiment names by paths from its own
 */
export function experimentOf(
  experiment: Experiment,
  choice: Omit<CellChoice, 'precision' | 'seed'>,
  { name, precision, settings }: SpaceDesign,
  relocate: Relocate,
): string {
  const { source, spec } = experiment;
  const { value } = parseYaml(source.text, source.file, z.looseObject({}));
  const { space: _space, sweep: _sweep, default: _default, ...kept } = value;
  const replaced = [...experiment.overrides, ...settings.experiment].filter(({ path }) => path.length === 1);
  const own = Object.fromEntries(
    replaced.map(({ path, value: replacement }) => [String(path[0]), replacement]),
  );
  const { hw, epochs, limit } = choice;
  const reference = (key: 'program' | 'hw' | 'data'): Record<string, string> => {
    const setting = replaced.findLast(({ path }) => path[0] === key);
    const named = setting?.value ?? spec[key];
    if (typeof named !== 'string') return {};
    if (key !== 'data' && isBareName(named)) return { [key]: named };
    return { [key]: relocate(named, setting === undefined ? source.file : fileOf(setting.place)) };
  };
  return yamlText({
    ...kept,
    ...own,
    name: plainly(`${spec.name}_${name}`),
    description: `A design on the front of ${spec.name}.`,
    ...reference('program'),
    ...(hw === undefined ? reference('hw') : { hw: isBareName(hw) ? hw : relocate(hw, '') }),
    ...reference('data'),
    precisions: [precision],
    ...(spec.precisionParameters[precision] === undefined
      ? { precisionParameters: undefined }
      : { precisionParameters: { [precision]: spec.precisionParameters[precision] } }),
    ...(epochs !== undefined && { epochs }),
    ...(limit !== undefined && { limit }),
    set: { ...spec.set, ...settingsOf(joinSettings(choice.settings ?? noSettings, settings), relocate) },
  });
}

/** The name of a design with its values, `lanes=8`, as that of an experiment: a plain word of at most 100 letters. */
const plainly = (name: string): string => name.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 100);

/** Settings by path, with the paths of files relative to the new file. */
function settingsOf({ program, hw }: Settings, relocate: Relocate): Record<string, unknown> {
  const named = (path: Path, value: unknown, place: Place): unknown =>
    typeof value === 'string' && fileKeys.includes(String(path.at(-1))) && !isBareName(value)
      ? relocate(value, fileOf(place))
      : value;
  return Object.fromEntries(
    Object.entries({ program, hw }).flatMap(([target, overrides]) =>
      overrides.map(({ path, value, place }) => [[target, ...path].join('.'), named(path, value, place)]),
    ),
  );
}

/** Keys of programs and hw-models whose values name files. */
const fileKeys: readonly string[] = ['macros', 'extends', 'baseline'];
