import { type FileKind, type Find, findAmong } from '../../src/text/index.ts';

/** What an edit begins with whose file holds arrays: base64 follows. */
const arraysMark = 'base64,';

/** Arrays as the text of an edit. */
export function arraysText(bytes: Uint8Array): string {
  return arraysMark + btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function fileOf(text: string): string | Uint8Array {
  if (!text.startsWith(arraysMark)) return text;
  return Uint8Array.from(atob(text.slice(arraysMark.length)), (character) => character.charCodeAt(0));
}

/**
 * Finds edited files first, then bundled ones.
 *
 * @param bundled finds bundled arrays
 */
export function findWith(
  texts: Readonly<Record<string, string>>,
  bundled: Find,
  edits: Readonly<Record<string, string>>,
): Find {
  const files = Object.fromEntries(Object.entries(edits).map(([path, text]) => [path, fileOf(text)]));
  const edited = findAmong({ ...texts, ...files });
  const own = findAmong(files);
  const isEdited = (path: string): boolean => typeof files[path] === 'object';
  return Object.assign((kind: FileKind, reference: string, from: string) => edited(kind, reference, from), {
    bytes: (reference: string, from: string) => {
      const found = Object.keys(files).some(isEdited)
        ? attempt(() => own.bytes?.(reference, from))
        : undefined;
      if (found !== undefined) return found;
      if (bundled.bytes === undefined) throw new Error('nothing finds arrays');
      return bundled.bytes(reference, from);
    },
  });
}

function attempt<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch {
    return undefined;
  }
}
