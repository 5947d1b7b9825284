/** The embedded digits, fetched beside the page: 8 000 to learn from and 2 000 to test on. */
import { type Dataset, embeddedParts, type FeatureSet, readIdxSet } from '../../src/data/index.ts';
import { PlasticoreError } from '../../src/text/index.ts';

const classes = 10;

let loading: Promise<Dataset<FeatureSet>> | undefined;

/** Begins to load the digits, or goes on. */
export function loadDigits(): Promise<Dataset<FeatureSet>> {
  loading ??= fetchDigits().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function fetchDigits(): Promise<Dataset<FeatureSet>> {
  const [train, test] = await Promise.all([fetchSet('train'), fetchSet('t10k')]);
  return embeddedParts({ train, test });
}

async function fetchSet(part: 'train' | 't10k'): Promise<FeatureSet> {
  const [images, labels] = await Promise.all([
    fetchFile(`${part}-images-idx3-ubyte.gz`),
    fetchFile(`${part}-labels-idx1-ubyte.gz`),
  ]);
  return readIdxSet(part === 't10k' ? 'test' : part, images, labels, classes);
}

async function fetchFile(name: string): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  const url = new URL(`digits/${name}`, self.location.href);
  const response = await fetch(url).catch(() => undefined);
  if (response?.ok !== true)
    throw new PlasticoreError('file', `the digits could not be loaded: ${url.pathname}`, {
      hint: 'check the connection, and reload the page',
    });
  return { name, bytes: new Uint8Array(await response.arrayBuffer()) };
}
