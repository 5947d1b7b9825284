/** Samples that a command line names, as spikes in time steps. */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { type Encoding, type LabelledSet, namedEncoding, readNpz, stratifiedPrefix } from '../data/index.ts';
import { loadData } from '../data/node.ts';
import { readBytes } from '../fs/index.ts';
import {
  type ExperimentData,
  encodedData,
  readSpikeData,
  type SpikeData,
  type Stage,
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
  samples(input: Stage): SpikeData;
}

/** Opens a file of spikes with the arrays input, label and pred; any other path is that of a data set, which is encoded. */
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
  const all = await loadData(isEmbedded ? undefined : path);
  const set = limit === undefined ? all[part] : stratifiedPrefix(all[part], limit, 0);
  const encoding = encoder ?? usualEncoding(set);
  return {
    path,
    data: { are: 'samples', path: isEmbedded ? undefined : path, encoder: encoding },
    samples: (input) => encodedData(set, encoding, steps, input),
  };
}

function usualEncoding(set: LabelledSet): Encoding {
  if (set.kind === 'features') return 'phase';
  return namedEncoding(set.steps === undefined ? 'bins' : 'steps');
}

/** A path as a file in a folder names it. */
export function pathFrom(folder: string, file: string): string {
  const path = relative(resolve(folder), resolve(file)).split(sep).join('/');
  return path.startsWith('.') || isAbsolute(path) ? path : `./${path}`;
}
