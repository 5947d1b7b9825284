import { isMap, isNode, isPair, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type Path, type Place, PlasticoreError } from './error.ts';
import { plainMessage } from './expected.ts';
import { flatIssues } from './issues.ts';
import { suggest } from './nearest.ts';
import { applyOverrides, type Override, overrideOf } from './override.ts';

/** A checked YAML file: its value, and where each part of it stands, for errors found later. */
export interface Located<T> {
  readonly value: T;
  readonly file: string;
  /** The place of the value at a path (of its key, where the value has none). */
  locate(path: Path): Place;
}

/** An object schema that refuses unknown keys and names the nearest known one. */
export function strictObject<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined;
      const key = issue.keys[0] ?? '';
      return `unknown key '${key}'; ${suggest(key, Object.keys(shape))}`;
    },
  });
}

/**
 * Parses and checks a YAML text. The first fault is thrown, with its place.
 *
 * @param overrides replace parts of it before it is checked; what they replace has their place
 */
export function parseYaml<T>(
  text: string,
  file: string,
  schema: z.ZodType<T>,
  overrides: readonly Override[] = [],
): Located<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const fault = document.errors[0];
  if (fault !== undefined) {
    const reason = fault.message.split(' at line ')[0] ?? fault.message;
    throw new PlasticoreError('syntax', `not valid YAML: ${reason}`, placeAt(fault.pos[0]));
  }
  const locate = (path: Path): Place => {
    const override = overrideOf(overrides, path);
    if (override !== undefined) return override.place;
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return placeAt(node.range[0]);
    }
    return { file };
  };
  const locateKey = (path: Path, key: string): Place => {
    const override = overrideOf(overrides, [...path, key]);
    if (override !== undefined) return override.place;
    const parent = path.length === 0 ? document.contents : document.getIn(path, true);
    const pair = isMap(parent)
      ? parent.items.find((item) => isPair(item) && String(item.key) === key)
      : undefined;
    return pair !== undefined && isNode(pair.key) && pair.key.range
      ? placeAt(pair.key.range[0])
      : locate(path);
  };
  const result = schema.safeParse(applyOverrides(document.toJS(), overrides, schema), {
    error: plainMessage,
  });
  if (!result.success) {
    const issue = deepestIssue(flatIssues(result.error.issues));
    const path = issue.path.filter((part) => typeof part !== 'symbol');
    if (issue.code === 'unrecognized_keys') {
      throw new PlasticoreError('unknown-key', issue.message, locateKey(path, issue.keys[0] ?? ''));
    }
    const at = path.length === 0 ? '' : `${path.join('.')}: `;
    throw new PlasticoreError('invalid-value', `${at}${issue.message}`, locate(path));
  }
  return { value: result.data, file, locate };
}

/** An unknown key says most; then the fault that lies deepest in the file. */
function deepestIssue(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue {
  const sorted = [...issues].sort((a, b) => weight(b) - weight(a));
  const first = sorted[0];
  if (first === undefined) throw new Error('a failed check without an issue');
  return first;
}

function weight(issue: z.core.$ZodIssue): number {
  return (issue.code === 'unrecognized_keys' ? 1000 : 0) + issue.path.length;
}

/**
 * The schema of a `format: plasticore/<kind>/<version>` line. A newer version names the release that it needs:
 * format N came with release N of the package's major line.
 */
export function formatTag(kind: string, version: number) {
  return z.string({ error: () => `expected 'plasticore/${kind}/${version}'` }).superRefine((tag, context) => {
    if (tag === `plasticore/${kind}/${version}`) return;
    const found = /^plasticore\/([a-z-]+)\/(\d+)$/.exec(tag);
    const newer = found !== null && found[1] === kind && Number(found[2]) > version;
    context.addIssue({
      code: 'custom',
      message: newer
        ? `'${tag}' is newer than this release reads ('plasticore/${kind}/${version}'); it needs plasticore ${found[2]}.0 or later`
        : `expected 'plasticore/${kind}/${version}', found '${tag}'`,
    });
  });
}
