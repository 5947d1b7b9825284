import {
  type Experiment,
  joinSettings,
  noSettings,
  pathSetting,
  type Settings,
} from '../experiment/index.ts';
import type { Axis } from '../report/index.ts';
import { type Override, option, type Place, PlasticoreError, parseYamlValue } from '../text/index.ts';

/** An axis of a sweep, and where a person wrote it. */
export interface SweptAxis extends Axis {
  readonly place: Place;
}

/** Keys of an experiment that cells do not have of their own. */
const notSwept = ['format', 'name', 'description', 'precisions', 'seeds', 'default', 'sweep', 'validation'];

/**
 * The axes of options `vary`, each `path=v1,v2,...`. Paths are those of the option `set`; the values are YAML, joined by commas.
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
    return { path, values, place };
  });
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
 * The axes of an experiment's `sweep`, with those of the command line in the place of axes of the same path, or after
 * them.
 *
 * @param pinned what the option `set` sets; an axis that would undo it is refused
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
  if (target === 'experiment' && notSwept.includes(key)) {
    throw new PlasticoreError('usage', `'${path}' cannot be varied: it belongs to all cells`, place);
  }
  for (const [name, overrides] of Object.entries(pinned) as [string, readonly Override[]][]) {
    for (const set of overrides) {
      const dotted = [name, ...set.path].join('.');
      if (dotted !== path && !dotted.startsWith(`${path}.`)) continue;
      throw new PlasticoreError('usage', `'${dotted}' is set, but '${path}' is varied`, {
        ...set.place,
        hint: `${option('vary', `${path}=...`)} with one value holds it`,
      });
    }
  }
}

/**
 * Refuses to vary a key of the experiment that is chosen for all cells.
 *
 * @param chosen by key; undefined where nothing is chosen
 * @throws PlasticoreError `usage` at the axis
 */
export function checkChosen(axes: readonly SweptAxis[], chosen: Readonly<Record<string, unknown>>): void {
  for (const { path, place } of axes) {
    const [target, key = ''] = path.split('.');
    if (target !== 'experiment' || chosen[key] === undefined) continue;
    throw new PlasticoreError('usage', `'${path}' is varied, but ${option(key)} holds for all cells`, place);
  }
}

/** Every value with every other: the last axis turns fastest. One empty combination without any axis. */
export function combinations(axes: readonly Axis[]): Record<string, unknown>[] {
  return axes.reduce<Record<string, unknown>[]>(
    (all, { path, values }) => all.flatMap((one) => values.map((value) => ({ ...one, [path]: value }))),
    [{}],
  );
}

/** What one combination of values sets. */
export function axisSettings(
  axes: readonly SweptAxis[],
  values: Readonly<Record<string, unknown>>,
): Settings {
  return axes.reduce<Settings>(
    (all, { path, place }) => joinSettings(all, pathSetting(path, values[path], place)),
    noSettings,
  );
}
