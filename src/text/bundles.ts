import { PlasticoreError } from './error.ts';
import { suggest } from './names.ts';
import type { FileKind, Find, SourceBytes, SourceText } from './reference.ts';

/** The folder of each kind of bundled file in the package, and its extension. */
export const bundles: Readonly<Record<FileKind, { readonly folder: string; readonly extension: string }>> = {
  experiment: { folder: 'experiments', extension: '.yaml' },
  program: { folder: 'programs', extension: '.yaml' },
  'hw-model': { folder: 'hw-models', extension: '.yaml' },
  microcode: { folder: 'programs/rules', extension: '.uc' },
  macros: { folder: 'hw-models/macros', extension: '.csv' },
};

/** Where bundled files of arrays are: beside the programs that begin with them. */
export const bundledArrays = { folder: bundles.program.folder, extension: '.npz' } as const;

/** Whether a reference is the name of a bundled file: it has neither a folder nor an extension. */
export function isBareName(reference: string): boolean {
  return /^[\w-]+$/.test(reference);
}

/**
 * Finds files in memory, without a file system.
 *
 * @param files texts, and the bytes of arrays, by path: bundled ones as in the package (`programs/rules/lif.uc`), your
 * own under any path
 */
export function findAmong(files: Readonly<Record<string, string | Uint8Array>>): Find {
  const at = (path: string): string | Uint8Array => {
    const found = Object.hasOwn(files, path) ? files[path] : undefined;
    if (found !== undefined) return found;
    throw new PlasticoreError('file', `'${path}': no such file in memory`, {
      hint: `there are ${Object.keys(files).join(', ')}`,
    });
  };
  const find = (kind: FileKind, reference: string, from: string): SourceText => {
    const { folder, extension } = bundles[kind];
    const isBare = isBareName(reference);
    const file = isBare ? `${folder}/${reference}${extension}` : joined(from, reference);
    if (isBare && !Object.hasOwn(files, file)) {
      const hint = suggest(reference, namesIn(files, bundles[kind]));
      throw noBundled(kind, reference, hint);
    }
    const text = at(file);
    if (typeof text === 'string') return { text, file };
    throw new PlasticoreError('file', `'${file}': expected a text, found bytes`);
  };
  const bytes = (reference: string, from: string): SourceBytes => {
    const { folder, extension } = bundledArrays;
    const isBare = isBareName(reference);
    const file = isBare ? `${folder}/${reference}${extension}` : joined(from, reference);
    if (isBare && !Object.hasOwn(files, file))
      throw noBundledArrays(reference, namesIn(files, bundledArrays));
    const content = at(file);
    return { bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content, file };
  };
  return Object.assign(find, { bytes });
}

/** A bare name that no bundled file of its kind has. */
export function noBundled(kind: FileKind, reference: string, hint: string): PlasticoreError {
  const what = kind === 'macros' ? 'table of macros' : kind;
  return new PlasticoreError('file', `there is no bundled ${what} '${reference}'`, { hint });
}

/** A bare name that no bundled file of arrays has. */
export function noBundledArrays(reference: string, names: readonly string[]): PlasticoreError {
  return new PlasticoreError('file', `there is no bundled file of arrays '${reference}'`, {
    hint: `${suggest(reference, names)} (a file is named by a path, such as ./${reference}${bundledArrays.extension})`,
  });
}

/** The names of the files of a kind, among those in its folder. */
function namesIn(
  files: Readonly<Record<string, unknown>>,
  { folder, extension }: { readonly folder: string; readonly extension: string },
): string[] {
  return Object.keys(files)
    .filter((path) => path.startsWith(`${folder}/`) && path.endsWith(extension))
    .map((path) => path.slice(folder.length + 1, -extension.length))
    .filter(isBareName);
}

/** A path relative to the file that names it, with `.` and `..` resolved. */
function joined(from: string, reference: string): string {
  const parts = reference.startsWith('/') ? [] : from.split('/').slice(0, -1);
  for (const part of reference.split('/')) {
    if (part === '..' && parts.length > 0) parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
