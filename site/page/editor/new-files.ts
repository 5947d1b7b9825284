/** Files that a person makes on the page: copies of others under new names. */
import { bundles, type FileKind, isBareName, PlasticoreError } from '../../../src/text/index.ts';
import type { Design } from '../../shared/design.ts';
import { kindOf, pathOf, shortName, type Texts, textOf } from './files.ts';

/**
 * The path of a new file of the kind of another one.
 *
 * @param asked its name, with or without folder and extension
 * @throws PlasticoreError `usage` for a name that is taken, is none, or stands in another folder
 */
export function newPath(asked: string, shown: string, edits: Texts, texts: Texts): string {
  const kind = kindOf(shown);
  if (kind === undefined)
    throw new PlasticoreError('usage', `'${shown}' is in no folder of the design: it cannot be copied`);
  const { folder, extension } = bundles[kind];
  const [, place, file = ''] = /^(?:(.*)\/)?([^/]*)$/.exec(asked.trim()) ?? [];
  if (place !== undefined && place !== folder)
    throw new PlasticoreError('usage', `a file of this kind stands in ${folder}, found ${place}`, {
      hint: 'write its name alone',
    });
  const name = file.endsWith(extension) ? file.slice(0, -extension.length) : file;
  if (!isBareName(name))
    throw new PlasticoreError('usage', `expected a name of letters, digits, - and _, found '${file}'`, {
      hint: `${extension} is added to it`,
    });
  const path = pathOf(kind, name);
  if (textOf(path, edits, texts) === undefined) return path;
  throw new PlasticoreError('usage', `the name '${name}' is taken by ${path}`, {
    hint: `${freeName(shown, edits, texts)} is free`,
  });
}

/** A name that no file of the same kind has: `learn-2`. */
export function freeName(shown: string, edits: Texts, texts: Texts): string {
  const kind = kindOf(shown);
  const name = shortName(shown).replace(/\.uc$/, '').replace(/-\d+$/, '');
  for (let number = 2; ; number++) {
    const free = `${name}-${number}`;
    if (kind === undefined || textOf(pathOf(kind, free), edits, texts) === undefined) return free;
  }
}

/**
 * A design with a copy of a file. Where the file was in use, its copy takes its place.
 *
 * @param running the files that are in use
 */
export function withCopy(
  design: Design,
  shown: string,
  path: string,
  running: readonly string[],
  texts: Texts,
): Design {
  const text = textOf(shown, design.edits, texts) ?? '';
  const name = bareName(path);
  const copied = path.endsWith('.yaml') ? text.replace(/^name:.*$/m, `name: ${name}`) : text;
  const edits = { ...design.edits, [path]: copied };
  const kind = kindOf(shown);
  if (kind === undefined || !running.includes(shown)) return { ...design, edits };
  const old = bareName(shown);
  if (kind === 'experiment') return { ...design, experiment: name, edits };
  if (kind === 'hw-model' && design.hw === old) return { ...design, hw: name, edits };
  const changed = running
    .filter((user) => user !== shown && user.endsWith('.yaml'))
    .flatMap((user) => {
      const before = textOf(user, design.edits, texts) ?? '';
      const after = before.replace(naming(kind, old), `$1${name}`);
      return after === before ? [] : [[user, after] as const];
    });
  const settings = Object.entries(design.settings).map(
    ([key, value]) => [key, value === shown ? path : value] as const,
  );
  return {
    ...design,
    settings: Object.fromEntries(settings),
    edits: { ...edits, ...Object.fromEntries(changed) },
  };
}

/** The places in a text of YAML that name a file, with what stands before the name as their first group. */
function naming(kind: Exclude<FileKind, 'experiment'>, name: string): RegExp {
  if (kind === 'microcode') return new RegExp(`(\\brules/)${name}(?=\\.uc\\b)`, 'g');
  const keys = kind === 'program' ? 'program' : 'hw|extends|baseline';
  return new RegExp(`^((?:${keys}): *['"]?)${name}(?=['"]?\\s*(?:#.*)?$)`, 'gm');
}

const bareName = (path: string): string => shortName(path).replace(/\.uc$/, '');
