/** Data sets in memory, the files that they come from, encoders, and the random numbers outside the core. */
export {
  classCounts,
  type Dataset,
  type LabelledSet,
  type Labels,
  labelledSet,
  quotas,
  type Samples,
  sampleValues,
  stratifiedPrefix,
  stratifiedSplit,
} from './dataset.ts';
export { embeddedDataset } from './embedded.ts';
export {
  createEncoder,
  type Encoder,
  type EncoderName,
  type EncodingContext,
  encoderNames,
  type SpikeTrain,
} from './encoder.ts';
export { type IdxArray, type NamedBytes, readIdx, readIdxSet } from './idx.ts';
export { type NdArray, type NumericArray, readNpy, writeNpy } from './npy.ts';
export { readNpz, writeNpz } from './npz.ts';
export { npzDataset } from './npz-dataset.ts';
