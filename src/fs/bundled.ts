import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  bundledArrays,
  bundles,
  command,
  type FileKind,
  type Find,
  isBareName,
  nearest,
  noBundled,
  noBundledArrays,
  option,
  PlasticoreError,
  type SourceBytes,
  type SourceModule,
  type SourceText,
  suggest,
} from '../text/index.ts';
import { faultOf } from './fault.ts';
import { hashModule } from './hash-module.ts';

/** The package's root, for the sources and for the build alike. */
const packageFolder = fileURLToPath(new URL('../../', import.meta.url));

/** The path of a file or folder of the package, such as what the build makes. */
export function packagePath(path: string): string {
  return join(packageFolder, path);
}

/** Names of the bundled files of a kind, sorted. */
export function bundledNames(kind: FileKind): string[] {
  return namesIn(bundles[kind]);
}

/** A folder of the package, and how those of its files end that are meant. */
interface Bundled {
  readonly folder: string;
  readonly extension: string;
}

function namesIn({ folder, extension }: Bundled): string[] {
  return readdirSync(join(packageFolder, folder))
    .filter((file) => file.endsWith(extension))
    .map((file) => file.slice(0, -extension.length))
    .sort();
}

/** The path of a bundled file. */
export function bundledPath(kind: FileKind, name: string): string {
  return pathIn(bundles[kind], name);
}

function pathIn({ folder, extension }: Bundled, name: string): string {
  return shown(join(packageFolder, folder, `${name}${extension}`));
}

/** Finds bundled files and files on disk. Errors name the missing file; their place is the place of the reference. */
export const findFile: Find = Object.assign(findText, { bytes: findBytes, module: findModule });

function findText(kind: FileKind, reference: string, from: string): SourceText {
  const isBare = isBareName(reference);
  const path = isBare ? bundledPath(kind, reference) : pathOf(reference, from);
  if (path.endsWith('.nir'))
    throw new PlasticoreError('usage', `found a graph of NIR, expected: ${kind}`, {
      file: path,
      hint: `${command(`import ${path}`, option('out', 'DIR'))} makes an experiment of it`,
    });
  try {
    return { text: readFileSync(path, 'utf8'), file: path };
  } catch (error) {
    const { extension } = bundles[kind];
    if (isBare) {
      const named = `./${reference}${extension}`;
      const hint = existsSync(pathOf(named, from))
        ? `did you mean '${named}', a file beside the one that names it?`
        : `${suggest(reference, bundledNames(kind))} (a file is named by a path, such as ${named})`;
      throw noBundled(kind, reference, hint);
    }
    const name = basename(path, extension);
    const isBundled = path.endsWith(extension) && bundledNames(kind).includes(name);
    const hint =
      nearFile(path, reference) ?? (isBundled ? `did you mean '${name}', a bundled one?` : undefined);
    throw notFound(path, reference, from, error, hint);
  }
}

function findBytes(reference: string, from: string): SourceBytes {
  const isBare = isBareName(reference);
  const path = isBare ? pathIn(bundledArrays, reference) : pathOf(reference, from);
  try {
    const { buffer, byteOffset, length } = readFileSync(path);
    return { bytes: new Uint8Array(buffer, byteOffset, length), file: path };
  } catch (error) {
    if (isBare) throw noBundledArrays(reference, namesIn(bundledArrays));
    throw notFound(path, reference, from, error, nearFile(path, reference));
  }
}

function findModule(reference: string, from: string): SourceModule {
  const path = pathOf(reference, from);
  try {
    return { file: path, url: pathToFileURL(resolve(path)).href, sha256: hashModule(path) };
  } catch (error) {
    throw notFound(path, reference, from, error, nearFile(path, reference));
  }
}

/** The path of a file that another file refers to. */
function pathOf(reference: string, from: string): string {
  return shown(isAbsolute(reference) ? reference : join(dirname(from), reference));
}

/** A hint at a file of a similar name and the same kind in the folder. */
function nearFile(path: string, reference: string): string | undefined {
  const folder = dirname(path);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return undefined;
  const files = readdirSync(folder).filter((file) => extname(file) === extname(path));
  const near = nearest(basename(path), files);
  if (near === undefined || near === basename(path)) return undefined;
  return `did you mean '${reference.slice(0, -basename(path).length)}${near}'?`;
}

function notFound(
  path: string,
  reference: string,
  from: string,
  error: unknown,
  hint: string | undefined,
): PlasticoreError {
  const { text, code } = faultOf(path, error, 'read');
  const base = from === '' ? process.cwd() : `the file that names it, ${from}`;
  const where = text.startsWith('no such') && !isAbsolute(reference) ? ` (relative to ${base})` : '';
  return new PlasticoreError(code, `'${path}': ${text}${where}`, { hint });
}

/** A path as messages show it: relative to the current folder if it lies inside, else absolute. */
function shown(path: string): string {
  if (!isAbsolute(path)) return path;
  const inside = relative(process.cwd(), path);
  return inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)
    ? path
    : inside;
}
