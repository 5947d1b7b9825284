/**
 * The parts of a chip: all that the folders of the bundled chips use of other rooms, and all that a module of a chip
 * elsewhere can use. `plasticore/chips` offers it.
 */

export type { ControllerData, Listener, SendInput, Watcher } from '../control/index.ts';
export type { Dataset } from '../data/index.ts';
export {
  checkClasses,
  checkInputs,
  createSetEncoder,
  describeEncoding,
  type Encoding,
  type EncodingContext,
  encodedInputs,
  type FeatureSet,
  type LabelledSet,
  type NdArray,
  plainEncoding,
  type SpikeTrain,
  sampleValues,
} from '../data/index.ts';
export {
  type Core,
  checkValues,
  createCore,
  type EngineName,
  type NeuronLimit,
  neuronLimits,
  neuronOf,
  populationOf,
} from '../engine/index.ts';
export type { GoldenFormat } from '../golden/index.ts';
export {
  type Divergence,
  firstDifference,
  goldenFormat,
  Part,
  type ReplayContext,
  type TextFile,
  type Verdict,
} from '../golden/index.ts';
export { type ChipModel, type HwModel, Mesh, type StatedCost } from '../hardware/index.ts';
export {
  addCounts,
  addRuns,
  type CoreImage,
  type Counters,
  coreImageOf,
  type Image,
  kernelText,
  Memory,
  type NetworkCounts,
  neuronIn,
  noCounts,
  type ProgramView,
  valueIn,
  type WorkCount,
} from '../image/index.ts';
export {
  barrierTime,
  type ChipWork,
  type Crew,
  chipTick,
  createMachine,
  FifoMesh,
  fifoNames,
  fifosPerRouter,
  lanesOfRouter,
  type Machine,
  type MeshPacket,
  type Tick,
  TrafficCounters,
} from '../machine/index.ts';
export { type Program, type ProgramDescription, program } from '../program/index.ts';
export {
  combine,
  drawNormal,
  drawsBetween,
  hash32,
  noEpoch,
  permutation,
  sha256,
  stateFrom,
  streams,
} from '../random/index.ts';
export {
  addAt,
  at,
  flag,
  found,
  hexDigits,
  indexOfLargest,
  indices,
  key,
  known,
  largest,
  list,
  magnitude,
  numberAt,
  type Override,
  oneOf,
  option,
  PlasticoreError,
  positive,
  recordOf,
  share,
  strictObject,
  suggest,
  tableOf,
  text,
  truth,
  whole,
  wholes,
  wordAt,
} from '../text/index.ts';
export type { FunctionBuilder, FunctionHandle, Local, Value } from '../wasm/index.ts';
/** Builds modules of WebAssembly. */
export * as wasm from '../wasm/index.ts';
export type { ChipHost, Host } from './chip.ts';
export { type Chip, defineHost, type Hosting, type NamedSet } from './chip.ts';
export { type Controller, fieldNamed, namesIn, sizeNamed } from './controller.ts';
export * from './crossbar/contents.ts';
export { isKnown, programHash } from './crossbar/known-program.ts';
export { ModuleCores } from './crossbar/module-cores.ts';
export { DataController, dataCores } from './data-controller.ts';
export {
  type ChipNetworks,
  type GivenLayer,
  type GivenLink,
  type GivenNetwork,
  type MappedLayer,
  type MappedNetwork,
  plainModel,
  type RunningChip,
} from './network.ts';
export { hostingNetwork } from './network-host.ts';
export { type RecordedFrom, type RecordingAbout, recordingOf } from './recording/index.ts';
