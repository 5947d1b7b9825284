import { type Place, PlasticoreError } from './error.ts';

/** A text and the name by which errors call it. */
export interface SourceText {
  readonly text: string;
  readonly file: string;
}

/** The kinds of file that a reference may name; each kind has a folder of bundled files. */
export type FileKind = 'experiment' | 'program' | 'hw-model' | 'microcode';

/**
 * Finds the file of a kind that a reference names: a bundled file for a bare name, else a path relative to the file
 * `from` that names it ('' for the command line).
 */
export type Find = (kind: FileKind, reference: string, from: string) => SourceText;

/**
 * Finds what a file refers to: a bundled name, or a path relative to the file that names it.
 *
 * An error that it throws without a file is given the place of the reference.
 */
export type Resolve = (reference: string, from: string) => SourceText;

/** What a reference stands for; a fault in finding it is at the reference. */
export function resolveAt(reference: string, from: string, place: Place, resolve: Resolve): SourceText {
  try {
    return resolve(reference, from);
  } catch (error) {
    if (!(error instanceof PlasticoreError) || error.file !== undefined) throw error;
    throw new PlasticoreError(error.code, error.message, { ...place, hint: error.hint });
  }
}
