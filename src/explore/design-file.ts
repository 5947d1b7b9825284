import * as z from 'zod';
import {
  type CellChoice,
  describeSettings,
  type Experiment,
  joinSettings,
  noSettings,
} from '../experiment/index.ts';
import { isBareName, parseYaml, yamlText } from '../text/index.ts';
import type { SpaceDesign } from './space/index.ts';

/** Where a file that an experiment names is, seen from the folder of the new file. */
export type Relocate = (reference: string, from: string) => string;

/**
 * A design as an experiment of its own: that which was explored, with all that the design has chosen.
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
  const chosen = describeSettings(joinSettings(choice.settings ?? noSettings, settings));
  const reference = (key: 'program' | 'hw' | 'data'): Record<string, string> => {
    const named = own[key] ?? spec[key];
    if (typeof named !== 'string') return {};
    if (key !== 'data' && isBareName(named)) return { [key]: named };
    return { [key]: relocate(named, own[key] === undefined ? source.file : '') };
  };
  return yamlText({
    ...kept,
    ...own,
    name: `${spec.name}_${name}`,
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
    set: {
      ...spec.set,
      ...Object.fromEntries(
        chosen.map((setting) => {
          const split = setting.indexOf('=');
          return [setting.slice(0, split), JSON.parse(setting.slice(split + 1)) as unknown];
        }),
      ),
    },
  });
}
