/** Samples that a command line names, as spikes in time steps. */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { type Encoding, namedEncoding, readNpz, stratifiedPrefix } from '../data/index.ts';
import { loadData } from '../data/node.ts';
import { readBytes } from '../fs/index.ts';
import { encodedData, readSpikeData, type SpikeData, type Stage } from '../import/index.ts';

/** What stands for the digits in the package. */
const embedded = 'digits';

/** Where the samples of --calibrate and --check come from. */
export async function spikeSource(
  path: string,
  part: 'train' | 'test',
  {
    steps,
    encoder,
    limit,
  }: { readonly steps: number; readonly encoder?: Encoding | undefined; readonly limit?: number | undefined },
): Promise<(input: Stage) => SpikeData> {
  if (isSpikeFile(path)) {
    const bytes = readBytes(path);
    return (input) => readSpikeData(bytes, path, input, limit);
  }
  const all = await loadData(path === embedded ? undefined : path);
  const set = limit === undefined ? all[part] : stratifiedPrefix(all[part], limit, 0);
  const usual = set.kind === 'features' ? 'phase' : namedEncoding('bins');
  return (input) => encodedData(set, encoder ?? usual, steps, input);
}

/** Whether a file has the arrays input, label and pred, and not those of a data set. */
export function isSpikeFile(path: string): boolean {
  return path.endsWith('.npz') && readNpz(readBytes(path), path).has('input');
}

/** A path as a file in a folder names it. */
export function pathFrom(folder: string, file: string): string {
  const path = relative(resolve(folder), resolve(file)).split(sep).join('/');
  return path.startsWith('.') || isAbsolute(path) ? path : `./${path}`;
}
