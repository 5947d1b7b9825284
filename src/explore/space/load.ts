import type * as z from 'zod';
import {
  type Experiment,
  pathSetting,
  type Settings,
  type SpaceSpec,
  spaceShape,
} from '../../experiment/index.ts';
import type { Axis } from '../../report/index.ts';
import {
  formatKey,
  jsonSchemaOf,
  type Override,
  option,
  type Path,
  type Place,
  PlasticoreError,
  parseYaml,
  parseYamlValue,
  type SourceText,
  strictObject,
  tableOf,
} from '../../text/index.ts';

/** A space as written: the choices, conditions and objectives, with their places. */
export interface SpaceSource {
  readonly spec: SpaceSpec;
  locate(path: Path): Place;
}

const fileSchema = strictObject({
  format: formatKey('space'),
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

/** An axis of a sweep or a space, with the place where it was written. */
export interface SweptAxis extends Axis {
  readonly place: Place;
}

/** The path of the axis that chooses among precisions. */
export const precisionPath = 'precision';

/**
 * Keys that apply to the whole experiment and cannot differ between cells. Speakers may be left out in turn,
 * though: each of them is one cell's validation split.
 */
const notSwept = ['format', 'name', 'description', 'precisions', 'seeds', 'default', 'sweep', 'validation'];

/**
 * Parses `vary` options of the form `path=v1,v2,...`. Paths are those of the option `set`; values are
 * comma-separated YAML.
 *
 * @throws PlasticoreError `usage` that names the option
 */
export function parseVary(options: readonly string[]): SweptAxis[] {
  return options.map((given) => {
    const split = given.indexOf('=');
    const path = (split < 0 ? given : given.slice(0, split)).trim();
    const place: Place = { file: option('vary', path) };
    const values = split < 0 ? [] : listOf(given.slice(split + 1), place);
    if (values.length === 0) {
      throw new PlasticoreError('usage', `expected path=value,value,..., found '${given}'`, {
        ...place,
        hint: `for example ${option('vary', 'program.parameters.gain=0,2')}`,
      });
    }
    return { path: axisPath(path), values, place };
  });
}

/** `hw` and `program` by themselves stand for the experiment's files: `hw=reference,mesh` compares chips. */
export function axisPath(path: string): string {
  return path === 'hw' || path === 'program' ? `experiment.${path}` : path;
}

function listOf(text: string, place: Place): unknown[] {
  try {
    const values = parseYamlValue(`[${text}]`, place);
    return Array.isArray(values) ? values : [];
  } catch {
    return [];
  }
}

/**
 * The axes of an experiment's `sweep`. An axis from the command line replaces the axis with the same path, or
 * is added after the others.
 *
 * @throws PlasticoreError `usage` for an axis that is given twice, or whose path leads nowhere
 */
export function sweepAxes({ spec, locate }: Experiment, vary: readonly SweptAxis[]): SweptAxis[] {
  const own = Object.entries(spec.sweep).map(
    ([path, values]): SweptAxis => ({ path: axisPath(path), values, place: locate(['sweep', path]) }),
  );
  const axes = new Map<string, SweptAxis>(own.map((axis) => [axis.path, axis]));
  for (const [index, axis] of vary.entries()) {
    if (vary.slice(0, index).some(({ path }) => path === axis.path)) {
      throw new PlasticoreError('usage', 'is varied twice', axis.place);
    }
    axes.set(axis.path, axis);
  }
  for (const { path, values, place } of axes.values()) pathSetting(path, values[0], place);
  return [...axes.values()];
}

/**
 * Rejects an axis that applies to all cells, lists a value twice, or would undo a setting.
 *
 * @param pinned settings of the option `set`
 * @throws PlasticoreError `usage` or `invalid-value` at the axis
 */
export function checkAxis({ path, values, place }: SweptAxis, pinned: Settings): void {
  const texts = values.map((value) => JSON.stringify(value));
  const again = texts.findIndex((text, index) => texts.indexOf(text) < index);
  if (again >= 0) throw new PlasticoreError('invalid-value', `'${texts[again]}' is listed twice`, place);
  const [target, key = ''] = path.split('.');
  if (target === 'experiment' && notSwept.includes(key) && path !== 'experiment.validation.speakers') {
    throw new PlasticoreError('usage', `'${path}' cannot be varied: it applies to all cells`, place);
  }
  for (const [name, overrides] of Object.entries(pinned) as [string, readonly Override[]][]) {
    for (const set of overrides) {
      const dotted = [name, ...set.path].join('.');
      if (dotted !== path && !dotted.startsWith(`${path}.`)) continue;
      throw new PlasticoreError('usage', `'${dotted}' is set, but '${path}' is varied`, {
        ...set.place,
        hint: `leave ${option('set')} out: the axis with a single value fixes it`,
      });
    }
  }
}

/**
 * Rejects an axis over a key of the experiment that has already been chosen for all cells.
 *
 * @param chosen by key; undefined if nothing is chosen
 * @param whole the same of axes that are no key of the experiment, by path
 * @throws PlasticoreError `usage` at the axis
 */
export function checkChosen(
  axes: readonly SweptAxis[],
  chosen: Readonly<Record<string, unknown>>,
  whole: Readonly<Record<string, unknown>> = {},
): void {
  for (const { path, place } of axes) {
    const [target, inner = ''] = path.split('.');
    const key = target === 'experiment' ? inner : path;
    const value = tableOf(target === 'experiment' ? chosen : whole)[key];
    if (value === undefined) continue;
    throw new PlasticoreError(
      'usage',
      `'${path}' is varied, but ${option(key)} fixes it for all cells`,
      place,
    );
  }
}
