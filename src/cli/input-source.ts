/** Samples that a command line names for the input of a graph. */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { readNpz, stratifiedPrefix } from '../data/index.ts';
import { loadDataset } from '../data/node.ts';
import { readBytes } from '../fs/index.ts';
import type { NamedSamples } from '../import/index.ts';

/** The word for the digits in the package. */
const embedded = 'digits';

/** Opens a file with the arrays input, label and pred; any other path names a data set. */
export async function openSamples(
  path: string,
  part: 'train' | 'test',
  limit: number | undefined,
): Promise<NamedSamples> {
  const arrays = path.endsWith('.npz') ? readNpz(readBytes(path), path) : undefined;
  if (arrays?.has('input')) return { path, arrays };
  const isEmbedded = path === embedded;
  const all = await loadDataset(isEmbedded ? undefined : path);
  return {
    path,
    set: limit === undefined ? all[part] : stratifiedPrefix(all[part], limit, 0),
    isEmbedded,
  };
}

/** A path as a file in a folder names it. */
export function pathFrom(folder: string, file: string): string {
  const path = relative(resolve(folder), resolve(file)).split(sep).join('/');
  return path.startsWith('.') || isAbsolute(path) ? path : `./${path}`;
}
