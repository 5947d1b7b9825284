/** Data sets in memory, the files that they come from, encoders, and the random numbers outside the core. */
export {
  type CueAccumulation,
  cueAccumulation,
  cueAccumulationMs,
  defaultCueAccumulation,
} from './cue-accumulation.ts';
export {
  classCounts,
  contentOf,
  type Dataset,
  type EventSet,
  type Events,
  type FeatureSet,
  type LabelledSet,
  type Labels,
  labelledSet,
  type Samples,
  sampleEvents,
  sampleValues,
  type ValidationKind,
} from './dataset.ts';
export {
  describeFeatures,
  describeSet,
  type EventDescription,
  remarksOn,
  type SetDescription,
  type Spread,
} from './describe.ts';
export { deskew, deskewedPixels, digitPixels } from './deskew.ts';
export { embeddedDataset } from './embedded.ts';
export {
  createEncoder,
  type Encoder,
  type EncodingContext,
  type FeatureEncoderName,
  featureEncoderNames,
  type SpikeTrain,
} from './encoder.ts';
export {
  createEventEncoder,
  defaultEventEncoding,
  type EventEncoder,
  type EventEncoding,
} from './event-encoder.ts';
export { type IdxArray, type NamedBytes, readIdx, readIdxSet, writeIdx } from './idx.ts';
export { type NdArray, type NumericArray, readNpy, writeNpy } from './npy.ts';
export { readNpz, writeNpz } from './npz.ts';
export { npzDataset } from './npz-dataset.ts';
export { type PublishedName, publishedNames } from './published.ts';
export {
  createSetEncoder,
  describeEncoding,
  type EncoderName,
  type Encoding,
  encodedInputs,
  encoderNames,
  namedEncoding,
  type SetEncoder,
} from './set-encoder.ts';
export { readShd, type ShdFile } from './shd.ts';
export { type ShdParts, shdDataset, shdSet } from './shd-dataset.ts';
export {
  type HoldOut,
  holdOutSpeakers,
  quotas,
  type Split,
  stratifiedPrefix,
  stratifiedSplit,
} from './split.ts';
export {
  chooseGroups,
  defaultValidationFraction,
  holdOutValidation,
} from './validation.ts';
