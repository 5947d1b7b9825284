/** The bundled files, with a person's edits in their place. */
import { bundledTexts, findBundled } from 'plasticore/bundled';
import type { Find } from '../../src/text/index.ts';
import { findWith } from './edits.ts';

/** Finds edited files first, then bundled ones. */
export function findEdited(edits: Readonly<Record<string, string>>): Find {
  return Object.keys(edits).length === 0 ? findBundled : findWith(bundledTexts, findBundled, edits);
}
