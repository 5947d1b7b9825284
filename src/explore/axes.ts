import {
  type Experiment,
  joinSettings,
  noSettings,
  pathSetting,
  type Settings,
} from '../experiment/index.ts';
import type { Axis } from '../report/index.ts';
import { type Override, option, type Place, PlasticoreError, parseYamlValue } from '../text/index.ts';

/** An axis of a sweep, with the place where it was written. */
export interface SweptAxis extends Axis {
  readonly place: Place;
}

/**
 * Keys that apply to the whole experiment and cannot differ between cells. Speakers may be left out in turn, though: each of
 * them is one cell's validation split.
 */
const notSwept = ['format', 'name', 'description', 'precisions', 'seeds', 'default', 'sweep', 'validation'];

/**
 * Parses `vary` options of the form `path=v1,v2,...`. Paths are those of the option `set`; values are comma-separated
 * YAML.
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
    return { path: wholeFiles.has(path) ? `experiment.${path}` : path, values, place };
  });
}

/** By themselves, these stand for the files that the experiment names: `hw=reference,mesh` compares whole chips. */
const wholeFiles: ReadonlySet<string> = new Set(['hw', 'program']);

function listOf(text: string, place: Place): unknown[] {
  try {
    const values = parseYamlValue(`[${text}]`, place);
    return Array.isArray(values) ? values : [];
  } catch {
    return [];
  }
}

/**
 * The axes of an experiment's `sweep`. An axis from the command line replaces the axis with the same path, or is added
 * after the others.
 *
 * @param pinned settings of the option `set`; an axis that would undo one is rejected
 * @throws PlasticoreError `usage` or `invalid-value` at the axis
 */
export function sweepAxes(
  { spec, locate }: Experiment,
  vary: readonly SweptAxis[],
  pinned: Settings,
): SweptAxis[] {
  const own = Object.entries(spec.sweep).map(
    ([path, values]): SweptAxis => ({ path, values, place: locate(['sweep', path]) }),
  );
  const axes = new Map<string, SweptAxis>(own.map((axis) => [axis.path, axis]));
  for (const [index, axis] of vary.entries()) {
    if (vary.slice(0, index).some(({ path }) => path === axis.path)) {
      throw new PlasticoreError('usage', 'is varied twice', axis.place);
    }
    axes.set(axis.path, axis);
  }
  for (const axis of axes.values()) checkAxis(axis, pinned);
  return [...axes.values()];
}

function checkAxis({ path, values, place }: SweptAxis, pinned: Settings): void {
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
    const value = target === 'experiment' ? chosen[key] : whole[key];
    if (value === undefined) continue;
    throw new PlasticoreError(
      'usage',
      `'${path}' is varied, but ${option(key)} fixes it for all cells`,
      place,
    );
  }
}

/** All combinations of values; the last axis varies fastest. Without axes, one empty combination. */
export function combinations(axes: readonly Axis[]): Record<string, unknown>[] {
  return axes.reduce<Record<string, unknown>[]>(
    (all, { path, values }) => all.flatMap((one) => values.map((value) => ({ ...one, [path]: value }))),
    [{}],
  );
}

/** The settings that one combination of values makes. */
export function axisSettings(
  axes: readonly SweptAxis[],
  values: Readonly<Record<string, unknown>>,
): Settings {
  return axes.reduce<Settings>(
    (all, { path, place }) => joinSettings(all, pathSetting(path, values[path], place)),
    noSettings,
  );
}
