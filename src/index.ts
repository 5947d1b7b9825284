/**
 * Plasticore: a simulator of neuromorphic cores.
 *
 * Strings and bytes in, no Node module: it runs in browsers. `plasticore/node` adds files, checkpoints and the bundled
 * programs, hw-models and experiments.
 *
 * @example
 * const program = loadProgram({ text, file: 'net.yaml' }, findMicrocode);
 * const hw = loadHwModel(chip, 'chip.yaml', findHwModel);
 * const image = compile(program, hw, { precision: 'mp16-8', seed: 1 });
 * const engine = createCore(image, { engine: 'reference' });
 */
export {
  type Chip,
  type ChipDefinition,
  type ChipSetup,
  type Controller,
  chips,
  defineChip,
  type Host,
  type Hosting,
  type OdinConfig,
  OdinController,
  type OdinObserver,
  type OdinTrace,
  type ReckonConfig,
  ReckonController,
  type ReckonObserver,
  type ReckonSample,
  type ReckonSeeds,
  type ReckonTrace,
} from './chips/index.ts';
export { type CompileOptions, compile, compilerVersion, offered } from './compiler/index.ts';
export {
  type CueAccumulation,
  createEncoder,
  createEventEncoder,
  createSetEncoder,
  cueAccumulation,
  type Dataset,
  defaultCueAccumulation,
  type Encoder,
  type EncoderName,
  type Encoding,
  type EncodingContext,
  type EventEncoding,
  type EventSet,
  embeddedDataset,
  encoderNames,
  type FeatureSet,
  holdOutValidation,
  type LabelledSet,
  type NdArray,
  npzDataset,
  readIdxSet,
  readNpz,
  type SpikeTrain,
  type Split,
  sampleEvents,
  sampleValues,
  shdDataset,
  stratifiedPrefix,
  stratifiedSplit,
  writeNpz,
} from './data/index.ts';
export {
  type Core,
  type CoreOptions,
  type CoreState,
  createCore,
  defaultEngine,
  type EngineName,
  engineNames,
  type Probe,
  predict,
  runSample,
  type SampleOptions,
  type SampleStart,
  triggerEvent,
} from './engine/index.ts';
export {
  type Cell,
  type CellChoice,
  type EpochResult,
  type Experiment,
  experimentJsonSchema,
  limitData,
  loadExperiment,
  type Progress,
  parseSettings,
  planRecording,
  type RecordingPlan,
  type RunIdentity,
  type RunOptions,
  type RunResult,
  type RunState,
  recordingArrays,
  reportOf,
  resolveCell,
  runCell,
  runIdentity,
  type Settings,
  weightArrays,
} from './experiment/index.ts';
export {
  type CellsProgress,
  type Design,
  type Designs,
  parseVary,
  type SweepChoice,
  sweepDesigns,
} from './explore/index.ts';
export {
  type Divergence,
  describeDivergence,
  type GoldenFormat,
  type GoldenTrace,
  goldenFormat,
  type ReplayContext,
  type ReplayDeployment,
  type Verdict,
} from './golden/index.ts';
export {
  type CoreArea,
  type CostTable,
  coreArea,
  type HwModel,
  hwModelJsonSchema,
  loadHwModel,
  type Source,
  type SourceKind,
} from './hardware/index.ts';
export {
  type Counters,
  type Image,
  imageVersion,
  type MemoryFile,
  memoryFiles,
  type Price,
  price,
  readImage,
  writeImage,
} from './image/index.ts';
export { assemble, disassemble, type Kernel, operations } from './isa/index.ts';
export {
  type CoreTrace,
  firstDivergence,
  formatTrace,
  goldenFormats,
  readCoreTrace,
  readTrace,
  recordTrace,
  replayCoreTrace,
  replayTrace,
  type TraceFiles,
  type TracePlan,
  type TraceSource,
  traceJsonSchema,
  traceOf,
} from './observe/index.ts';
export { loadProgram, type Program, type ProgramSpec, programJsonSchema } from './program/index.ts';
export { hash32, noEpoch, permutation } from './random/index.ts';
export {
  type DesignSummary,
  formatReport,
  htmlReport,
  type MemoryReport,
  makeReport,
  makeSweep,
  memoryOf,
  type NeuroBench,
  type PhaseReport,
  type Report,
  type RunFolder,
  reportJsonSchema,
  type Saving,
  type Sweep,
  type SweepResult,
  type SweepRow,
  scoredPhase,
  summaryCsv,
} from './report/index.ts';
export {
  type ErrorCode,
  type FileKind,
  type Find,
  type Override,
  type Place,
  PlasticoreError,
  type Resolve,
  type SourceText,
} from './text/index.ts';
