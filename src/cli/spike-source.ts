/** Samples that a command line names, as spikes in time steps. */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { type Encoding, readNpz, stratifiedPrefix, usualEncoding } from '../data/index.ts';
import { loadDataset } from '../data/node.ts';
import { readBytes } from '../fs/index.ts';
import {
  type ExperimentData,
  encodedData,
  type NirStage,
  readSpikeData,
  type SpikeData,
} from '../import/index.ts';

/** What stands for the digits in the package. */
const embedded = 'digits';

/** Where the samples of --calibrate and --check come from. */
export interface SpikeSource {
  /** As the command line names it. */
  readonly path: string;
  /** As an experiment would run with them; its path is that of the command line. */
  readonly data: ExperimentData;
  /** Its samples, for an input that they have to fit. */
  samples(input: NirStage): SpikeData;
}

/** Opens a file of spikes with the arrays input, label and pred; any other path names a data set to be encoded. */
export async function spikeSource(
  path: string,
  part: 'train' | 'test',
  {
    steps,
    encoder,
    limit,
  }: { readonly steps: number; readonly encoder?: Encoding | undefined; readonly limit?: number | undefined },
): Promise<SpikeSource> {
  const arrays = path.endsWith('.npz') ? readNpz(readBytes(path), path) : undefined;
  if (arrays?.has('input')) {
    let known: SpikeData | undefined;
    return {
      path,
      data: { are: 'spikes', path, hasLabels: arrays.has('label') },
      samples: (input) => {
        known ??= readSpikeData(arrays, path, input, limit);
        return known;
      },
    };
  }
  const isEmbedded = path === embedded;
  const all = await loadDataset(isEmbedded ? undefined : path);
  const set = limit === undefined ? all[part] : stratifiedPrefix(all[part], limit, 0);
  const encoding = encoder ?? usualEncoding(set);
  return {
    path,
    data: { are: 'samples', path: isEmbedded ? undefined : path, encoder: encoding },
    samples: (input) => encodedData(set, encoding, steps, input),
  };
}

/** A path as a file in a folder names it. */
export function pathFrom(folder: string, file: string): string {
  const path = relative(resolve(folder), resolve(file)).split(sep).join('/');
  return path.startsWith('.') || isAbsolute(path) ? path : `./${path}`;
}
