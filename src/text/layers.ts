import * as z from 'zod';
import { type Path, type Place, PlasticoreError } from './error.ts';
import { expected } from './expected.ts';
import { missingSpace, suggest, tableOf } from './names.ts';
import { type Override, overrideOf } from './override.ts';
import { fileOf, type Resolve, resolveAt, type SourceText } from './reference.ts';
import { type CheckedYaml, checked, formatTag, parseYaml } from './yaml.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** One file of a chain of files that extend each other. */
interface Layer {
  readonly text: string;
  readonly file: string;
  readonly value: Mapping;
  readonly locate: CheckedYaml<Mapping>['locate'];
  readonly locateKey: CheckedYaml<Mapping>['locateKey'];
}

/** A chain of files merged into one value. Every part remembers its file. */
export interface MergedFiles<T> {
  readonly value: T;
  /** The place of a value, in the file that states it. */
  locate(path: Path): Place & { readonly file: string };
  /** The file that references at a path are relative to: '' for the command line. */
  fileNaming(path: Path): string;
  /** The whole value as seen by the file that states a part: that file, merged with what it extends. */
  statedWith(path: Path): unknown;
  /** The files, from the one that was read to the one that extends none. */
  readonly files: readonly [SourceText, ...SourceText[]];
}

/** A name belongs to a single file and is not inherited; neither is the reference to the extended file. */
const ownKeys = ['name', 'extends'];

/** The kinds of file that may extend another of their kind. */
export type LayeredKind = 'hw-model' | 'program';

const headers = { 'hw-model': header('hw-model', 'an'), program: header('program', 'a') };

function header(kind: LayeredKind, article: string) {
  return z.looseObject({
    format: formatTag(kind, 1),
    extends: z.string({ error: expected(`the name or path of ${article} ${kind}`) }).optional(),
  });
}

/**
 * Reads a file and everything it extends, merges them, and validates the result.
 *
 * Mappings are merged key by key, scalars and lists are replaced, `null` removes an entry. Faults in the result are
 * thrown, each at the place of the value that causes it, in the file that states the value; a missing key, at the
 * mapping that lacks it.
 *
 * The files are parsed once, however often the result is asked for with other overrides.
 *
 * @returns takes overrides, which replace parts of the merged value before validation; one of `extends` replaces what
 * the file extends
 */
export function layerReader<T>(
  kind: LayeredKind,
  { text, file }: SourceText,
  schema: z.ZodType<T>,
  resolve: Resolve,
): (overrides: readonly Override[]) => MergedFiles<T> {
  let chain: Chain | undefined;
  return (overrides) => {
    const setting = overrideOf(overrides, ['extends']);
    if (setting !== undefined)
      return merge(readChain(kind, { text, file }, resolve, setting), schema, overrides);
    chain ??= readChain(kind, { text, file }, resolve, undefined);
    return merge(chain, schema, overrides);
  };
}

/** A file, followed by the files it extends, in order. */
type Chain = readonly [Layer, ...Layer[]];

function merge<T>(layers: Chain, schema: z.ZodType<T>, overrides: readonly Override[]): MergedFiles<T> {
  const stages = new Map<Layer, Mapping>();
  let merged: Mapping = {};
  for (const [index, layer] of layers.toReversed().entries()) {
    merged = index === 0 ? layer.value : extend(merged, layer);
    stages.set(layer, merged);
  }
  const stated = (path: Path) => ({ owner: ownerOf(layers, path), set: overrideOf(overrides, path)?.place });
  const locate: MergedFiles<T>['locate'] = (path) => {
    const { owner, set } = stated(path);
    return set?.file === undefined
      ? { ...owner.locate(yamlPath(path)), file: owner.file }
      : { ...set, file: set.file };
  };
  const value = checked(merged, schema, overrides, locate, (path, key) => {
    const { owner, set } = stated([...path, key]);
    return set ?? owner.locateKey(yamlPath(path), key);
  });
  return {
    value,
    locate,
    fileNaming: (path) => fileOf(locate(path)),
    statedWith: (path) =>
      overrideOf(overrides, path) === undefined ? stages.get(ownerOf(layers, path)) : value,
    files: [sourceOf(layers[0]), ...layers.slice(1).map(sourceOf)],
  };
}

const sourceOf = ({ text, file }: Layer): SourceText => ({ text, file });

/** @param setting of what the file itself extends */
function readChain(
  kind: LayeredKind,
  source: SourceText,
  resolve: Resolve,
  setting: Override | undefined,
): Chain {
  const { layer, reference } = readLayer(kind, source);
  const chain: [Layer, ...Layer[]] = [layer];
  let below = setting === undefined ? { layer, reference } : { layer, reference: String(setting.value) };
  while (below.reference !== undefined) {
    const isSet = setting !== undefined && chain.length === 1;
    const place = isSet ? setting.place : below.layer.locate(['extends']);
    const found = resolveAt(below.reference, isSet ? fileOf(place) : below.layer.file, place, resolve);
    if (chain.some((earlier) => earlier.file === found.file)) {
      const circle = [...chain.map((earlier) => earlier.file), found.file].join(' extends ');
      throw new PlasticoreError('invalid-value', `extends: a file cannot extend itself: ${circle}`, place);
    }
    below = readLayer(kind, found);
    chain.push(below.layer);
  }
  return chain;
}

function readLayer(
  kind: LayeredKind,
  { text, file }: SourceText,
): { layer: Layer; reference: string | undefined } {
  const { value, locate, locateKey } = parseYaml(text, file, headers[kind]);
  return { layer: { text, file, value, locate, locateKey }, reference: value.extends };
}

function extend(base: Mapping, layer: Layer): Mapping {
  const inherited = Object.fromEntries(Object.entries(base).filter(([key]) => !ownKeys.includes(key)));
  return join(inherited, layer.value, []);

  function join(below: Mapping, above: Mapping, path: Path): Mapping {
    const merged: Record<string, unknown> = tableOf({ ...below });
    for (const [key, value] of Object.entries(above)) {
      const inner = Object.hasOwn(below, key) ? below[key] : undefined;
      if (value === null) {
        if (inner === undefined) throw nothingToRemove(below, [...path, key], layer);
        delete merged[key];
      } else {
        merged[key] = isMapping(value) ? join(isMapping(inner) ? inner : {}, value, [...path, key]) : value;
      }
    }
    return merged;
  }
}

function nothingToRemove(below: Mapping, path: Path, layer: Layer): PlasticoreError {
  const key = String(path.at(-1));
  return new PlasticoreError(
    'invalid-value',
    `${path.join('.')}: null removes an entry, but the extended file has no such entry`,
    { ...layer.locate(yamlPath(path)), hint: missingSpace(key, null) ?? suggest(key, Object.keys(below)) },
  );
}

/** In YAML, the keys of a table by width are numbers. */
function yamlPath(path: Path): (string | number)[] {
  return path.map((part) => (/^\d+$/.test(String(part)) ? Number(part) : part));
}

/** The file that contains the longest part of a path; of several, the one that takes precedence. */
function ownerOf(layers: Chain, path: Path): Layer {
  let owner = layers[0];
  if (ownKeys.includes(String(path[0]))) return owner;
  for (const layer of layers) if (depth(layer.value, path) > depth(owner.value, path)) owner = layer;
  return owner;
}

/** How far a path leads into a value. */
function depth(value: unknown, path: Path): number {
  let part = value;
  for (const [index, key] of path.entries()) {
    if (!isMapping(part) || !Object.hasOwn(part, key)) return index;
    part = part[key];
  }
  return path.length;
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
