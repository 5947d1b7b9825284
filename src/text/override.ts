import type * as z from 'zod';
import { type Path, type Place, PlasticoreError } from './error.ts';
import { flatIssues } from './faults.ts';
import { isReserved, reservedName, suggest } from './names.ts';

/** A value that replaces one of a YAML file before the file is checked, and the place where a person wrote it. */
export interface Override {
  /** The path from the file's root. */
  readonly path: Path;
  /** `null` removes the entry. */
  readonly value: unknown;
  /** A place in another file, or an option of the command line as its `file`. */
  readonly place: Place;
}

/** A key that no schema has and that cannot be typed. */
const probe = '\u0000';

/**
 * A file's value with overrides applied, later ones last.
 *
 * An override changes existing entries. It may add a key that the schema knows, and on the way to it a mapping that may
 * be empty, but not an entry to a mapping with user-defined names, where a misspelled name would go unnoticed.
 *
 * @throws PlasticoreError `unknown-key` at the override's place where its path leads nowhere
 */
export function applyOverrides(value: unknown, overrides: readonly Override[], schema: z.ZodType): unknown {
  // Without a mapping there is nothing to replace; the schema will say what is wrong.
  if (overrides.length === 0 || !isContainer(value) || Array.isArray(value)) return value;
  const root = structuredClone(value);
  for (const { path, value: replacement, place } of overrides) {
    const last = path.at(-1);
    if (last === undefined) throw new PlasticoreError('usage', 'a path to a value is missing', place);
    const reserved = path.map(String).find(isReserved);
    if (reserved !== undefined) throw reservedName(reserved, place);
    const parentPath = path.slice(0, -1);
    const parent = containerAt(root, parentPath, schema, place);
    const isKnown = Object.hasOwn(parent, last);
    if (!isKnown && (Array.isArray(parent) || takesAnyKey(schema, root, parent, parentPath)))
      throw missing(parent, parentPath, last, place);
    if (replacement !== null) Object.assign(parent, { [last]: replacement });
    else if (isKnown) Reflect.deleteProperty(parent, last);
    else throw missing(parent, parentPath, last, place);
  }
  return root;
}

/** The override that determines the value at a path, if any. */
export function overrideOf(overrides: readonly Override[], path: Path): Override | undefined {
  return overrides.findLast((override) =>
    override.path.every((part, index) => index < path.length && String(part) === String(path[index])),
  );
}

function containerAt(root: unknown, path: Path, schema: z.ZodType, place: Place): object {
  let container = root;
  for (const [depth, part] of path.entries()) {
    if (!isContainer(container)) break;
    const at = path.slice(0, depth);
    if (!Object.hasOwn(container, part)) {
      if (Array.isArray(container) || !mayBeEmpty(schema, root, container, at, String(part)))
        throw missing(container, at, part, place);
      Object.assign(container, { [part]: {} });
    }
    container = Object.entries(container).find(([key]) => key === String(part))?.[1];
  }
  if (isContainer(container)) return container;
  throw new PlasticoreError(
    'unknown-key',
    `'${path.join('.')}' is ${JSON.stringify(container)} and has no parts to set`,
    place,
  );
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Whether the mapping at a path has user-defined keys. */
function takesAnyKey(schema: z.ZodType, root: unknown, parent: object, path: Path): boolean {
  return !faultsOf(schema, root, parent, path, probe).some(
    ({ issue, at }) => issue.code === 'unrecognized_keys' && issue.keys.includes(probe) && at === 'parent',
  );
}

/** Whether the schema names a key of the mapping at a path, and an empty mapping may stand there. */
function mayBeEmpty(schema: z.ZodType, root: unknown, parent: object, path: Path, key: string): boolean {
  const isRefused = faultsOf(schema, root, parent, path, key).some(
    ({ issue, at }) =>
      at === 'key' || (issue.code === 'unrecognized_keys' && issue.keys.includes(key) && at === 'parent'),
  );
  return !isRefused && !takesAnyKey(schema, root, parent, path);
}

/** What the schema has to say if an empty mapping stands at a key of the mapping at a path. */
function faultsOf(schema: z.ZodType, root: unknown, parent: object, path: Path, key: string) {
  Object.assign(parent, { [key]: {} });
  const result = schema.safeParse(root);
  Reflect.deleteProperty(parent, key);
  const own = path.map(String);
  return flatIssues(result.error?.issues ?? []).map((issue) => {
    const place = issue.path.map(String);
    const isInside = [...own, key].every((part, depth) => place[depth] === part);
    const at = place.join() === own.join() ? 'parent' : isInside ? 'key' : 'elsewhere';
    return { issue, at } as const;
  });
}

function missing(container: object, path: Path, key: string | number, place: Place): PlasticoreError {
  const where = path.length === 0 ? 'there is' : `'${path.join('.')}' has`;
  return new PlasticoreError('unknown-key', `${where} no '${key}'`, {
    ...place,
    hint: suggest(String(key), Object.keys(container)),
  });
}
