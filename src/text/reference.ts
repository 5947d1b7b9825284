import { type Place, PlasticoreError } from './error.ts';
import { beginsWithOption } from './option.ts';

/** A text and the name by which errors call it. */
export interface SourceText {
  readonly text: string;
  readonly file: string;
}

/** The kinds of file that a reference may name; each kind has a folder of bundled files. */
export type FileKind = 'experiment' | 'program' | 'hw-model' | 'microcode' | 'macros';

/** Bytes and the name by which errors call them. */
export interface SourceBytes {
  readonly bytes: Uint8Array;
  readonly file: string;
}

/** A module of code that a file names. It has been read to be hashed, not run. */
export interface SourceModule {
  /** The name by which errors call it. */
  readonly file: string;
  /** From where it can be imported. */
  readonly url: string;
  /** SHA-256 of its text; of a module of several files, of the list of theirs. */
  readonly sha256: string;
}

/** Finds files: texts of a kind, files of arrays, and modules. */
export interface Find {
  /**
   * Finds the file of a kind that a reference names: a bundled file for a bare name, else a path relative to the file
   * `from` that names it ('' for the command line).
   */
  (kind: FileKind, reference: string, from: string): SourceText;
  /** Finds a file of arrays, by its path relative to the file that names it; absent if there are no files. */
  readonly bytes?: ResolveBytes;
  /** Finds a module of code; absent where none can be run, as in a browser. */
  readonly module?: ResolveModule;
}

/**
 * Finds the text that a file refers to: a bundled name, or a path relative to the file that names it.
 *
 * An error thrown without a file gets the place of the reference.
 */
export type Resolve = (reference: string, from: string) => SourceText;

/** As {@link Resolve}, for files that are not text. */
export type ResolveBytes = (reference: string, from: string) => SourceBytes;

/** As {@link Resolve}, for modules of code. */
export type ResolveModule = (reference: string, from: string) => SourceModule;

/** The file that relative paths start from, for a value written at a place: '' for an option. */
export function fileOf({ file = '' }: Place): string {
  return beginsWithOption(file) ? '' : file;
}

/** Resolves a reference; an error in finding the file is reported at the reference. */
export function resolveAt<Found>(
  reference: string,
  from: string,
  place: Place,
  resolve: (reference: string, from: string) => Found,
): Found {
  try {
    return resolve(reference, from);
  } catch (error) {
    if (!(error instanceof PlasticoreError) || error.file !== undefined) throw error;
    throw error.at(place);
  }
}
