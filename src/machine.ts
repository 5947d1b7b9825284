/**
 * The machine room: the parts that the library is made of. Loaders, compiler, image, engines, chips, traces, reports.
 *
 * Strings and bytes in, no Node module: it runs in browsers. `plasticore` is the front; what stands here serves tools
 * built on the simulator, and may change from release to release.
 *
 * @example
 * import { findBundled } from 'plasticore/bundled';
 * import { compile, createCore, loadHwModel, loadProgram } from 'plasticore/machine';
 *
 * const program = loadProgram(findBundled('program', 'mnist-snn', ''), {
 *   microcode: (name, from) => findBundled('microcode', name, from),
 * });
 * const chip = findBundled('hw-model', 'reference', '');
 * const hw = loadHwModel(chip.text, chip.file, (name, from) => findBundled('hw-model', name, from));
 * const image = compile(program, hw, { precision: 'mp16-8', seed: 1 });
 * const core = createCore(image, { engine: 'reference' });
 * console.log(image.kernels.length, core.counters().cycles);
 */
export {
  type Chip,
  type ChipHost,
  type ChipSetup,
  type Controller,
  chips,
  defineHost,
  type Host,
  type HostDefinition,
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
  type RunSetting,
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
  type ChipModel,
  type CoreArea,
  type CostTable,
  coreArea,
  type HwModel,
  hwModelJsonSchema,
  loadHwModel,
  type MeshShape,
  type NetworkCosts,
  type Source,
  type SourceKind,
} from './hardware/index.ts';
export {
  type Counters,
  disassembleImage,
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
export {
  createProgram,
  loadProgram,
  type Program,
  ProgramBuilder,
  type ProgramDescription,
  type ProgramFiles,
  type ProgramSpec,
  program,
  programJsonSchema,
} from './program/index.ts';
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
  barrierTime,
  DetailedTime,
  type Direction,
  directions,
  type EnergyOptions,
  freeNetwork,
  type Journeys,
  Mesh,
  type NetworkEnergy,
  type NetworkFigures,
  networkEnergy,
  networkFigures,
  type SimpleTime,
  shortestFlight,
  simpleTime,
  Traffic,
  TrafficCounters,
} from './system/index.ts';
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
