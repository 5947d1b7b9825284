import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  Parser,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { type Path, type Place, PlasticoreError } from './error.ts';
import { isReserved, reservedName } from './names.ts';

/** The deepest nesting of lists and mappings that is read; hand-written files stay below ten levels. */
const mostLevels = 100;
/** The most values in a text with its aliases expanded: ten lines of aliases can stand for billions. */
const mostValues = 1_000_000;

/** A YAML text as a finite tree of nodes, with the places of its parts. */
export interface YamlText {
  readonly document: Document.Parsed;
  placeAt(offset: number): Place;
  /** The key, if it is one of a mapping, and the value at a path; undefined if nothing is there. */
  partAt(path: Path): Part | undefined;
}

/** An item of a list, or a key of a mapping with its value. */
interface Part {
  readonly key?: unknown;
  readonly value: unknown;
}

/**
 * Parses a YAML text and makes sure that it can be turned into plain values: each alias has an anchor, none contains
 * itself, nesting and repetition are bounded, no key is given twice or is a property name that every JavaScript object
 * has, and what `<<` merges are mappings.
 *
 * @throws PlasticoreError `syntax` or `invalid-value` with the place
 */
export function readYamlText(text: string, file: string): YamlText {
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  let document: Document.Parsed;
  try {
    // Its own search for repeated keys compares each with all others: the survey looks for them.
    document = parseDocument(text, { lineCounter: lines, merge: true, uniqueKeys: false });
  } catch (error) {
    // The parser recurses into each level.
    if (error instanceof RangeError) throw tooDeep(placeAt(deepOffset(text)));
    throw error;
  }
  const fault = document.errors[0];
  if (fault !== undefined) {
    if (fault.message.startsWith('Maximum call stack')) throw tooDeep(placeAt(deepOffset(text)));
    const reason = fault.message.split(' at line ')[0] ?? fault.message;
    throw new PlasticoreError('syntax', `not valid YAML: ${reason}`, placeAt(fault.pos[0]));
  }
  const survey = new Survey(placeAt);
  survey.visit(document.contents, 1);
  const parts = new Parts(survey.targets);
  return { document, placeAt, partAt: (path) => parts.at(document.contents, path) };
}

/**
 * The value of a short YAML text, such as that of an option.
 *
 * @throws PlasticoreError `usage` at the place
 */
export function parseYamlValue(text: string, place: Place): unknown {
  try {
    return readYamlText(text, '').document.toJS({ maxAliasCount: -1 }) as unknown;
  } catch (error) {
    if (!(error instanceof PlasticoreError)) throw error;
    throw new PlasticoreError(
      'usage',
      `'${text}' is not a YAML value: ${error.message.replace(/^not valid YAML: /, '')}`,
      {
        ...place,
        hint: error.hint,
      },
    );
  }
}

/** A node's value, with aliases expanded. */
interface Extent {
  readonly values: number;
  readonly levels: number;
}

/** A walk over all nodes in document order. */
class Survey {
  readonly #placeAt: (offset: number) => Place;
  readonly #anchors = new Map<string, Extent & { readonly node: Node }>();
  /** The node of each alias: the library looks for it through the whole text. */
  readonly targets = new Map<unknown, Node>();
  /** Anchors of the nodes currently being walked. */
  readonly #open = new Set<string>();
  #values = 0;

  constructor(placeAt: (offset: number) => Place) {
    this.#placeAt = placeAt;
  }

  visit(node: unknown, level: number): Extent {
    if (isAlias(node)) return this.#alias(node.source, node, level);
    this.#values += 1;
    if (isScalar(node)) return this.#anchored(node, { values: 1, levels: 0 });
    if (!isCollection(node)) return { values: 1, levels: 0 };
    if (level > mostLevels) throw tooDeep(this.#placeOf(node));
    if (node.anchor !== undefined) this.#open.add(node.anchor);
    const keys = new Set<string>();
    const inside = node.items.flatMap((item) => {
      if (!isPair(item)) return [this.visit(item, level + 1)];
      this.#checkKey(item.key, keys);
      const both = [this.visit(item.key, level + 1), this.visit(item.value, level + 1)];
      if (isMergeKey(item.key)) this.#checkMerged(item.value);
      return both;
    });
    if (node.anchor !== undefined) this.#open.delete(node.anchor);
    return this.#anchored(node, {
      values: inside.reduce((sum, { values }) => sum + values, 1),
      levels: inside.reduce((most, { levels }) => Math.max(most, levels), 0) + 1,
    });
  }

  #alias(name: string, node: Node, level: number): Extent {
    const refused = (message: string) => new PlasticoreError('invalid-value', message, this.#placeOf(node));
    if (this.#open.has(name)) throw refused(`'*${name}' stands within '&${name}': it would contain itself`);
    const extent = this.#anchors.get(name);
    if (extent === undefined) throw refused(`there is no '&${name}' before '*${name}'`);
    this.targets.set(node, extent.node);
    this.#values += extent.values;
    if (this.#values > mostValues)
      throw refused(`expands to more than ${mostValues} values, the most that is read`);
    if (level + extent.levels > mostLevels) throw tooDeep(this.#placeOf(node));
    return extent;
  }

  #anchored(node: Node & { readonly anchor?: string | undefined }, extent: Extent): Extent {
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, { ...extent, node });
    return extent;
  }

  #checkKey(key: unknown, before: Set<string>): void {
    const refused = (message: string, node: Node) =>
      new PlasticoreError('invalid-value', message, this.#placeOf(node));
    if (isCollection(key)) throw refused('a list or a mapping cannot be a key', key);
    if (!isScalar(key)) return;
    const name = isMergeKey(key) ? '<<' : String(key.value);
    if (isReserved(name)) throw reservedName(name, this.#placeOf(key));
    if (before.has(name)) throw refused(`key '${name}' is given twice`, key);
    before.add(name);
  }

  /** What `<<` adds to a mapping: another one, or several. */
  #checkMerged(value: unknown): void {
    for (const one of isSeq(value) ? value.items : [value]) {
      if (isMap(this.targets.get(one) ?? one)) continue;
      throw new PlasticoreError('invalid-value', "'<<' takes a mapping or a list of mappings", {
        ...this.#placeOf(isNode(one) ? one : {}),
        hint: 'such as `<<: *common`, where `&common` stands before a mapping',
      });
    }
  }

  #placeOf({ range }: Pick<Node, 'range'>): Place {
    return this.#placeAt(range?.[0] ?? 0);
  }
}

/**
 * Finds parts by their paths, and what `<<` merges where it was written. Mappings keep their keys in a list, so that
 * each needs an index.
 */
class Parts {
  readonly #targets: ReadonlyMap<unknown, Node>;
  readonly #byKey = new WeakMap<YAMLMap, ReadonlyMap<string, Part>>();

  constructor(targets: ReadonlyMap<unknown, Node>) {
    this.#targets = targets;
  }

  at(root: unknown, path: Path): Part | undefined {
    return path.reduce<Part | undefined>((part, key) => part && this.#inside(part.value, key), {
      value: root,
    });
  }

  #inside(value: unknown, key: string | number): Part | undefined {
    const node = this.#resolved(value);
    if (isSeq(node)) return { value: node.items[Number(key)] };
    return isMap(node) ? this.#partsOf(node).get(String(key)) : undefined;
  }

  #partsOf(mapping: YAMLMap): ReadonlyMap<string, Part> {
    const known = this.#byKey.get(mapping);
    if (known !== undefined) return known;
    const parts = new Map<string, Part>();
    // The mapping's own keys come before merged ones, wherever they stand, and the first merged one before the others.
    for (const pair of mapping.items) if (!isMergeKey(pair.key)) parts.set(String(pair.key), pair);
    for (const { key, value } of mapping.items) {
      if (!isMergeKey(key)) continue;
      for (const one of isSeq(value) ? value.items : [value]) {
        const merged = this.#resolved(one);
        if (!isMap(merged)) continue;
        for (const [name, part] of this.#partsOf(merged)) if (!parts.has(name)) parts.set(name, part);
      }
    }
    this.#byKey.set(mapping, parts);
    return parts;
  }

  #resolved(node: unknown): unknown {
    return this.#targets.get(node) ?? node;
  }
}

/** Whether a key is a plain `<<`: the reader makes a symbol of it. */
function isMergeKey(key: unknown): boolean {
  return isScalar(key) && typeof key.value === 'symbol';
}

function tooDeep(place: Place): PlasticoreError {
  return new PlasticoreError(
    'syntax',
    `nested in more than ${mostLevels} levels, the most that is read`,
    place,
  );
}

/** Refuses a text that is nested too deeply. */
function deepOffset(text: string): number {
  const parser = new Parser();
  let offset = 0;
  for (const token of new Lexer().lex(text)) {
    for (const _ of parser.next(token));
    if (parser.stack.length > mostLevels) break;
    offset += token.length;
  }
  return offset;
}
