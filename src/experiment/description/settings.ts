import {
  type Override,
  option,
  type Path,
  type Place,
  PlasticoreError,
  parseYamlValue,
  suggest,
} from '../../text/index.ts';

/** Replacements made by the option `set` and by an experiment's `set`, grouped by the file they apply to. */
export interface Settings {
  readonly experiment: readonly Override[];
  readonly program: readonly Override[];
  readonly hw: readonly Override[];
}

const targets = ['program', 'hw', 'experiment'] as const;
type Target = (typeof targets)[number];

export const noSettings: Settings = { experiment: [], program: [], hw: [] };

/** Concatenates settings; later ones win. */
export function joinSettings(...all: readonly Settings[]): Settings {
  return {
    experiment: all.flatMap(({ experiment }) => experiment),
    program: all.flatMap(({ program }) => program),
    hw: all.flatMap(({ hw }) => hw),
  };
}

/**
 * Parses `set` options of the form `path=value`. Paths begin with `program`, `hw` or `experiment` and follow the keys
 * of that file (list positions count from 0); values are YAML.
 *
 * @throws PlasticoreError `usage` that names the option
 */
export function parseSettings(options: readonly string[]): Settings {
  return joinSettings(
    ...options.map((given) => {
      const split = given.indexOf('=');
      const path = split < 0 ? given : given.slice(0, split).trim();
      const place: Place = { file: option('set', path) };
      if (split < 0) {
        throw new PlasticoreError('usage', 'expected path=value, found no =', {
          ...place,
          hint: `for example ${option('set', 'program.parameters.gain=2')}`,
        });
      }
      return setting(path, parseYamlValue(given.slice(split + 1), place), place, targets);
    }),
  );
}

/** The settings that an experiment's `set` applies to its program and hw-model. */
export function experimentSettings(
  set: Readonly<Record<string, unknown>>,
  placeOf: (path: string) => Place,
): Settings {
  return joinSettings(
    ...Object.entries(set).map(([path, value]) => setting(path, value, placeOf(path), ['program', 'hw'])),
  );
}

/** The setting for a path such as `hw.lanes` and its value. */
export function pathSetting(path: string, value: unknown, place: Place): Settings {
  return setting(path, value, place, targets);
}

/** What names another file, where one was given in place of a value in it. */
function otherFile(target: Target): string | undefined {
  if (target === 'experiment') return undefined;
  const path = `experiment.${target}`;
  return `another file: ${option('set', `${path}=FILE`)}, or several: sweep ${option('vary', `${target}=FILE,FILE`)}`;
}

function setting(dotted: string, value: unknown, place: Place, known: readonly Target[]): Settings {
  const [first = '', ...parts] = dotted.split('.');
  const target = known.find((name) => name === first);
  if (target === undefined || parts.length === 0 || parts.includes('')) {
    throw new PlasticoreError(
      'usage',
      target === undefined
        ? `a path begins with ${known.join(', ')}, found '${first}'`
        : `expected a path such as ${target}.name, found '${dotted}'`,
      { ...place, hint: target === undefined ? suggest(first, known) : otherFile(target) },
    );
  }
  const path: Path = parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  return { ...noSettings, [target]: [{ path, value, place }] };
}
