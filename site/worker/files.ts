/** The bundled files, with a person's edits in their place. */
import { bundledTexts, findBundled } from 'plasticore/bundled';
import { type FileKind, type Find, findAmong } from '../../src/text/index.ts';

/** Finds edited files first, then bundled ones. Arrays are not edited. */
export function findEdited(edits: Readonly<Record<string, string>>): Find {
  if (Object.keys(edits).length === 0) return findBundled;
  const edited = findAmong({ ...bundledTexts, ...edits });
  return Object.assign((kind: FileKind, reference: string, from: string) => edited(kind, reference, from), {
    bytes: findBundled.bytes,
  });
}
