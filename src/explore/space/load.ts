import type * as z from 'zod';
import { type Experiment, type SpaceSpec, spaceShape } from '../../experiment/index.ts';
import {
  formatTag,
  jsonSchemaOf,
  key,
  option,
  type Path,
  type Place,
  PlasticoreError,
  parseYaml,
  type SourceText,
  strictObject,
} from '../../text/index.ts';
import { precisionPath, type SweptAxis } from './axes.ts';

/** A space as written: the choices, conditions and objectives, with their places. */
export interface SpaceSource {
  readonly spec: SpaceSpec;
  locate(path: Path): Place;
}

const fileSchema = strictObject({
  format: key(
    formatTag('space', 1),
    'The kind of the file, and the version of its format.',
    'plasticore/space/1',
  ),
  ...spaceShape,
});

/** Reads a file of a space. */
export function readSpace({ text, file }: SourceText): SpaceSource {
  const { value, locate } = parseYaml(text, file, fileSchema as z.ZodType<SpaceSpec>);
  return { spec: value, locate };
}

/**
 * The space of an experiment.
 *
 * @throws PlasticoreError `usage` if it has none
 */
export function spaceOf({ spec, locate, source }: Experiment): SpaceSource {
  if (spec.space !== undefined) return { spec: spec.space, locate: (path) => locate(['space', ...path]) };
  throw new PlasticoreError('usage', `experiment '${spec.name}' has no space to explore`, {
    file: source.file,
    hint: `give it a section 'space', or name a file with ${option('space', 'FILE')}`,
  });
}

/** The space of a sweep: every precision with every value of each axis, which goes by its whole path. */
export function sweepSpace(
  { locate }: Experiment,
  precisions: readonly string[],
  swept: readonly SweptAxis[],
): SpaceSource {
  const precision = { path: precisionPath, values: precisions, place: locate(['precisions']) };
  const axes = new Map([precision, ...swept].map((axis) => [axis.path, axis]));
  return {
    spec: {
      axes: Object.fromEntries([...axes].map(([path, { values }]) => [path, { path, values: [...values] }])),
      set: {},
      conditions: [],
      constraints: [],
      objectives: [],
    },
    locate: ([, path]) => axes.get(String(path))?.place ?? {},
  };
}

/** The JSON Schema (draft 7) of files of spaces, for editors. */
export function spaceJsonSchema(): object {
  return jsonSchemaOf(fileSchema, 'Plasticore space of designs');
}
