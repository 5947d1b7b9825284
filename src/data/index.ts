/** Data sets in memory, the file formats they are read from, encoders, and the random numbers outside the core. */

export type { Augmentation, ChannelScaling, Equaliser } from './encode/augment.ts';
export type { ChannelRange } from './encode/channels.ts';
export { createEncoder, type FeatureEncoderName, featureEncoderNames } from './encode/encoder.ts';
export {
  createEventEncoder,
  defaultEventEncoding,
  type EventEncoder,
  type EventEncoding,
  mostCounted,
} from './encode/event-encoder.ts';
export {
  createSetEncoder,
  describeEncoding,
  type EncoderName,
  type Encoding,
  encodedInputs,
  encoderNames,
  givesValues,
  namedEncoding,
  plainEncoding,
  type SetEncoder,
} from './encode/set-encoder.ts';
export type { Encoder, EncodingContext, SpikeTrain } from './encode/spike-train.ts';
export { gunzip, isGzip } from './formats/gzip.ts';
export { type Hdf5Contents, isHdf5, readHdf5 } from './formats/hdf5.ts';
export {
  type Hdf5Group,
  type Hdf5Item,
  type Hdf5Numbers,
  type Hdf5Texts,
  writeHdf5,
} from './formats/hdf5-write.ts';
export { type IdxArray, idxRank, type NamedBytes, readIdx, readIdxSet, writeIdx } from './formats/idx.ts';
export { type NdArray, type NumericArray, readNpy, writeNpy } from './formats/npy.ts';
export { readNpz, writeNpz } from './formats/npz.ts';
export { readShd, type ShdFile } from './formats/shd.ts';
export {
  type CueAccumulation,
  cueAccumulation,
  cueAccumulationMs,
  defaultCueAccumulation,
} from './sets/cue-accumulation.ts';
export {
  checkLabels,
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
} from './sets/dataset.ts';
export {
  describeFeatures,
  describeSet,
  type EventDescription,
  remarksOn,
  type SetDescription,
  type Spread,
} from './sets/describe.ts';
export { embeddedDataset, embeddedParts } from './sets/embedded.ts';
export type { NamedArrays, PartArrays } from './sets/named-arrays.ts';
export { npzDataset } from './sets/npz-dataset.ts';
export { type PublishedName, publishedNames } from './sets/published.ts';
export { type ShdParts, shdDataset, shdSet } from './sets/shd-dataset.ts';
export { noShift, type Shift, shiftDataset } from './sets/shift.ts';
export {
  type HoldOut,
  holdOutSpeakers,
  quotas,
  type Split,
  stratifiedPrefix,
  stratifiedSplit,
} from './sets/split.ts';
export { type SpontaneousActivity, spontaneousActivity } from './sets/spontaneous.ts';
export {
  chooseGroups,
  defaultValidationFraction,
  describePart,
  holdOutValidation,
  type ValidationPart,
} from './sets/validation.ts';
