/** A published data set, file by file. */
export interface PublishedSet {
  /** Web folder of the files; ends in a slash. */
  readonly url: string;
  readonly files: readonly PublishedFile[];
  /** A file in the same folder, with lines `MD5 NAME`. */
  readonly md5List?: string;
}

export interface PublishedFile {
  /** The name of the published gzip file. */
  readonly name: string;
  /** Of the unpacked file, because the same file is published in several gzip versions. */
  readonly sha256?: string;
  /** MD5 of the published file, where its authors state that alone. */
  readonly md5?: string;
}

/** The data sets known to `data fetch`. */
export const publishedSets = {
  /** Y. LeCun, C. Cortes, C. J. C. Burges: the MNIST database. */
  mnist: {
    url: 'https://ossci-datasets.s3.amazonaws.com/mnist/',
    files: [
      {
        name: 'train-images-idx3-ubyte.gz',
        sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      },
      {
        name: 'train-labels-idx1-ubyte.gz',
        sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
      },
      {
        name: 't10k-images-idx3-ubyte.gz',
        sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
      },
      {
        name: 't10k-labels-idx1-ubyte.gz',
        sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
      },
    ],
  },
  /** H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST (arXiv:1708.07747), with the sums of its README. */
  'fashion-mnist': {
    url: 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
    files: [
      { name: 'train-images-idx3-ubyte.gz', md5: '8d4fb7e6c68d591d4c3dfef9ec88bf0d' },
      { name: 'train-labels-idx1-ubyte.gz', md5: '25c81989df183df01b3e8a0aad5dffbe' },
      { name: 't10k-images-idx3-ubyte.gz', md5: 'bef4ecab320f06d8554ea6380940ec79' },
      { name: 't10k-labels-idx1-ubyte.gz', md5: 'bb300cfdad3c16e7a12a480ee83cd310' },
    ],
  },
  /**
   * B. Cramer et al., the Spiking Heidelberg Digits. No SHA-256 of its files is published; the server lists their MD5.
   */
  shd: {
    url: 'https://zenkelab.org/datasets/',
    files: [{ name: 'shd_train.h5.gz' }, { name: 'shd_test.h5.gz' }],
    md5List: 'md5sums.txt',
  },
} as const satisfies Readonly<Record<string, PublishedSet>>;

export type PublishedName = keyof typeof publishedSets;
export const publishedNames = Object.keys(publishedSets) as readonly PublishedName[];
