import { createSetEncoder, type Dataset, type NamedArrays } from '../../src/data/index.ts';
import { type FileArrays, loadDataset } from '../../src/data/node.ts';

export const load = (path: string, arrays: NamedArrays<FileArrays>): Promise<Dataset> =>
  loadDataset(path, { arrays });

/** Three samples of two steps and four channels: 0 or how many spikes. */
export const dense = [
  0, 1, 0, 0, /**/ 0, 0, 0, 2, /**/ 0, 0, 0, 0, /**/ 1, 1, 0, 0, /**/ 0, 0, 0, 0, /**/ 0, 0, 0, 0,
];
export const labels = [1, 0, 2];

/** The spikes of each sample, step by step, as an encoder presents them. */
export const stepsOf = (data: Dataset): number[][][] => {
  const encode = createSetEncoder(data.test, 'steps');
  return Array.from({ length: data.test.count }, (_, sample) => {
    const { steps, offsets, indices } = encode({ seed: 1, epoch: 0, sample }, 9);
    return Array.from({ length: steps }, (_, step) => [
      ...indices.subarray(offsets[step], offsets[step + 1]),
    ]);
  });
};
export const expectedSteps = [
  [[1], [3, 3]],
  [[], [0, 1]],
  [[], []],
];
