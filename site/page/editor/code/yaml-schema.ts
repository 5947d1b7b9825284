/** The part of a format's JSON Schema (schemas/, generated) for a place in a text. */
import type { FileKind, Path } from '../../../../src/text/index.ts';

/** As much of JSON Schema as the generated ones use. */
export interface Schema {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema | readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** The schema of a kind of file, loaded when it is first asked for; microcode has none. */
export async function schemaFor(kind: FileKind): Promise<Schema | undefined> {
  switch (kind) {
    case 'program':
      return (await import('../../../../schemas/program.schema.json', { with: { type: 'json' } }))
        .default as Schema;
    case 'hw-model':
      return (await import('../../../../schemas/hw-model.schema.json', { with: { type: 'json' } }))
        .default as Schema;
    case 'experiment':
      return (await import('../../../../schemas/experiment.schema.json', { with: { type: 'json' } }))
        .default as Schema;
    case 'microcode':
    case 'macros':
      return undefined;
  }
}

/** The alternatives of a schema, each without alternatives of its own. */
function alternatives(schema: Schema, root: Schema): Schema[] {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace(/^#\/definitions\//, '');
    const target = schema.$ref === '#' ? root : root.definitions?.[name];
    return target === undefined ? [] : alternatives(target, root);
  }
  const parts = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return [schema, ...parts.flatMap((part) => alternatives(part, root))];
}

/** The schemas that hold for the value at a path, one for each alternative. */
export function schemasAt(root: Schema, path: Path): Schema[] {
  let found = alternatives(root, root);
  for (const step of path) {
    found = found.flatMap((schema) => inner(schema, step)).flatMap((schema) => alternatives(schema, root));
  }
  return found;
}

function inner({ properties, additionalProperties, items }: Schema, step: string | number): Schema[] {
  if (typeof step === 'number') {
    if (items === undefined) return [];
    if (!isList(items)) return [items];
    const item = items[step];
    return item === undefined ? [] : [item];
  }
  const own = properties !== undefined && Object.hasOwn(properties, step) ? properties[step] : undefined;
  if (own !== undefined) return [own];
  return typeof additionalProperties === 'object' ? [additionalProperties] : [];
}

function isList(items: Schema | readonly Schema[]): items is readonly Schema[] {
  return Array.isArray(items);
}

/** A key that may stand in a mapping. */
export interface KeyWord {
  readonly key: string;
  readonly meaning: string;
  /** The type of its value: `integer`, `map`, one of some words. */
  readonly detail: string;
  /** Whether its value is written on lines of its own. */
  readonly opensBlock: boolean;
}

/** The keys that a mapping may have. */
export function keysAt(root: Schema, path: Path): KeyWord[] {
  const found = new Map<string, KeyWord>();
  for (const { properties = {} } of schemasAt(root, path))
    for (const [key, schema] of Object.entries(properties)) {
      if (found.has(key)) continue;
      const types = typesOf(schema, root);
      found.set(key, {
        key,
        meaning: meaningOf(schema, root),
        detail: detailOf(schema, root),
        opensBlock: types.length === 1 && types[0] === 'object',
      });
    }
  return [...found.values()];
}

/** The values that are named for a place: of an enumeration, truth values, constants. */
export function valuesAt(root: Schema, path: Path): string[] {
  const values = schemasAt(root, path).flatMap((schema) => [
    ...(schema.enum ?? []),
    ...(schema.const === undefined ? [] : [schema.const]),
    ...(schema.type === 'boolean' ? [true, false] : []),
  ]);
  return [...new Set(values.map((value) => String(value)))];
}

/** The meaning of a key, and its values; undefined for a name that the schema leaves free. */
export function describeKey(
  root: Schema,
  path: Path,
): { readonly meaning: string; readonly detail: string } | undefined {
  const [first] = schemasAt(root, path);
  if (first === undefined) return undefined;
  const meaning = meaningOf(first, root);
  return meaning === '' ? undefined : { meaning, detail: detailOf(first, root) };
}

function meaningOf(schema: Schema, root: Schema): string {
  const described = alternatives(schema, root).find(({ description }) => description !== undefined);
  return described?.description?.replaceAll('`', '') ?? '';
}

function typesOf(schema: Schema, root: Schema): string[] {
  const types = alternatives(schema, root).flatMap(({ type = [] }) => type);
  return [...new Set(types)];
}

function detailOf(schema: Schema, root: Schema): string {
  const all = alternatives(schema, root);
  const words = all.flatMap(({ enum: choices = [], const: only }) => [
    ...choices,
    ...(only === undefined ? [] : [only]),
  ]);
  // Null is no value: it removes what a file that this one extends has.
  const kinds = typesOf(schema, root).filter(
    (type) => type !== 'null' && (words.length === 0 || type !== 'string'),
  );
  const shown = [...kinds.map((type) => (type === 'object' ? 'map' : type)), ...words.map(String)].join(', ');
  const standard = all.find((each) => each.default !== undefined)?.default;
  const isPlain = ['string', 'number', 'boolean'].includes(typeof standard) && standard !== '';
  return isPlain ? `${shown}; ${String(standard)} if absent` : shown;
}
