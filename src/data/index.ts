/** Data sets in memory, the file formats they are read from, encoders, and the random numbers outside the core. */

export type { Augmentation, ChannelRange, ChannelScaling, Equaliser } from './encode/augment.ts';
export { createEncoder, featureEncoderNames } from './encode/encoder.ts';
export {
  createEventEncoder,
  defaultEventEncoding,
  type EventEncoding,
  mostCounted,
} from './encode/event-encoder.ts';
export { checkClasses, checkInputs, usualEncoding, usualFeatureEncoder } from './encode/fit.ts';
export * from './encode/set-encoder.ts';
export type { Encoder, EncodingContext, SpikeTrain } from './encode/spike-train.ts';
export { npzArrays } from './formats/array-file.ts';
export { isGzip, unpackGzip } from './formats/gzip.ts';
export { type Hdf5Contents, isHdf5, readHdf5 } from './formats/hdf5.ts';
export * from './formats/hdf5-library.ts';
export { idxRank, type NamedBytes, readIdx, readIdxSet, writeIdx } from './formats/idx.ts';
export { type NdArray, type NumericArray, readNpy, writeNpy } from './formats/npy.ts';
export { readNpz, writeNpz } from './formats/npz.ts';
export { readShd } from './formats/shd.ts';
export * from './sets/cue-accumulation.ts';
export {
  checkLabels,
  classCounts,
  contentOf,
  type Dataset,
  type EventSet,
  type Events,
  type FeatureSet,
  type LabelledSet,
  labelledSet,
  sampleEvents,
  sampleValues,
  targetNumber,
} from './sets/dataset.ts';
export {
  describeSet,
  type MinMedianMax,
  publishedNames,
  publishedSets,
  remarksOn,
  type SetDescription,
} from './sets/describe.ts';
export type { FeatureRange } from './sets/embedded.ts';
export { embeddedDataset, embeddedParts } from './sets/embedded.ts';
export { joinDatasets } from './sets/join.ts';
export { defaultMackeyGlass, type MackeyGlass, mackeyGlass } from './sets/mackey-glass.ts';
export { type NamedArrays, namedDataset, readPart } from './sets/named-arrays.ts';
export { npzDataset } from './sets/npz-dataset.ts';
export { shdDataset } from './sets/shd-dataset.ts';
export {
  noShift,
  type Shift,
  type SpontaneousActivity,
  shiftDataset,
  spontaneousActivity,
} from './sets/shift.ts';
export { chooseByClass, quotas, type Split, stratifiedPrefix, stratifiedSplit } from './sets/split.ts';
export * from './sets/validation.ts';
