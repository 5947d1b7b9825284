import { isNode } from 'yaml';
import * as z from 'zod';
import { readYamlText } from './document.ts';
import { type Path, type Place, PlasticoreError } from './error.ts';
import { plainMessage, visible } from './expected.ts';
import { Faults, issuesToReport, pathOf, valueAt } from './faults.ts';
import { key } from './key.ts';
import { isReserved, missingSpace, reservedName, suggest, tableOf } from './names.ts';
import { command, option } from './option.ts';
import { applyOverrides, type Override, overrideOf } from './override.ts';
import { fileOf } from './reference.ts';
import { newerFormat } from './version.ts';

/** A checked YAML file: its value, and the places of its parts, for errors found later. */
export interface CheckedYaml<T> {
  readonly value: T;
  readonly file: string;
  /** The place of the value at a path (of its key, if it has no value). */
  locate(path: Path): Place;
  /** The place of a key of the mapping at a path, or of that mapping. */
  locateKey(path: Path, key: string): Place;
  /** The file that references at a path are relative to: '' for the command line and for values made in code. */
  fileNaming(path: Path): string;
}

/** The value that a schema describes; it is never changed. */
export type ValueOf<Schema extends z.ZodType> = Immutable<z.infer<Schema>>;
type Immutable<T> = T extends ArrayBufferView
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Immutable<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Immutable<T[Key]> }
      : T;

/** An object schema that refuses unknown keys and names the nearest known one. */
export function strictObject<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined;
      const key = issue.keys[0] ?? '';
      const space = missingSpace(key, valueAt(issue.input, [key]));
      return `unknown key '${key}'; ${space ?? suggest(key, Object.keys(shape))}`;
    },
  });
}

/**
 * Parses and checks a YAML text. Throws the first fault of the YAML, or all faults that the schema finds, with their
 * places.
 *
 * @param overrides replace parts of it before it is checked; replaced parts report the override's place
 */
export function parseYaml<T>(
  text: string,
  file: string,
  schema: z.ZodType<T>,
  overrides: readonly Override[] = [],
): CheckedYaml<T> {
  const { document, placeAt, partAt } = readYamlText(text, file);
  const locate = (path: Path): Place => {
    const override = overrideOf(overrides, path);
    if (override !== undefined) return override.place;
    for (let length = path.length; length >= 0; length--) {
      const node = partAt(path.slice(0, length))?.value;
      if (isNode(node) && node.range) return placeAt(node.range[0]);
    }
    return { file };
  };
  const locateKey = (path: Path, key: string): Place => {
    const override = overrideOf(overrides, [...path, key]);
    if (override !== undefined) return override.place;
    const node = partAt([...path, key])?.key;
    return isNode(node) && node.range ? placeAt(node.range[0]) : locate(path);
  };
  const value = document.toJS({ maxAliasCount: -1 }) as unknown;
  const fileNaming = (path: Path): string => fileOf(locate(path));
  return { value: checked(value, schema, overrides, locate, locateKey), file, locate, locateKey, fileNaming };
}

/**
 * Checks a value made in code as {@link parseYaml} checks a file, with the same messages. The place of a part is the
 * name followed by its path.
 *
 * @param name the value's name in errors
 * @param overrides replace parts of it before it is checked; replaced parts report the override's place
 */
export function checkValue<T>(
  value: unknown,
  name: string,
  schema: z.ZodType<T>,
  overrides: readonly Override[] = [],
): CheckedYaml<T> {
  const whole = { file: name };
  const locate = (path: Path): Place =>
    overrideOf(overrides, path)?.place ??
    (path.length === 0 ? whole : { file: `${name}: ${path.join('.')}` });
  // The schema's messages start with the path.
  const locateFault = (path: Path): Place => overrideOf(overrides, path)?.place ?? whole;
  refuseReserved(value, [], locate);
  const locateKey = (path: Path, key: string): Place =>
    overrideOf(overrides, [...path, key])?.place ?? locate(path);
  const result = checked(value, schema, overrides, locateFault, locateKey);
  const fileNaming = (path: Path): string => fileOf(overrideOf(overrides, path)?.place ?? {});
  return { value: result, file: name, locate, locateKey, fileNaming };
}

/** Refuses names that every JavaScript object has, as the reader of YAML does. */
function refuseReserved(value: unknown, path: Path, locate: (path: Path) => Place): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  for (const [key, part] of Object.entries(value)) {
    if (isReserved(key)) throw reservedName(key, locate([...path, key]));
    refuseReserved(part, [...path, key], locate);
  }
}

/**
 * A value with overrides applied, checked by a schema; throws all faults, each at its place. The message of a fault
 * begins with the path from there.
 */
export function checked<T>(
  value: unknown,
  schema: z.ZodType<T>,
  overrides: readonly Override[],
  locate: (path: Path) => Place,
  locateKey: (path: Path, key: string) => Place,
): T {
  const given = applyOverrides(value, overrides, schema);
  const result = schema.safeParse(given, { error: plainMessage });
  if (result.success) return result.data;
  const faults = new Faults();
  for (const issue of issuesToReport(result.error.issues, given)) {
    const path = pathOf(issue);
    if (issue.code === 'unrecognized_keys') {
      faults.add(new PlasticoreError('unknown-key', issue.message, locateKey(path, issue.keys[0] ?? '')));
      continue;
    }
    const inside = path.slice(overrideOf(overrides, path)?.path.length ?? 0);
    const at = inside.length === 0 ? '' : `${visible(inside.join('.'))}: `;
    const space = missingSpace(String(path.at(-1)), valueAt(given, path));
    const place = { ...locate(path), hint: space ?? hintOf(issue) };
    faults.add(new PlasticoreError('invalid-value', `${at}${issue.message}`, place));
  }
  return faults.complete<T>(undefined);
}

function hintOf(issue: z.core.$ZodIssue): string | undefined {
  const hint: unknown = issue.code === 'custom' ? issue.params?.hint : undefined;
  return typeof hint === 'string' ? hint : undefined;
}

/** The kinds of file, and what reads each. */
const kinds: Readonly<Record<string, { readonly name: string; readonly use: string }>> = tableOf({
  experiment: { name: 'an experiment', use: `${command('run')} and sweep take experiments` },
  program: {
    name: 'a program',
    use: `${command('compile')} and inspect take programs; an experiment names one under 'program:'`,
  },
  'hw-model': {
    name: 'an hw-model',
    use: `${command('hw show')} and check take hw-models; an experiment names one under 'hw:'`,
  },
  activity: {
    name: 'the activity of a run',
    use: `${option('activity')} of ${command('reprice')} takes it`,
  },
  readings: {
    name: 'how neurons of NIR are read',
    use: `${option('readings')} of ${command('import')} takes it`,
  },
  placement: {
    name: 'a placement',
    use: `${option('placement')} of ${command('compile')}, inspect, run and sweep takes placements`,
  },
});

/** The schema of a `format: plasticore/<kind>/<version>` line. */
export function formatTag(kind: string, version: number) {
  const tag = `plasticore/${kind}/${version}`;
  return z.string({ error: () => `expected '${tag}'` }).superRefine((given, context) => {
    if (given === tag) return;
    const newer = newerFormat(given, tag);
    const other = kinds[/^plasticore\/([a-z-]+)\/\d+$/.exec(given)?.[1] ?? ''];
    if (newer === undefined && other !== undefined && other !== kinds[kind]) {
      context.addIssue({
        code: 'custom',
        message: `this is ${other.name} ('${given}'); ${kinds[kind]?.name ?? `'${tag}'`} is expected here`,
        params: { foreign: true, hint: other.use },
      });
      return;
    }
    context.addIssue({
      code: 'custom',
      message: newer ?? `expected '${tag}', found '${given}'`,
      params: { foreign: newer !== undefined },
    });
  });
}

/** The key of a file with its format. */
export function formatKey(kind: string) {
  return key(
    formatTag(kind, 1),
    'The kind of the file, and the version of its format.',
    `plasticore/${kind}/1`,
  );
}
