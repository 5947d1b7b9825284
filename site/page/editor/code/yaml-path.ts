/** Where a place in a YAML text stands: its path of keys and positions, whatever else is wrong with the text. */
import { yamlLanguage } from '@codemirror/lang-yaml';
import type { SyntaxNode } from '@lezer/common';
import type { Path } from '../../../../src/text/index.ts';

/** A key of a mapping, and the text of its value. */
export interface KeyEntry {
  /** With the key itself at its end. */
  readonly path: Path;
  /** Where the key is. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** All keys of a text, in its order. */
export function keysIn(text: string): KeyEntry[] {
  const keys: KeyEntry[] = [];
  yamlLanguage.parser.parse(text).iterate({
    enter: ({ node }) => {
      const key = node.name === 'Pair' ? node.getChild('Key') : null;
      if (key === null) return;
      const value = key.nextSibling?.nextSibling ?? null;
      keys.push({
        path: pathTo(node, text),
        from: key.from,
        to: key.to,
        text: value === null ? '' : text.slice(value.from, value.to),
      });
    },
  });
  return keys;
}

/** A node's path; that of a pair ends with its key. */
function pathTo(node: SyntaxNode, text: string): (string | number)[] {
  const path: (string | number)[] = [];
  for (let at: SyntaxNode | null = node; at !== null; at = at.parent) {
    if (at.name === 'Pair') path.unshift(keyOf(at, text));
    else if (at.name === 'Item') path.unshift(positionOf(at));
  }
  return path;
}

function keyOf(pair: SyntaxNode, text: string): string {
  const key = pair.getChild('Key');
  return key === null ? '' : text.slice(key.from, key.to).replace(/^(['"])(.*)\1$/s, '$2');
}

function positionOf(item: SyntaxNode): number {
  let position = 0;
  for (let before = item.prevSibling; before !== null; before = before.prevSibling)
    if (before.name === 'Item') position += 1;
  return position;
}

/** The values that a place may take. */
export interface Spot {
  /** A key: the mapping that it is for, or an item of a sequence that may become one. A value: with its own key. */
  readonly path: Path;
  readonly is: 'key' | 'value';
  /** Where the word begins that is being written. */
  readonly from: number;
  /** Whether the key that is being written has its colon already. */
  readonly hasColon: boolean;
  /** Keys that the mapping has besides. */
  readonly taken: readonly string[];
}

/** Stands in for the word that is being written: no text has it. */
const standIn = 'zzWordBeingWrittenZz';

/** The values that may be written at an offset; undefined in a comment. */
export function spotAt(text: string, offset: number): Spot | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const line = text.slice(start, offset);
  if (/(?:^|\s)#/.test(line)) return undefined;
  const from = offset - (/[\w./-]*$/.exec(line)?.[0].length ?? 0);
  // A dash in front of a space begins an item, not a word.
  const rest = text.slice(offset).replace(/^[\w./-]*/, '');
  const hasColon = /^\s*:(?:\s|$)/.test(rest);
  const is = /:\s+$/.test(text.slice(start, from)) ? 'value' : 'key';
  const word = is === 'value' || hasColon ? standIn : `${standIn}: 0`;
  const whole = text.slice(0, from) + word + rest;
  const tree = yamlLanguage.parser.parse(whole);
  const node = tree.resolveInner(from + 1, 0);
  let pair: SyntaxNode | null = node;
  while (pair !== null && pair.name !== 'Pair') pair = pair.parent;
  if (pair === null) return { path: [], is, from, hasColon, taken: [] };
  const path = pathTo(is === 'value' ? node : pair, whole);
  if (is === 'value') return { path, is, from, hasColon, taken: [] };
  const siblings = pair.parent?.getChildren('Pair') ?? [];
  return {
    path: path.slice(0, -1),
    is,
    from,
    hasColon,
    taken: siblings.map((each) => keyOf(each, whole)).filter((key) => key !== standIn),
  };
}
