/** Renders the keys of a format as Markdown, from its JSON Schema: the descriptions that editors show, on one page. */

import { enumerated } from '../../src/text/index.ts';

/** The parts of a JSON Schema (draft 7) that the schemas of the formats use. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly required?: readonly string[];
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly minItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** A mapping of the format, with every place where it may appear. */
interface Section {
  readonly places: string[];
  /** Several if the mapping has one of several shapes. */
  readonly shapes: JsonSchema[];
}

/** A key anywhere in a format. */
export interface Key {
  /** The mapping that it belongs to: `populations.NAME`, or empty at the top level. */
  readonly place: string;
  readonly name: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
  /** Whether the mapping holds either this key or one of its neighbours. */
  readonly alternative: boolean;
}

/** Every key of a format once, in page order. */
export function keysOf(root: JsonSchema): Key[] {
  return sectionsOf(root).flatMap(({ places: [place = ''], shapes }) =>
    shapes.flatMap(({ properties = {}, required = [] }) =>
      Object.entries(properties).map(([name, schema]) => ({
        place,
        name,
        schema,
        required: required.includes(name),
        alternative: shapes.length > 1,
      })),
    ),
  );
}

/** A table of keys for each mapping of a format. */
export function keyTables(root: JsonSchema): string {
  const sections = sectionsOf(root);
  const link = (schema: JsonSchema) => {
    const section = sections.find(({ shapes }) => shapes.some((shape) => isSame(shape, schema)));
    const title = section?.places[0] ?? '';
    return `[mapping](#${anchorOf(title)})`;
  };
  const keys = keysOf(root);
  return sections
    .map(({ places: [place = '', ...others] }) => {
      const rows = keys
        .filter((key) => key.place === place)
        .map((key) => {
          const value = valueText(key, root, link);
          return `| \`${key.name}\` | ${value} | ${meaningOf(key, value.includes('[mapping]'))} |`;
        });
      const also = others.length === 0 ? '' : `The same keys as ${others.map(code).join(', ')}.\n\n`;
      return `## ${headingOf(place)}\n\n${also}| key | value | meaning |\n|---|---|---|\n${rows.join('\n')}`;
    })
    .join('\n\n');
}

const top = 'Keys of the file';

const headingOf = (place: string): string => (place === '' ? top : code(place));

/** The anchor of a heading on a Markdown page. */
function anchorOf(place: string): string {
  return (place === '' ? top : place)
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

function sectionsOf(root: JsonSchema): Section[] {
  const sections: Section[] = [];
  visit(root, '');
  return sections;

  function visit(given: JsonSchema, place: string): void {
    const schema = resolved(given, root);
    if (schema.properties !== undefined) {
      const known = sections.find(({ shapes }) => shapes.some((shape) => isSame(shape, schema)));
      if (known !== undefined) {
        if (!known.places.includes(place)) known.places.push(place);
        return;
      }
      const other = sections.find(({ places: [first] }) => first === place);
      if (other === undefined) sections.push({ places: [place], shapes: [schema] });
      else other.shapes.push(schema);
    }
    for (const [name, key] of Object.entries(schema.properties ?? {})) {
      visit(key, place === '' ? name : `${place}.${name}`);
    }
    for (const part of schema.anyOf ?? []) visit(part, place);
    if (typeof schema.additionalProperties === 'object') {
      visit(schema.additionalProperties, `${place}.NAME`);
    }
    for (const item of listOf(schema.items)) visit(item, `${place}[]`);
  }
}

/** Mappings with the same keys share a section, even if their descriptions differ by place. */
function isSame(a: JsonSchema, b: JsonSchema): boolean {
  return a === b || JSON.stringify(a.properties) === JSON.stringify(b.properties);
}

function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const [only, ...more] = schema.allOf ?? [];
  if (only !== undefined && more.length === 0) return resolved(only, root);
  if (schema.$ref === undefined) return schema;
  const target = root.definitions?.[schema.$ref.replace('#/definitions/', '')];
  if (target === undefined) throw new Error(`no definition ${schema.$ref}`);
  return target;
}

function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}

function valueText(
  { schema, required, alternative }: Key,
  root: JsonSchema,
  link: (schema: JsonSchema) => string,
): string {
  const type = typeOf(schema);
  if (required) return `${type}; ${alternative ? '**this or another**' : '**required**'}`;
  if (schema.default === undefined || isEmpty(schema.default)) return type;
  return `${type}; default ${code(flow(schema.default))}`;

  function typeOf(given: JsonSchema): string {
    const one = resolved(given, root);
    if (one.enum !== undefined) return anyOf(one.enum.map((value) => code(String(value))));
    if (one.const !== undefined) return code(String(one.const));
    if (one.anyOf !== undefined) return unionOf(one.anyOf);
    if (one.properties !== undefined) return link(one);
    if (Array.isArray(one.type)) return formulaOr(one.type);
    if (one.type === 'array') return listType(one);
    if (one.type === 'object') {
      const { additionalProperties: inner } = one;
      if (typeof inner !== 'object' || Object.keys(inner).length === 0) return 'values by name';
      return `by name: ${typeOf(inner)}`;
    }
    if (one.type === 'integer') return `whole number${rangeOf(one)}`;
    if (one.type === 'number') return `number${rangeOf(one)}`;
    if (one.type === 'boolean') return '`true` or `false`';
    return one.type === 'string' ? 'text' : 'any value';
  }

  /** A schema says nothing about a typed array, which only code can give. */
  function unionOf(parts: readonly JsonSchema[]): string {
    return anyOf(parts.filter((part) => Object.keys(part).length > 0).map(typeOf));
  }

  function listType({ items, minItems }: JsonSchema): string {
    if (Array.isArray(items)) return `[${items.map(typeOf).join(', ')}]`;
    const [item] = listOf(items);
    const types = item === undefined || Object.keys(item).length === 0 ? 'any value' : typeOf(item);
    return `list of: ${types}${minItems === 1 ? ' (at least one)' : ''}`;
  }
}

/** Where a key takes a number or a text, the text is a formula. */
function formulaOr(types: readonly string[]): string {
  if ([...types].sort().join() === 'number,string') return 'number or formula';
  throw new Error(`no words for ${types.join(' or ')}`);
}

function anyOf(types: readonly string[]): string {
  return enumerated([...new Set(types)], 'or');
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (exclusiveMaximum !== undefined)
    return ` above ${grouped(exclusiveMinimum ?? 0)} and below ${grouped(exclusiveMaximum)}`;
  // A figure that has to be positive has a least value, too.
  if (minimum !== undefined && most !== undefined) return ` from ${grouped(minimum)} to ${grouped(most)}`;
  if (exclusiveMinimum !== undefined) return ` above ${grouped(exclusiveMinimum)}`;
  return minimum === undefined ? '' : ` from ${grouped(minimum)}`;
}

/** A bound; large ones are powers, which say better that they are limits alone. */
function grouped(value: number): string {
  for (const base of [10, 2]) {
    const exponent = Math.round(Math.log(value) / Math.log(base));
    if (value > 50_000 && base ** exponent === value) return `${base}^${exponent}`;
  }
  return value < 10_000 ? String(value) : String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
}

/**
 * What a key means, with its examples: but for numbers and switches, whose type says all, and mappings, whose keys
 * have examples.
 */
function meaningOf({ name, schema }: Key, isMapping: boolean): string {
  const { description = '', examples = [] } = schema;
  const shown = examples
    .filter(
      (example) =>
        !['number', 'boolean'].includes(typeof example) && !(isMapping && typeof example === 'object'),
    )
    .map((example) => code(`${name}: ${flow(example)}`));
  const sentence = shown.length === 0 ? '' : ` Example: ${shown.join(', ')}`;
  return `${description}${sentence}`.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

const code = (text: string): string => `\`${text}\``;

function isEmpty(value: unknown): boolean {
  if (typeof value === 'string') return value === '';
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** A value in YAML on one line. */
export function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([name, inner]) => `${name}: ${flow(inner)}`);
    return `{${entries.join(', ')}}`;
  }
  if (typeof value === 'number')
    return String(Number.isInteger(value) ? value : Number(value.toPrecision(6)));
  if (typeof value !== 'string') return String(value);
  const isPlain = /^[A-Za-z./][\w./-]*$/.test(value) && !/^(true|false|null)$/.test(value);
  return isPlain || /^plasticore\//.test(value) ? value : JSON.stringify(value);
}
