import { mostUnpackedBytes, PlasticoreError, tooLarge } from '../../text/index.ts';
import type { GreyPicture } from '../formats/png.ts';
import { unlabelled } from './array-shapes.ts';
import { type Dataset, describeClasses, type FeatureSet } from './dataset.ts';
import { namedDataset, type PartSamples } from './named-arrays.ts';

/** A file of one sample. */
export interface ClassFile {
  readonly file: string;
  /** The file below the folder of the data. */
  readonly origin: string;
  readonly label: number;
}

/**
 * Makes a data set of pictures of one size; each pixel is a feature. Without pictures for testing, a fixed stratified
 * fifth becomes the test set.
 *
 * @param folder names the pictures in errors
 * @param classes names of the classes
 * @param read reads a picture
 * @throws PlasticoreError `data` for pictures of several sizes, and for too many of them
 */
export function pictureDataset(
  {
    name,
    folder,
    classes,
  }: { readonly name: string; readonly folder: string; readonly classes: readonly string[] },
  { train, test }: { readonly train: readonly ClassFile[]; readonly test: readonly ClassFile[] | undefined },
  read: (file: string) => GreyPicture,
): Dataset<FeatureSet> {
  const [first = { file: folder }] = train;
  const { shape } = read(first.file);
  const [rows, columns] = shape;
  const inputs = rows * columns;
  if ((train.length + (test?.length ?? 0)) * inputs > mostUnpackedBytes)
    throw tooLarge(folder, mostUnpackedBytes, 'make the pictures smaller, or take fewer');
  const part = (own: string, files: readonly ClassFile[]): PartSamples<FeatureSet> => {
    const values = new Uint8Array(files.length * inputs);
    for (const [sample, { file }] of files.entries()) {
      const picture = read(file);
      if (picture.shape.join() !== shape.join())
        throw new PlasticoreError(
          'data',
          `${picture.shape.join(' x ')} pixels found, ${rows} x ${columns} expected, as ${first.file} has`,
          { file, hint: 'make all pictures of one size' },
        );
      values.set(picture.values, sample * inputs);
    }
    const count = files.length;
    return {
      file: folder,
      set: {
        ...{ kind: 'features', name: own, inputs, shape, count, values, ...unlabelled(count) },
        origins: files.map(({ origin }) => origin),
      },
      labels: files.map(({ label }) => label),
      labelsName: folder,
      corrections: [],
    };
  };
  const made = namedDataset(name, { train: part('train', train), test: test && part('test', test) });
  const split = test === undefined ? ', a fixed stratified split' : '';
  return {
    ...made,
    description: `pictures of ${rows} x ${columns} pixels, ${describeClasses(classes)}: ${made.train.count} for training and ${made.test.count} for testing${split}`,
  };
}
